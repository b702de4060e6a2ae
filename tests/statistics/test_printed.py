"""Printed cases by kind, age and organ system, with numbers worked out by hand."""

from math import sqrt
from typing import Any

import pytest

from registry.statistics.results import NoNumber, Scope
from tests import people
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import line, measured, refresh, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> People:
    return people.gathered()


def _case(who: People, name: str, **more: Any) -> None:
    submit(who.site, reports.asked(name, "2026-01", **more))


def test_ages_have_the_mean_and_sd_of_those_who_know_and_count_ninety_plus_as_ninety(who: People) -> None:
    for place, age in enumerate([0, 30, "90+", None]):
        _case(who, f"M-{place}", age_years=age)
    _case(who, "G-1", kind="anatomic_guide", age_years=56)
    refresh()
    found = measured("printed-cases", Scope.of(who.site))
    models = line(found, object_kind="anatomic_model")
    # (0 + 30 + 90) / 3 = 40; deviations −40, −10, 50; their squares add up to 4,200; over n − 1 = 2.
    assert (models["age_mean"], models["age_sd"]) == (40.0, sqrt(2100))
    assert (models["n"], models["share"], models["age_n"], models["age_unknown"], models["age_not_asked"]) == (
        4,
        0.8,
        3,
        1,
        0,
    )
    guides = line(found, object_kind="anatomic_guide")
    assert (guides["age_mean"], guides["age_n"]) == (56.0, 1)
    assert isinstance(guides["age_sd"], NoNumber)
    assert guides["age_sd"].reason == "one case"
    assert (found.n, str(found.coverage)) == (5, "4 of 5 printed cases, for the age")


def test_a_kind_of_which_nobody_knows_the_age_has_no_mean_and_not_zero(who: People) -> None:
    _case(who, "M-1", age_years=None)
    refresh()
    row = line(measured("printed-cases", Scope.of(who.site)), object_kind="anatomic_model")
    assert (row["age_n"], row["age_unknown"]) == (0, 1)
    assert isinstance(row["age_mean"], NoNumber)
    assert row["age_mean"].reason == "no case"


def test_what_was_not_printed_is_no_printed_case_and_its_age_does_not_count(who: People) -> None:
    _case(who, "M-1", age_years=20, organ_system="spine")
    _case(who, "D-1", decision="digital_only", kind="digital_only", age_years=80)
    _case(who, "X-1", decision="cancelled", age_years=80)
    submit(who.site, reports.control("C-1", "2026-01", "tka", reports.time(90), age_years=80))
    refresh()
    found = measured("printed-cases", Scope.of(who.site))
    assert [(row["object_kind"], row["n"], row["age_mean"]) for row in found.rows] == [("anatomic_model", 1, 20.0)]
    systems = measured("printed-organ-systems", Scope.of(who.site))
    assert [(row["organ_system"], row["n"]) for row in systems.rows] == [("spine", 1)]


def test_organ_systems_are_shares_of_their_kind(who: People) -> None:
    for place, system in enumerate(["cardiac", "cardiac", "cardiac", "msk"]):
        _case(who, f"M-{place}", organ_system=system)
    _case(who, "G-1", kind="anatomic_guide", organ_system="msk")
    submit(who.other, reports.asked("G-2", "2026-01", kind="anatomic_guide", organ_system="msk"))
    refresh()
    found = measured("printed-organ-systems", Scope.registry())
    assert [(row["object_kind"], row["organ_system"], row["n"], row["share"], row["sites"]) for row in found.rows] == [
        ("anatomic_model", "cardiac", 3, 0.75, 1),
        ("anatomic_model", "msk", 1, 0.25, 1),
        ("anatomic_guide", "msk", 2, 1.0, 2),
    ]
    assert (found.n, found.sites) == (6, 2)
