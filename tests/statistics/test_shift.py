from fractions import Fraction
from math import exp, log
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.shift import (
    Ratio,
    differences,
    hodges_lehmann,
    minutes_equivalent,
    ratio_of_geometric_means,
    ratio_of_means,
    stratified_shift,
)
from registry.statistics.two_arms import Arm, Difference
from tests.statistics.oracles import agrees, as_integers, oracle

TWO = oracle("two_sample")
MINUTES = st.lists(st.integers(5, 1440), min_size=1, max_size=25)


def _scaled(first: list[Any], second: list[Any]) -> tuple[Histogram, Histogram, int]:
    values, scale = as_integers(first + second)
    return Histogram.of(values[: len(first)]), Histogram.of(values[len(first) :]), scale


def _wilcoxon(all_differences: Histogram) -> Fraction:
    """W as R counts it: differences above 0, and half of those at 0."""
    above = sum(count for value, count in all_differences.counts.items() if value > 0)
    return above + Fraction(all_differences.counts.get(0, 0), 2)


def test_ozone_in_may_and_august_is_shifted_as_in_r() -> None:
    data = TWO["airquality_ozone"]
    may, august = Histogram.of(data["may"]), Histogram.of(data["aug"])
    found = hodges_lehmann(may, august)
    agrees(found.estimate, data["HL_exact_median_of_pairwise_differences"], file="two_sample.json", rel=0)
    # R searches these numbers to four decimals; between whole minutes they are whole.
    agrees(found.estimate, data["R_uniroot_est"], file="two_sample.json", within=1e-4)
    assert (found.low, found.high) == (-53, -15)
    agrees([found.low, found.high], data["R_uniroot_ci"], file="two_sample.json", within=1e-4)
    agrees(_wilcoxon(differences(may, august)), data["W"], file="two_sample.json", rel=0)
    assert (found.n_without, found.n_with, found.se, found.df, found.reason) == (26, 26, None, None, "")


def test_hollander_and_wolfe_s_permeability_is_shifted_as_in_r() -> None:
    data = TWO["hollander_permeability"]
    first, second, scale = _scaled(data["x"], data["y"])
    found = hodges_lehmann(first, second)
    expected = [number * scale for number in (data["HL"], *data["ci_exact"])]
    agrees([found.estimate, found.low, found.high], expected, file="two_sample.json", rel=0)
    agrees(_wilcoxon(differences(first, second)), data["W"], file="two_sample.json", rel=0)


@settings(deadline=None)
@given(MINUTES, MINUTES)
def test_the_differences_are_those_of_every_pair(without: list[int], printed: list[int]) -> None:
    every = [before - after for before in without for after in printed]
    assert differences(Histogram.of(without), Histogram.of(printed)) == Histogram.of(every)
    assert hodges_lehmann(Histogram.of(without), Histogram.of(printed)).estimate == median(map(Fraction, every))


@settings(deadline=None)
@given(st.lists(st.integers(50, 60), min_size=8, max_size=25), st.lists(st.integers(50, 60), min_size=8, max_size=25))
def test_the_limits_are_ordered_differences_with_ties_counted(without: list[int], printed: list[int]) -> None:
    from scipy.stats import rankdata, tiecorrect

    n0, n1 = len(without), len(printed)
    ties = tiecorrect(rankdata(without + printed))  # 1 − Σ(t³ − t)/(N³ − N)
    sigma = np.sqrt(n0 * n1 / 12 * (n0 + n1 + 1) * ties)
    found = hodges_lehmann(Histogram.of(without), Histogram.of(printed))
    every = sorted(before - after for before in without for after in printed)
    if len(set(every)) > 1:
        rank = int(np.ceil(n0 * n1 / 2 - 1.959963984540054 * sigma - 0.5))
        assert (found.low, found.high) == (every[rank - 1], every[n0 * n1 - rank])


def test_with_very_few_cases_the_interval_is_the_whole_range_and_says_so() -> None:
    found = hodges_lehmann(Histogram.of([100, 120]), Histogram.of([70, 95]))
    assert (found.low, found.high) == (5, 50)
    assert found.reason == "so few cases that the interval is the whole range of the differences"


def test_a_hundred_thousand_cases_an_arm_have_a_shift() -> None:
    without = Histogram.counted(dict.fromkeys(range(200, 1200), 100))
    printed = Histogram.counted(dict.fromkeys(range(180, 1180), 100))
    found = hodges_lehmann(without, printed)
    assert found.estimate == 20
    assert found.low is not None
    assert 15 < found.low < 20


@pytest.mark.parametrize(
    ("without", "printed", "estimate", "reason"),
    [
        ([], [90], None, "no case without a print"),
        ([90], [], None, "no case with a print"),
        ([100], [80, 90], 15, "one case without a print: no spread, so no interval"),
        ([100, 110], [80], 25, "one case with a print: no spread, so no interval"),
        ([100, 100], [80, 80], 20, "no variation in either arm, so no interval"),
    ],
)
def test_what_has_no_interval_says_why(
    without: list[int], printed: list[int], estimate: int | None, reason: str
) -> None:
    found = hodges_lehmann(Histogram.of(without), Histogram.of(printed))
    assert (found.estimate, found.low, found.high, found.reason) == (estimate, None, None, reason)


def test_bland_and_altman_s_ratio_of_geometric_means() -> None:
    data = TWO["bland_altman_1996"]
    crohn, coeliac, _ = _scaled(data["crohn"], data["coeliac"])
    found = ratio_of_geometric_means(coeliac, crohn)
    agrees([found.estimate, found.low, found.high], data["ratio_gm_welch"], file="two_sample.json")
    assert found.estimate is not None
    assert found.low is not None
    assert found.high is not None
    assert found.se is not None
    middle = log(found.estimate)
    agrees(middle, data["log_pooled"]["diff"], file="two_sample.json")
    logs = {"t": middle / found.se, "df": found.df, "lb": log(found.low), "ub": log(found.high)}
    agrees(logs, data["log_welch"], file="two_sample.json")
    assert (found.n_without, found.n_with) == (9, 20)


def test_a_ratio_of_means_needs_no_cases() -> None:
    one = oracle("shared_baseline")["one"]
    found = ratio_of_means(Arm.stated(one["n0"], one["m0"], one["s0"]), Arm.stated(one["n1"], one["m1"], one["s1"]))
    assert found.estimate is not None
    assert found.se is not None
    agrees([log(found.estimate), found.se**2], [one["lnROM"], one["lnROM_var"]], file="shared_baseline.json")
    half = 1.959963984540054 * found.se
    assert (found.low, found.high) == pytest.approx((found.estimate * exp(-half), found.estimate * exp(half)))
    assert (found.n_without, found.n_with, found.df) == (20, 30, None)


def test_a_ratio_of_means_without_spread_has_no_interval() -> None:
    known = Arm.stated(10, Fraction(80), Fraction(9))
    found = ratio_of_means(Arm.stated(20, Fraction(100), None), known)
    assert (found.estimate, found.low) == (pytest.approx(0.8), None)
    assert found.reason == "the spread without a print is not known, so no interval"
    same = Arm.stated(10, Fraction(80), Fraction(0))
    assert ratio_of_means(same, same).reason == "no variation in either arm, so no interval"
    assert ratio_of_means(Arm(0, None, None), known) == Ratio(0, 10, reason="no case without a print")
    with pytest.raises(ValueError, match="above 0"):
        ratio_of_means(Arm.stated(10, Fraction(0), Fraction(1)), known)


def test_logarithms_need_minutes_above_0() -> None:
    with pytest.raises(ValueError, match="above 0"):
        ratio_of_geometric_means(Histogram.of([0, 1]), Histogram.of([1, 2]))
    assert ratio_of_geometric_means(EMPTY, Histogram.of([1, 2])).reason == "no case without a print"


def test_equal_minutes_have_a_ratio_and_no_interval() -> None:
    found = ratio_of_geometric_means(Histogram.of([97] * 3), Histogram.of([97] * 7))
    assert (found.estimate, found.low, found.reason) == (1, None, "no variation in either arm, so no interval")


def test_a_ratio_is_minutes_at_a_stated_reference() -> None:
    ratio = Ratio(9, 20, 0.75, 0.1, 12.0, 0.6, 1.1)
    found = minutes_equivalent(ratio, 200)
    assert (found.n_without, found.n_with, found.estimate) == (9, 20, 50)
    assert (found.low, found.high) == pytest.approx((-20, 80))
    assert minutes_equivalent(Ratio(3, 0, reason="why"), 200) == Difference(3, 0, reason="why")
    with pytest.raises(ValueError, match="more than 0"):
        minutes_equivalent(ratio, 0)


@settings(deadline=None)
@given(first=MINUTES, second=MINUTES)
def test_in_one_stratum_the_stratified_shift_is_that_of_hodges_and_lehmann(first: list[int], second: list[int]) -> None:
    arms = Histogram.of(first), Histogram.of(second)
    alone, found = hodges_lehmann(*arms), stratified_shift([arms])
    assert found.estimate == alone.estimate
    if alone.low is not None:
        assert (found.low, found.high) == (alone.low, alone.high)


def test_each_printed_case_counts_the_same_however_many_controls_its_stratum_has() -> None:
    many, few = Histogram.of([100] * 50 + [101] * 50), Histogram.of([300, 302])
    strata = [(many, Histogram.of([90])), (few, Histogram.of([250, 250, 250]))]
    found = stratified_shift(strata)
    # By pairs counted alike the 100 differences of 10 and 11 would have outvoted the six of 50 and 52.
    assert (found.estimate, found.n_without, found.n_with) == (50, 102, 4)


def test_strata_that_all_differ_alike_are_shifted_by_that_difference() -> None:
    strata = [(Histogram.of(range(base, base + 30)), Histogram.of(range(base - 20, base + 10))) for base in (100, 400)]
    found = stratified_shift(strata)
    assert found.estimate == 20
    assert found.low is not None
    assert found.high is not None
    assert 10 < found.low < 20 < found.high < 30


def test_without_a_stratum_of_both_arms_there_is_no_shift_and_with_one_pair_no_interval() -> None:
    assert stratified_shift([(EMPTY, Histogram.of([9]))]).reason == "no stratum with cases in both arms"
    one = stratified_shift([(Histogram.of([100]), Histogram.of([90]))])
    assert (one.estimate, one.low, one.reason) == (10, None, "no variation in either arm, so no interval")
