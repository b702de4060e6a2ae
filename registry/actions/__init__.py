"""Every change to recorded tables: one transaction each, with its audit event and its stale months."""
