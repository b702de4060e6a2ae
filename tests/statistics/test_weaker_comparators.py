"""Baselines without an SD and literature: shown apart, with what their error might be, and in no total."""

from fractions import Fraction
from statistics import fmean, stdev

import pytest

from registry.statistics.results import NoNumber, Scope
from registry.statistics.two_arms import Arm, welch
from tests.people import People
from tests.statistics.asking import baseline, fill, line, measured, refresh
from tests.statistics.test_published import WITH, WITHOUT, who  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def test_a_baseline_without_sd_says_a_difference_and_what_its_error_may_be(who: People) -> None:
    baseline(who.site, sd=None, mean=200)
    fill(who.site, with_print=WITH, without=[])
    refresh()
    row = line(measured("minutes-saved-weakly", Scope.of(who.site)), category="tka")
    assert (row["comparator"], row["saved"]) == ("C", pytest.approx(200 - fmean(WITH)))
    assert row["low"] == NoNumber("comparator uncertainty unknown")
    variance, mean = Fraction(stdev(WITH)) ** 2, Fraction(fmean(WITH))
    wanted = welch(Arm(30, Fraction(200), variance), Arm(len(WITH), mean, variance))
    assert (row["low_30"], row["high_30"]) == pytest.approx((wanted.low, wanted.high))


def test_literature_has_the_interval_of_its_own_figures(who: People) -> None:
    baseline(who.site, kind="literature", citation="A book, 2019")
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    row = line(measured("minutes-saved-weakly", Scope.of(who.site)), category="tka")
    wanted = welch(
        Arm.stated(20, Fraction(150), Fraction(30)), Arm.stated(4, Fraction(fmean(WITH)), Fraction(stdev(WITH)))
    )
    assert row["comparator"] == "E"
    assert (row["low"], row["high"]) == pytest.approx((wanted.low, wanted.high))
    assert "A book, 2019" in row["remark"]
    assert line(measured("minutes-saved", Scope.of(who.site)), category="tka")["comparator"] == "A"


def test_controls_and_full_baselines_are_not_weak(who: People) -> None:
    baseline(who.site)
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    assert measured("minutes-saved-weakly", Scope.of(who.site)).rows == ()


def test_no_printed_case_no_row(who: People) -> None:
    baseline(who.site, sd=None)
    fill(who.site, with_print=[], without=WITHOUT)
    refresh()
    assert measured("minutes-saved-weakly", Scope.of(who.site)).rows == ()
