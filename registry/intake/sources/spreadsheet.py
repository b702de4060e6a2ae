"""A workbook as a table of texts: the same header and records that a delimited file gives, read without trusting it.

Its values alone are read: no formula is worked out, no macro runs, no link is followed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from registry.intake.sources.gzipped import seekable
from registry.intake.sources.table import Record, header_of, refused
from registry.intake.sources.typed_cells import record_of, text_of
from registry.intake.sources.unfolding import UNREADABLE, SheetOf, measure

XLSX = b"PK\x03\x04"
SHEET = "cases"


@dataclass(frozen=True, slots=True)
class Workbook:
    """A readable sheet of a workbook. Formulas are their values, whole numbers have no decimals, dates are ISO 8601."""

    path: Path
    content: Path | IO[bytes]
    sheet: str
    header: list[str]
    header_row: int
    errors: dict[int, frozenset[int]] = field(default_factory=dict)

    def records(self) -> Iterator[Record]:
        """Every row below the header, empty ones left out; rows are numbered as Excel numbers them."""
        for row, first, values in _rows(_open(self.content), self.sheet):
            if row > self.header_row:
                errors = [at - first for at in self.errors.get(row, ()) if 0 <= at - first < len(values)]
                if record := record_of(row, values, errors):
                    yield record


def sheets(path: Path) -> list[SheetOf]:
    """The sheets of the workbook, visible ones first. Raises InvalidReport when it cannot be read."""
    return measure(seekable(path))


def open_workbook(path: Path, sheet: str) -> Workbook:
    """The sheet called so, else the one called "cases", else the first with a header; raises InvalidReport when there is none."""
    content = seekable(path)
    found = measure(content)
    named = [each for each in found if each.name == sheet or (not sheet and each.name.strip().casefold() == SHEET)]
    if sheet and not named:
        raise refused("sheet-missing", "The workbook has no sheet of this name. Choose one of those it has.")
    book = _open(content)
    for each in named or found:
        for row, _first, values in _rows(book, each.name):
            header = [text_of(value).strip() for value in values]
            if any(header):
                return Workbook(path, content, each.name, header_of(header, row), row, _by_row(each.cells.errors))
    raise refused(
        "empty-file", "The workbook has no sheet with a header line. Put the columns' names into its first row."
    )


def _by_row(errors: set[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """The places of errors, counted from 0, by row."""
    found: dict[int, set[int]] = {}
    for row, column in errors:
        found.setdefault(row, set()).add(column - 1)
    return {row: frozenset(places) for row, places in found.items()}


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


def _open(content: Path | IO[bytes]) -> Any:
    import python_calamine  # noqa: PLC0415 - as above

    if not isinstance(content, Path):
        content.seek(0)
    with _reading():
        return python_calamine.CalamineWorkbook.from_object(content)


def _rows(book: Any, name: str) -> Iterator[tuple[int, int, list[Any]]]:
    """Row number, number of columns left out before the first, and values."""
    with _reading():
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        for row, values in enumerate(sheet.iter_rows(), 1):
            yield row, first, values
