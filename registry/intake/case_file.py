"""A file of whole cases, read: one row a case, its columns by the names of `intake.flat`.

Pure: nothing is looked up and nothing is written. No cell of the file is ever repeated in a problem.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from registry.errors import InvalidReport, Problem
from registry.intake import flat
from registry.intake.delimited import MOST_ROWS, Record, cell_too_long, refused
from registry.intake.report import CaseReport
from registry.intake.spreadsheet import Table, Workbook, open_table
from registry.models.fields import Month

KEY = "local_case_id"
MOST_REFUSED = 50
_IN_A_FILE = {"required": "Fill this in; write unknown where nobody knows and that can be said."}
_DAY = re.compile(r"(\d{4}-\d{2})-\d{2}", re.ASCII)
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A surveyed file: readable, its columns known, its rows counted, rows that repeat an id of an earlier one found."""

    table: Table
    names: tuple[str, ...]
    rows: int
    repeated: frozenset[int]

    def reports(self) -> Iterator[CaseReport]:
        """One report for each record, in the order of the file; one without data says in its problems why it cannot be read."""
        for record in self.table.records():
            yield self._report(record)

    def _report(self, record: Record) -> CaseReport:
        try:
            cells = _cells(record, len(self.names))
        except InvalidReport as refusal:
            return CaseReport({}, record.row, tuple(refusal.problems))
        if record.row in self.repeated:
            message = "An earlier row of this file has the same case id. Keep one of them."
            return CaseReport({}, record.row, (Problem("duplicate-in-file", KEY, message),))
        return flat.read(dict(zip(self.names, map(self._typed, self.names, cells), strict=False)), row=record.row)

    def _typed(self, name: str, cell: str) -> str:
        """A workbook keeps months as dates: the day goes here, before anything is kept."""
        column = flat.column(name) if isinstance(self.table, Workbook) else None
        if column and isinstance(flat.model_field(column), Month) and (day := _DAY.fullmatch(cell.strip())):
            return day[1]
        return cell

    def placed(self, problem: Problem, report: CaseReport) -> Problem:
        """The problem of a report as one of the file: at its row and the column as the file heads it."""
        name = problem.column or flat.name_at(problem.path, report.data)
        at = dict(zip(self.names, self.table.header, strict=True))
        message = _IN_A_FILE.get(problem.code, problem.message)
        return replace(problem, message=message, path="", row=report.row, column=(at.get(name) or name)[:80] or None)


def survey(path: Path) -> CaseFile:
    """The file read once from end to end; raises InvalidReport when it is no file of cases."""
    table = open_table(path)
    names = tuple(_plain(header) for header in table.header)
    while names and not names[-1]:  # a spreadsheet saves empty columns behind the last one
        names = names[:-1]
    _refuse_strange(names, table)
    at, rows, seen, repeated = names.index(KEY), 0, set[str](), set[int]()
    for record in table.records():
        rows += 1
        if rows > MOST_ROWS:
            raise refused("too-many-rows", "The file has more than 1,000,000 rows. Split it, for instance by year.")
        local_id = record.cells[at].strip() if record.cells and at < len(record.cells) else ""
        if local_id in seen:
            repeated.add(record.row)
        elif local_id:
            seen.add(local_id)
    if not rows:
        raise refused("no-rows", "The file has a header line and no rows below it. Put one case into each row.")
    return CaseFile(replace(table, header=table.header[: len(names)]), names, rows, frozenset(repeated))


def _plain(header: str) -> str:
    return re.sub(r"[\s-]+", "_", header.strip().casefold())


def _refuse_strange(names: tuple[str, ...], table: Table) -> None:
    problems = [_stranger(name, place, table) for place, name in enumerate(names) if flat.column(name) is None]
    for place, name in enumerate(names):
        if name in names[:place]:
            message = "This column stands in the file twice. Keep one of them."
            problems.append(
                Problem("column-twice", "", message, row=table.header_row, column=_shown(table.header[place], place))
            )
    if KEY not in names:
        message = "The header has no column local_case_id, by which a case is known. The template shows all columns."
        problems.append(Problem("column-missing", "", message, row=table.header_row, column=KEY))
    if problems:
        raise InvalidReport(problems[:MOST_REFUSED])


def _stranger(name: str, place: int, table: Table) -> Problem:
    known = [column.name for column in flat.columns(dict.fromkeys(flat.ONE_OF, 3))]
    near = get_close_matches(name, known, 1)
    hint = f"Did you mean {near[0]}?" if near else "Take it out, or name it as the template does."
    message = f"There is no column of this name. {hint}"
    return Problem("unknown-column", "", message, row=table.header_row, column=_shown(table.header[place], place))


def _shown(header: str, place: int) -> str:
    """A header as a problem names it: one that looks like ours by itself, any other, which might name somebody, by its place."""
    return header if _PLAIN.fullmatch(header.lower()) else f"column {place + 1}"


def _cells(record: Record, width: int) -> list[str]:
    if record.too_long:
        raise cell_too_long(record.row)
    if record.cells is None:
        message = "The row cannot be read: a quotation mark is opened and never closed, or stands alone."
        raise refused("malformed-row", message, row=record.row)
    if any(cell.strip() for cell in record.cells[width:]):
        message = "The row has more cells than the header has columns. A delimiter may stand inside a value that is not quoted."
        raise refused("wrong-number-of-cells", message, row=record.row)
    return record.cells[:width]
