"""What a workbook unfolds to, measured before any reader believes it: a few kilobytes may hold gigabytes, or claim to.

The reader lays a sheet out as one block of cells, from its first to its last: a cell far out in an empty sheet costs the
memory of all those between, and ends the process that has less.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from registry.intake.sources.delimited import MOST_ROWS, refused

MOST_BYTES = 200_000_000
"""A workbook may unfold to so many bytes of XML; its reader takes four times as much."""
MOST_PARTS = 5_000
MOST_CELLS = 10_000_000
MOST_ERRORS = 10_000
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})", re.ASCII)
_CHUNK = 1 << 20

UNREADABLE = "The workbook cannot be read: it is damaged or not an XLSX file. Save it again as XLSX, or as CSV (UTF-8)."
_TOO_LARGE = "The workbook is too large to unfold. Save its sheet as CSV (UTF-8) and send that."


@dataclass
class Sheet:
    """How far the values of a sheet reach, counted from 1, and the cells (row, column) that hold the error of a formula."""

    rows: int = 0
    columns: int = 0
    errors: set[tuple[int, int]] = field(default_factory=set)


def measure(path: Path) -> dict[str, Sheet]:
    """Every part of the workbook that may be a sheet, by its name in the archive; all are sound XML without declarations.

    Raises InvalidReport for what is no workbook, or too large to be read.
    """
    with _sound(), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            raise refused("workbook-too-large", _TOO_LARGE)
        found = {}
        for part in parts:
            if part.filename.lower().endswith(".xml"):
                # Read to its end: the archive's own checksum then tells a part that is larger than it says.
                with archive.open(part) as stream:
                    found[part.filename] = _measured(stream)
        return found


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError):
        raise refused("unreadable-workbook", UNREADABLE) from None
    except (OSError, RuntimeError, ValueError):  # a part with a password, a reference that is none
        raise refused("unreadable-workbook", UNREADABLE) from None


def _measured(stream: IO[bytes]) -> Sheet:
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartElementHandler = walk.enter
    parser.StartDoctypeDeclHandler = walk.refuse_declarations
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)  # noqa: FBT003 - expat's own order of arguments
    parser.Parse(b"", True)  # noqa: FBT003 - as above
    return walk.sheet


class _Walk:
    """One pass over the XML of a part: where each value stands."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.row = self.column = 0
        self.is_error = False

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins: a row, a cell, or the value of the cell begun last."""
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif tag == "c":
            self._cell(attributes)
        elif tag in {"v", "is"} and self.row:
            self._value()

    def _cell(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        self.column += 1
        if said is not None:
            found = _REFERENCE.fullmatch(said)
            if found is None:
                raise ValueError("no cell is called so")
            self.row, self.column = int(found[2]), _column(found[1])
        self.is_error = attributes.get("t") == "e"

    def _value(self) -> None:
        sheet = self.sheet
        sheet.rows, sheet.columns = max(sheet.rows, self.row), max(sheet.columns, self.column)
        if sheet.rows > MOST_ROWS + 1_000:
            raise refused("too-many-rows", "The sheet has more than 1,000,000 rows. Split it, for instance by year.")
        if sheet.rows * sheet.columns > MOST_CELLS:
            raise refused("workbook-too-large", _TOO_LARGE)
        if self.is_error:
            sheet.errors.add((self.row, self.column))
            if len(sheet.errors) > MOST_ERRORS:
                raise refused("formula-error", "Most of the workbook's formulas give errors. Correct them.")

    @staticmethod
    def refuse_declarations(*_said: object) -> None:
        """No workbook declares a document type; what does means to unfold by it."""
        raise ValueError("a document type")


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
