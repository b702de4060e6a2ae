from decimal import Decimal
from fractions import Fraction

import pytest

from registry.statistics.cost import BALLARD2020, as_published_by_ballard, dollars, formula, shown
from tests.statistics.oracles import agrees, oracle

BALLARD = oracle("ballard2020")
RATES = {rate.name: rate.per_minute for rate in BALLARD2020}


def test_the_three_rates_are_the_paper_s() -> None:
    agrees(RATES, BALLARD["published"]["usd_per_min"], file="ballard2020.json", rel=0)


@pytest.mark.parametrize("rate", sorted(RATES.values()))
@pytest.mark.parametrize(("minutes", "name"), [(62, "models_62min"), (23, "guides_23min")])
def test_dollars_are_minutes_times_the_rate(minutes: int, name: str, rate: Decimal) -> None:
    agrees(dollars(minutes, rate), BALLARD["exact_product_usd"][name][str(rate)], file="ballard2020.json", rel=0)


@pytest.mark.parametrize("rate", sorted(RATES.values()))
@pytest.mark.parametrize(("minutes", "name"), [(62, "models"), (23, "guides")])
def test_the_paper_s_own_dollars_follow_from_its_rounding(minutes: int, name: str, rate: Decimal) -> None:
    expected = BALLARD["paper_rounding"][name][str(rate)]
    agrees(as_published_by_ballard(minutes, rate), expected, file="ballard2020.json", rel=0)


@pytest.mark.parametrize("kind", ["model", "guide"])
def test_the_two_amounts_that_the_paper_prints_are_these(kind: str) -> None:
    printed = BALLARD["published"]
    found = as_published_by_ballard(printed[f"{kind}_minutes"], RATES["mean"])
    agrees(found, printed[f"{kind}_usd_per_case"], file="ballard2020.json", rel=0)


def test_rounding_is_half_up_and_only_when_shown() -> None:
    assert [shown(Decimal(text)) for text in ("0.5", "1.5", "-2.5", "-0.4", "1234.49")] == [
        "$1",
        "$2",
        "−$3",
        "$0",
        "$1,234",
    ]
    assert dollars(Fraction(1, 3), Decimal(62)) == Decimal("20.66666666666666666666666667")


def test_the_formula_is_one_that_a_reader_can_check() -> None:
    assert formula(62, Decimal(62)) == "62 min × $62/min = $3,844"
    assert formula(Fraction(70, 3), Decimal(62)) == "23.3333 min × $62/min = $1,447"
    assert formula(-4.4, Decimal("37.45")) == "−4.4 min × $37.45/min = −$165"
