"""PostgreSQL started by ourselves, for people who have not been given a server."""
