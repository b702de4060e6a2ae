"""A checked file given back to its owner: a Problems column beside the others, and the cells marked.

A file of at most `WHOLE` rows comes back whole, a workbook with all its sheets; of a longer one the workbook has the rows that need
its owner and no others, which is all there is to mend: rows that are recorded already are known when a file comes again. The CSV
is always whole and written as it is read, so that a million rows need no memory. What its owner mended already is written as
mended, and rows left out stay out. No cell of either can be a formula or a link, and what was text stays text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

from registry.intake import flat
from registry.intake.conversions import CHECKED, convert
from registry.intake.plan import PROBLEMS, Plan, is_ours
from registry.intake.sources.opening import open_table
from registry.intake.sources.spreadsheet import Workbook
from registry.intake.sources.table import Table
from registry.intake.sources.typed_cells import text_of
from registry.reports.writers import EXCEL_TEXT, guard
from registry.vocabulary.fields import label

WHOLE = 20_000
"""Rows that a workbook is given back with while somebody waits: some ten seconds."""
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_TEXT, _RED, _AMBER = "#fbe3e1", "#f4b6b0", "#fff0c7"


class Kept(Protocol):
    """A row with problems: its number, its cells, and (name, message, severity) of each problem."""

    @property
    def row(self) -> int: ...
    @property
    def cells(self) -> list[str]: ...
    @property
    def problems(self) -> Sequence[tuple[str, str, str]]: ...


def csv_lines(path: Path, plan: Plan, kept: Iterable[Kept]) -> Iterator[str]:
    """The whole file as CSV with the Problems column last, piece by piece: UTF-8 with a byte-order mark, which Excel needs."""
    table = open_table(path, sheet=plan.sheet)
    ours, wrong = _ours(table), {row.row: row.problems for row in kept if row.problems}
    yield "\ufeff" + _line([*_without(ours, table.header), PROBLEMS])
    width = len(table.header)
    for record in table.records():
        if record.row in plan.left_out:
            continue
        cells = _mended(plan, record.row, [*(record.cells or [])])
        cells += [""] * (width - len(cells))
        yield _line([*_without(ours, cells), _sentences(wrong.get(record.row, ()))])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([c if _NUMBER.fullmatch(c) else guard(c) for c in cells])
    return out.getvalue()


def workbook(path: Path, plan: Plan, kept: Iterable[Kept], *, rows: int) -> bytes:
    """The file as a workbook; of one with more than `WHOLE` rows only those kept, as many as that."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    table = open_table(path, sheet=plan.sheet)
    out = io.BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, {"constant_memory": True, **plain}) as book:
        if rows > WHOLE:
            _Page(book, table, plan, {}).write(_header(table), _lines_of(islice(kept, WHOLE), plan))
        else:
            wrong = {row.row: row.problems for row in kept if row.problems}
            _whole(book, table, plan, wrong)
    return out.getvalue()


Line = tuple[int, Sequence[Any], Sequence[tuple[str, str, str]]]
"""A row of the file: its number, its values, what is wrong with it."""


def _whole(book: Any, table: Table, plan: Plan, wrong: Mapping[int, Sequence[tuple[str, str, str]]]) -> None:
    if not isinstance(table, Workbook):
        lines = ((record.row, record.cells or [], wrong.get(record.row, ())) for record in table.records())
        _Page(book, table, plan, wrong).write(_header(table), lines)
        return
    for name, sheet in _sheets(table):
        first = sheet.start[1] if sheet.start else 0
        rows = enumerate(sheet.iter_rows(), 1)
        if name != table.sheet:
            _copy(book.add_worksheet(name), rows, first, book.add_format({"num_format": "yyyy-mm-dd"}))
            continue
        head = list(islice(rows, table.header_row))
        lines = ((row, values, wrong.get(row, ())) for row, values in rows)
        _Page(book, table, plan, wrong, first=first).write([*head[-1][1]], lines, above=head[:-1])


def _header(table: Table) -> list[Any]:
    return [*table.header]


def _lines_of(kept: Iterable[Kept], plan: Plan) -> Iterator[Line]:
    return ((row.row, row.cells, row.problems) for row in kept if row.problems and row.row not in plan.left_out)


def _sheets(table: Workbook) -> Iterator[tuple[str, Any]]:
    import python_calamine  # noqa: PLC0415 - only where a workbook is read

    book = python_calamine.load_workbook(table.content)
    return ((name, book.get_sheet_by_name(name)) for name in book.sheet_names)


def _copy(page: Any, rows: Iterable[tuple[int, Sequence[Any]]], first: int, day: Any) -> None:
    for row, values in rows:
        for at, value in enumerate(values):
            _put(page, row - 1, first + at, value, day, None)


class _Page:
    """The sheet with the cases: its rows as they are, the Problems column behind them, and the cells in question marked."""

    def __init__(self, book: Any, table: Table, plan: Plan, wrong: Mapping[int, Any], *, first: int = 0) -> None:
        self.plan, self.first, self.ours, self.wrong = plan, first, _ours(table), wrong
        self.page = book.add_worksheet(table.sheet if isinstance(table, Workbook) else "cases")
        self.day, self.text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
        self.bold = book.add_format({"bold": True, "num_format": "@"})
        self.marks = {
            "error": book.add_format({"bg_color": _RED, "num_format": "@"}),
            "warning": book.add_format({"bg_color": _AMBER, "num_format": "@"}),
        }
        self.note = book.add_format({"bg_color": _TEXT, "text_wrap": True, "valign": "top", "num_format": "@"})
        self.at = {taken.name: place for place, taken in reversed([*enumerate(plan.columns)]) if taken.name}
        self.line = 0

    def write(self, header: Sequence[Any], lines: Iterable[Line], *, above: Sequence[Any] = ()) -> None:
        """All of it, from the top: lines above the header, the header, and every row that is not left out."""
        last = self.first + len(_without(self.ours, header))
        self.page.set_column(self.first, max(last - 1, self.first), 16)
        self.page.set_column(last, last, 70)
        for _row, values in above:
            self._cells([*values], {}, "")
        for place, name in enumerate([*_without(self.ours, header), PROBLEMS]):
            self.page.write_string(self.line, self.first + place, str(name)[:EXCEL_TEXT], self.bold)
        self.line += 1
        if not above and not self.first:
            self.page.freeze_panes(1, 0)
        for row, values, problems in lines:
            if row in self.plan.left_out:
                continue
            marked = {self.at[name]: (message, severity) for name, message, severity in problems if name in self.at}
            cells = _mended(self.plan, row, [*values]) + [""] * (len(header) - len(values))
            self._cells(cells, marked, _sentences(problems), last=last)

    def _cells(
        self, values: Sequence[Any], marked: Mapping[int, tuple[str, str]], said: str, *, last: int | None = None
    ) -> None:
        at = self.first
        for place, value in enumerate(values):
            if place in self.ours:
                continue
            if place in marked:
                message, severity = marked[place]
                self.page.write_string(self.line, at, _shown(value), self.marks[severity])
                self.page.write_comment(self.line, at, message)
            else:
                _put(self.page, self.line, at, value, self.day, self.text)
            at += 1
        if said and last is not None:
            self.page.write_string(self.line, last, said[:EXCEL_TEXT], self.note)
        self.line += 1


def _put(page: Any, row: int, column: int, value: Any, day: Any, text: Any) -> None:
    """The value as what it is: a number, a day, or text, which no spreadsheet takes for anything else."""
    match value:
        case None | "":
            pass
        case bool() | str() | time() | timedelta():
            page.write_string(row, column, _shown(value), text)
        case date():
            page.write_datetime(
                row, column, value if isinstance(value, datetime) else datetime.combine(value, time.min), day
            )
        case int() | float() if isfinite(value):
            page.write_number(row, column, value)
        case _:
            page.write_string(row, column, _shown(value), text)


def _shown(value: Any) -> str:
    return text_of(value)[:EXCEL_TEXT]


def _ours(table: Table) -> frozenset[int]:
    """The places of a Problems column that we gave an earlier version of the file: it is written anew."""
    return frozenset(place for place, header in enumerate(table.header) if is_ours(header))


def _without(ours: frozenset[int], cells: Sequence[Any]) -> list[Any]:
    return [cell for place, cell in enumerate(cells) if place not in ours]


def _mended(plan: Plan, row: int, cells: list[Any]) -> list[Any]:
    """The cells with what its owner has them read as: a word for another, what was written over, a time of the next day."""
    touched = {*plan.values, *plan.of_all, *plan.cells.get(row, {})}
    if plan.next_day:
        touched |= {flat.row_name("times", number, "to") for number in range(1, flat.most_of("times") + 1)}
    if touched:
        said = plan.texts(row, [_shown(cell) for cell in cells])
        for place, (taken, cell) in enumerate(zip(plan.columns, cells, strict=False)):
            if taken.name in touched and not taken.conversion.startswith(CHECKED):
                text, shown = said.get(taken.name, ""), _shown(cell).strip()
                if text != (convert(taken.conversion, shown) if shown else ""):
                    cells[place] = text
    return cells


def _sentences(problems: Iterable[tuple[str, str, str]]) -> str:
    """What is wrong with a row, each at its column."""
    return "\n".join(_sentence(*problem) for problem in problems)


def _sentence(name: str, message: str, severity: str) -> str:
    column = flat.column(name)
    at = f"{label(column.section, column.field)}: " if column and column.section != "effort" else ""
    return f"{'Check: ' if severity == 'warning' else ''}{at}{message}"
