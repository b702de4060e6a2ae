"""An operating-room log, read: each row an encounter with its minutes, or what is wrong with it.

Pure: nothing is looked up and nothing is written. No cell of the file is ever repeated in a problem.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from registry.errors import InvalidReport, Problem
from registry.intake.clock_times import DayOrder, Moment, read_moment
from registry.intake.eaten import SHORTENED
from registry.intake.or_log_minutes import minutes_of, wrong
from registry.intake.or_log_options import MOMENTS, NAMES, Columns, Options, find_columns
from registry.intake.or_log_votes import KNOWN_BY, Votes, key_of
from registry.intake.sources.opening import open_table
from registry.intake.sources.table import (
    FORBIDDEN,
    FORMULA_ERROR,
    MOST_ROWS,
    Record,
    Table,
    cell_too_long,
    refused,
)
from registry.intake.sources.table import SHORTENED as SHORTENED_CELL

_NOT_TO_BE_READ = {
    FORMULA_ERROR: "This cell holds the error of a formula, such as #REF!. Correct the formula, or empty the cell.",
    FORBIDDEN: "This cell holds a character that cannot be kept (NUL or half of one). Write it anew.",
    SHORTENED_CELL: "A spreadsheet keeps 15 digits of a number. Format the column as text and export again.",
}
LONGEST_CODE = 40  # as the procedure map and the procedure keep it


@dataclass(frozen=True, slots=True)
class Encounter:
    """One operation of the log: its line, its number (never stored; "" for none), its month and its minutes by clock.

    `case_id`: what the log says is the site's own id of the case, "" for nothing.
    """

    row: int
    number: str
    month: date
    code_system: str
    code: str
    service: str
    times: dict[str, int]
    several_procedures: bool = False
    case_id: str = ""
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """A surveyed file: readable, its columns found, its dates' order decided, its repeated numbers known."""

    table: Table
    options: Options
    columns: Columns
    order: DayOrder | None
    rows: int
    ambiguous: frozenset[int]
    several: frozenset[int]

    def encounters(self) -> Iterator[Encounter | Problem]:
        """One Encounter or one Problem for each record of the file, in its order."""
        for record in self.table.records():
            try:
                yield _encounter(self, record)
            except InvalidReport as refusal:
                yield refusal.problems[0]

    def together(self, most: int) -> list[list[int]]:
        """The rows that stand for one operation and have different times, operation by operation: at most so many of these."""
        rows: dict[int, list[int]] = {}
        for record in self.table.records() if self.ambiguous else ():
            for role in KNOWN_BY:
                at = self.columns.at.get(role)
                if at is not None and record.cells and at < len(record.cells):
                    key = key_of(role, record.cells[at].strip())
                    if key in self.ambiguous:
                        rows.setdefault(key, []).append(record.row)
        return list(islice((found[:most] for found in rows.values()), most))


def encounter_digest(number: str, *, site_id: int, key: str) -> str:
    """The keyed hash by which one site's encounter number is known again: HMAC-SHA-256, 64 hex digits, different at every site."""
    return hmac.new(key.encode(), f"{site_id}:{number.strip()}".encode(), hashlib.sha256).hexdigest()


def survey(path: Path, options: Options) -> Log:
    """The file read once from end to end; raises InvalidReport when it cannot be read as an OR log at all."""
    table = open_table(path)
    columns = find_columns(table, options)
    votes = Votes(columns)
    for record in table.records():
        votes.count(record)
        if votes.rows > MOST_ROWS:
            raise refused("too-many-rows", "The file has more than 1,000,000 rows. Split it, for instance by year.")
    if not votes.rows:
        raise refused(
            "no-rows", "The file has a header line and no rows below it. Export the log again for the months you want."
        )
    return Log(
        table, options, columns, votes.order(options), votes.rows, frozenset(votes.ambiguous), frozenset(votes.several)
    )


def _encounter(log: Log, record: Record) -> Encounter:
    cells, at = _cells(log, record), log.columns.at
    number, case_id = _known_by(log, record.row, cells)
    moments = {role: _moment(log, record.row, role, cells[at[role]].strip()) for role in MOMENTS if role in at}
    day = next((m.day for role in ("wheels_in", "date", "incision") if (m := moments.get(role)) and m.day), None)
    if day is None:
        raise wrong(
            log, record.row, "date", "date-missing", "No date: name a date column, or write the date with the time."
        )
    contradiction = _of_another_day(log, record.row, moments)
    times, warnings = minutes_of(log, record.row, cells, moments, day)
    return Encounter(
        row=record.row,
        number=number,
        month=day.replace(day=1),
        code_system=log.options.code_system,
        code=_code(log, record.row, cells),
        service="" if "service" not in at else cells[at["service"]].strip()[:80],
        times=times,
        several_procedures=key_of("encounter", number) in log.several,
        case_id=case_id,
        warnings=(*contradiction, *warnings),
    )


def _cells(log: Log, record: Record) -> list[str]:
    if record.too_long:
        raise cell_too_long(record.row)
    if record.cells is None:
        raise refused(
            "malformed-row",
            "The row cannot be read: a quotation mark is opened and never closed, or stands alone.",
            row=record.row,
        )
    wanted, found = len(log.table.header), len(record.cells)
    if found < log.columns.width or any(cell.strip() for cell in record.cells[wanted:]):
        message = f"The row has {found} cells and the header has {wanted}: look for a missing or an unquoted delimiter."
        raise refused("wrong-number-of-cells", message, row=record.row)
    for role, index in log.columns.at.items():
        if (what := record.odd.get(index)) in _NOT_TO_BE_READ and (what != SHORTENED_CELL or role in KNOWN_BY):
            raise wrong(log, record.row, role, what, _NOT_TO_BE_READ[what])
    return record.cells


def _known_by(log: Log, row: int, cells: list[str]) -> tuple[str, str]:
    """The encounter number and the site's own case id, one of which there must be, neither of them on rows of other times."""
    said = {role: cells[log.columns.at[role]].strip() for role in KNOWN_BY if role in log.columns.at}
    number, case_id = said.get("encounter", ""), said.get("case_id", "")
    if not case_id or number:
        _number(log, row, number)
    for role, text in said.items():
        if text and key_of(role, text) in log.ambiguous:
            message = f"Rows with different times have {NAMES[role]} of this row. Keep the row that is right; we do not guess."
            raise wrong(log, row, role, "ambiguous-encounter", message)
    return number, case_id


def _number(log: Log, row: int, number: str) -> None:
    if not number or len(number) > 64:
        raise wrong(
            log, row, "encounter", "encounter-missing", "The encounter number is missing or longer than 64 characters."
        )
    if SHORTENED.fullmatch(number):
        message = "A spreadsheet has shortened this number (as in 1.2E+11). Format the column as text and export again."
        raise wrong(log, row, "encounter", "shortened-number", message)


def _moment(log: Log, row: int, role: str, text: str) -> Moment | None:
    if not text:
        return None
    moment = read_moment(text, order=log.order)
    if moment is None or (role == "date" and moment.day is None) or (role != "date" and moment.clock is None):
        wanted = "a date such as 2022-01-31" if role == "date" else "a time such as 2022-01-31 07:05"
        message = f"This is not {wanted}, from 1990 to 2100. Correct the cell in the log."
        raise wrong(log, row, role, "unreadable-time", message)
    return moment


def _of_another_day(log: Log, row: int, moments: dict[str, Moment | None]) -> list[Problem]:
    """A warning where the date column and the first dated time lie a day apart, as around midnight they may; more is refused."""
    said = moments.get("date")
    role = next((role for role in ("wheels_in", "incision") if (m := moments.get(role)) and m.day), None)
    if said is None or said.day is None or role is None or (first := moments[role]) is None or first.day is None:
        return []
    if said.whole_month or first.whole_month:
        months = said.day.year * 12 + said.day.month, first.day.year * 12 + first.day.month
        apart = 2 * abs(months[0] - months[1])
    else:
        apart = abs((said.day - first.day).days)
    if apart > 1:
        message = f"The date column and the day of {NAMES[role]} contradict each other. Correct the row in the log."
        raise wrong(log, row, "date", "dates-contradict", message)
    message = f"The date column and the day of {NAMES[role]} lie a day apart. The row was read as written; check it."
    return wrong(log, row, "date", "dates-contradict", message, severity="warning").problems if apart else []


def _code(log: Log, row: int, cells: list[str]) -> str:
    """The code, whole: cut to a length it could become another code, which the site's map may know."""
    at = log.columns.at.get("code")
    code = "" if at is None else cells[at].strip()
    if len(code) > LONGEST_CODE:
        raise wrong(log, row, "code", "too-long", f"A procedure code has at most {LONGEST_CODE} characters.")
    return code
