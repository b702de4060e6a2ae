"""What users guessed: counted apart from what was observed, losses among them."""

from statistics import fmean, stdev

import pytest
from scipy.stats import t

from registry.statistics.results import NoNumber, Scope
from tests.people import People
from tests.statistics import reports
from tests.statistics.asking import line, measured, refresh, submit
from tests.statistics.test_published import who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
GUESSES = (30, -15, 45, 60)


def guessed(site: object, *guesses: int | None) -> None:
    for place, minutes in enumerate(guesses):
        answer = {"respondent_role": "surgeon", "q1_easy": 4, "time_saved_minutes": minutes}
        done = reports.procedure("2026-03", "tka", reports.time(100))
        submit(site, reports.asked(f"G-{place}", "2026-01", procedure=done, assessments=[answer]))  # type: ignore[arg-type]


def test_guesses_have_their_mean_and_student_s_interval(who: People) -> None:
    guessed(who.site, *GUESSES)
    refresh()
    statistic = measured("estimated-minutes-saved", Scope.of(who.site))
    row = line(statistic, site="ALPHA")
    half = t.ppf(0.975, 3) * stdev(GUESSES) / 2
    assert (row["n"], row["mean"], row["sd"]) == (4, fmean(GUESSES), pytest.approx(stdev(GUESSES)))
    assert (row["low"], row["high"]) == pytest.approx((fmean(GUESSES) - half, fmean(GUESSES) + half))
    assert statistic.comparators == ("D",)


def test_sites_stand_beneath_their_sum(who: People) -> None:
    guessed(who.site, *GUESSES)
    guessed(who.other, 5)
    refresh()
    statistic = measured("estimated-minutes-saved", Scope.registry())
    assert [row["site"] for row in statistic.rows] == ["", "ALPHA", "CHARLIE"]
    assert line(statistic, site="")["mean"] == fmean((*GUESSES, 5))
    assert isinstance(line(statistic, site="CHARLIE")["low"], NoNumber)


def test_who_does_not_guess_is_not_zero(who: People) -> None:
    guessed(who.site, 40, None)
    refresh()
    statistic = measured("estimated-minutes-saved", Scope.of(who.site))
    assert (statistic.n, line(statistic, site="ALPHA")["mean"]) == (1, 40.0)
    assert str(statistic.coverage) == "1 of 2 assessments, by the statement most often answered, give an estimate"
