"""A case report on one line: every value under a name of its own, as columns of a file and inputs of a form have them.

`age_years` · `imaging_1_modality` · `print_2_printer` · `effort_cad_clinician` · `procedure_category` · `time_1_minutes`. Rows of a
list are numbered from 1. A name that is absent or empty says nothing, `unknown` says that a value is unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.db import models

from registry.errors import Problem
from registry.intake import typed
from registry.intake.report import CaseReport
from registry.intake.sections import CASE, KNOWN_BY, PROCEDURE, SECTIONS, TIMES, Section
from registry.models.fields import Pattern
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup

# Section of a report -> how one of its rows is called in a name.
ONE_OF = {
    "imaging": "imaging",
    "parts": "part",
    "guides": "guide",
    "prints": "print",
    "codes": "code",
    "times": "time",
    "assessments": "assessment",
}
_LISTS: dict[str, Section] = {**{name: SECTIONS[name] for name in ONE_OF if name != "times"}, "times": TIMES}
_NUMBERED = re.compile(rf"({'|'.join(ONE_OF.values())})_([1-9]\d?)_([a-z0-9_]+)", re.ASCII)
_PATH = re.compile(r"(?:procedure\.)?([a-z]+)\[(\d+)\](?:\.([a-z0-9_]+))?", re.ASCII)
_SECTION_OF = {one: name for name, one in ONE_OF.items()}
# What a report says beside the columns of its models.
_TEXT = Pattern(max_length=64, pattern="")
_EXTRA: "dict[tuple[str, str], models.Field[Any, Any]]" = {
    ("case", "or_log_number"): _TEXT,
    ("prints", "printer"): _TEXT,
}
MATERIALS = "materials"
EFFORT_ORDER = {
    pair: place
    for place, pair in enumerate((activity, staff) for activity in EffortActivity.values for staff in StaffGroup.values)
}
# Two clock times that may stand in place of minutes; they are dropped as soon as the minutes are known.
CLOCK_TIMES = ("from", "to")
LENGTHS = {
    "minutes": "Write the minutes as 150, 2:30 or 2.5h.",
    "print_hours": "Write the hours as 9.5, 9:30 or 9.5h.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One name: the section it belongs to, the row's number from 1 (0 where there is one row only), and the field it says."""

    name: str
    section: str
    number: int
    field: str


def effort_name(activity: str, staff: str) -> str:
    return f"effort_{activity}_{staff}"


def procedure_name(field: str) -> str:
    return field if field.startswith("procedure_") else f"procedure_{field}"


def row_name(section: str, number: int, field: str) -> str:
    """The name of a field of one row: ("prints", 2, "printer") is `print_2_printer`."""
    return f"{ONE_OF[section]}_{number}_{field}"


@cache
def _single() -> dict[str, Column]:
    """The names of what stands once in a report."""
    columns = [Column(name, "case", 0, name) for name in (*CASE.reported, "or_log_number")]
    columns += [
        Column(effort_name(activity, staff), "effort", 0, f"{activity} {staff}")
        for activity in EffortActivity.values
        for staff in StaffGroup.values
    ]
    columns += [Column(procedure_name(name), "procedure", 0, name) for name in PROCEDURE.reported]
    return {column.name: column for column in columns}


def fields_of(section: str) -> tuple[str, ...]:
    """What one row of this list may say, in the order of a template."""
    names = _LISTS[section].reported
    if section == "prints":
        return ("printer", MATERIALS, *names)
    return (*names, *CLOCK_TIMES) if section == "times" else names


def most_of(section: str) -> int:
    """How many rows this list may have."""
    return _LISTS[section].most


@lru_cache(maxsize=4096)
def column(name: str) -> Column | None:
    """What this name says, or None for a name that is not of a report."""
    if name in _single():
        return _single()[name]
    if found := _NUMBERED.fullmatch(name):
        section, number = _SECTION_OF[found[1]], int(found[2])
        if found[3] in fields_of(section) and number <= most_of(section):
            return Column(name, section, number, found[3])
    return None


def columns(rows: Mapping[str, int]) -> list[Column]:
    """All columns of a report with so many rows of each list, in the order in which a person fills them in."""
    single = list(_single().values())
    lists = {
        section: [
            Column(row_name(section, number, field), section, number, field)
            for number in range(1, count + 1)
            for field in fields_of(section)
        ]
        for section, count in rows.items()
    }
    order = ("case", "imaging", "parts", "guides", "prints", "effort", "codes", "procedure", "times", "assessments")
    by_section = {name: [each for each in single if each.section == name] for name in order} | lists
    return [each for name in order for each in by_section[name]]


def model_field(at: Column) -> "models.Field[Any, Any] | None":
    """The model's field behind a column; None where no single field is (materials, clock times)."""
    if at.field == MATERIALS or (at.section == "times" and at.field in CLOCK_TIMES):
        return None
    if extra := _EXTRA.get((at.section, at.field)):
        return extra
    if at.section == "effort":
        return SECTIONS["effort"].model._meta.get_field("minutes")  # type: ignore[return-value]
    section = CASE if at.section == "case" else PROCEDURE if at.section == "procedure" else _LISTS[at.section]
    return section.model._meta.get_field(at.field)  # type: ignore[return-value]


def read(said: Mapping[str, str], *, row: int | None = None) -> CaseReport:
    """The report that these texts say, with what could not be put into one. Names that are no columns are passed over."""
    report: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    problems: list[Problem] = []
    for name, raw in said.items():
        at, text = column(name), raw.strip()
        if at is None or not text:
            continue
        if at.number:
            rows.setdefault(at.section, {}).setdefault(at.number, {})[at.field] = value(at, text)
        elif at.section == "effort":
            activity, staff = at.field.split()
            report.setdefault("effort", []).append({"activity": activity, "staff": staff, "minutes": value(at, text)})
        elif at.section == "procedure":
            report.setdefault("procedure", {})[at.field] = value(at, text)
        else:
            report[at.field] = value(at, text)
    # Whoever kept the texts may have kept them in another order, as PostgreSQL does.
    report.get("effort", []).sort(key=lambda row: EFFORT_ORDER[row["activity"], row["staff"]])
    for place, number in enumerate(sorted(rows.get("times", {})), 1):
        problems += _minutes(rows["times"][number], place)
    numbers = {}
    for section, lines in rows.items():
        into = report.setdefault("procedure", {}) if section == "times" else report
        numbers[section] = _numbers(section, lines)
        into[section] = [lines.get(number, {}) for number in numbers[section]]
    problems += _unread(report)
    return CaseReport(report, row, tuple(problems), numbers)


def value(at: Column, text: str) -> Any:
    """What `text`, which is not empty, says in this column; `text` itself where it is not understood."""
    field = model_field(at)
    if field is not None:
        return typed.said(field, text)
    return typed.listed(text) if at.field == MATERIALS else text


def _unread(report: Mapping[str, Any]) -> Iterator[Problem]:
    """Lengths of time that stayed as they were typed, with the ways in which they are understood."""
    times = report.get("procedure", {}).get("times", [])
    for path, lines, name in (
        ("effort", report.get("effort", []), "minutes"),
        ("procedure.times", times, "minutes"),
        ("prints", report.get("prints", []), "print_hours"),
    ):
        for index, line in enumerate(lines):
            if isinstance(line.get(name), str):
                yield Problem("wrong-type", f"{path}[{index}].{name}", LENGTHS[name])


def _minutes(line: dict[str, Any], number: int) -> Iterator[Problem]:
    """Clock times become minutes and are dropped; minutes that are said as well stand."""
    start, end = (line.pop(name, "") for name in CLOCK_TIMES)
    if "minutes" in line or not (start or end):
        return
    path = f"procedure.times[{number - 1}].minutes"
    if not (start and end):
        yield Problem("time-missing", path, "Give both clock times, or the minutes.")
        return
    found = typed.between(start, end)
    if found is None:
        yield Problem("unreadable-time", path, "Write clock times as 08:14 and 10:31, or give the minutes.")
    elif found <= 0:
        yield Problem(
            "out-before-in", path, "The end is before the start. If it was the next day, write it as 01:20+1."
        )
    else:
        line["minutes"] = found


def _numbers(section: str, lines: Mapping[int, Any]) -> list[int]:
    """The numbers of the rows of a list; one left out before another is an empty row, where the place of a row says something."""
    return sorted(lines) if section in KNOWN_BY else list(range(1, max(lines) + 1))


def without_clock_times(said: Mapping[str, str]) -> dict[str, str]:
    """`said` with minutes in place of clock times wherever they are known; what cannot be read stays as it was typed."""
    kept = dict(said)
    for number in range(1, most_of("times") + 1):
        names = {field: row_name("times", number, field) for field in (*CLOCK_TIMES, "minutes")}
        texts = [said.get(name, "").strip() for name in names.values()]
        if any(texts[: len(CLOCK_TIMES)]):
            minutes = minutes_said(*texts)
            if minutes is not None:
                for field in CLOCK_TIMES:
                    kept.pop(names[field], None)
                kept[names["minutes"]] = minutes
    return kept


def minutes_said(start: str, end: str, minutes: str) -> str | None:
    """The minutes that these texts of one time say, "" where they are all empty, None where clock times cannot be read."""
    texts = zip((*CLOCK_TIMES, "minutes"), (start, end, minutes), strict=True)
    line: dict[str, Any] = {field: text for field, text in texts if text}
    return None if [*_minutes(line, 1)] else str(line.get("minutes", ""))


def name_at(path: str, report: Mapping[str, Any], numbers: Mapping[str, Sequence[int]] | None = None) -> str:
    """The column that says what stands at `path` of this report; "" where no single column does."""
    if found := _PATH.fullmatch(path):
        section, index, field = found[1], int(found[2]), found[3] or ""
        if section == "effort":
            line = report.get("effort", [])[index]
            return effort_name(line["activity"], line["staff"])
        sent = (numbers or {}).get(section, ())
        number = (sent[index] if index < len(sent) else 0) or index + 1
        name = row_name(section, number, field or fields_of(section)[0]) if section in ONE_OF else ""
        return name if column(name) else ""
    if path.startswith("procedure."):
        path = procedure_name(path.removeprefix("procedure."))
    if path in ONE_OF or path == "procedure_times":
        section = path.removeprefix("procedure_")
        return row_name(section, 1, fields_of(section)[0])
    return path if path in _single() else ""


def said_of(report: Mapping[str, Any]) -> dict[str, str]:
    """The texts that say this report: `read` of them gives it back."""
    said: dict[str, str] = {}
    procedure = report.get("procedure") or {}
    lists = {**{name: report.get(name, []) for name in ONE_OF if name != "times"}, "times": procedure.get("times", [])}
    for section, lines in lists.items():
        for number, line in enumerate(lines, 1):
            said |= {row_name(section, number, name): _text(value) for name, value in line.items()}
    for line in report.get("effort", []):
        said[effort_name(line["activity"], line["staff"])] = _text(line["minutes"])
    said |= {procedure_name(name): _text(value) for name, value in procedure.items() if name != "times"}
    single = _single()
    said |= {name: _text(value) for name, value in report.items() if name in single and single[name].section == "case"}
    return said


def _text(value: Any) -> str:
    if value is None:
        return typed.UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def strangers(names: Iterable[str]) -> list[str]:
    """The names that are no column of a report."""
    return [name for name in names if column(name) is None]
