"""A file of whole cases, read by its plan: one row a case, its columns by the names of `intake.flat`.

Pure: nothing is looked up and nothing is written. No cell of the file is ever repeated in a problem.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice, pairwise
from pathlib import Path

from registry.errors import InvalidReport, Problem
from registry.intake import flat
from registry.intake.eaten import eaten, problem_of
from registry.intake.plan import Plan, is_ours, of_header
from registry.intake.report import CaseReport
from registry.intake.sources.opening import open_table
from registry.intake.sources.table import (
    DATE,
    FORBIDDEN,
    FORMULA_ERROR,
    MOST_ROWS,
    Record,
    Table,
    cell_too_long,
    refused,
)
from registry.models.fields import Month

KEY = "local_case_id"
EXAMPLE_ID = "EXAMPLE-ROW"
"""The case id of the template's example, which no case bears."""
MOST_REFUSED = 50
_IN_A_FILE = {"required": "Fill this in; write unknown where nobody knows and that can be said."}
_ODD = {
    FORMULA_ERROR: "This cell holds the error of a formula, such as #REF!. Correct the formula, or empty the cell.",
    FORBIDDEN: "This cell holds a character that cannot be kept (NUL, or half of one). Write the cell anew.",
}
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A surveyed file: readable, its columns planned, its rows counted, rows that repeat an id of an earlier one found."""

    table: Table
    plan: Plan
    rows: int
    repeated: frozenset[int]

    def reports(self) -> Iterator[CaseReport]:
        """One report for each record, in the order of the file; one without data says in its problems why it cannot be read."""
        return map(self.report, self.records())

    def records(self) -> Iterator[Record]:
        """The rows that are read: all but those its owner leaves out."""
        return _read(self.table, self.plan)

    def report(self, record: Record) -> CaseReport:
        """What this record says, or why it says nothing."""
        try:
            cells, odd = self._read(record)
        except InvalidReport as refusal:
            return CaseReport({}, record.row, tuple(refusal.problems))
        if _local_id(self.plan, self.plan.names.index(KEY), record) == EXAMPLE_ID:
            message = "This is the example of the template. It was passed over; it may stay or be deleted."
            return CaseReport({}, record.row, (Problem("example-row", KEY, message, row=record.row, column=KEY),))
        if record.row in self.repeated:
            message = "An earlier row of this file has the same case id. Keep one of them."
            problem = Problem("duplicate-in-file", KEY, message, row=record.row, column=KEY)
            return CaseReport({}, record.row, (problem,))
        said = self.plan.texts(record.row, cells)
        spoilt = {name: code for name, text in said.items() if (code := eaten(name, text))}
        odd += [problem_of(code, record.row, name) for name, code in spoilt.items()]
        report = flat.read({name: text for name, text in said.items() if name not in spoilt}, row=record.row)
        return replace(report, problems=(*report.problems, *odd))

    def cells(self, record: Record) -> list[str]:
        """The texts of this record as they are read; none of one that cannot be."""
        try:
            return self._read(record)[0]
        except InvalidReport:
            return []

    def _read(self, record: Record) -> tuple[list[str], list[Problem]]:
        cells, odd = _cells(record, len(self.plan.columns)), []
        for at, what in record.odd.items():
            if (
                at < len(cells)
                and (name := self.plan.columns[at].name)
                and name not in self.plan.cells.get(record.row, {})
            ):
                cells[at], found = _odd(record.row, name, what, cells[at])
                odd += [found] if found else []
        return cells, odd

    def placed(self, problem: Problem) -> Problem:
        """The problem of a report as one of the file: in the column as the file heads it, or as it would have to."""
        at = {taken.name: taken.header for taken in reversed(self.plan.columns)}
        name = problem.column or ""
        if name not in at and name.endswith("_minutes"):  # said by clock times
            name = next((each for each in _clock_times(name) if each in at), name)
        message = _IN_A_FILE.get(problem.code, problem.message)
        return replace(problem, message=message, path="", column=(at.get(name) or name)[:80] or None)


def _odd(row: int, name: str, what: str, text: str) -> tuple[str, Problem | None]:
    """A month that a spreadsheet keeps as a date loses its day here, before anything is kept; what else is odd is a problem."""
    column = flat.column(name)
    if what == DATE and column and isinstance(flat.model_field(column), Month):
        return text[:7], None
    if what in _ODD:
        return "", Problem(what, "", _ODD[what], row=row, column=name)
    return "", problem_of("date-in-cell" if what == DATE else what, row, name)


def _clock_times(name: str) -> list[str]:
    return [name.removesuffix("minutes") + field for field in flat.CLOCK_TIMES]


def survey(path: Path, plan: Plan | None = None) -> CaseFile:
    """The file read once from end to end; without a plan its columns are called by our own names.

    Raises InvalidReport when it is no file of cases.
    """
    table = open_table(path, sheet=plan.sheet if plan else "")
    plan = plan or called_as_ours(table)
    at, rows, hashes = plan.names.index(KEY), 0, array("q")
    for record in _read(table, plan):
        rows += 1
        if rows > MOST_ROWS:
            raise refused("too-many-rows", "The file has more than 1,000,000 rows. Split it, for instance by year.")
        if local_id := _local_id(plan, at, record):
            hashes.append(hash(local_id))
    if not rows:
        raise refused("no-rows", "The file has a header line and no rows below it. Put one case into each row.")
    return CaseFile(table, plan, rows, _repeated(table, plan, hashes))


def _read(table: Table, plan: Plan) -> Iterator[Record]:
    return (record for record in table.records() if record.row not in plan.left_out)


def _repeated(table: Table, plan: Plan, hashes: Sequence[int]) -> frozenset[int]:
    """The rows with the id of an earlier one. A million ids take 100 MB, so ids are compared only where their hashes agree."""
    twice = {one for one, next_one in pairwise(sorted(hashes)) if one == next_one}
    at, seen, repeated = plan.names.index(KEY), set[str](), set[int]()
    for record in _read(table, plan) if twice else ():
        if (local_id := _local_id(plan, at, record)) and hash(local_id) in twice:
            if local_id in seen:
                repeated.add(record.row)
            seen.add(local_id)
    return frozenset(repeated)


def _local_id(plan: Plan, at: int, record: Record) -> str:
    """The case id of a row as its plan reads it."""
    if not record.cells:
        return ""
    written = plan.cells.get(record.row, {}).get(KEY)
    if written is not None:
        return written.strip()
    text = plan.columns[at].text(record.cells[at]) if at < len(record.cells) else ""
    return plan.instead(KEY, text) if text else ""


def called_as_ours(table: Table) -> Plan:
    """The plan of a table whose columns all have our own names; raises InvalidReport with those that have not."""
    names = tuple("" if is_ours(header) else _plain(header) for header in table.header)
    while names and not table.header[len(names) - 1]:  # a spreadsheet saves empty columns behind the last one
        names = names[:-1]
    _refuse_strange(names, table)
    return of_header(table.header[: len(names)], names)


def _plain(header: str) -> str:
    return re.sub(r"[\s-]+", "_", header.strip().casefold())


def _refuse_strange(names: tuple[str, ...], table: Table) -> None:
    ours = {place for place in range(len(names)) if is_ours(table.header[place])}
    strangers = (place for place, name in enumerate(names) if place not in ours and flat.column(name) is None)
    problems = [_stranger(names[place], place, table) for place in islice(strangers, MOST_REFUSED)]
    first = {name: place for place, name in reversed([*enumerate(names)])}
    for place, name in enumerate(names):
        if first[name] != place and place not in ours:
            message = "This column stands in the file twice. Keep one of them."
            problems.append(
                Problem("column-twice", "", message, row=table.header_row, column=_shown(table.header[place], place))
            )
    if KEY not in names:
        message = (
            "The header has no column local_case_id, by which a case is known. The template shows all columns. "
            "If this is a log of operations, send it as an OR log."
        )
        problems.insert(0, Problem("column-missing", "", message, row=table.header_row, column=KEY))
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
