"""A workbook as a table of texts: the same header and records that a delimited file gives, read without trusting it."""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from registry.intake.delimited import MOST_ROWS, Record, TextFile, open_text, refused

XLSX = b"PK\x03\x04"
SHEET = "cases"
MOST_BYTES = 600_000_000
"""A workbook may unfold to so many bytes; more is a zip bomb, or should be a CSV file."""
MOST_PARTS = 5_000
_ERROR = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*\bt="e"')
_UNREADABLE = (
    "The workbook cannot be read: it is damaged or not an XLSX file. Save it again as XLSX, or as CSV (UTF-8)."
)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A readable sheet of a workbook. Formulas are their values, whole numbers have no decimals, dates are ISO 8601."""

    path: Path
    sheet: str
    header: list[str]
    header_row: int

    def records(self) -> Iterator[Record]:
        """Every row below the header, empty ones left out; rows are numbered as Excel numbers them."""
        for row, cells in _rows(_open(self.path), self.sheet):
            if row > self.header_row and any(cell.strip() for cell in cells):
                yield Record(row, cells)


Table = TextFile | Workbook


def open_table(path: Path) -> Table:
    """The file, a workbook or delimited text, understood as far as its header. Raises InvalidReport when it is neither."""
    with path.open("rb") as file:
        is_workbook = file.read(4) == XLSX
    return _workbook(path) if is_workbook else open_text(path)


def _workbook(path: Path) -> Workbook:
    _check_size(path)
    book = _open(path)
    named = [name for name in book.sheet_names if name.strip().casefold() == SHEET]
    for name in named or book.sheet_names:
        for row, cells in _rows(book, name):
            if any(cell.strip() for cell in cells):
                _refuse_errors(path, name)
                return Workbook(path, name, [cell.strip() for cell in cells], row)
    raise refused(
        "empty-file", "The workbook has no sheet with a header line. Put the columns' names into its first row."
    )


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise refused("unreadable-workbook", _UNREADABLE) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise refused(
            "workbook-too-large", "The workbook is too large to unfold. Save its sheet as CSV (UTF-8) and send that."
        )


def _open(path: Path) -> Any:
    import python_calamine  # noqa: PLC0415 - only where a workbook is read

    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise refused("encrypted-workbook", "The workbook has a password. Save it without one.") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise refused("unreadable-workbook", _UNREADABLE) from None


def _rows(book: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    import python_calamine  # noqa: PLC0415 - as above

    try:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MOST_ROWS + 1_000:
            raise refused("too-many-rows", "The sheet has more than 1,000,000 rows. Split it, for instance by year.")
        for row, cells in enumerate(sheet.iter_rows(), 1):
            yield row, [_text(value) for value in cells]
    except (python_calamine.CalamineError, ValueError):
        raise refused("unreadable-workbook", _UNREADABLE) from None


def _refuse_errors(path: Path, sheet: str) -> None:
    """The reader gives a formula's error as an empty cell, which would say nothing; whoever sent it meant to say something."""
    with zipfile.ZipFile(path) as archive:
        target = _part_of(archive, sheet)
        if target is None:
            return
        tail = b""
        with archive.open(target) as part:
            while chunk := part.read(1 << 20):
                if found := _ERROR.search(tail + chunk):
                    cell = found[1].decode()
                    message = (
                        "This cell holds the error of a formula, such as #REF!. Correct the formula, or empty the cell."
                    )
                    raise refused("formula-error", message, row=int(cell.lstrip(ascii_uppercase)), column=cell)
                tail = chunk[-200:]


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Where in the archive the sheet of this name lies; None in a workbook that is put together in another way."""
    try:
        book, links = (archive.read(f"xl/{name}").decode() for name in ("workbook.xml", "_rels/workbook.xml.rels"))
    except (KeyError, UnicodeDecodeError):
        return None
    for tag in re.findall(r"<sheet [^>]*>", book):
        name, key = (re.search(pattern, tag) for pattern in (r'\bname="([^"]*)"', r'\br:id="([^"]*)"'))
        if name and key and html.unescape(name[1]) == sheet:
            link = next((each for each in re.findall(r"<Relationship [^>]*>", links) if f'Id="{key[1]}"' in each), "")
            found = re.search(r'\bTarget="/?(?:xl/)?([^"]*)"', link)
            part = f"xl/{found[1]}" if found else ""
            return part if part in archive.namelist() else None
    return None


def _text(value: Any) -> str:  # noqa: PLR0911 - one line a kind of cell
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return f"{value:%Y-%m-%d}"
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        case _:
            return "" if value is None else str(value)
