"""Two cases that differ in anything that can be said have two digests: what is unchanged is never what was changed."""

from contextlib import suppress
from datetime import date
from random import Random
from typing import Any

import pytest

from registry.intake import typed, values
from registry.intake.lines import digest_of
from registry.intake.report import Believed
from registry.intake.sections import CASE, PROCEDURE, SECTIONS, TIMES
from tests.properties import spelling

SAID = [(section, name) for section in (CASE, *SECTIONS.values(), PROCEDURE, TIMES) for name in section.reported]
RESOLVED = [
    ("prints", "printer_id", 1, 2),
    ("prints", "materials", [1], [1, 2]),
    ("prints", "materials", [1, 2], [2, 1]),
]


def believed(section: str, row: dict[str, Any]) -> Believed:
    said = Believed(sections={name: [] for name in SECTIONS})
    if section == "case":
        said.case = row
    elif section == "procedure":
        said.procedure = row
    elif section == "times":
        said.procedure, said.times = {}, [row]
    else:
        said.sections[section] = [row]
    return said


def two_of(field: Any) -> tuple[Any, Any]:
    dice, found, value = Random(field.name), list[Any](), None
    while len(found) < 2:
        said = typed.said(field, spelling.good(field, dice).strip())
        with suppress(values.Refused):
            value = values.read(field, said, mode="limited_data_set", today=date(2026, 12, 1))
        if value is not None and value not in found:
            found.append(value)
    return found[0], found[1]


@pytest.mark.parametrize(("section", "name"), SAID, ids=lambda said: getattr(said, "name", said))
def test_the_digest_covers_the_field(section: Any, name: str) -> None:
    field = section.model._meta.get_field(name)
    first, second = (
        {"clock": "in_room", "source": "ehr", name: value} if section is TIMES else {name: value}
        for value in two_of(field)
    )
    assert digest_of(believed(section.name, first)) != digest_of(believed(section.name, second))


@pytest.mark.parametrize(("section", "name", "first", "second"), RESOLVED)
def test_the_digest_covers_what_was_resolved(section: str, name: str, first: Any, second: Any) -> None:
    assert digest_of(believed(section, {name: first})) != digest_of(believed(section, {name: second}))


def test_the_digest_tells_unknown_from_not_asked() -> None:
    asked, never = ({"sex": None, "unknown_fields": unknown} for unknown in (["sex"], []))
    assert digest_of(believed("case", asked)) != digest_of(believed("case", never))
