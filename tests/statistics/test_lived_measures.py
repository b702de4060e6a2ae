"""Measures of a registry that lived at random, against Python's own statistics over the rows themselves."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from statistics import mean, median, stdev
from typing import Any

import pytest

from registry.models import Case, Site
from registry.models.scope import acting_for, as_statistics
from registry.statistics.results import NoNumber, Scope
from tests import people
from tests.statistics import naive
from tests.statistics.asking import measured, refresh
from tests.statistics.life import Life, equip

pytestmark = pytest.mark.django_db
CURRENCIES = {"ALPHA": "USD", "BRAVO": "EUR"}


@pytest.fixture(params=[11, 14])
def lived(request: pytest.FixtureRequest) -> None:
    for place, (code, currency) in enumerate(CURRENCIES.items()):
        site = people.enrolled(code, f"{code} Hospital")
        with acting_for(sites=[site.pk], administrator=True):
            Site.objects.filter(pk=site.pk).update(currency=currency)
            equip(site)
            life = Life(10 * request.param + place, site)
            for _ in range(60):
                life.act()
    refresh()


def _cases() -> Iterator[Case]:
    with as_statistics():
        yield from Case.objects.filter(state="submitted").defer(*naive.UNREADABLE)


def _amounts(name: str) -> dict[tuple[str, str, str], list[Fraction | None]]:
    """What the prints say, by grouping, group and currency; None = unknown. Who was not asked is not in it."""
    found: dict[tuple[str, str, str], list[Fraction | None]] = defaultdict(list)
    for case in _cases():
        for made in case.prints.all():
            groups = {("all", ""), ("process", made.process)}
            groups |= {("material", used.material.material_class) for used in made.materials.all()}
            value = getattr(made, name)
            if value is not None or name in made.unknown_fields:
                for group in groups:
                    found[*group, CURRENCIES[case.site.code]].append(None if value is None else Fraction(value))
    return found


def _agrees(row: dict[str, Any], said: list[Fraction | None], *, prefix: str = "") -> None:
    values = [value for value in said if value is not None]
    if values:
        assert row[f"{prefix}mean"] == float(mean(values))
    else:
        assert isinstance(row[f"{prefix}mean"], NoNumber)
    if len(values) > 1:
        assert row[f"{prefix}sd"] == pytest.approx(float(stdev(values)), rel=1e-14)
    else:
        assert isinstance(row[f"{prefix}sd"], NoNumber)


def test_machine_hours_are_those_of_the_rows(lived: None) -> None:
    said: dict[tuple[str, str], list[Fraction | None]] = defaultdict(list)
    for (grouping, group, _), values in _amounts("print_hours").items():
        said[grouping, group] += values
    rows: Any = measured("machine-hours", Scope.registry()).rows
    assert said.keys() <= {(row["grouping"], row["group"]) for row in rows}
    for row in rows:
        values = said[row["grouping"], row["group"]]
        known = [value for value in values if value is not None]
        assert (row["n"], row["unknown"]) == (len(known), values.count(None))
        _agrees(row, values)
        if known:
            assert (row["median"], row["total"]) == (float(median(known)), float(sum(known)))


def test_material_cost_is_that_of_the_rows_in_each_currency(lived: None) -> None:
    said = _amounts("material_cost")
    rows: Any = measured("material-cost", Scope.registry()).rows
    assert {row["currency"] for row in rows} == set(CURRENCIES.values())
    for row in rows:
        values = said[row["grouping"], row["group"], row["currency"]]
        known = [value for value in values if value is not None]
        assert (row["n"], row["unknown"]) == (len(known), values.count(None))
        _agrees(row, values)
        if known:
            assert row["total"] == float(sum(known))


def test_prints_are_all_known_unknown_or_not_asked(lived: None) -> None:
    prints = sum(case.prints.count() for case in _cases())
    every: Any = measured("machine-hours", Scope.registry()).rows[0]
    assert every["n"] + every["unknown"] + every["not_asked"] == prints
    outcome: Any = measured("print-outcomes", Scope.registry()).rows[0]
    assert outcome["n"] == outcome["success"] + outcome["reprint"] + outcome["failed"] == prints
    for names in ("sterilised not_sterilised sterilisation_unknown sterilisation_not_asked",
                  "qa_pass qa_rework qa_reject qa_not_done qa_unknown qa_not_asked"):  # fmt: skip
        assert sum(outcome[name] for name in names.split()) == prints


def test_ages_are_those_of_the_printed_cases(lived: None) -> None:
    said: dict[str, list[Fraction | None]] = defaultdict(list)
    for case in _cases():
        if case.print_decision == "printed":
            said[case.object_kind].append(None if case.age_years is None else Fraction(case.age_years))
    rows: Any = measured("printed-cases", Scope.registry()).rows
    assert {row["object_kind"]: row["n"] for row in rows} == {kind: len(ages) for kind, ages in said.items()}
    for row in rows:
        _agrees(row, said[row["object_kind"]], prefix="age_")


def test_totals_of_effort_are_those_of_cases_that_know_all_four(lived: None) -> None:
    said: dict[str, list[Fraction | None]] = defaultdict(list)
    for case in _cases():
        for staff in ("clinician", "non_clinician"):
            minutes = [row.minutes for row in case.effort.all() if row.staff == staff]
            if len(minutes) == 4:
                said[staff].append(None if None in minutes else Fraction(sum(minutes)))
    rows: Any = [row for row in measured("effort", Scope.registry()).rows if row["activity"] == ""]
    assert {row["staff"] for row in rows} == {"clinician", "non_clinician"}
    for row in rows:
        assert row["unknown"] == said[row["staff"]].count(None)
        _agrees(row, said[row["staff"]])
