"""What `manage.py demo` shows: three synthetic sites, and one site that holds a real OR log."""
