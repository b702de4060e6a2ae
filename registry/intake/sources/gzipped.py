"""A file as the bytes it unfolds to: itself, or what a gzip archive holds, as long as that is bearable."""

import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from registry.intake.sources.table import refused

GZIP = b"\x1f\x8b"
MOST_BYTES = 200_000_000
"""What a gzip archive may unfold to: as much as a file may have that is none."""
MOST_RATIO = 100
_UNSUSPECTED = 10_000_000
_CHUNK = 1 << 19


def opened(path: Path) -> IO[bytes]:
    """The bytes of the file, unfolded as they are read; their sum is checked by `chunks_of` alone."""
    with path.open("rb") as file:
        zipped = file.read(2) == GZIP
    return cast("IO[bytes]", gzip.open(path)) if zipped else path.open("rb")


def start_of(path: Path, size: int = 4096) -> bytes:
    """The first bytes of what the file unfolds to; raises InvalidReport for a damaged archive, or one within another."""
    with _sound(), opened(path) as stream:
        start = stream.read(size)
        if start.startswith(GZIP) and isinstance(stream, gzip.GzipFile):
            raise refused("archive-too-large", "This is a gzip archive within another. Unpack it once and send that.")
        return start


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of the file, half a mebibyte at a time; raises InvalidReport for an archive that is damaged or unfolds to too much."""
    size, total = path.stat().st_size, 0
    with _sound(), opened(path) as stream:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if isinstance(stream, gzip.GzipFile) and (
                total > MOST_BYTES or total > max(_UNSUSPECTED, size * MOST_RATIO)
            ):
                message = (
                    "The gzip archive unfolds to more than 200 MB, or to a hundred times its size. Send it in parts."
                )
                raise refused("archive-too-large", message)
            yield chunk


def seekable(path: Path) -> Path | IO[bytes]:
    """The file itself or, of an archive, a copy of what it unfolds to, which has no name and is gone when it is closed."""
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return path
    copy = _Copy(tempfile.TemporaryFile(buffering=0))  # noqa: SIM115 - it is closed by being forgotten
    for chunk in chunks_of(path):
        copy.write(chunk)
    copy.seek(0)
    return copy


class _Copy(io.BufferedRandom):
    """Closed, and so gone, as soon as no table is left that reads it."""

    def __del__(self) -> None:
        self.close()


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, zlib.error, EOFError):
        message = "The gzip archive is damaged or cut short. Pack the file again, or send it unpacked."
        raise refused("damaged-archive", message) from None
