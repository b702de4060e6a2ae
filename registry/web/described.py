"""A case in words: what its report says, by section, with labels for codes; unknown, not asked and zero told apart."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils import dateformat

from registry.intake import flat, typed
from registry.models.fields import Choice, ChoiceList, Month
from registry.vocabulary.fields import label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.web.case_form import LISTS
from registry.web.judged import called

UNKNOWN_WORD = "unknown"
NOT_ASKED = "not asked"
HEADS = {"case": "The case", "procedure": "The procedure"}


@dataclass(frozen=True)
class Said:
    """One thing that a case says; `quiet` for what it says not to know."""

    label: str
    value: str
    quiet: bool = False


@dataclass(frozen=True)
class Described:
    """A part of a case in words: its heading and what it says; lists have a heading for each row."""

    title: str
    items: tuple[Said, ...]


@dataclass(frozen=True)
class Grid:
    """Effort in minutes: a row for each staff group."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Said, ...]], ...]


def described(report: Mapping[str, Any]) -> list[Described]:
    """Everything the report says but its effort, in the order of the form."""
    procedure = report.get("procedure") or {}
    parts = [Described(HEADS["case"], _items("case", report))]
    for section in flat.ONE_OF:
        if section == "times":
            continue
        rows = report.get(section, [])
        one = str(LISTS[section][1]).capitalize()
        parts += [Described(f"{one} {number}", _items(section, row)) for number, row in enumerate(rows, 1)]
        if section == "codes" and procedure:
            parts.append(Described(HEADS["procedure"], _items("procedure", procedure)))
            times = procedure.get("times", [])
            parts += [Described(f"OR time {number}", _items("times", row)) for number, row in enumerate(times, 1)]
    return [part for part in parts if part.items]


def effort_grid(report: Mapping[str, Any]) -> Grid | None:
    """The effort of a case; None where nothing is said of it."""
    at = {(row.get("activity"), row.get("staff")): row.get("minutes") for row in report.get("effort", [])}
    if not at:
        return None
    rows = tuple(
        (
            str(StaffGroup(staff).label),
            tuple(_cell(at, activity, staff) for activity in EffortActivity.values),
        )
        for staff in StaffGroup.values
    )
    return Grid(tuple(str(EffortActivity(activity).label) for activity in EffortActivity.values), rows)


def _cell(at: Mapping[tuple[Any, Any], Any], activity: str, staff: str) -> Said:
    if (activity, staff) not in at:
        return Said("", NOT_ASKED, quiet=True)
    minutes = at[activity, staff]
    return Said("", UNKNOWN_WORD, quiet=True) if minutes is None else Said("", f"{minutes}")


def in_words(section: str, field: str, value: Any) -> str:
    """One value as a person reads it."""
    if value is None:
        return UNKNOWN_WORD
    if isinstance(value, bool):
        return "yes" if value else "no"
    column = flat.Column("", section, 1 if section in flat.ONE_OF else 0, field)
    behind = _field(column)
    if isinstance(value, list):
        words = behind.labels if isinstance(behind, ChoiceList) else {}
        return ", ".join(str(words.get(item, item)) for item in value)
    if isinstance(behind, Choice):
        return str(dict(behind.flatchoices).get(value, value))
    return _month(str(value)) if isinstance(behind, Month) else str(value)


def _month(text: str) -> str:
    """ "2026-03" and "2026-03-01" as "Mar 2026"; what is no month stays as it was typed."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(-01)?", text, re.ASCII)
    return dateformat.format(date(int(found[1]), int(found[2]), 1), "M Y") if found and found[1] > "0000" else text


def _field(column: flat.Column) -> "models.Field[Any, Any] | None":
    return None if column.field == flat.MATERIALS else flat.model_field(column)


def _items(section: str, row: Mapping[str, Any]) -> tuple[Said, ...]:
    names = [name for name in _order(section) if name in row]
    return tuple(
        Said(label(section, name), in_words(section, name, row[name]), quiet=row[name] is None)
        for name in names
        if not (section == "times" and name == "confirmed" and not row[name])
    )


def _order(section: str) -> list[str]:
    if section in flat.ONE_OF:
        return list(flat.fields_of(section))
    return [column.field for column in flat.columns({}) if column.section == section]


@dataclass(frozen=True)
class Difference:
    """One input of which two texts differ, in words; empty where a text says nothing."""

    label: str
    one: str
    other: str


def differing(one: Mapping[str, str], other: Mapping[str, str], names: Iterable[str]) -> list[Difference]:
    """Where, among these names, one set of typed texts does not say what the other says."""
    texts = [
        {name: text.strip() for name, text in flat.without_clock_times(said).items() if text.strip()}
        for said in (one, other)
    ]
    columns = [column for name in sorted(set(names)) if (column := flat.column(name))]
    return [
        Difference(called(column), *(_text_in_words(column, said.get(column.name, "")) for said in texts))
        for column in columns
        if _meant(column, texts[0]) != _meant(column, texts[1])
    ]


def _meant(column: flat.Column, said: Mapping[str, str]) -> Any:
    """What a column says, however it was typed: 2:30 is 150."""
    text, field = said.get(column.name), flat.model_field(column)
    return (typed.said(field, text),) if text and field else text


def _text_in_words(column: flat.Column, text: str) -> str:
    field = flat.model_field(column)
    return in_words(column.section, column.field, typed.said(field, text)) if field and text else text
