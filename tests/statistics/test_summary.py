from fractions import Fraction
from itertools import accumulate, pairwise
from math import comb, exp, inf, log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.summary import (
    cox_interval,
    geometric,
    is_skewed,
    mean_interval,
    median_interval,
    median_ranks,
    merged,
)
from registry.statistics.two_arms import Arm
from tests.statistics.oracles import agrees, as_integers, oracle, table

PHE = {row["area"]: row for row in oracle("phe_mean")["expected"]}
RANKS = oracle("median_ci_ranks")["table"]
MINUTES = st.lists(st.integers(5, 1440), min_size=1, max_size=40)


def _phe(area: str) -> tuple[Histogram, int]:
    rows = table("phe_mean")
    values, scale = as_integers([Fraction(row["value"]) for row in rows if area in {row["area"], "No grouping"}])
    return Histogram.of(values), scale


def _near(found: float | Fraction | None, expected: Any) -> None:
    assert found is not None
    assert float(found) == pytest.approx(float(expected), rel=1e-9)


@pytest.mark.parametrize("area", sorted(PHE))
def test_means_and_their_intervals_are_those_of_public_health_england(area: str) -> None:
    histogram, scale = _phe(area)
    assert histogram.sd is not None
    numbers: dict[str, Any] = {
        "value_count": histogram.n,
        "value_sum": Fraction(histogram.total, scale),
        "stdev": histogram.sd / scale,
    }
    for level, name in ((Fraction(95, 100), "95_0"), (Fraction(998, 1000), "99_8")):
        found = mean_interval(histogram, level=level)
        assert found.estimate is not None
        assert found.low is not None
        assert found.high is not None
        numbers |= {f"lower{name}cl": found.low / scale, f"upper{name}cl": found.high / scale}
        numbers["value"] = found.estimate / scale
        assert found.confidence == float(level)
    agrees(numbers, {name: PHE[area][name] for name in numbers}, file="phe_mean.json")


def test_student_s_paired_differences_have_the_interval_of_r() -> None:
    sleep = oracle("two_sample")["sleep"]
    values, scale = as_integers([first - second for first, second in zip(sleep["g1"], sleep["g2"], strict=True)])
    differences, expected = Histogram.of(values), sleep["paired"]
    found = mean_interval(differences)
    assert found.low is not None
    assert found.high is not None
    assert found.estimate is not None
    assert differences.sd is not None
    numbers = {
        "mean": found.estimate / scale,
        "lb": found.low / scale,
        "ub": found.high / scale,
        "t": float(found.estimate) / (differences.sd / sqrt(differences.n)),
        "df": differences.n - 1,
    }
    agrees(numbers, {name: expected[name] for name in numbers}, file="two_sample.json")


@pytest.mark.parametrize(("n", "low", "high", "confidence"), RANKS)
def test_the_ranks_of_a_median_s_interval_are_those_of_r(n: int, low: Any, high: Any, confidence: Any) -> None:
    found = median_ranks(n) or (None, None, None)
    agrees(found[:2], [low, high], file="median_ci_ranks.json", rel=0)
    agrees(found[2], confidence, file="median_ci_ranks.json")


@pytest.mark.parametrize(("n", "low", "high", "confidence"), [row for row in RANKS if row[1]])
def test_a_median_lies_between_the_cases_of_those_ranks(n: int, low: int, high: int, confidence: Any) -> None:
    found = median_interval(Histogram.of(range(101, 101 + n)))
    assert (found.estimate, found.low, found.high) == (101 + Fraction(n - 1, 2), 100 + low, 100 + high)
    agrees(found.confidence, confidence, file="median_ci_ranks.json")


@settings(deadline=None)
@given(st.integers(1, 400), st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)]))
def test_ranks_are_the_innermost_that_keep_the_confidence(n: int, level: Fraction) -> None:
    below = accumulate(comb(n, k) for k in range(n // 2 + 1))
    found = median_ranks(n, level=level)
    assert (found[0] if found else 0) == sum(tail <= (1 - level) / 2 * 2**n for tail in below)


def test_the_ranks_of_a_hundred_thousand_cases_are_found_too() -> None:
    found = median_ranks(100_000)
    assert found is not None
    assert found[0] + found[1] == 100_001
    assert found[0] == pytest.approx(50_000 - 1.959964 * sqrt(25_000), abs=1)
    assert 0.95 <= found[2] < 0.951


def test_crohn_s_skinfolds_have_the_geometric_mean_of_bland_and_altman() -> None:
    data = oracle("two_sample")["bland_altman_1996"]
    for name, expected in zip(("crohn", "coeliac"), data["gm"], strict=True):
        values, scale = as_integers(data[name])
        found = geometric(Histogram.of(values)).mean
        assert found.estimate is not None
        agrees(found.estimate / scale, expected, file="two_sample.json")
    values, scale = as_integers(data["crohn"])
    found = geometric(Histogram.of(values)).mean
    for limit, expected in zip((found.low, found.high), data["gm_ci_crohn"], strict=True):
        assert limit is not None
        agrees(limit / scale, expected, file="two_sample.json")


def test_the_geometric_sd_is_a_factor() -> None:
    assert geometric(Histogram.of([50, 200])).sd == pytest.approx(exp(log(4) / sqrt(2)))


def test_a_modified_cox_interval_takes_t_and_both_errors() -> None:
    values = [60, 75, 90, 110, 150, 240]
    logs = np.log(values)
    square = logs.var(ddof=1)
    middle, half = logs.mean() + square / 2, 2.570581835636314 * sqrt(square / 6 + square**2 / 10)
    found = cox_interval(Histogram.of(values))
    _near(found.estimate, exp(middle))
    _near(found.low, exp(middle - half))
    _near(found.high, exp(middle + half))


def test_a_long_tail_is_flagged_and_a_short_one_is_not() -> None:
    assert is_skewed(Histogram.of([100, 100, 190])) is False  # mean 130: exactly 1.3 times the median
    assert is_skewed(Histogram.of([100, 100, 191])) is True
    assert is_skewed(EMPTY) is None


def test_no_case_has_no_figure_and_says_so() -> None:
    for found in (mean_interval(EMPTY), median_interval(EMPTY), geometric(EMPTY).mean, cox_interval(EMPTY)):
        assert (found.estimate, found.low, found.high, found.confidence) == (None, None, None, None)
        assert found.reason == "no cases"
    assert geometric(EMPTY).sd is None


def test_one_case_has_no_interval() -> None:
    one = Histogram.of([90])
    assert (mean_interval(one).estimate, median_interval(one).estimate) == (90, 90)
    assert geometric(one).mean.estimate == pytest.approx(90)
    assert geometric(one).sd is None
    assert cox_interval(one).estimate is None
    for found in (mean_interval(one), median_interval(one), geometric(one).mean, cox_interval(one)):
        assert not found.has_limits
        assert found.reason == "one case: no spread, so no interval"


@pytest.mark.parametrize("n", [2, 3, 7, 30])
def test_equal_minutes_have_no_variation_and_no_interval(n: int) -> None:
    equal = Histogram.of([97] * n)
    assert geometric(equal).sd == 1
    for found in (mean_interval(equal), median_interval(equal), geometric(equal).mean, cox_interval(equal)):
        assert found.estimate is not None
        assert float(found.estimate) == pytest.approx(97, rel=1e-15)
        assert not found.has_limits
        assert found.reason == "no variation, so no interval"


def test_five_cases_have_no_interval_of_the_median() -> None:
    found = median_interval(Histogram.of([60, 70, 80, 90, 100]))
    assert (found.estimate, found.low, found.reason) == (80, None, "5 cases are too few for an interval of the median")


def test_a_mean_without_sd_has_no_interval() -> None:
    found = mean_interval(Arm.stated(20, Fraction(100), None))
    assert (found.estimate, found.low, found.reason) == (100, None, "the spread is not known, so no interval")


def test_a_limit_beyond_all_numbers_is_infinite() -> None:
    found = cox_interval(Histogram.of([5, 1440]), level=Fraction(999, 1000))
    assert (found.low, found.high) == (0, inf)


def test_no_minutes_have_no_logarithm() -> None:
    for figure in (geometric, cox_interval):
        with pytest.raises(ValueError, match="above 0"):
            figure(Histogram.of([0, 60]))


@settings(deadline=None)
@given(st.lists(MINUTES, max_size=6))
def test_merged_arms_are_the_arm_of_all_cases(parts: list[list[int]]) -> None:
    whole = Histogram.of(value for part in parts for value in part)
    assert merged(Arm.of(Histogram.of(part)) for part in parts) == Arm.of(whole)


def test_two_published_arms_merge_to_the_published_one() -> None:
    """Kwon 2017: 68 cases with an extramedullary guide and 48 without."""
    expected = oracle("threedp_subgroup")["kwon_combined"]
    found = merged(
        [Arm.stated(68, Fraction("63.9"), Fraction("13.6")), Arm.stated(48, Fraction("75.3"), Fraction("18.8"))]
    )
    numbers = {"n": found.n, "mean": found.mean, "sd": sqrt(found.variance or 0)}
    agrees(numbers, expected, file="threedp_subgroup.json")


def test_an_unknown_spread_leaves_the_merged_one_unknown_and_a_single_case_does_not() -> None:
    known = Arm.stated(20, Fraction(100), Fraction(10))
    assert merged([known, Arm.stated(5, Fraction(80), None)]) == Arm(25, Fraction(96), None)
    assert merged([known, Arm(1, Fraction(100), None)]) == Arm(21, Fraction(100), Fraction(95))
    assert merged([]) == Arm(0, None, None)
    assert merged([Arm(0, None, None), known]) == known


@settings(deadline=None)
@given(st.lists(st.integers(5, 1440), min_size=2, max_size=40, unique=True))
def test_a_wider_level_gives_a_wider_interval(values: list[int]) -> None:
    histogram = Histogram.of(values)
    levels = [Fraction(8, 10), Fraction(95, 100), Fraction(99, 100)]
    for figure in (mean_interval, cox_interval):
        found = [figure(histogram, level=level) for level in levels]
        for narrow, wide in pairwise(found):
            assert (wide.low or 0) <= (narrow.low or 0) < (narrow.high or 0) < (wide.high or 0)
