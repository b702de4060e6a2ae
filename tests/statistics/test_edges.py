import pytest

from registry.statistics.results import NoNumber, Scope
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import baseline, fill, line, measured, refresh, submit
from tests.statistics.test_published import WITH, WITHOUT, who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("printed", "controls"), [(2, 3), (3, 2)])
def test_a_stratum_of_two_in_either_arm_enters_no_line_over_several(who: People, printed: int, controls: int) -> None:
    fill(who.site, with_print=WITH[:printed], without=WITHOUT[:controls])
    refresh()
    statistic = measured("minutes-saved", Scope.of(who.site))
    assert isinstance(line(statistic, category="tka")["saved"], float)
    whole = line(statistic, category="")
    assert isinstance(whole["saved"], NoNumber)
    assert whole["saved"].reason == "no procedure of a site with 3 printed and 3 comparator cases"


def test_a_line_is_shown_where_just_half_of_the_prints_have_a_comparator(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.site, with_print=[300] * len(WITH), without=[], category="tha")
    refresh()
    whole = line(measured("minutes-saved", Scope.of(who.site)), category="")
    assert (whole["saved"], whole["n"]) == (39.55, len(WITH))


def test_a_site_with_recalled_minutes_alone_is_no_site_of_the_observed_ones(who: People) -> None:
    fill(who.site, with_print=[], without=WITHOUT)
    submit(who.other, reports.control("R-1", "2026-03", "tka", reports.time(99, source="recall")))
    refresh()
    row = line(measured("or-minutes", Scope.registry()), arm="without_print")
    assert (row["n"], row["recalled"], row["sites"]) == (len(WITHOUT), 1, 1)


def test_a_baseline_of_two_cases_is_no_comparator(who: People) -> None:
    fill(who.site, with_print=WITH, without=[])
    baseline(who.site, n=2)
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    assert row["comparator"] == "none"
    assert "too few cases" in row["remark"]


def test_a_baseline_of_three_cases_is_a_comparator(who: People) -> None:
    fill(who.site, with_print=WITH, without=[])
    baseline(who.site, n=3)
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    assert (row["comparator"], row["n_without"]) == ("B", 3)


@pytest.mark.parametrize(("controls", "comparator"), [(0, "B"), (1, "B"), (2, "B"), (3, "A")])
def test_the_baseline_stands_in_until_there_are_enough_controls(controls: int, comparator: str, who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT[:controls])
    baseline(who.site)
    refresh()
    result = measured("minutes-saved", Scope.of(who.site))
    assert line(result, category="tka")["comparator"] == line(result, category="")["comparator"] == comparator
    assert line(result, category="")["saved"] is not None
    assert "not in the total" not in line(result, category="tka")["remark"]


def test_a_cancelled_request_awaits_no_outcome(who: People) -> None:
    submit(who.site, reports.asked("X-1", "2026-02", decision="cancelled"))
    refresh()
    assert line(measured("or-time-coverage", Scope.of(who.site)), object_kind="anatomic_model")["awaiting"] == 0
