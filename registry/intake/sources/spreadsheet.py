"""A workbook as a table of texts: the same header and records that a delimited file gives, read without trusting it."""

import html
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.intake.sources.delimited import DATE, FORMULA_ERROR, Record, TextFile, header_of, open_text, refused
from registry.intake.sources.unfolding import UNREADABLE, measure

XLSX = b"PK\x03\x04"
SHEET = "cases"


@dataclass(frozen=True, slots=True)
class Workbook:
    """A readable sheet of a workbook. Formulas are their values, whole numbers have no decimals, dates are ISO 8601."""

    path: Path
    sheet: str
    header: list[str]
    header_row: int
    errors: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def records(self) -> Iterator[Record]:
        """Every row below the header, empty ones left out; rows are numbered as Excel numbers them."""
        for row, first, values in _rows(_open(self.path), self.sheet):
            if row <= self.header_row:
                continue
            odd = {at: DATE for at, value in enumerate(values) if isinstance(value, date)}
            if self.errors:
                # The reader gives a formula's error as an empty cell; whoever sent it meant to say something.
                odd |= {at: FORMULA_ERROR for at in range(len(values)) if (row, first + at + 1) in self.errors}
            cells = [_text(value) for value in values]
            if odd or any(cell.strip() for cell in cells):
                yield Record(row, cells, odd=odd)


Table = TextFile | Workbook


def open_table(path: Path, *, sheet: str = "") -> Table:
    """The file, a workbook or delimited text, understood as far as its header. Raises InvalidReport when it is neither.

    `sheet`: which of a workbook; else the one called so, or the first with a header.
    """
    with path.open("rb") as file:
        is_workbook = file.read(4) == XLSX
    return _workbook(path, sheet) if is_workbook else open_text(path)


def _workbook(path: Path, sheet: str) -> Workbook:
    sheets = measure(path)
    book = _open(path)
    named = [name for name in book.sheet_names if name == sheet or (not sheet and name.strip().casefold() == SHEET)]
    for name in named or book.sheet_names:
        for row, _first, values in _rows(book, name):
            header = [_text(value).strip() for value in values]
            if any(header):
                header = header_of(header, row)
                part = sheets.get(_part_of(path, name))
                return Workbook(path, name, header, row, frozenset(part.errors if part else ()))
    raise refused(
        "empty-file", "The workbook has no sheet with a header line. Put the columns' names into its first row."
    )


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever the reader cannot take is one refusal."""
    import python_calamine  # noqa: PLC0415 - only where a workbook is read

    try:
        yield
    except python_calamine.PasswordError:
        raise refused("encrypted-workbook", "The workbook has a password. Save it without one.") from None
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        raise refused("unreadable-workbook", UNREADABLE) from None
    except BaseException as error:
        # A panic of the reader's Rust is no Exception, and its class has no name to import.
        if type(error).__name__ != "PanicException":
            raise
        raise refused("unreadable-workbook", UNREADABLE) from None


def _open(path: Path) -> Any:
    import python_calamine  # noqa: PLC0415 - as above

    with _reading():
        return python_calamine.CalamineWorkbook.from_path(path)


def _rows(book: Any, name: str) -> Iterator[tuple[int, int, list[Any]]]:
    """Row number, number of columns left out before the first, and values."""
    with _reading():
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        for row, values in enumerate(sheet.iter_rows(), 1):
            yield row, first, values


def _part_of(path: Path, sheet: str) -> str:
    """Where in the archive the sheet of this name lies; "" in a workbook that is put together in another way."""
    with zipfile.ZipFile(path) as archive:
        try:
            book, links = (archive.read(f"xl/{name}").decode() for name in ("workbook.xml", "_rels/workbook.xml.rels"))
        except (KeyError, UnicodeDecodeError):
            return ""
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        name, key = (re.search(pattern, tag) for pattern in (r'\bname="([^"]*)"', r'\b\w+:id="([^"]*)"'))
        if name and key and html.unescape(name[1]) == sheet:
            found = (each for each in re.findall(r"<Relationship\s[^>]*>", links) if f'Id="{key[1]}"' in each)
            target = re.search(r'\bTarget="/?(?:xl/)?([^"]*)"', next(found, ""))
            return f"xl/{target[1]}" if target else ""
    return ""


def _text(value: Any) -> str:  # noqa: PLR0911 - one line a kind of cell
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
        case datetime() if value.time() != time():
            return f"{value + timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        case _:
            return "" if value is None else str(value)
