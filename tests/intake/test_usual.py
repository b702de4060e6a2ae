"""A time far from the others of its procedure is kept and asks for a second look."""

from typing import Any

import pytest

from registry.actions import cases
from registry.intake.report import CaseReport
from registry.intake.usual import FEWEST, LATEST
from registry.models import ProcedureTime
from tests.people import People, gathered
from tests.reports.registry import FASTER, SLOWER, control, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def them() -> People:
    """Alice's site took about 200 minutes for one procedure as often as is needed to call that usual, Charlie's about 20."""
    people = gathered()
    submitted(people.site, people.alice, [control(number, FASTER, 190 + number) for number in range(FEWEST)])
    submitted(people.site, people.alice, [control(number, SLOWER, 190 + number) for number in range(FEWEST - 1)])
    submitted(people.other, people.charlie, [control(number, FASTER, 15 + number % 9) for number in range(FEWEST)])
    return people


def told(them: People, report: CaseReport, **changes: Any) -> list[tuple[str, str]]:
    report.data["procedure"]["times"][0].update(changes)
    with them.at_site():
        done = cases.submit(report, site=them.site, by=them.alice, via="rest")
        kept = ProcedureTime.objects.get(procedure__case=done.case)
        assert kept.minutes == report.data["procedure"]["times"][0]["minutes"]
    return [(problem.code, problem.path) for problem in done.warnings]


@pytest.mark.parametrize("minutes", [12, 1300])
def test_a_time_far_from_the_others_is_kept_with_a_warning(minutes: int, them: People) -> None:
    assert told(them, control(99, FASTER, minutes)) == [("time-unusual", "procedure.times[0].minutes")]


@pytest.mark.parametrize("minutes", [130, 200, 300])
def test_a_time_among_or_near_the_others_is_not_remarked(minutes: int, them: People) -> None:
    assert told(them, control(99, FASTER, minutes)) == []


def test_one_that_was_confirmed_asks_for_nothing(them: People) -> None:
    assert told(them, control(99, FASTER, 12), confirmed=True) == []


def test_of_a_procedure_or_by_a_clock_seldom_seen_nothing_is_usual(them: People) -> None:
    assert told(them, control(99, SLOWER, 12)) == []
    assert told(them, control(98, FASTER, 12), clock="incision_closure") == []


def test_recalled_times_make_nothing_usual(them: People) -> None:
    with them.at_site():
        ProcedureTime.objects.all().update(source="recall")
    assert told(them, control(99, FASTER, 12)) == []


def test_where_nearly_all_times_are_the_same_a_little_more_is_not_strange(them: People) -> None:
    with them.at_site():
        ProcedureTime.objects.all().update(minutes=200)
    assert told(them, control(99, FASTER, 240)) == []
    assert told(them, control(98, FASTER, 40)) == [("time-unusual", "procedure.times[0].minutes")]


def test_what_was_usual_long_ago_is_not_what_is_usual_now(them: People) -> None:
    long_ago = [control(1000 + number, FASTER, 280 + number % 40) for number in range(LATEST)]
    for report in long_ago:
        report.data["procedure"]["performed_month"] = "2020-03"
    lately = [control(2000 + number, FASTER, 50 + number % 20) for number in range(LATEST)]
    for report in lately:
        report.data["procedure"]["performed_month"] = "2026-05"
    submitted(them.site, them.alice, long_ago)
    submitted(them.site, them.alice, lately)
    assert told(them, control(99, FASTER, 60)) == []
    assert told(them, control(98, FASTER, 300)) == [("time-unusual", "procedure.times[0].minutes")]
