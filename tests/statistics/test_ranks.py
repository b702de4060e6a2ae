from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.ranks import (
    DETECTABLE,
    TOO_FEW_CASES,
    SiteValue,
    detectable_difference,
    drawn_ranks,
    expected_ranks,
    may_be_placed,
    places,
    quarters,
    reliability,
)
from tests.statistics.oracles import agrees, oracle

FIVE = oracle("expected_ranks")
MEANS, SDS = [float(m) for m in FIVE["mean"]], [float(s) for s in FIVE["sd"]]
SITES = st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 50)), min_size=1, max_size=12)


def _site(mean: float, sd: float = 5.0, *, n: int = 50, variance: float = 25.0) -> SiteValue:
    return SiteValue(n, n, mean, sd, variance)


def test_expected_ranks_are_those_computed_in_r() -> None:
    agrees(expected_ranks(MEANS, SDS), FIVE["expected_rank"], file="expected_ranks.json")


def test_ten_thousand_draws_agree_with_a_million_of_r() -> None:
    found = drawn_ranks(MEANS, SDS)
    agrees([drawn.mean for drawn in found], FIVE["mc_mean_rank"], file="expected_ranks.json", within=0.03)
    agrees([drawn.low for drawn in found], FIVE["mc_rank_q025"], file="expected_ranks.json", rel=0)
    agrees([drawn.high for drawn in found], FIVE["mc_rank_q975"], file="expected_ranks.json", rel=0)
    # Of five sites one is the top quarter.
    agrees([drawn.top_quarter for drawn in found], FIVE["mc_prob_best"], file="expected_ranks.json", within=0.015)


def test_the_same_seed_draws_the_same_ranks() -> None:
    assert drawn_ranks(MEANS, SDS) == drawn_ranks(MEANS, SDS)
    assert drawn_ranks(MEANS, SDS, seed=1) != drawn_ranks(MEANS, SDS, seed=2)


@given(SITES)
def test_ranks_of_all_sites_sum_to_that_of_a_full_list(sites: list[tuple[float, float]]) -> None:
    k = len(sites)
    ranks = expected_ranks([mean for mean, _ in sites], [sd for _, sd in sites])
    assert sum(ranks) == pytest.approx(k * (k + 1) / 2, rel=1e-9)
    assert all(1 <= rank <= k + 1e-9 for rank in ranks)


def test_known_values_have_plain_ranks_and_equal_ones_share_them() -> None:
    assert expected_ranks([10, 30, 20, 20], [0, 0, 0, 0]) == [4, 1, 2.5, 2.5]


def test_a_quarter_follows_from_the_rank_of_the_mean() -> None:
    assert quarters([80, 70, 60, 50, 40, 30, 20, 10]) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert quarters([10, 20, 30, 40, 50]) == [4, 4, 3, 2, 1]
    assert quarters([5, 5, 5, 5]) == [3, 3, 3, 3]


def test_the_top_quarter_of_eight_known_sites_is_the_first_two() -> None:
    drawn = drawn_ranks([80, 70, 60, 50, 40, 30, 20, 10], [0] * 8, draws=10)
    assert [one.top_quarter for one in drawn] == [1, 1, 0, 0, 0, 0, 0, 0]
    assert [one.low for one in drawn] == [one.high for one in drawn] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_reliability_is_the_share_of_the_spread_that_is_not_chance() -> None:
    assert reliability(30, 10) == 0.75
    assert reliability(0, 10) == 0
    assert reliability(0, 0) == 0


@pytest.mark.parametrize(
    ("n_with", "n_without", "found", "placed"),
    [(11, 11, 0.5, True), (10, 11, 0.5, False), (11, 10, 0.5, False), (500, 500, 0.499, False)],
)
def test_a_site_is_placed_with_eleven_cases_in_both_arms_and_half_reliability(
    n_with: int, n_without: int, found: float, placed: bool
) -> None:
    assert may_be_placed(n_with, n_without, found) is placed


def test_a_place_holds_the_figures_of_those_that_may_be_placed() -> None:
    sites = [_site(mean, sd) for mean, sd in zip(MEANS, SDS, strict=True)]
    few, noisy = _site(99, n=10), _site(99, variance=400)
    found = places([few, *sites[:3], noisy, *sites[3:]], tau2=100.0)
    for place in (found[0], found[4]):
        assert (place.expected_rank, place.quarter, place.top_quarter, place.reason) == (
            None,
            None,
            None,
            TOO_FEW_CASES,
        )
    placed = [found[i] for i in (1, 2, 3, 5, 6)]
    drawn = drawn_ranks(MEANS, SDS)
    assert [place.expected_rank for place in placed] == expected_ranks(MEANS, SDS)
    assert [place.quarter for place in placed] == [1, 2, 3, 4, 4]
    assert [(place.low, place.high, place.top_quarter) for place in placed] == [
        (one.low, one.high, one.top_quarter) for one in drawn
    ]
    assert {place.of for place in found} == {5}
    assert placed[0].reliability == 0.8
    assert placed[0].reason == ""


def test_nobody_is_placed_among_fewer_than_five() -> None:
    found = places([*(_site(mean) for mean in (40, 30, 20, 10)), _site(5, n=3)], tau2=100.0)
    assert all(place.expected_rank is None for place in found)
    assert found[0].reason == "fewer than 5 sites have enough cases to be placed"
    assert found[4].reason == TOO_FEW_CASES


def test_a_reliability_of_seven_tenths_is_good() -> None:
    good, fair = places([_site(1, variance=30), _site(1, variance=31)], tau2=70.0)
    assert good.is_good
    assert not fair.is_good


@pytest.mark.parametrize(("n", "minutes"), [(11, 95.6), (50, 44.8), (250, 20.0), (251, 20.0)])
def test_the_detectable_difference_is_that_of_the_specification(n: int, minutes: float) -> None:
    assert detectable_difference(80, n, n) == pytest.approx(minutes, abs=0.051)
    assert detectable_difference(80, n, 2 * n) == pytest.approx(DETECTABLE * 80 * sqrt(1.5 / n), rel=1e-12)
    assert pytest.approx(2.80, abs=0.005) == DETECTABLE


def test_an_empty_arm_detects_nothing() -> None:
    assert detectable_difference(80, 0, 10) is None


def test_a_mean_needs_its_spread() -> None:
    with pytest.raises(ValueError, match="SD"):
        expected_ranks([1, 2], [1])
    with pytest.raises(ValueError, match="SD"):
        expected_ranks([1, 2], [1, -1])
