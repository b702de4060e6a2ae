from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.cost import Rate, dollars
from registry.statistics.money import (
    CALIFORNIA,
    LITERATURE,
    BreakEven,
    break_even,
    direct_only,
    net,
    net_per_order,
    of_site,
    prints_to_break_even,
    variance_of_dollars,
)
from tests.statistics.oracles import agrees, oracle

BALLARD = oracle("ballard2020")
EVEN = BALLARD["breakeven"]
CHILDERS = oracle("cost_reference")["childers2018"]
VALUES = st.lists(st.integers(-50, 50), min_size=2, max_size=4)


def test_the_scenario_sets_are_the_published_ones_with_their_years() -> None:
    assert (LITERATURE.name, LITERATURE.year) == ("ballard2020", 2019)
    assert [rate.per_minute for rate in LITERATURE.rates] == [22, 62, 133]
    assert (CALIFORNIA.name, CALIFORNIA.year) == ("childers2018", 2014)
    direct, *rates = (rate.per_minute for rate in CALIFORNIA.rates)
    assert direct == 20
    expected = [CHILDERS["inpatient_usd_per_min_FY2014"], CHILDERS["non_teaching"]]
    agrees(rates, expected, file="cost_reference.json", rel=0)


def test_the_direct_share_of_the_mean_is_the_twenty_dollars_of_the_direct_scenario() -> None:
    inpatient, ambulatory = CHILDERS["inpatient_usd_per_min_FY2014"], CHILDERS["ambulatory"]
    found = [direct_only(inpatient), direct_only(ambulatory, "ambulatory")]
    expected = [inpatient * CHILDERS["direct_share_inpatient"], ambulatory * CHILDERS["direct_share_ambulatory"]]
    agrees(found, expected, file="cost_reference.json", rel=0)
    assert [round(amount) for amount in found] == [20, 21]


def test_a_site_s_own_rates_are_a_set_from_low_to_high() -> None:
    high, low = Rate("high", "High", Decimal(90)), Rate("low", "Low", Decimal(30))
    found = of_site([high, low], year=2024, source="Finance department")
    assert (found.name, found.year, found.rates, found.source) == ("site", 2024, (low, high), "Finance department")


@pytest.mark.parametrize("rates", [[], [Rate("mean", "Mean", Decimal(0))]])
def test_a_site_s_rates_are_above_0(rates: list[Rate]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        of_site(rates, year=2024, source="")


def test_net_is_saving_minus_print() -> None:
    assert net(dollars(62, Decimal(62)), Decimal(2200)) == 1644
    assert net(Decimal(1426), Decimal(2200)) == -774


def test_every_order_costs_and_only_a_used_print_saves() -> None:
    # Cincinnati: 68 of 78 used, almost $3,000 saved and about $2,200 a model.
    per_order = net_per_order(Decimal(3000), Decimal(2200), used=68, ordered=78)
    assert per_order is not None
    assert 78 * Fraction(per_order) == pytest.approx(68 * 3000 - 78 * 2200, rel=1e-12)
    assert net_per_order(Decimal(3000), Decimal(2200), used=78, ordered=78) == net(Decimal(3000), Decimal(2200))
    assert net_per_order(Decimal(3000), Decimal(2200), used=0, ordered=0) is None


@pytest.mark.parametrize(("used", "ordered"), [(2, 1), (-1, 1)])
def test_used_prints_were_ordered(used: int, ordered: int) -> None:
    with pytest.raises(ValueError, match="at most those ordered"):
        net_per_order(Decimal(1), Decimal(1), used=used, ordered=ordered)


@given(VALUES, VALUES)
def test_the_variance_of_minutes_times_a_rate_is_that_of_independent_values(
    minutes: list[int], rates: list[int]
) -> None:
    def moments(values: list[int]) -> tuple[Fraction, Fraction]:
        mean = Fraction(sum(values), len(values))
        return mean, sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)

    _, expected = moments([minute * rate for minute, rate in product(minutes, rates)])
    (m, v_m), (c, v_c) = moments(minutes), moments(rates)
    found = variance_of_dollars(float(m), float(v_m), float(c), float(v_c))
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("example", EVEN["examples"])
def test_break_even_numbers_are_those_of_the_formula(example: dict[str, Any]) -> None:
    found = prints_to_break_even(Decimal(example["F"]), Decimal(example["saving"]), Decimal(example["variable"]))
    agrees(found, example["N"], file="ballard2020.json", rel=0)


@pytest.mark.parametrize(
    ("saving", "range_of_fixed"),
    [
        (BALLARD["published"]["model_usd_per_case"], EVEN["implied_annual_fixed_cost_if_models_at_3720"]),
        (BALLARD["published"]["guide_usd_per_case"], EVEN["implied_if_guides_at_1488"]),
    ],
)
def test_the_published_63_a_year_imply_a_range_of_fixed_cost(saving: int, range_of_fixed: dict[str, int]) -> None:
    a_year = BALLARD["published"]["breakeven_per_year"]
    at = [prints_to_break_even(Decimal(fixed), Decimal(saving), Decimal(0)) for fixed in range_of_fixed.values()]
    agrees(at, [a_year - 1, a_year], file="ballard2020.json", rel=0)
    above = prints_to_break_even(Decimal(range_of_fixed["gt"]) + Decimal("0.01"), Decimal(saving), Decimal(0))
    agrees(above, a_year, file="ballard2020.json", rel=0)


def test_the_specification_s_break_even_is_put_through_the_minutes_interval() -> None:
    found = break_even(Decimal(100_000), Decimal(700), Decimal(62), minutes=23.31, low=8.97, high=37.66)
    reason = "none at the lower limit: a print saves no more than it costs"
    assert found == BreakEven(prints=135, fewest=62, most=None, reason=reason)


def test_break_even_says_none_and_keeps_what_the_upper_limit_gives() -> None:
    found = break_even(Decimal(100_000), Decimal(1600), Decimal(62), minutes=23.31, low=8.97, high=37.66)
    assert found == BreakEven(None, 137, None, "none: a print saves no more than it costs")


def test_break_even_without_an_interval_says_so() -> None:
    found = break_even(Decimal(100_000), Decimal(700), Decimal(62), minutes=Fraction(2331, 100))
    assert found == BreakEven(135, None, None, "the minutes have no interval, so this number has none")


def test_break_even_with_both_limits_needs_no_words() -> None:
    assert break_even(Decimal(1000), Decimal(0), Decimal(10), minutes=20, low=10.0, high=25.0) == BreakEven(5, 4, 10)
    assert break_even(Decimal(0), Decimal(0), Decimal(10), minutes=20, low=10.0, high=25.0) == BreakEven(0, 0, 0)


def test_a_print_that_saves_no_more_than_it_costs_never_breaks_even_though_nothing_is_fixed() -> None:
    for variable in (700, 800):
        assert prints_to_break_even(Decimal(0), Decimal(700), Decimal(variable)) is None


def test_a_saving_that_only_pays_for_the_print_never_breaks_even() -> None:
    assert prints_to_break_even(Decimal(1), Decimal(700), Decimal(700)) is None
    with pytest.raises(ValueError, match="fixed cost"):
        prints_to_break_even(Decimal(-1), Decimal(700), Decimal(0))


@given(st.integers(1, 10**6), st.integers(1, 5000))
def test_the_break_even_number_is_the_smallest_that_pays(fixed: int, gain: int) -> None:
    n = prints_to_break_even(Decimal(fixed), Decimal(gain + 300), Decimal(300))
    assert n is not None
    assert (n - 1) * gain < fixed <= n * gain


def test_one_rule_alone_gives_both_of_the_paper_s_amounts() -> None:
    published, alone = BALLARD["published"], BALLARD["alternatives_that_fit_only_one"]
    for key, minutes in (("model_usd_per_case", 62), ("guide_usd_per_case", 23)):
        rate = Decimal(str(alone[f"{published[key]}/{minutes}min"]))
        agrees(dollars(minutes, rate), published[key], file="ballard2020.json")
