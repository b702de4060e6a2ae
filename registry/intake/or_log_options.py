"""What a site says of its OR log: which column is which, how dates are written, which months may give controls."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.errors import InvalidReport, Problem
from registry.intake.clock_times import DayOrder
from registry.intake.sources.table import Table
from registry.vocabulary.procedures import ProcedureCodeSystem

# Role -> (its name in sentences, headers by which it is known without being told).
_ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "encounter": (
        "the encounter number",
        ("encounter id", "encounter", "encounter number", "or log number", "log id", "case number", "or case id"),
    ),
    "case_id": (
        "your site's case id",
        (
            "site case id",
            "local case id",
            "print case",
            "print case id",
            "print case number",
            "print id",
            "print number",
        ),
    ),
    "date": (
        "the date",
        ("date", "surgery date", "date of surgery", "procedure date", "service date", "op date", "operation date"),
    ),
    "wheels_in": ("wheels in", ("wheels in", "in room", "patient in room", "in or dttm", "orin time", "room in")),
    "incision": (
        "incision",
        ("start time", "incision", "procedure start", "cut time", "opstart time", "incision start"),
    ),
    "closure": ("closure", ("end time", "closure", "procedure end", "close", "opend time", "closure end")),
    "wheels_out": (
        "wheels out",
        ("wheels out", "out of room", "patient out of room", "out or dttm", "orout time", "room out"),
    ),
    "code": ("the procedure code", ("cpt code", "cpt", "procedure code", "ops code", "opcs code")),
    "service": ("the service", ("service", "specialty", "department")),
    "minutes": ("the minutes in the room", ("in room minutes", "or minutes", "room minutes", "or time min")),
}
# Columns that hold a date or a time, in the order of an operation.
MOMENTS = ("date", "wheels_in", "incision", "closure", "wheels_out")
_ALIASES = {"start": "incision", "end": "closure"}
COLUMNS = (*_ROLES, *_ALIASES)
_KEYS = {"columns", "only_these", "code_system", "day_order", "next_day", "controls_from", "controls_to"}
CODE_SYSTEMS = tuple(system for system in ProcedureCodeSystem.values if system != ProcedureCodeSystem.SERVICE)
TEMPLATE = {
    "encounter": "or_log_number",
    "case_id": "site_case_id",
    "wheels_in": "patient_in_room",
    "incision": "procedure_start",
    "closure": "procedure_end",
    "wheels_out": "patient_out_of_room",
    "code": "procedure_code",
    "service": "service",
}
"""The headers of a log that is made for us, each of them well known; the events by their names in the AACD glossary."""
NAMES = {role: name for role, (name, _) in _ROLES.items()}


@dataclass(frozen=True, slots=True)
class Options:
    """How to read one log; `controls_from` and `controls_to` are months whose printed cases the site says are all entered.

    `only_these`: no column is read but those named.
    """

    columns: Mapping[str, str]
    code_system: str = "cpt"
    day_order: DayOrder | None = None
    next_day: bool = False
    controls_from: date | None = None
    controls_to: date | None = None
    only_these: bool = False

    def may_be_control(self, month: date) -> bool:
        """Whether an unmatched encounter of this month may become a control."""
        return bool(self.controls_from and self.controls_to and self.controls_from <= month <= self.controls_to)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role stands: its index, its header as the file has it, and the number of cells a row needs."""

    at: dict[str, int]
    names: dict[str, str]

    @property
    def width(self) -> int:
        return max(self.at.values()) + 1


def read_options(said: Any) -> Options:
    """The options of an upload, from JSON; raises InvalidReport with every problem."""
    if not isinstance(said, dict):
        raise InvalidReport([_problem("wrong-type", "", "The options are a JSON object.")])
    problems = [
        _problem("unknown-field", str(key)[:40], "There is no such option.")
        for key in sorted(set(said) - _KEYS, key=str)
    ]
    columns = _columns(said.get("columns"), problems)
    code_system = columns.pop("code_system", said.get("code_system", "cpt"))
    if code_system not in CODE_SYSTEMS:
        problems.append(_problem("bad-value", "code_system", f"A code system is one of: {', '.join(CODE_SYSTEMS)}."))
    if said.get("day_order") not in (None, "", "mdy", "dmy"):
        problems.append(_problem("bad-value", "day_order", "Say mdy (01/31/22) or dmy (31/01/22)."))
    problems += [
        _problem("wrong-type", name, "Say true or false.")
        for name in ("next_day", "only_these")
        if not isinstance(said.get(name, False), bool)
    ]
    start, end = _month(said, "controls_from", problems), _month(said, "controls_to", problems)
    if not problems and ((start is None) != (end is None) or (start and end and start > end)):
        problems.append(
            _problem("bad-value", "controls_to", "Say both controls_from and controls_to, the earlier month first.")
        )
    if problems:
        raise InvalidReport(problems)
    next_day, only_these = said.get("next_day", False), said.get("only_these", False)
    return Options(columns, code_system, said.get("day_order") or None, next_day, start, end, only_these)


def _columns(said: Any, problems: list[Problem]) -> dict[str, str]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        problems.append(_problem("wrong-type", "columns", "The columns are an object: role to header, both text."))
        return {}
    columns: dict[str, str] = {}
    for key, header in said.items():
        if not isinstance(header, str) or not header.strip():
            problems.append(
                _problem("wrong-type", f"columns.{str(key)[:40]}", "Name the column by its header, as text.")
            )
            continue
        role = str(_ALIASES.get(key, key))
        if role not in _ROLES and role != "code_system":
            message = f"A column is one of: {', '.join(COLUMNS)}."
            problems.append(_problem("unknown-column", f"columns.{str(key)[:40]}", message))
        elif role in columns:
            problems.append(
                _problem("column-twice", f"columns.{key}", f"The column of {NAMES.get(role, role)} is given twice.")
            )
        columns[role] = header
    return columns


def _month(said: dict[str, Any], key: str, problems: list[Problem]) -> date | None:
    text = said.get(key)
    if text in (None, ""):
        return None
    if not isinstance(text, str) or not re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", text, re.ASCII):
        problems.append(_problem("bad-value", key, "A month is written like 2022-01."))
        return None
    return date(int(text[:4]), int(text[5:]), 1)


def find_columns(table: Table, options: Options) -> Columns:
    """The columns by the site's own names, or by well-known headers; raises InvalidReport saying which is wanted and not there."""
    headers = [_plain(name) for name in table.header]
    at: dict[str, int] = {}
    problems: list[Problem] = []
    for role, (name, known) in _ROLES.items():
        told = options.columns.get(role)
        wanted = [_plain(told)] if told is not None else [] if options.only_these else list(known)
        found = next((header for header in wanted if header in headers), None)
        if found is None:
            if told is not None:
                problems.append(
                    _column_problem("column-missing", f"The header has no column of the name given for {name}.", role)
                )
        elif headers.count(found) > 1:
            problems.append(
                _column_problem("column-twice", f"Two columns have the header of {name}. Rename one.", role)
            )
        else:
            at[role] = headers.index(found)
    problems += _missing(at, options)
    if problems:
        raise InvalidReport(problems)
    return Columns(at, {role: table.header[index][:80] for role, index in at.items()})


def proposed(header: list[str], last: Mapping[str, str]) -> list[str]:
    """For each column of a file the role it seems to have, "" for none: as the site said `last` time, else by well-known headers."""
    headers = [_plain(name) for name in header]
    if last and all(_plain(name) in headers for name in last.values()):
        roles = {_plain(name): role for role, name in last.items()}
    else:
        roles = {name: role for role, (_, known) in _ROLES.items() for name in reversed(known)}
    taken: set[str] = set()
    found = []
    for name in headers:
        role = roles.get(name, "")
        found.append("" if role in taken else role)
        taken.add(role)
    return found


def _missing(at: dict[str, int], options: Options) -> list[Problem]:
    """What a log cannot do without: what its rows are known by, and a pair of times or the minutes. Guessed minutes give way to times."""
    problems: list[Problem] = []
    if not {"encounter", "case_id"} & {*at, *options.columns}:
        message = (
            'No column holds the encounter number. Say which: columns.encounter, for instance "Encounter ID"; '
            "or columns.case_id, where the log has the case ids of your site."
        )
        problems.append(_column_problem("column-missing", message, "encounter"))
    for start, end in (("wheels_in", "wheels_out"), ("incision", "closure")):
        if (start in at) != (end in at):
            lost, kept = (end, start) if start in at else (start, end)
            if lost not in options.columns:
                message = f"There is a column for {NAMES[kept]} and none for {NAMES[lost]}. Say which: columns.{lost}."
                problems.append(_column_problem("column-missing", message, lost))
    pair = {"wheels_in", "wheels_out"} <= at.keys() or {"incision", "closure"} <= at.keys()
    if pair and "minutes" in at:
        if "minutes" in options.columns:
            problems.append(
                _column_problem("two-sources", "Give either the minutes or the clock times, not both.", "minutes")
            )
        at.pop("minutes")
    if not problems and not pair and "minutes" not in at:
        message = "No columns hold times. Say which: columns.wheels_in and columns.wheels_out, or columns.minutes."
        problems.append(_column_problem("column-missing", message, "wheels_in"))
    return problems


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", " ", header.casefold()).strip()


def _problem(code: str, path: str, message: str) -> Problem:
    return Problem(code=code, path=path, message=message, severity="error", row=None, column=None)


def _column_problem(code: str, message: str, role: str) -> Problem:
    return _problem(code, f"columns.{role}", message)
