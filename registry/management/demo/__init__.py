"""What `manage.py demo` shows: twenty synthetic sites, and one site that holds a real OR log."""
