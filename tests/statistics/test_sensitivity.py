from fractions import Fraction
from typing import Any

import pytest

from registry.statistics.pooling import Interval, Method, pool
from registry.statistics.sensitivity import BySampleSize, by_sample_size, leave_one_out
from tests.statistics.oracles import agrees, oracle


def test_no_single_bcg_trial_decides() -> None:
    data = oracle("bcg")
    sites = [float(y) for y in data["yi"]], [float(v) for v in data["vi"]]
    found = leave_one_out(*sites, pool(*sites, interval=Interval.HARTUNG_KNAPP))
    expected = data["loo_REML_knha"]["estimate"]
    agrees([found.low, found.high], [min(expected), max(expected)], file="bcg.json", rel=1e-6)
    assert (found.flipping, found.moving, found.flagged) == ((), (), False)


def test_without_site_i_is_the_pooling_of_the_others() -> None:
    effects, variances = [10.0, 20.0, 30.0, 44.0], [4.0, 9.0, 16.0, 1.0]
    level = Fraction(9, 10)
    for method in Method:
        whole = pool(effects, variances, method=method, interval=Interval.WALD, level=level)
        found = leave_one_out(effects, variances, whole)
        for site, each in enumerate(found.without):
            others = effects[:site] + effects[site + 1 :], variances[:site] + variances[site + 1 :]
            assert each == pool(*others, method=method, interval=Interval.WALD, level=level)


def test_a_site_without_which_the_interval_holds_zero_is_named() -> None:
    effects, variances = [10.0, 10.0, 10.0], [32.0, 32.0, 10.0]
    whole = pool(effects, variances, method=Method.COMMON, interval=Interval.WALD, level=Fraction(99, 100))
    found = leave_one_out(effects, variances, whole)
    assert whole.side == 1
    assert (found.flipping, found.moving, found.flagged) == ((2,), (), True)


def test_a_site_without_which_the_interval_leaves_zero_is_named() -> None:
    effects, variances = [-10.0, -10.0, 9.0], [9.0, 9.0, 9.0]
    whole = pool(effects, variances, method=Method.COMMON, interval=Interval.WALD)
    found = leave_one_out(effects, variances, whole)
    assert whole.side == -1
    assert [each.side for each in found.without] == [0, 0, -1]
    assert found.flipping == (0, 1)
    assert found.moving == (0, 1, 2)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("last", "moving"), [(22, (2,)), (18, ()), (1, (2,)), (4, ())])
def test_a_site_that_moves_the_estimate_by_more_than_a_quarter_is_named(
    last: int, moving: tuple[int, ...], sign: int
) -> None:
    # (20 + last) / 3 becomes 10: with 4 that is from 8, a quarter and no more.
    sites = [sign * 10.0, sign * 10.0, sign * float(last)], [1.0, 1.0, 1.0]
    assert leave_one_out(*sites, pool(*sites, method=Method.COMMON)).moving == moving


@pytest.mark.parametrize(
    ("effects", "reason"),
    [
        ([], "no site"),
        ([1.0], "one site: how much sites differ cannot be known"),
        ([1.0, 2.0], "two sites: without one, nothing is left to combine"),
    ],
)
def test_of_fewer_than_three_sites_none_can_be_left_out(effects: list[float], reason: str) -> None:
    sites = effects, [1.0] * len(effects)
    found = leave_one_out(*sites, pool(*sites))
    assert (found.without, found.low, found.high, found.flagged, found.reason) == ((), None, None, False, reason)


def test_without_a_site_that_leaves_no_interval_nothing_flips() -> None:
    sites = [10.0, 10.0, 11.0], [1.0, 1.0, 1.0]
    found = leave_one_out(*sites, pool(*sites, interval=Interval.HARTUNG_KNAPP))
    assert found.without[2].side is None
    assert found.flipping == ()


def test_weights_by_sample_size_by_hand() -> None:
    # ñ = 10·10/20 = 5 and 30·10/40 = 7.5; SE² = (25 (4 + 6) + 56.25 (2 + 6)) / 12.5².
    found = by_sample_size([10.0, 20.0], [4.0, 2.0], [(10, 10), (30, 10)], tau2=6.0, level=Fraction(1, 2))
    assert found.weights == (5, 7.5)
    assert found.estimate == pytest.approx(16)
    assert found.se == pytest.approx((700 / 156.25) ** 0.5)
    assert found.se is not None
    assert found.high == pytest.approx(16 + found.se)  # the quartile of Student's t with 1 df is 1
    assert found.low == pytest.approx(16 - found.se)


def test_weights_by_sample_size_are_the_common_effect_s_where_every_case_has_the_same_spread() -> None:
    arms = [(155, 156), (31, 32), (75, 71), (18, 18), (8, 13)]
    effects = [-20.0, -2.0, -55.0, -71.0, -4.0]
    variances = [900 * (1 / first + 1 / second) for first, second in arms]
    found = by_sample_size(effects, variances, arms, tau2=0.0)
    common = pool(effects, variances, method=Method.COMMON, interval=Interval.WALD)
    assert found.estimate == pytest.approx(common.estimate)
    assert found.se == pytest.approx(common.se)


@pytest.mark.parametrize(("effects", "estimate"), [([], None), ([7.0], 7.0)])
def test_weights_of_fewer_than_two_sites_give_words(effects: list[float], estimate: float | None) -> None:
    k = len(effects)
    found = by_sample_size(effects, [1.0] * k, [(3, 3)] * k, tau2=0.0)
    reason = "one site: how much sites differ cannot be known" if k else "no site"
    assert found == BySampleSize(k, estimate, reason=reason)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"arms": [(3, 3)]}, "both arms"),
        ({"arms": [(3, 3), (3, 0)]}, "both arms"),
        ({"tau2": -1.0}, "below zero"),
        ({"tau2": float("nan")}, "below zero"),
        ({"level": Fraction(1)}, "between 0 and 1"),
        ({"effects": [1.0, float("nan")]}, "finite"),
    ],
)
def test_what_weights_by_sample_size_cannot_use_is_refused(changed: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"effects": [1.0, 2.0], "variances": [1.0, 1.0], "arms": [(3, 3), (3, 3)], "tau2": 0.0}
    with pytest.raises(ValueError, match=words):
        by_sample_size(**(asked | changed))
