"""The cells are what plain loops over the rows say, after any life of a registry."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry.actions import sites
from registry.models import Site
from registry.models.scope import acting_for, as_statistics
from registry.statistics import cells, rebuild, refresh, refresh_due
from registry.statistics.models import (
    DEFINITION_VERSION,
    AgeCell,
    CaseCell,
    CodedMinutesCell,
    CodeRuleCell,
    CostCell,
    EffortCell,
    HoursCell,
    PrintCell,
    StaleMonth,
    TurnaroundCell,
)
from tests import people
from tests.people import HAND
from tests.statistics import naive
from tests.statistics.life import Life, equip

pytestmark = pytest.mark.django_db


def _two_sites() -> list[Site]:
    made = [people.enrolled("ALPHA", "Alpha Hospital"), people.enrolled("BRAVO", "Bravo Hospital")]
    for site in made:
        with acting_for(sites=[site.pk]):
            equip(site)
    return made


def _lived(seed: int, acts: int) -> list[Site]:
    made = _two_sites()
    for place, site in enumerate(made):
        life = Life(2 * seed + place, site)
        for number in range(acts):
            with acting_for(sites=[site.pk]):
                life.act()
            if number % 7 == 6:
                refresh_due(3)
    return made


def _refresh_all() -> None:
    while refresh_due(100):
        pass


# No shrinking: a life of ten acts fewer explains nothing, and each costs a second.
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(seed=st.integers(0, 10**6), acts=st.integers(5, 60))
def test_the_naive_twin_equals_the_cells(seed: int, acts: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        _lived(seed, acts)
        _refresh_all()
        found, wanted = naive.kept(), naive.expected()
        assert found == wanted
        _refresh_all()
        rebuild()
        assert naive.kept() == wanted
        transaction.set_rollback(True)


def test_a_second_refresh_has_nothing_to_do() -> None:
    _lived(1, 25)
    _refresh_all()
    before = naive.kept()
    assert before["MinutesCell"]
    assert refresh_due(100) == 0
    assert naive.kept() == before


def test_a_life_of_this_kind_reaches_every_cell() -> None:
    _lived(3, 60)
    _refresh_all()
    found = naive.kept()
    assert [name for name, rows in found.items() if not rows] == []
    assert {key[-1] for key in found["MinutesCell"]} == {True, False}


def test_a_rebuild_of_one_site_leaves_the_others_alone() -> None:
    alpha, bravo = _lived(5, 15)
    _refresh_all()
    with acting_for(sites=[alpha.pk, bravo.pk]):
        of_alpha, of_bravo = (CaseCell.objects.filter(site=site).count() for site in (alpha, bravo))
        ids = set(CaseCell.objects.filter(site=bravo).values_list("pk", flat=True))
    assert rebuild(alpha) > 0
    with acting_for(sites=[alpha.pk, bravo.pk]):
        assert CaseCell.objects.filter(site=alpha).count() == of_alpha
        assert set(CaseCell.objects.filter(site=bravo).values_list("pk", flat=True)) == ids
        assert of_bravo == len(ids)


def test_cells_of_an_older_definition_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _lived(7, 12)
    _refresh_all()
    months = len({key[:2] for key in naive.kept()["CaseCell"]})
    monkeypatch.setattr(cells, "DEFINITION_VERSION", DEFINITION_VERSION + 1)
    monkeypatch.setattr(refresh, "DEFINITION_VERSION", DEFINITION_VERSION + 1)
    assert refresh_due(1000) == months
    assert refresh_due(1000) == 0


def test_cells_that_the_first_definition_left_are_completed() -> None:
    _lived(7, 25)
    _refresh_all()
    wanted = naive.kept()
    with as_statistics():
        for model in (AgeCell, HoursCell, CostCell, TurnaroundCell, CodeRuleCell, CodedMinutesCell):
            model.objects.all().delete()
        EffortCell.objects.filter(activity="").delete()
        PrintCell.objects.filter(grouping="material").delete()
        CaseCell.objects.update(definition_version=1)
    assert naive.kept() != wanted
    _refresh_all()
    assert naive.kept() == wanted


def test_a_sandbox_has_no_cells() -> None:
    live = people.enrolled("ALPHA", "Alpha Hospital")
    with acting_for(sites=[live.pk], administrator=True):
        twin = Site.objects.get(of=live)
    with acting_for(sites=[twin.pk, live.pk]):
        sites.add_printer(
            twin, label="J750", manufacturer="Stratasys", model="J750", process="material_jetting", **HAND
        )
        sites.add_material(twin, name="Vero", material_class="photopolymer_rigid", biocompatible="no", **HAND)
        equip(twin)
        life = Life(2, twin)
        for _ in range(6):
            life.new()
        assert StaleMonth.objects.filter(site=twin).exists()
    _refresh_all()
    assert all(not rows for rows in naive.kept().values())
    with acting_for(sites=[twin.pk]):
        assert not StaleMonth.objects.exists()
