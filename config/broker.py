"""The broker in a folder, whose messages appear whole.

Kombu's own opens the file under its final name before it writes: a worker that reads in between finds an empty message,
ends with JSONDecodeError, and what it was working on waits two minutes for its claim to lapse.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu import transport
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes a message under a name nobody reads, then renames it."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # kombu calls it two ways
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        half = folder / f".{name}"
        half.write_text(dumps(payload), encoding="utf-8")
        half.replace(folder / name)


class Transport(filesystem.Transport):
    """The transport of filesystem:// URLs, with our channel."""

    Channel = Channel


def install() -> None:
    """From now on filesystem:// means this transport."""
    transport.TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
