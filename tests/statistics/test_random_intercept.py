from collections import defaultdict
from collections.abc import Callable
from math import log, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.random_intercept import RandomIntercept, random_intercept
from registry.statistics.regression import Cell, Sums, fit
from tests.statistics.oracles import agrees, oracle, table

LME4 = oracle("mixed_models")
Rows = dict[str, list[Cell]]


def _ones(_: dict[str, str]) -> tuple[float, ...]:
    return (1,)


def _days(row: dict[str, str]) -> tuple[float, ...]:
    return (1, int(row["Days"]))


DATA: dict[str, tuple[str, str, str, Callable[[dict[str, str]], tuple[float, ...]], int]] = {
    "sleepstudy_random_intercept": ("sleepstudy", "Subject", "Reaction", _days, 10_000),
    "dyestuff": ("dyestuff", "Batch", "Yield", _ones, 1),
    "dyestuff2": ("dyestuff2", "Batch", "Yield", _ones, 1000),
}


def _found(name: str) -> tuple[RandomIntercept, int, int]:
    """The fit of whole numbers, the power of ten that made them whole, and N − p."""
    file_name, group, y, columns, scale = DATA[name]
    by_group: Rows = defaultdict(list)
    for row in table(file_name):
        by_group[row[group]].append((columns(row), Histogram.of([round(float(row[y]) * scale)])))
    sums = [Sums.of_minutes(cells) for cells in by_group.values()]
    return random_intercept(sums), scale, sum(site.n for site in sums) - len(sums[0].xy)


@pytest.mark.parametrize("name", sorted(DATA))
def test_coefficients_and_their_errors_are_those_of_lme4(name: str) -> None:
    found, scale, _ = _found(name)
    for place, expected in enumerate(LME4[name]["coef"]):
        agrees(found.coefficients[place] / scale, expected["est"], file="mixed_models.json")
        # The degrees of freedom of lmerTest come from differences of numbers.
        numbers = [sqrt(found.covariance[place, place]) / scale, found.df[place]]
        agrees(numbers, [expected["se"], expected["df_satt"]], file="mixed_models.json", rel=1e-7)


@pytest.mark.parametrize("name", sorted(DATA))
def test_variances_and_the_criterion_are_those_of_lme4(name: str) -> None:
    found, scale, freedom = _found(name)
    expected = [part["vcov"] for part in LME4[name]["vc"]]
    agrees([found.between / scale**2, found.within / scale**2], expected, file="mixed_models.json", rel=1e-7)
    agrees(found.criterion - 2 * freedom * log(scale), LME4[name]["REMLcrit"], file="mixed_models.json")


@pytest.mark.parametrize("name", [name for name in sorted(DATA) if "ranef" in LME4[name]])
def test_the_heights_of_the_sites_are_those_of_lme4(name: str) -> None:
    found, scale, _ = _found(name)
    agrees([effect / scale for effect in found.effects], LME4[name]["ranef"], file="mixed_models.json", rel=1e-7)


def test_the_slope_of_the_sleep_study_has_the_interval_of_kenward_and_roger() -> None:
    found, scale, _ = _found("sleepstudy_random_intercept")
    [expected] = LME4["sleepstudy_random_intercept"]["KR"]
    interval = found.interval(1)
    assert interval.estimate is not None
    assert interval.low is not None
    assert interval.high is not None
    se = sqrt(found.covariance[1, 1])
    exact = {"Estimate": interval.estimate / scale, "df": found.df[1]}
    agrees(exact, {name: expected[name] for name in exact}, file="mixed_models.json")
    numbers = {
        "Std. Error": se / scale,
        "t value": float(interval.estimate) / se,
        "lower": interval.low / scale,
        "upper": interval.high / scale,
    }
    agrees(numbers, {name: expected[name] for name in numbers}, file="mixed_models.json", rel=1e-7)


def test_balanced_sites_have_the_variances_of_the_analysis_of_variance() -> None:
    groups = [[100, 120, 131], [150, 166, 170], [90, 95, 130], [200, 180, 190]]
    found = random_intercept([Sums.of_minutes([((1,), Histogram.of(group))]) for group in groups])
    within = float(np.mean([np.var(group, ddof=1) for group in groups]))
    means = [float(np.mean(group)) for group in groups]
    assert found.within == pytest.approx(within, rel=1e-9)
    assert found.between == pytest.approx(np.var(means, ddof=1) - within / 3, rel=1e-9)
    assert found.df[0] == pytest.approx(3, rel=1e-9)
    assert found.interval(0).estimate == pytest.approx(np.mean(means))


SITES = st.lists(
    st.lists(st.tuples(st.booleans(), st.integers(60, 400)), min_size=2, max_size=9), min_size=3, max_size=6
)


def _direct(sites: list[list[tuple[bool, int]]], tau2: float, sigma2: float) -> float:
    """−2 log REML from the whole covariance matrix."""
    x = np.array([(1.0, float(printed)) for site in sites for printed, _ in site])
    y = np.array([float(minute) for site in sites for _, minute in site])
    place = np.repeat(np.arange(len(sites)), [len(site) for site in sites])
    v = sigma2 * np.eye(len(y)) + tau2 * (place[:, None] == place)
    inverse = np.linalg.inv(v)
    a = x.T @ inverse @ x
    beta = np.linalg.solve(a, x.T @ inverse @ y)
    rest = y - x @ beta
    fixed = np.linalg.slogdet(v)[1] + np.linalg.slogdet(a)[1] + (len(y) - 2) * log(2 * pi)
    return float(fixed + rest @ inverse @ rest)


@settings(deadline=None, max_examples=60)
@given(SITES)
def test_no_other_variances_have_a_lower_criterion(sites: list[list[tuple[bool, int]]]) -> None:
    sums = [Sums.of_minutes([((1, p), Histogram.of([minute])) for p, minute in site]) for site in sites]
    try:
        found = random_intercept(sums)
    except ValueError:
        return
    best = _direct(sites, found.between, found.within)
    assert found.criterion == pytest.approx(best, rel=1e-6, abs=1e-6)
    for factor in (0.5, 0.9, 1.1, 2):
        assert _direct(sites, found.between, found.within * factor) > best - 1e-6
        assert _direct(sites, found.between * factor, found.within) > best - 1e-6
    for part in (0.01, 0.1, 1, 10):
        assert _direct(sites, found.between + part * found.within, found.within) > best - 1e-6


def test_of_two_valleys_of_the_criterion_the_deeper_is_taken() -> None:
    # Two large sites alike make a valley at 0; a third, of one case far below, makes a deeper one beyond a hill.
    sites = [Histogram.of([115, 125] * 10), Histogram.of([115, 125] * 10), Histogram.of([100])]
    found = random_intercept([Sums.of_minutes([((1,), minutes)]) for minutes in sites])
    alone = fit(Sums.of_minutes([((1,), minutes) for minutes in sites]))
    at_zero = log(alone.n) + alone.df * (1 + log(2 * pi * alone.variance))
    assert found.criterion == pytest.approx(at_zero - 4.644838, abs=1e-5)
    assert found.between / found.within == pytest.approx(3.996, abs=0.001)


def test_degrees_of_freedom_of_unequal_sites_are_satterthwaite_s() -> None:
    """Against second derivatives of the whole likelihood, taken by differences."""
    sites = [
        [(False, 100), (True, 92), (True, 85), (False, 131)],
        [(False, 150), (True, 166)],
        [(False, 90), (False, 95), (False, 130), (True, 88), (True, 79), (True, 101)],
        [(True, 200), (False, 180), (True, 190)],
    ]
    found = random_intercept([Sums.of_minutes([((1, p), Histogram.of([y])) for p, y in site]) for site in sites])
    at = np.array([found.between, found.within])
    steps = np.diag(at * 1e-3)

    def variances(of: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        x = np.array([(1.0, float(p)) for site in sites for p, _ in site])
        place = np.repeat(np.arange(len(sites)), [len(site) for site in sites])
        v = of[1] * np.eye(len(x)) + of[0] * (place[:, None] == place)
        return np.linalg.inv(x.T @ np.linalg.inv(v) @ x).diagonal()

    hessian = np.array(
        [
            [
                sum(a * b * _direct(sites, *(at + a * one + b * two)) for a in (-1, 1) for b in (-1, 1))
                / (4 * one.sum() * two.sum())
                for one in steps
            ]
            for two in steps
        ]
    )
    gradients = np.array([(variances(at + one) - variances(at - one)) / (2 * one.sum()) for one in steps])
    for place in (0, 1):
        spread = gradients[:, place] @ (2 * np.linalg.inv(hessian)) @ gradients[:, place]
        assert found.df[place] == pytest.approx(2 * variances(at)[place] ** 2 / spread, rel=1e-4)


def test_a_site_without_cases_keeps_its_place_and_has_no_height() -> None:
    sums = [Sums.of_minutes([((1,), Histogram.of(site))]) for site in ([100, 120], [], [150, 166], [90, 95, 130])]
    found = random_intercept(sums)
    without = random_intercept([sums[0], *sums[2:]])
    assert found.effects == pytest.approx([without.effects[0], 0, *without.effects[1:]], rel=1e-9)
    assert found.df == pytest.approx(without.df, rel=1e-9)


def test_sites_that_do_not_differ_give_the_line_of_all_cases() -> None:
    site: list[Cell] = [((1, 0), Histogram.of([100, 140])), ((1, 1), Histogram.of([90, 115]))]
    sums = [Sums.of_minutes(site)] * 3
    found, plain = random_intercept(sums), fit(sums[0] + sums[1] + sums[2])
    assert found.between == 0
    assert found.effects == (0, 0, 0)
    assert found.coefficients.tolist() == pytest.approx(plain.coefficients.tolist(), rel=1e-12)
    assert found.covariance.tolist() == [pytest.approx(row, rel=1e-12) for row in plain.covariance.tolist()]
    assert found.df == (plain.df, plain.df)


def test_what_has_no_answer_is_refused() -> None:
    def site(*minutes: int) -> Any:
        return Sums.of_minutes([((1,), Histogram.of(minutes))])

    empty = Sums.of_minutes([((1,), EMPTY)])
    for sites, words in (
        ([site(90, 100)], "two sites"),
        ([site(90, 100), empty], "two sites"),
        ([site(105), site(115), site(150), site(140)], "One case a site"),
        ([site(90, 90), site(120, 120)], "do not vary"),
        ([site(90, 90), site(90, 90)], "do not vary"),
    ):
        with pytest.raises(ValueError, match=words):
            random_intercept(sites)
    twice = [Sums.of_minutes([((1, 1), Histogram.of([90, 95 + k]))]) for k in range(3)]
    with pytest.raises(ValueError, match="do not determine"):
        random_intercept(twice)
    with pytest.raises(ValueError, match="more cases than columns"):
        random_intercept([Sums.of_minutes([((1, k), Histogram.of([90]))]) for k in range(2)])
