"""What people use instead, on one flat table with a column for each of the file's: run by the Python of .venv-peers alone."""
