"""What printed cases are compared with: controls of the same complexity where they carry it, against plain loops over the cases."""

from statistics import fmean
from typing import Any

import pytest

from registry.statistics.results import NoNumber, Scope
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import baseline, line, measured, refresh, submit
from tests.statistics.test_published import who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
Cases = list[tuple[str | None, int]]
"""Complexity, None where not known, and minutes."""
EASY, HARD = (100, 110, 130), (300, 320, 360, 400)


def fill(people: People, *, printed: Cases, controls: Cases) -> None:
    for place, (complexity, minutes) in enumerate(controls):
        more = {"complexity": complexity} if complexity else {}
        submit(people.site, reports.control(f"C-{place}", "2026-03", "tka", reports.time(minutes), **more))
    for place, (complexity, minutes) in enumerate(printed):
        done = reports.procedure("2026-03", "tka", reports.time(minutes))
        submit(people.site, reports.asked(f"P-{place}", "2026-01", complexity=complexity, procedure=done))
    refresh()


def saved(people: People, category: str = "tka") -> dict[str, Any]:
    return line(measured("minutes-saved", Scope.of(people.site)), category=category)


def _of(complexity: str, minutes: tuple[int, ...]) -> Cases:
    return [(complexity, value) for value in minutes]


def test_mostly_complex_prints_are_not_held_against_mostly_basic_controls(who: People) -> None:
    printed = [*_of("complex", (280, 300, 340)), ("basic", 90), ("basic", 99)]
    controls = [*_of("basic", EASY * 2), *_of("complex", HARD)]
    fill(who, printed=printed, controls=controls)
    row = saved(who)
    easy = 2 * (fmean(EASY) - fmean((90, 99)))
    hard = 3 * (fmean(HARD) - fmean((280, 300, 340)))
    assert row["saved"] == pytest.approx((easy + hard) / 5)
    assert (row["n"], row["n_without"], row["remark"]) == (5, 10, "")
    assert row["mean_without"] - row["mean_with"] == pytest.approx(row["saved"])


def test_below_80_percent_the_procedure_is_compared_whole_and_says_so(who: People) -> None:
    controls: Cases = [*_of("basic", (100, 110, 120)), (None, 300)]
    fill(who, printed=[("complex", 90), ("basic", 95), ("basic", 105)], controls=controls)
    row = saved(who)
    assert row["saved"] == pytest.approx(fmean((100, 110, 120, 300)) - fmean((90, 95, 105)))
    assert row["remark"] == "complexity is known of 3 of 4 controls, so it is not adjusted for"


def test_at_80_percent_unknown_matches_unknown_no_more(who: People) -> None:
    controls: Cases = [*_of("basic", (100, 110, 120, 130)), (None, 900)]
    printed: Cases = [("basic", 95), ("basic", 105), ("basic", 115), (None, 90)]
    fill(who, printed=printed, controls=controls)
    row = saved(who)
    assert row["saved"] == pytest.approx(fmean((100, 110, 120, 130)) - fmean((95, 105, 115)))
    assert (row["n"], row["n_without"]) == (3, 4)
    assert row["remark"] == "only 3 of 4 printed cases with a time can be compared"


def test_one_control_of_a_complexity_is_no_comparator(who: People) -> None:
    controls: Cases = [*_of("basic", (100, 110, 120)), ("complex", 400)]
    fill(who, printed=[("basic", 95), ("basic", 105), ("basic", 100), ("complex", 300)], controls=controls)
    assert saved(who)["n"] == 3


def test_where_no_print_has_controls_of_its_complexity_nothing_is_said(who: People) -> None:
    fill(who, printed=_of("complex", (300, 310, 320)), controls=_of("basic", (100, 110, 120)))
    row = saved(who)
    assert isinstance(row["saved"], NoNumber)
    assert "no printed case has 2 controls of its complexity" in row["remark"]
    assert isinstance(saved(who, "")["saved"], NoNumber)


def test_recalled_minutes_of_controls_are_counted_beside_those_of_prints(who: People) -> None:
    fill(who, printed=_of("basic", (90, 95, 105)), controls=_of("basic", (100, 110, 120)))
    submit(who.site, reports.control("R-1", "2026-03", "tka", reports.time(99, source="recall")))
    done = reports.procedure("2026-03", "tka", reports.time(80, source="recall"))
    submit(who.site, reports.asked("R-2", "2026-01", complexity="basic", procedure=done))
    refresh()
    assert saved(who)["recalled"] == 2


def test_a_baseline_knows_no_complexity(who: People) -> None:
    baseline(who.site)
    fill(who, printed=[("complex", 90), ("basic", 95), (None, 105)], controls=[])
    row = saved(who)
    assert (row["comparator"], row["n"]) == ("B", 3)
