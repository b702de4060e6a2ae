"""What a workbook unfolds to, measured before any reader believes it: a few kilobytes may hold gigabytes, or claim to.

The reader lays a sheet out as one block of cells, from its first to its last: a cell far out in an empty sheet costs the
memory of all those between, and ends the process that has less. It copies a text for every cell that shares it.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from registry.intake.sources.table import refused
from registry.intake.sources.workbook_xml import TOO_LARGE, Book, Cells, Links, Shared, Sheet, Texts, Xml

MOST_BYTES = 80_000_000
"""A workbook may unfold to so many bytes of XML: 2,000,000 cells take about as much, and 130 MB of its reader's memory."""
MOST_CHARACTERS = 40_000_000
MOST_RATIO = 100
_UNSUSPECTED = 10_000_000
MOST_PARTS = 2_000
"""A picture, a comment and a chart are parts; honest workbooks have had hundreds."""
_CHUNK = 1 << 20
_BOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml"

UNREADABLE = "The workbook cannot be read: it is damaged or not an XLSX file. Save it again as XLSX, or as CSV (UTF-8)."
_OF_ANOTHER_KIND = {
    "xl/workbook.bin": "This is a binary Excel workbook (.xlsb). Save it as XLSX, or as CSV (UTF-8), and send that.",
    "content.xml": "This is an OpenDocument file (.ods). Save it as XLSX, or as CSV (UTF-8), and send that.",
    "word/document.xml": "This is a Word document. Copy its table into a sheet, and save that as XLSX or CSV (UTF-8).",
    "ppt/presentation.xml": "This is a presentation. Send the table it was made from, as XLSX or CSV (UTF-8).",
}


@dataclass(frozen=True, slots=True)
class SheetOf:
    """A sheet of a workbook: how it is called, how many rows its values reach down, and whether Excel hides it."""

    name: str
    rows: int
    hidden: bool
    cells: Cells = field(repr=False)


def measure(content: Path | IO[bytes]) -> list[SheetOf]:
    """The sheets of the workbook, visible ones first; all its parts are sound XML without declarations.

    Raises InvalidReport for what is no workbook, or too large to be read.
    """
    with _sound(), zipfile.ZipFile(content) as archive:
        parts = _parts(archive)
        book, links, texts = Book(), Links(), Texts()
        for name, reader in ((_BOOK, book), (_LINKS, links), (_TEXTS, texts)):
            if name in parts or name != _TEXTS:
                _walk(archive, parts[name], reader)
        # Each is read to its end: the archive's own checksum then tells a part that is larger than it says.
        found = {
            name: _sheet(archive, part, texts)
            for name, part in parts.items()
            if name.endswith((".xml", ".rels")) and name not in {_BOOK, _LINKS, _TEXTS}
        }
        # The reader would follow a link to any part: one that was not measured here raises KeyError.
        measured = [(name, hidden, found[links.target(key)]) for name, hidden, key in book.sheets]
        return sorted((SheetOf(name, cells.rows, hidden, cells) for name, hidden, cells in measured), key=_is_hidden)


def _is_hidden(sheet: SheetOf) -> bool:
    return sheet.hidden


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by their names in small letters, as the reader looks them up; none twice, none that belong to another kind of file."""
    listed = archive.infolist()
    unfolded, folded = (sum(getattr(part, size) for part in listed) for size in ("file_size", "compress_size"))
    if len(listed) > MOST_PARTS or unfolded > MOST_BYTES or unfolded > max(_UNSUSPECTED, folded * MOST_RATIO):
        raise refused("workbook-too-large", TOO_LARGE)
    parts = {part.filename.lower(): part for part in listed}
    for name, message in _OF_ANOTHER_KIND.items():
        if name in parts:
            raise refused("unreadable-workbook", message)
    if _BOOK not in parts and not any(name.endswith(".xml") for name in parts):
        message = "This is a zip archive and no workbook. Unpack it, and send the file that is in it; gzip can be read as it is."
        raise refused("unreadable-workbook", message)
    if len(parts) < len(listed):
        raise ValueError("a part twice")
    return parts


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError):
        raise refused("unreadable-workbook", UNREADABLE) from None
    except (OSError, RuntimeError, ValueError, OverflowError):  # a part with a password, a reference that is none
        raise refused("unreadable-workbook", UNREADABLE) from None


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, reader: Xml) -> None:
    with archive.open(part) as stream:
        reader.walk(iter(lambda: stream.read(_CHUNK), b""))


def _sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo, texts: Texts) -> Cells:
    """How far the part reaches, if it is a sheet; raises InvalidReport where its cells together hold more text than is borne."""
    sheet = Sheet()
    _walk(archive, part, sheet)
    if sheet.cells.sharing * texts.longest > MOST_CHARACTERS:
        shared = Shared(texts)
        _walk(archive, part, shared)
        if shared.characters > MOST_CHARACTERS:
            raise refused("workbook-too-large", TOO_LARGE)
    return sheet.cells
