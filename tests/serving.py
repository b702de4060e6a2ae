"""The application on a free port of this machine, on the test database, answering several at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread


@contextmanager
def serving() -> Iterator[str]:
    """Give the address. Each of Django's server threads gives its database connection back when it ends."""
    thread = LiveServerThread("127.0.0.1", lambda _: WSGIHandler())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
