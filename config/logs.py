"""What a log line may hold: one line per event, the request it belongs to, and no values of rows."""

import logging
import re
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")


# Whoever holds such a link is let in by it, and Django logs the address of every request it refuses.
_LINK = re.compile(r"(/(?:invitations|password-reset)/)[^\s?\"']+")


class RequestFilter(logging.Filter):
    """Gives every record the id of the request being answered, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its request_id set."""
        record.request_id = request_id.get()
        return True


class OneLine(logging.Filter):
    """Drops the traceback of what anybody can provoke with a request that never reaches a view."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its traceback."""
        record.exc_info = None
        return True


class LineFormatter(logging.Formatter):
    """Text that a caller sent cannot begin a line of its own; PostgreSQL's DETAIL and what opens a signed link are left out.

    DETAIL quotes the values of the row that broke a rule.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Return the line with line ends of the message escaped and signed links cut short."""
        record.message = _LINK.sub(r"\1…", record.message.replace("\r", "\\r").replace("\n", "\\n"))
        return super().formatMessage(record)

    def formatException(self, ei) -> str:  # type: ignore[no-untyped-def] # noqa: N802
        """Return the traceback without DETAIL and CONTEXT lines."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:")))
