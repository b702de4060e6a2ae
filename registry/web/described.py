"""A case in words: what its report says, by section, with labels for codes; unknown, not asked and zero told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from registry.intake import flat
from registry.models.fields import Choice, ChoiceList
from registry.vocabulary.fields import label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.web.forms.section import LISTS

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
    return str(value)


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
