"""The sections of a report and how one row of any of them is read against its model."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.db import models

from registry.errors import Problem
from registry.intake import values
from registry.models import (
    AnatomicPart,
    AppliedCode,
    Case,
    Effort,
    Guide,
    ImagingSource,
    Print,
    Procedure,
    ProcedureTime,
    UserAssessment,
)


@dataclass(frozen=True)
class Section:
    name: str
    model: type[models.Model]
    most: int
    reported: tuple[str, ...]
    required: tuple[str, ...]
    extra: tuple[str, ...] = ()


def _section(name: str, model: Any, most: int, extra: tuple[str, ...] = ()) -> Section:
    return Section(name, model, most, tuple(model.REPORTED), tuple(model.REQUIRED), extra)


SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        _section("imaging", ImagingSource, 10),
        _section("parts", AnatomicPart, 20),
        _section("guides", Guide, 20),
        _section("prints", Print, 5, extra=("printer", "materials")),
        _section("effort", Effort, 8),
        _section("codes", AppliedCode, 20),
        _section("assessments", UserAssessment, 20),
    )
}
CASE = _section("case", Case, 1, extra=(*SECTIONS, "procedure", "or_log_number"))
PROCEDURE = _section("procedure", Procedure, 1, extra=("times",))
TIMES = _section("times", ProcedureTime, 20)
KNOWN_BY = {"effort": ("activity", "staff"), "codes": ("code", "modifier"), "times": ("clock", "source")}
"""Lists whose rows are known by what they say, not by their place: no two rows may say the same."""
MANY_PROBLEMS = 200
_PLAIN = re.compile(r"^[a-z][a-z0-9_]{0,39}$", re.ASCII)


@dataclass
class Reading:
    """Where the problems of one report gather, and what every value needs to know: the privacy mode and the present month."""

    mode: str
    today: date
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, path: str, message: str) -> None:
        if len(self.problems) < MANY_PROBLEMS:
            self.problems.append(Problem(code, path, message))

    def warn(self, code: str, path: str, message: str) -> None:
        if len(self.problems) < MANY_PROBLEMS:
            self.problems.append(Problem(code, path, message, "warning"))


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _strangers(data: Mapping[str, Any], known: Iterable[str], path: str, reading: Reading) -> None:
    known = list(known)
    for name in data:
        if len(reading.problems) >= MANY_PROBLEMS:
            return
        if name not in known:
            near = get_close_matches(str(name), known, 1)
            hint = f" Did you mean {near[0]}?" if near else " See the data dictionary for the names of fields."
            # A name that looks like one of ours names the place; any other might be somebody's, and is not echoed.
            place = join(path, name) if isinstance(name, str) and _PLAIN.match(name) else path
            reading.refuse("unknown-field", place, f"There is no field of this name here.{hint}")


def read_row(
    section: Section, data: Any, path: str, reading: Reading, *, required: Iterable[str] | None = None
) -> dict[str, Any]:
    """The believed columns of one row, with `unknown_fields` where the model has it. Problems go to `reading`."""
    if not isinstance(data, dict):
        reading.refuse("wrong-type", path, "Send an object with named fields.")
        return {}
    _strangers(data, (*section.reported, *section.extra), path, reading)
    columns, unknown = _read_fields(section, data, path, reading)
    for name in section.required if required is None else required:
        if name not in data and name in section.reported:
            null = "; send null if it is unknown" if section.model._meta.get_field(name).null else ""
            reading.refuse("required", join(path, name), f"This must be said{null}.")
    if any(f.name == "unknown_fields" for f in section.model._meta.fields):
        columns["unknown_fields"] = sorted(unknown)
    return columns


def _read_fields(
    section: Section, data: dict[str, Any], path: str, reading: Reading
) -> tuple[dict[str, Any], list[str]]:
    columns: dict[str, Any] = {}
    unknown: list[str] = []
    for name in section.reported:
        model_field: Any = section.model._meta.get_field(name)
        if name not in data:
            if name not in section.required:
                columns[name] = model_field.get_default()
            continue
        try:
            columns[name] = read_field(model_field, data[name], mode=reading.mode, today=reading.today)
            if data[name] is None:
                unknown.append(name)
        except values.Refused as refused:
            reading.refuse(refused.code, join(path, name), refused.message)
    return columns, unknown


def read_field(model_field: "models.Field[Any, Any]", said: Any, *, mode: str, today: date) -> Any:
    """The believed value of what was said of this field, None where that is unknown. Raises `Refused` when there is none."""
    if said is not None:
        return values.read(model_field, said, mode=mode, today=today)
    if not model_field.null:
        raise values.Refused("required", "This cannot be unknown; send a value or leave the row out.")
    return None


def read_list(section: Section, data: Any, path: str, reading: Reading) -> list[dict[str, Any]]:
    """The believed rows of a list, numbered from 1 where the model numbers them."""
    if not isinstance(data, list):
        reading.refuse("wrong-type", path, "Send a list.")
        return []
    if len(data) > section.most:
        reading.refuse("too-many", path, f"At most {section.most} are allowed.")
        return []
    numbered = any(f.name == "number" for f in section.model._meta.fields)
    rows = []
    for index, item in enumerate(data):
        row = read_row(section, item, f"{path}[{index}]", reading)
        if numbered:
            row["number"] = index + 1
        rows.append(row)
    once(section, rows, path, reading)
    return rows


def once(section: Section, rows: list[dict[str, Any]], path: str, reading: Reading) -> None:
    """Refuses rows of a list that say the same as an earlier one, where they are known by what they say."""
    names = KNOWN_BY.get(section.name, ())
    seen: set[tuple[Any, ...]] = set()
    for index, row in enumerate(rows):
        key = tuple(row.get(name, "" if name == "modifier" else None) for name in names)
        if names and None not in key and key in seen:
            reading.refuse("said-twice", f"{path}[{index}]", f"Another row already has this {' and '.join(names)}.")
        seen.add(key)
