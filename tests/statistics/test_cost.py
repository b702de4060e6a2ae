from decimal import Decimal
from fractions import Fraction

import pytest

from registry.statistics.cost import BALLARD2020, as_published_by_ballard, dollars, formula, shown
from tests.statistics.oracles import oracle

BALLARD = oracle("ballard2020")
RATES = {rate.name: rate.per_minute for rate in BALLARD2020}


def test_the_three_rates_are_the_paper_s() -> None:
    assert {name: Decimal(value) for name, value in BALLARD["published"]["usd_per_min"].items()} == RATES


@pytest.mark.parametrize("rate", sorted(RATES.values()))
@pytest.mark.parametrize(("minutes", "name"), [(62, "models_62min"), (23, "guides_23min")])
def test_dollars_are_minutes_times_the_rate(minutes: int, name: str, rate: Decimal) -> None:
    assert dollars(minutes, rate) == BALLARD["exact_product_usd"][name][str(rate)]


@pytest.mark.parametrize("rate", sorted(RATES.values()))
@pytest.mark.parametrize(("minutes", "name"), [(62, "models"), (23, "guides")])
def test_the_paper_s_own_dollars_follow_from_its_rounding(minutes: int, name: str, rate: Decimal) -> None:
    assert as_published_by_ballard(minutes, rate) == BALLARD["paper_rounding"][name][str(rate)]


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
