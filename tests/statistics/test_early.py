"""The first five printed cases of a site and category are early, whenever they are reported."""

import pytest

from registry.actions import cases, outcomes
from registry.models import Case
from registry.statistics import refresh_due
from registry.statistics.models import EarlyPrint, MinutesCell
from tests import people
from tests.people import HAND, People
from tests.statistics import naive, reports

pytestmark = pytest.mark.django_db
MINUTES = [100, 110, 120, 130, 140, 150]


@pytest.fixture
def who() -> People:
    return people.gathered()


def _printed(who: People, name: str, month: str, minutes: int, category: str = "tka") -> Case:
    done = reports.procedure(month, category, reports.time(minutes))
    with who.at_site():
        return cases.submit(reports.asked(name, "2025-01", procedure=done), site=who.site, **HAND).case


def _early_minutes(who: People) -> list[int]:
    while refresh_due(50):
        pass
    assert naive.kept() == naive.expected()
    with who.at_site():
        packed = MinutesCell.objects.filter(early=True).values_list("histogram", flat=True)
        return sorted(naive.Histogram.unpacked(packed).counts)


def test_the_first_five_are_early_and_the_sixth_is_not(who: People) -> None:
    for place, minutes in enumerate(MINUTES):
        _printed(who, f"P-{place}", f"2026-0{place + 1}", minutes)
    assert _early_minutes(who) == MINUTES[:5]


def test_an_earlier_print_that_arrives_late_moves_the_flag(who: People) -> None:
    for place, minutes in enumerate(MINUTES[:5]):
        _printed(who, f"P-{place}", f"2026-0{place + 2}", minutes)
    assert _early_minutes(who) == MINUTES[:5]
    _printed(who, "P-late", "2026-01", 90)
    assert _early_minutes(who) == [90, *MINUTES[:4]]


def test_within_a_month_the_case_recorded_first_is_the_earlier(who: People) -> None:
    for place, minutes in enumerate(MINUTES):
        _printed(who, f"P-{place}", "2026-01", minutes)
    assert _early_minutes(who) == MINUTES[:5]


def test_a_withdrawn_print_makes_room_for_the_sixth(who: People) -> None:
    made = [_printed(who, f"P-{place}", f"2026-0{place + 1}", minutes) for place, minutes in enumerate(MINUTES)]
    _early_minutes(who)
    with who.at_site():
        cases.withdraw(made[0], reason="entered twice", **HAND)
    assert _early_minutes(who) == MINUTES[1:]


def test_a_print_that_changes_its_category_makes_room_in_the_old_one(who: People) -> None:
    made = [_printed(who, f"P-{place}", "2026-01", minutes) for place, minutes in enumerate(MINUTES)]
    _early_minutes(who)
    with who.at_site():
        outcomes.record_procedure(made[0], {"procedure": {"performed_month": "2026-01", "category": "tha"}}, **HAND)
    assert _early_minutes(who) == MINUTES
    with who.at_site():
        assert sorted(EarlyPrint.objects.values_list("category", flat=True)) == ["tha", *["tka"] * 5]


def test_controls_and_what_was_not_printed_are_never_early(who: People) -> None:
    done = reports.procedure("2026-01", "tka", reports.time(100))
    with who.at_site():
        cases.submit(reports.control("C-1", "2026-01", "tka", reports.time(90)), site=who.site, **HAND)
        for name, decision, kind in (("D-1", "digital_only", "digital_only"), ("D-2", "cancelled", "anatomic_model")):
            cases.submit(
                reports.asked(name, "2026-01", decision=decision, kind=kind, procedure=done), site=who.site, **HAND
            )
    assert _early_minutes(who) == []
