"""What a Parquet file says it unfolds to, read before any reader believes it: its footer, and the head of every page.

Thrift's compact protocol, as far as Parquet uses it: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
and https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, whose field numbers stand below.
"""

import io
from pathlib import Path
from typing import IO, Any

from registry.intake.sources.table import MOST_COLUMNS, MOST_ROWS, refused

MAGIC = b"PAR1"
MOST_FOOTER = 4_000_000
MOST_BYTES = 100_000_000
"""What all pages may unfold to; the reader holds those of one group of rows."""
MOST_VALUES = 100_000_000
_MOST_NESTED = 12
_HEAD = 1 << 14

_UNREADABLE = (
    "The Parquet file cannot be read: it is damaged or cut short. Write it again, or save the table as CSV (UTF-8)."
)
_TOO_LARGE = "The Parquet file is too large to unfold. Save the table as CSV (UTF-8), or send it in parts."


def measure(content: Path | IO[bytes]) -> int:
    """How many rows it has. Raises InvalidReport for what is no Parquet file, or unfolds to more than is borne."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            return _measured(file)
    return _measured(content)


def _measured(file: IO[bytes]) -> int:
    try:
        size = file.seek(0, io.SEEK_END)
        footer = _footer(file, size)
        rows, columns = footer[3], len(footer[2])
        if rows > MOST_ROWS:
            raise refused("too-many-rows", "The file has more than 1,000,000 rows. Split it, for instance by year.")
        if columns > 2 * MOST_COLUMNS + 1:
            raise refused(
                "too-many-columns", f"The file has more than {MOST_COLUMNS:,} columns. Leave out those not needed."
            )
        unfolded = sum(_pages(file, size, chunk[3]) for group in footer[4] for chunk in group[1])
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        raise refused("unreadable-parquet", _UNREADABLE) from None
    if unfolded > MOST_BYTES or rows * columns > MOST_VALUES:
        raise refused("workbook-too-large", _TOO_LARGE)
    return int(rows)


def _footer(file: IO[bytes], size: int) -> dict[int, Any]:
    file.seek(max(0, size - 8))
    end = file.read(8)
    length = int.from_bytes(end[:4], "little")
    if end[4:] != MAGIC or length > size - 12:
        raise ValueError("no footer")
    if length > MOST_FOOTER:
        raise refused("workbook-too-large", _TOO_LARGE)
    file.seek(size - 8 - length)
    return _Thrift(file.read(length)).struct()


def _pages(file: IO[bytes], size: int, column: dict[int, Any]) -> int:
    """What the pages of a column unfold to, by the head of each: 2 unfolded, 3 as it is kept."""
    offsets = [column[field] for field in (9, 11) if column.get(field, 0) > 0]
    at = min(offsets)
    end, unfolded = at + column[7], 0
    if not 4 <= at <= end <= size:
        raise ValueError("a column outside the file")
    while at < end:
        file.seek(at)
        head = _Thrift(file.read(_HEAD))
        page = head.struct()
        if page[2] < 0 or page[3] < 0:
            raise ValueError("a page of less than nothing")
        unfolded += page[2]
        at += head.at + page[3]
    return unfolded


class _Thrift:
    """Reads the compact protocol: each struct as its values by field number."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at, self.depth = content, 0, 0

    def struct(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        field = 0
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise ValueError("nested too deeply")
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._zigzag()
            found[field] = self._value(head & 15)
        self.depth -= 1
        return found

    def _value(self, kind: int) -> Any:  # noqa: PLR0911 - one line a kind
        if kind in {1, 2}:
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in {4, 5, 6}:
            return self._zigzag()
        if kind == 7:
            return self._skip(8)
        if kind == 8:
            return self._skip(self._number())
        if kind in {9, 10}:
            return self._list()
        if kind == 12:
            return self.struct()
        raise ValueError("no such kind")

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._number()
        if size > len(self.content) - self.at:
            raise ValueError("longer than the file")
        kind = head & 15
        # In a list, a truth is a byte of its own.
        return [self._byte() if kind in {1, 2} else self._value(kind) for _ in range(size)]

    def _byte(self) -> int:
        byte = self.content[self.at]
        self.at += 1
        return byte

    def _number(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("no number is so long")

    def _zigzag(self) -> int:
        value = self._number()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.content):
            raise ValueError("past the end")
