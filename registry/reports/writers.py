"""Files that a spreadsheet program opens without running anything in them.

A cell that begins like a formula is a programme in somebody else's computer, so text that could be read as one is marked by a
leading apostrophe, which an import takes off again: what goes out comes back the same.
"""

import csv
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

Cell: TypeAlias = str | int | float | Decimal | Fraction | date | bool | None

MARK = "'"
DANGEROUS = frozenset("=+-@|%\t\r\n")
EXCEL_TEXT = 32_767
EXCEL_ROWS = 1_048_576
READ_BYTES = 1 << 20


@dataclass(frozen=True)
class Written:
    """A finished file: `rows` of data in it (headings not counted) and the SHA-256 of its bytes, in hex."""

    rows: int
    sha256: str


def guard(text: str) -> str:
    """`text` as a spreadsheet may safely read it. `unguard(guard(text)) == text` for every text."""
    if text.startswith(MARK):
        return MARK + text
    # Full-width signs become plain ones under NFKC, and blanks or invisible marks before a sign do not stop a spreadsheet.
    for character in unicodedata.normalize("NFKC", text):
        if character in DANGEROUS:
            return MARK + text
        if unicodedata.category(character) not in {"Zs", "Cf"}:
            return text
    return text


def unguard(text: str) -> str:
    """The text that was given to `guard`."""
    return text.removeprefix(MARK)


def plain(value: Cell) -> str:
    """`value` as CSV text: numbers and dates as such, yes/no, text guarded, nothing as the empty string.

    Raises ValueError for a number that is not finite: a file never says "nan".
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(_number(value))


def _number(value: float | Decimal | Fraction) -> int | float | Decimal:
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else float(value)
    if not isinstance(value, int) and not isfinite(value):
        raise ValueError("a file cannot hold a number that is not finite")
    return value


def checksum(path: Path) -> str:
    """SHA-256 of the file at `path`, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A small CSV as text, by the same rules as `CsvFile`."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([guard(heading) for heading in headings])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue()


class CsvFile:
    """A CSV file being written row by row: UTF-8 with a byte-order mark (Excel needs it), everything quoted, CRLF.

    `rows` counts what was written, headings excluded. `written()` after the `with` block gives the checksum.
    """

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self.path = path
        self.headings = headings
        self.rows = 0

    def __enter__(self) -> Self:
        self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._writer.writerow([guard(heading) for heading in self.headings])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def row(self, cells: Iterable[Cell]) -> None:
        """One more row in the file."""
        self._writer.writerow([plain(cell) for cell in cells])
        self.rows += 1

    def written(self) -> Written:
        """Row count and checksum of the closed file."""
        return Written(self.rows, checksum(self.path))


class XlsxFile:
    """An XLSX workbook being written sheet by sheet with memory for one row only; no cell in it can be a formula or a link.

    The same rows and the same `as_of` give the same bytes. A sheet that outgrows Excel goes on in the next, "name (2)".
    """

    def __init__(self, path: Path, *, title: str, as_of: datetime) -> None:
        self.path = path
        self.title = title
        self.as_of = as_of
        self.rows = 0

    def __enter__(self) -> Self:
        import xlsxwriter  # noqa: PLC0415 - heavy; only where a workbook is written

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(self.path), options)
        # Excel keeps no time zone: the moment is given in UTC.
        self._book.set_properties(
            {"title": self.title, "author": "Strata", "created": self.as_of.astimezone(UTC).replace(tzinfo=None)}
        )
        self._bold = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def sheet(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        widths: Sequence[int] = (),
        limit: int = EXCEL_ROWS,
    ) -> int:
        """A sheet `name` (at most 31 characters) with a frozen heading row; gives the number of rows written."""
        part, line, count = 1, limit, 0
        for cells in rows:
            if line >= limit:
                page = self._page(name if part == 1 else f"{name[:26]} ({part})", headings, widths)
                part, line = part + 1, 1
            self._line(page, line, cells)
            line, count = line + 1, count + 1
        if part == 1:
            self._page(name, headings, widths)
        self.rows += count
        return count

    def _page(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Any:
        page = self._book.add_worksheet(name)
        for column, heading in enumerate(headings):
            width = widths[column] if column < len(widths) else min(max(len(heading) + 2, 10), 34)
            page.set_column(column, column, width)
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, self._bold)
        page.freeze_panes(1, 1)
        return page

    def _line(self, page: Any, line: int, cells: Sequence[Cell]) -> None:
        for column, value in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, bool):
                page.write_string(line, column, "yes" if value else "no")
            elif isinstance(value, str):
                if len(value) > EXCEL_TEXT:
                    raise ValueError(f"a spreadsheet cell holds at most {EXCEL_TEXT} characters")
                page.write_string(line, column, value, self._wrap if len(value) > 60 else None)
            elif isinstance(value, date):
                page.write_datetime(line, column, datetime.combine(value, time.min), self._day)
            else:
                page.write_number(line, column, float(_number(value)))

    def written(self) -> Written:
        """Row count over all sheets and checksum of the closed file."""
        return Written(self.rows, checksum(self.path))
