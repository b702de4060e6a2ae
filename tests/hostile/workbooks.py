"""Workbooks put together part by part, so that each can be wrong in one way."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.hostile.outcomes import HEAD, Hostile, says

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONSHIPS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
SHEET = "xl/worksheets/sheet1.xml"
BOOK, BOOK_LINKS, TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
Parts = dict[str, bytes]


def text(value: str) -> str:
    """A cell with its text in it."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def row(*cells: str, number: int | None = None) -> str:
    """A row of cells, which are XML already where they begin with a tag."""
    at = f' r="{number}"' if number else ""
    return f"<row{at}>{''.join(cell if cell.startswith('<c') else text(cell) for cell in cells)}</row>"


def sheet(*rows: str, before: str = "", after: str = "") -> bytes:
    """The part of a sheet."""
    return f'{XML}<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'.encode()


def shared(texts: Iterable[str]) -> bytes:
    """The part of shared texts."""
    return f'{XML}<sst xmlns="{MAIN}">{"".join(f"<si><t>{each}</t></si>" for each in texts)}</sst>'.encode()


def parts(content: bytes, more: Mapping[str, bytes] | None = None, *, target: str = "worksheets/sheet1.xml") -> Parts:
    """The parts of a sound workbook with one sheet."""
    link = f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="{target}"/>'
    to_texts = f'<Relationship Id="rId2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    return {
        "[Content_Types].xml": (
            f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/{BOOK}" ContentType="{TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/{SHEET}" ContentType="{TYPES}.worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'{XML}{RELATIONSHIPS}<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="{BOOK}"/></Relationships>'
        ).encode(),
        BOOK: (
            f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
            '<sheet name="cases" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        BOOK_LINKS: f"{XML}{RELATIONSHIPS}{link}{to_texts}</Relationships>".encode(),
        f"xl/{target}": content,
        **(more or {}),
    }


def zipped(path: Path, members: Iterable[tuple[str, bytes]], *, compression: int = zipfile.ZIP_DEFLATED) -> None:
    """An archive of these members, in their order."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)


def xlsx(name: str, found: Parts | Callable[[], Parts], **outcome: Any) -> Hostile:
    """A workbook of these parts; a function of none where they are large."""

    def make(path: Path) -> None:
        zipped(path, (found() if callable(found) else found).items())

    return Hostile(name if "." in name else f"{name}.xlsx", make, **outcome)


def book_of(*sheets: tuple[str, str]) -> bytes:
    """The part that lists the sheets, each by name and state."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, (name, state) in enumerate(sheets, 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>'.encode()


def links_to(*targets: str) -> bytes:
    """The part that says where each sheet lies."""
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{LINKS}/worksheet" Target="{target}"/>'
        for number, target in enumerate(targets, 1)
    )
    return f"{XML}{RELATIONSHIPS}{listed}</Relationships>".encode()


HEADER = row(*HEAD.split(","))
SOUND = sheet(HEADER, row("A1", "x", "y"))
PLAIN = says(("A1", "x", "y"))
"""What the sound sheet says."""
