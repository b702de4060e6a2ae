"""Working time: of all four activities of a staff group together only where a case knows each of them."""

from math import sqrt
from typing import Any

import pytest

from registry.statistics.results import NoNumber, Scope, Statistic
from tests import people
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import line, measured, refresh, submit

pytestmark = pytest.mark.django_db
ACTIVITIES = ("consultation", "segmentation", "cad", "prep_postprocess")


@pytest.fixture
def who() -> People:
    return people.gathered()


def _minutes(*minutes: int | None, staff: str = "clinician") -> list[dict[str, Any]]:
    return [
        {"activity": activity, "staff": staff, "minutes": value}
        for activity, value in zip(ACTIVITIES, minutes, strict=False)
    ]


def _effort(who: People, *cases: list[dict[str, Any]]) -> Statistic:
    for place, effort in enumerate(cases):
        submit(who.site, reports.asked(f"P-{place}", "2026-01", effort=effort))
    refresh()
    return measured("effort", Scope.of(who.site))


def test_all_four_activities_are_the_totals_of_cases_that_know_all_four(who: People) -> None:
    found = _effort(
        who,
        _minutes(10, 20, 30, 40),
        _minutes(0, 0, 0, 0),
        _minutes(6000, 6000, 6000, 6000),
        _minutes(10, 20, None, 40),
        _minutes(10, 20, 30),
        [],
    )
    row = line(found, activity="", staff="clinician")
    assert (row["n"], row["unknown"], row["not_asked"], row["coverage"]) == (3, 1, 2, 0.5)
    # 100, 0 and 24,000: the mean is 24,100 / 3, the median 100; n Q − S² = 3 × 576,010,000 − 24,100² = 1,147,220,000, over 3 × 2.
    assert (row["mean"], row["median"], row["sd"]) == (24_100 / 3, 100.0, sqrt(1_147_220_000 / 6))
    assert found.columns[0].text(row["activity"]) == "All four activities"
    assert line(found, activity="cad")["n"] == 4


def test_groups_are_totalled_apart(who: People) -> None:
    found = _effort(who, _minutes(1, 2, 3, 4) + _minutes(100, 100, 100, 35, staff="non_clinician"))
    totals = {row["staff"]: row["mean"] for row in found.rows if row["activity"] == ""}
    assert totals == {"clinician": 10.0, "non_clinician": 335.0}


def test_where_no_case_says_all_four_the_line_says_so(who: People) -> None:
    row = line(_effort(who, _minutes(10, 20)), activity="")
    assert (row["n"], row["unknown"], row["not_asked"], row["sites"]) == (0, 0, 1, 0)
    assert isinstance(row["mean"], NoNumber)


def test_the_line_of_all_four_comes_after_the_activities(who: People) -> None:
    found = _effort(who, _minutes(1, 2, 3, 4))
    assert [row["activity"] for row in found.rows] == [*ACTIVITIES, ""]
