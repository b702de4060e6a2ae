"""A recorded case said again as a report: what GET answers and what PATCH overlays."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db import models

from registry.intake.report import CaseReport
from registry.intake.sections import CASE, KNOWN_BY, PROCEDURE, SECTIONS, TIMES, Section
from registry.models import Case
from registry.models.case import NINETY_PLUS

_TIME = re.compile(r"procedure\.times\[(\d+)\](.*)", re.ASCII)
OUTCOME = ("procedure", "no_procedure_reason", "assessments")
PREFETCH = (
    "imaging",
    "parts",
    "guides",
    "prints__materials__material",
    "prints__printer",
    "effort",
    "codes",
    "assessments",
    "procedure__times",
)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return "90+" if name == "age_years" and value == NINETY_PLUS else value


def _row(section: Section, row: models.Model) -> dict[str, Any]:
    unknown = getattr(row, "unknown_fields", [])
    said: dict[str, Any] = {}
    for name in section.reported:
        value = getattr(row, name)
        if (
            name in unknown
            or (section.model._meta.model_name == "effort" and name == "minutes")
            or (value is not None and value not in ("", []))
        ):
            said[name] = _plain(name, value)
    return said


def _print(row: Any) -> dict[str, Any]:
    materials = sorted(row.materials.all(), key=lambda used: used.position)
    return {
        **_row(SECTIONS["prints"], row),
        "printer": row.printer.label,
        "materials": [used.material.name for used in materials],
    }


def _ordered(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: getattr(row, "number", row.pk))


def report_of(case: Case) -> dict[str, Any]:
    """The case in the shape of the REST API: absent = not asked, null = unknown. Expects `PREFETCH` on the queryset."""
    said = _row(CASE, case)
    for name, section in SECTIONS.items():
        rows = _ordered(getattr(case, name).all())
        if rows:
            said[name] = [_print(row) if name == "prints" else _row(section, row) for row in rows]
    procedure = getattr(case, "procedure", None)
    if procedure is not None:
        times = sorted(procedure.times.all(), key=lambda row: (row.clock, row.source))
        said["procedure"] = {**_row(PROCEDURE, procedure), "times": [_row(TIMES, row) for row in times]}
    return said


def overlaid(recorded: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """`recorded` with what was sent laid over it; what was not sent stays.

    The procedure is laid over field by field, its times by clock and source.
    """
    # A procedure cannot be unknown: null says nothing of it, and never takes a recorded one away.
    sent = {name: value for name, value in sent.items() if name != "procedure" or value is not None}
    merged = {**recorded, **sent}
    if isinstance(sent.get("procedure"), dict) and isinstance(recorded.get("procedure"), dict):
        merged["procedure"] = {**recorded["procedure"], **sent["procedure"]}
        merged["procedure"]["times"] = _merged_times(
            recorded["procedure"].get("times", []), sent["procedure"].get("times", [])
        )
        if "procedure_code" in sent["procedure"] and "category" not in sent["procedure"]:
            merged["procedure"].pop("category", None)
    if sent.get("no_procedure_reason") and "procedure" not in sent:
        merged.pop("procedure", None)
    if sent.get("procedure") and "no_procedure_reason" not in sent:
        merged.pop("no_procedure_reason", None)
    return merged


def _merged_times(recorded: list[dict[str, Any]], sent: Any) -> Any:
    if not isinstance(sent, list) or not all(isinstance(row, dict) for row in sent):
        return sent
    said = [(row.get("clock"), row.get("source")) for row in sent]
    return [*(row for row in recorded if (row["clock"], row["source"]) not in said), *sent]


def laid_by_row(recorded: dict[str, Any], sent: CaseReport) -> CaseReport:
    """`recorded` with the fields that a line of a file says laid over it, row by row: what the line does not say stays as it is.

    Rows are those of the same place in their list; where rows are known by what they say, those that say the same.
    """
    data, numbers, problems = dict(sent.data), dict(sent.numbers or {}), sent.problems
    for name in SECTIONS:
        if name in data:
            data[name], places = _laid(name, recorded.get(name, []), data[name])
            numbers[name] = _numbered(places, numbers.get(name, ()), len(data[name]))
    before, after = recorded.get("procedure"), data.get("procedure")
    if before and after and "times" in after:
        times, places = _laid("times", before.get("times", []), after["times"])
        numbers["times"] = _numbered(places, numbers.get("times", ()), len(times))
        problems = tuple(replace(problem, path=_moved(problem.path, places)) for problem in problems)
        data["procedure"] = {**after, "times": times}
    return replace(sent, data=overlaid(recorded, data), problems=problems, numbers=numbers)


def _laid(
    name: str, recorded: list[dict[str, Any]], sent: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[int]]:
    """The rows, and where among them each of the sent ones lies."""
    if name not in KNOWN_BY:
        return [{**(row or {}), **(said or {})} for row, said in zip_longest(recorded, sent)], list(range(len(sent)))
    rows, at = list(recorded), {_key(name, row): place for place, row in enumerate(recorded)}
    places = []
    for said in sent:
        # Two sent rows that say the same stay two, for the check to refuse.
        place = at.pop(_key(name, said), len(rows))
        rows[place:] = [{**(rows[place] if place < len(rows) else {}), **said}, *rows[place + 1 :]]
        places.append(place)
    return rows, places


def _numbered(places: list[int], sent: Sequence[int], count: int) -> list[int]:
    """For each of so many rows the number it was sent under, 0 if it was not."""
    numbers = [0] * count
    for place, number in zip(places, sent, strict=False):
        numbers[place] = number
    return numbers


def _moved(path: str, places: list[int]) -> str:
    """What the door said of a time, said of the place where that time lies now."""
    found = _TIME.fullmatch(path)
    return path if found is None else f"procedure.times[{places[int(found[1])]}]{found[2]}"


def _key(name: str, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(part) or "" for part in KNOWN_BY[name])


def with_recorded_outcome(recorded: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """A full report that is silent on the outcome leaves a recorded outcome as it is: OR times come by another way, weeks later."""
    if any(sent.get(name) is not None for name in ("procedure", "no_procedure_reason")):
        kept = {"assessments": recorded["assessments"]} if "assessments" in recorded else {}
        if "procedure" in recorded and isinstance(sent.get("procedure"), dict):
            kept["procedure"] = recorded["procedure"]
    else:
        kept = {name: recorded[name] for name in OUTCOME if name in recorded}
    return overlaid(kept, sent)


def as_report(case: Case) -> CaseReport:
    return CaseReport(report_of(case))
