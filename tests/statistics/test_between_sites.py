from statistics import variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.statistics.between_sites import (
    common,
    dersimonian_laird,
    paule_mandel,
    reml,
    restricted_log_likelihood,
    tau2_at,
    weighted_squares,
)
from registry.statistics.pooling import Interval, Method, pool

# Eighths of a minute are exact in binary, and so are their sums and shifts.
EIGHTHS = st.integers(-2400, 2400).map(lambda eighths: eighths / 8)
ERRORS = st.floats(0.5, 900).map(lambda v: float(f"{v:.4g}"))
SITES = st.lists(st.tuples(EIGHTHS, ERRORS), min_size=2, max_size=12)
# The first example loads scipy.
unhurried = settings(deadline=None)
Sites = list[tuple[float, float]]


def _split(sites: Sites) -> tuple[list[float], list[float]]:
    return [y for y, _ in sites], [v for _, v in sites]


def _range(sites: Sites) -> float:
    effects, _ = _split(sites)
    return max(effects) - min(effects)


@unhurried
@given(SITES)
def test_no_other_tau2_is_likelier(sites: Sites) -> None:
    effects, variances = _split(sites)
    best = restricted_log_likelihood(effects, variances, reml(effects, variances))
    others = [0.0, *(1e-4 * 1.08**step for step in range(300))]
    assert all(restricted_log_likelihood(effects, variances, tau2) <= best + 1e-9 for tau2 in others)


@pytest.mark.parametrize(
    ("effects", "variances", "lower", "higher"),
    [
        ([38.1, 0.0, 14.2, 1.4, 33.9], [0.5, 400, 400, 400, 0.05], 13.93, 113.26),
        ([59.0, 2.0, 0.0], [400, 0.5, 0.05], 668.68, 1.92),
        ([0.2, 48.7, 0.0], [60, 400, 5], 0.0, 300.87),
        ([47.2, 45.8, 0.0], [5, 60, 400], 211.29, 0.0),
    ],
)
def test_of_two_hills_of_the_likelihood_the_higher_one_is_found(
    effects: list[float], variances: list[float], lower: float, higher: float
) -> None:
    def at(tau2: float) -> float:
        return restricted_log_likelihood(effects, variances, tau2)

    for hill in (lower, higher):  # each is a hill: 5 % to either side it is lower
        assert at(hill) > max(at(hill * 1.05 + 0.01), at(hill * 0.95) if hill else at(0.02))
    assert at(higher) > at(lower)
    assert reml(effects, variances) == pytest.approx(higher, abs=0.01)


@unhurried
@given(st.lists(EIGHTHS, min_size=2, max_size=12), st.floats(0.5, 900))
def test_with_equal_variances_all_methods_are_the_spread_less_the_error(effects: list[float], error: float) -> None:
    variances = [error] * len(effects)
    expected = max(0.0, variance(effects) - error)
    scale = max(error, variance(effects))
    assert dersimonian_laird(effects, variances) == pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)
    assert paule_mandel(effects, variances) == pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)
    assert reml(effects, variances) == pytest.approx(expected, rel=1e-6, abs=1e-6 * scale)


def test_the_summit_is_found_to_the_last_digits() -> None:
    assert reml([0.0, 10.0, 30.0], [4.0, 4.0, 4.0]) == pytest.approx(700 / 3 - 4, rel=1e-13)


@unhurried
@given(EIGHTHS, st.lists(ERRORS, min_size=2, max_size=12))
def test_sites_with_the_same_effect_do_not_differ(effect: float, variances: list[float]) -> None:
    effects = [effect] * len(variances)
    assert [method(effects, variances) for method in (reml, paule_mandel, dersimonian_laird)] == [0, 0, 0]


@unhurried
@given(SITES)
def test_paule_mandel_makes_q_its_degrees_of_freedom(sites: Sites) -> None:
    effects, variances = _split(sites)
    tau2 = paule_mandel(effects, variances)
    q = weighted_squares(effects, variances, tau2)
    if tau2:
        assert q == pytest.approx(len(sites) - 1, rel=1e-9)
    else:
        assert q <= (len(sites) - 1) * (1 + 1e-12)


@unhurried
@given(SITES, st.floats(0.001, 100))
def test_the_tau2_of_a_q_is_found_wherever_it_lies(sites: Sites, squares: float) -> None:
    effects, variances = _split(sites)
    tau2 = tau2_at(squares, effects, variances)
    if tau2 is None:
        assert weighted_squares(effects, variances, 0.0) < squares
    else:
        assert weighted_squares(effects, variances, tau2) == pytest.approx(squares, rel=1e-9)


@unhurried
@given(SITES, st.integers(-5000, 5000))
def test_a_shift_moves_the_mean_and_nothing_else(sites: Sites, shift: int) -> None:
    effects, variances = _split(sites)
    for method in Method:
        before = pool(effects, variances, method=method)
        after = pool([y + shift for y in effects], variances, method=method)
        assert before.estimate is not None
        assert after.estimate == pytest.approx(before.estimate + shift, abs=1e-8)
        assert (after.tau2, after.se, after.weights) == (before.tau2, before.se, before.weights)


@unhurried
@given(SITES, st.sampled_from([2.0**-20, 0.25, 2.0, 1024.0]))
def test_another_unit_scales_the_mean_and_its_square_scales_tau2(sites: Sites, unit: float) -> None:
    effects, variances = _split(sites)
    for method in Method:
        before = pool(effects, variances, method=method)
        after = pool([y * unit for y in effects], [v * unit**2 for v in variances], method=method)
        assert before.estimate is not None
        assert before.se is not None
        assert before.tau2 is not None
        slack = (1e-6 if method is Method.REML else 1e-12) * max(*variances, _range(sites) ** 2)
        assert after.tau2 == pytest.approx(before.tau2 * unit**2, rel=1e-4, abs=slack * unit**2)
        assert after.estimate == pytest.approx(before.estimate * unit, abs=1e-4 * unit * (_range(sites) or 1))
        assert after.se == pytest.approx(before.se * unit, rel=1e-3)


@unhurried
@given(SITES.flatmap(lambda sites: st.tuples(st.just(sites), st.permutations(sites))))
def test_the_order_of_sites_does_not_matter(orders: tuple[Sites, Sites]) -> None:
    first, second = (_split(sites) for sites in orders)
    for method in Method:
        one, other = pool(*first, method=method), pool(*second, method=method)
        assert one.tau2 is not None
        slack = 1e-6 * max(*first[1], _range(orders[0]) ** 2)
        assert other.tau2 == pytest.approx(one.tau2, rel=1e-4, abs=slack)
        assert other.estimate == pytest.approx(one.estimate, abs=1e-4 * (_range(orders[0]) or 1))


@unhurried
@given(SITES, EIGHTHS)
def test_a_site_that_knows_nothing_changes_nothing(sites: Sites, effect: float) -> None:
    # For the methods that do not count sites: the likelihood, and the common effect, with the normal interval.
    known, more = _split(sites), _split([*sites, (effect, 1e16)])
    for method in (Method.REML, Method.COMMON):
        before, after = (pool(*each, method=method, interval=Interval.WALD) for each in (known, more))
        assert before.tau2 is not None
        slack = 1e-6 * max(*known[1], _range(sites) ** 2)
        assert after.tau2 == pytest.approx(before.tau2, rel=1e-4, abs=slack)
        assert after.estimate == pytest.approx(before.estimate, abs=1e-4 * (_range(sites) or 1))
        assert after.se == pytest.approx(before.se, rel=1e-3)
        assert after.shares[-1] < 1e-8


@pytest.mark.parametrize("method", [common, reml, paule_mandel, dersimonian_laird])
def test_tau2_of_what_cannot_be_combined_is_refused(method: object) -> None:
    assert callable(method)
    for effects, variances, words in (
        ([], [], "no site"),
        ([1.0], [1.0], "one site"),
        ([1.0, 2.0], [0.0, 1.0], "variance 0"),
        ([1.0, 2.0], [1.0, -1.0], "below zero"),
        ([1.0, 2.0], [1.0], "one variance"),
    ):
        with pytest.raises(ValueError, match=words):
            method(effects, variances)
