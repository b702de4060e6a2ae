from itertools import pairwise
from math import inf
from random import Random
from statistics import NormalDist, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics import control_charts
from registry.statistics.control_charts import (
    NO_VARIATION,
    RunChart,
    XmR,
    autocorrelation,
    chart_of,
    cusum,
    ewma,
    limits_of,
    run_chart,
    xmr,
)
from tests.statistics import run_lengths
from tests.statistics.oracles import agrees, oracle

SPC = oracle("spc")
ARL = {name: value if name == "source" else float(value) for name, value in oracle("arl").items()}
NIST_TABLE = 0.0051
"""Half a unit of the second decimal, and a little for the table's own rounding."""
POINTS = st.lists(st.floats(-1000, 1000), min_size=2, max_size=60)


def _floats(values: list[Any]) -> list[float]:
    return [float(value) for value in values]


def _settled(count: int, seed: int = 1) -> list[float]:
    random = Random(seed)
    return [random.gauss(0, 1) for _ in range(count)]


def test_nist_s_flow_rates_have_nist_s_limits() -> None:
    expected = SPC["xmr"]["expected"]
    found = limits_of(_floats(SPC["xmr"]["x"]))
    agrees(found.centre, expected["mean"], file="spc.json", rel=1e-12)
    limits = {"mr_bar": found.mr_bar, "ucl": found.high, "lcl": found.low}
    agrees(limits, {name: expected[name] for name in limits}, file="spc.json", within=0.000051)
    agrees(found.mr_bar / found.sigma, SPC["xmr"]["d2"], file="spc.json", rel=1e-12)
    assert found.mr_high == pytest.approx(3.267 * found.mr_bar, rel=1e-12)
    assert found.high - found.centre == pytest.approx(2.66 * found.mr_bar, rel=2e-4)


def test_nist_s_ewma_is_nist_s_and_does_not_signal() -> None:
    data, expected = SPC["ewma"], SPC["ewma"]["expected"]
    found = ewma(
        _floats(data["x"]),
        centre=data["target"],
        sigma=float(data["sigma"]),
        weight=float(data["lambda"]),
        width=data["L"],
    )
    agrees(found.z, expected["ewma_2dp"], file="spc.json", within=NIST_TABLE)
    agrees(found.high[-1], expected["ucl"], file="spc.json", within=0.000051)
    # NIST truncates 47.41157.
    agrees(found.low[-1], expected["lcl"], file="spc.json", within=0.0001)
    agrees(len(found.signals), expected["signals"], file="spc.json", rel=0)


def test_the_first_limits_of_an_ewma_are_exact_and_narrow() -> None:
    found = ewma([0.0] * 3, centre=10, sigma=2, weight=0.2, width=3)
    # Var z₁ = (λσ)², Var z₂ = (λσ)²(1 + (1−λ)²).
    assert found.high[:2] == pytest.approx([10 + 3 * 0.4, 10 + 3 * 0.4 * (1 + 0.8**2) ** 0.5], rel=1e-12)
    assert found.low[:2] == pytest.approx([10 - 3 * 0.4, 10 - 3 * 0.4 * (1 + 0.8**2) ** 0.5], rel=1e-12)


def test_an_ewma_signals_on_either_side() -> None:
    assert ewma([3, 0, 0], centre=0, sigma=1, weight=1, width=2).signals == (0,)
    assert ewma([-3, 0, 0], centre=0, sigma=1, weight=1, width=2).signals == (0,)


def test_the_whole_weight_on_the_last_point_makes_an_ewma_a_chart_of_single_points() -> None:
    points = _settled(30)
    limits = limits_of(points)
    found = ewma(points, centre=limits.centre, sigma=limits.sigma, weight=1, width=3)
    assert found.z == tuple(points)
    assert found.high == pytest.approx([limits.high] * 30, rel=1e-12)


def test_nist_s_cusum_is_nist_s_when_it_never_restarts() -> None:
    data, expected = SPC["cusum"], SPC["cusum"]["expected"]
    points = _floats(data["x"])
    found = cusum(points, target=data["target"], sigma=1, allowance=float(data["k"]), decision=inf)
    agrees(found.rise, expected["s_hi_2dp"], file="spc.json", within=NIST_TABLE)
    agrees(found.fall, expected["s_lo_2dp"], file="spc.json", within=NIST_TABLE)
    assert found.signals == ()


def test_nist_s_cusum_signals_where_nist_says_and_starts_again() -> None:
    data, expected = SPC["cusum"], SPC["cusum"]["expected"]
    points = _floats(data["x"])
    found = cusum(points, target=data["target"], sigma=1, allowance=float(data["k"]), decision=float(data["h"]))
    first = found.signals[0]
    agrees(first + 1, expected["first_signal_index_1based"], file="spc.json", rel=0)
    assert found.rise[first + 1] == pytest.approx(points[first + 1] - 325 - 0.3175, rel=1e-12)


def test_a_sum_at_the_decision_limit_is_no_signal_and_one_above_it_is() -> None:
    # K = .5 and H = 5.
    assert cusum([5.5], target=0, sigma=1).signals == cusum([-5.5], target=0, sigma=1).signals == ()
    assert cusum([5.75], target=0, sigma=1).signals == cusum([-5.75], target=0, sigma=1).signals == (0,)


def test_montgomery_and_runger_s_concentrations_give_their_table() -> None:
    data, expected = SPC["cusum2"], SPC["cusum2"]["expected"]
    # Sigma is 2 there: K = .5 sigma = 1, H = 5 sigma = 10.
    found = cusum(_floats(data["x"]), target=data["target"], sigma=2)
    agrees(found.rise, expected["s_hi"], file="spc.json", within=1e-9)
    agrees(found.fall, expected["s_lo"], file="spc.json", within=1e-9)
    agrees([found.decision, len(found.signals)], [data["h"], expected["signals"]], file="spc.json", rel=0)


def test_run_lengths_are_those_of_the_r_package_spc() -> None:
    allowance, decision = control_charts.CUSUM_ALLOWANCE, control_charts.CUSUM_DECISION
    found = {
        "cusum_k05_h5_arl0": run_lengths.cusum(allowance, decision),
        "cusum_k05_h5_arl1": run_lengths.cusum(allowance, decision, shift=1),
        "cusum_k05_h4_arl0": run_lengths.cusum(0.5, 4),
        "ewma_02_2962": run_lengths.ewma(control_charts.EWMA_WEIGHT, control_charts.EWMA_WIDTH),
        "ewma_01_2814": run_lengths.ewma(0.1, 2.814),
        "ewma_01_27": run_lengths.ewma(0.1, 2.7),
        "ewma_03_3": run_lengths.ewma(0.3, 3),
        "shewhart_3s": 1 / (2 * NormalDist().cdf(-control_charts.SIGMAS)),
    }
    agrees(found, {name: value for name, value in oracle("arl").items() if name != "source"}, file="arl.json")


def test_the_charts_themselves_signal_as_often_as_their_run_lengths_say() -> None:
    count = 200_000
    points = _settled(count, seed=7)
    signals = len(cusum(points, target=0, sigma=1).signals)
    assert count / signals == pytest.approx(ARL["cusum_k05_h5_arl0"], rel=0.15)
    beyond = len(ewma(points, centre=0, sigma=1, weight=1, width=3).signals)
    assert count / beyond == pytest.approx(ARL["shewhart_3s"], rel=0.15)
    shifted = [point + 1 for point in points[:20_000]]
    assert 20_000 / len(cusum(shifted, target=0, sigma=1).signals) == pytest.approx(ARL["cusum_k05_h5_arl1"], rel=0.05)
    fallen = [point - 1 for point in points[:20_000]]
    assert 20_000 / len(cusum(fallen, target=0, sigma=1).signals) == pytest.approx(ARL["cusum_k05_h5_arl1"], rel=0.05)


def test_eleven_points_have_no_limits_and_twelve_have() -> None:
    points = _settled(12)
    assert xmr(points[:11]).limits is None
    assert xmr(points[:11]).reason == "fewer than 12 points, so no limits"
    assert xmr(points).limits == limits_of(points)
    assert not xmr(points).frozen


def test_the_first_twenty_points_freeze_the_limits() -> None:
    points = _settled(20)
    assert not xmr(points[:19]).frozen
    assert xmr(points[:19]).limits == limits_of(points[:19])
    frozen = xmr([*points, 50.0, -50.0])
    assert frozen.frozen
    assert frozen.limits == limits_of(points) == xmr(points).limits
    assert frozen.beyond[-2:] == (20, 21)


def test_eight_in_a_row_on_one_side_signal_from_the_eighth_on() -> None:
    base = [1.0, -1.0] * 10
    assert xmr([*base, *[0.5] * 7]).runs == ()
    assert xmr([*base, *[-0.5] * 9]).runs == (26, 27, 28)
    assert xmr([*base, 0.5, *[0.5] * 8]).runs == (27, 28)


def test_a_point_on_the_centre_ends_a_row() -> None:
    base = [1.0, -1.0] * 10
    assert xmr([*base, *[0.5] * 7, 0.0, *[0.5] * 7]).runs == ()


def test_a_point_on_a_limit_is_not_beyond_it() -> None:
    base = [1.0, -1.0] * 10
    limits = xmr(base).limits
    assert limits is not None
    assert xmr([*base, limits.high, limits.low]).beyond == ()


def test_points_that_do_not_vary_have_no_limits() -> None:
    found = xmr([90.0] * 15)
    assert (found.limits, found.reason, found.runs) == (None, NO_VARIATION, ())


def test_a_short_series_is_a_run_chart_with_its_median() -> None:
    assert chart_of([3.0, 1.0, 2.0, 10.0]) == RunChart((3.0, 1.0, 2.0, 10.0), 2.5, "fewer than 12 points, so no limits")
    assert run_chart([], "no points").median is None


def test_neighbours_that_depend_on_each_other_make_a_run_chart() -> None:
    found = chart_of([float(i) for i in range(20)])
    assert isinstance(found, RunChart)
    # Σ of a line 0..19: r₁ = .85.
    assert found.reason == "neighbouring points depend on each other (r = 0.85), so no limits"
    assert isinstance(chart_of(_settled(30)), XmR)
    assert isinstance(chart_of([90.0] * 15), XmR)


def test_a_shift_after_the_first_twenty_points_stays_on_a_chart_with_limits() -> None:
    found = chart_of([*_settled(20, seed=3), *[10.0] * 30])
    assert isinstance(found, XmR)
    assert found.beyond[-30:] == tuple(range(20, 50))


def test_limits_are_frozen_from_the_twentieth_point_on() -> None:
    assert [xmr(_settled(count)).frozen for count in (19, 20, 21)] == [False, True, True]


def test_how_far_neighbours_may_be_alike_is_judged_by_the_first_twenty_points() -> None:
    base = _settled(20, seed=24)
    # Between 2/√50 = .28 and 2/√20 = .45.
    assert autocorrelation(base) == pytest.approx(0.344, abs=5e-4)
    assert isinstance(chart_of([*base, *_settled(30)]), XmR)


def test_autocorrelation_is_that_of_the_definition() -> None:
    # Mean 2.5: deviations −1.5 −.5 .5 1.5; (.75 − .25 + .75) / 5.
    assert autocorrelation([1, 2, 3, 4]) == pytest.approx(0.25, rel=1e-12)
    assert autocorrelation([5, 5, 5]) is None
    assert autocorrelation([]) is None


@given(POINTS, st.floats(-100, 100))
def test_moving_all_points_moves_the_limits_with_them(points: list[float], by: float) -> None:
    one, other = limits_of(points), limits_of([point + by for point in points])
    assert other.centre == pytest.approx(one.centre + by, abs=1e-9)
    assert other.high - other.low == pytest.approx(one.high - one.low, abs=1e-9)


@given(POINTS)
def test_a_cusum_without_slack_and_end_ends_at_the_sum_above_its_lowest(points: list[float]) -> None:
    found = cusum(points, target=0, sigma=1, allowance=0, decision=inf)
    sums = [0.0]
    for point in points:
        sums.append(sums[-1] + point)
    assert found.rise[-1] == pytest.approx(sums[-1] - min(sums), abs=1e-6)
    assert found.fall[-1] == pytest.approx(max(sums) - sums[-1], abs=1e-6)


@given(st.lists(st.integers(-50, 50), max_size=60))
def test_what_rises_in_a_series_falls_in_its_mirror(points: list[int]) -> None:
    one, other = (cusum(values, target=0, sigma=10) for values in (points, [-point for point in points]))
    assert (one.rise, one.fall, one.signals) == (other.fall, other.rise, other.signals)


@given(POINTS)
def test_moving_ranges_and_the_median_are_those_of_the_points(points: list[float]) -> None:
    assert xmr(points).moving_ranges == tuple(abs(b - a) for a, b in pairwise(points))
    assert run_chart(points, "").median == median(points)


def test_charts_refuse_what_has_no_meaning() -> None:
    with pytest.raises(ValueError, match="two points"):
        limits_of([1.0])
    with pytest.raises(ValueError, match="Sigma"):
        cusum([1.0], target=0, sigma=0)
    for sigma, weight in ((0.0, 0.2), (1.0, 0.0), (1.0, 1.1)):
        with pytest.raises(ValueError, match="Sigma"):
            ewma([1.0], centre=0, sigma=sigma, weight=weight)
