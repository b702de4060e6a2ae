from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.inflation import Converted, cpi, in_dollars_of
from tests.statistics.oracles import agrees, oracle, table

YEARS = st.sampled_from(sorted(cpi()))


@pytest.mark.parametrize("example", oracle("cost_reference")["examples"])
def test_dollars_of_another_year_are_those_of_the_price_index(example: dict[str, Any]) -> None:
    found = in_dollars_of(example["to"], Decimal(example["usd"]), example["from"])
    agrees(found.amount, example["expected"], file="cost_reference.json")
    assert (found.from_year, found.base_year, found.reason) == (example["from"], example["to"], "")


def test_the_specification_s_amounts_are_these_to_the_cent() -> None:
    amounts = [in_dollars_of(2024, Decimal(62), 2019).amount, in_dollars_of(2024, Decimal("37.45"), 2014).amount]
    assert [round(amount, 2) for amount in amounts if amount] == [Decimal("76.07"), Decimal("49.62")]


def test_the_table_is_the_one_that_agreeing_transcriptions_give() -> None:
    expected = {int(row["year"]): Decimal(row["cpi_u_all_items_1982_84_100"]) for row in table("cpi_u_annual")}
    agrees(cpi(), expected, file="cpi_u_annual.csv", rel=0)


@pytest.mark.parametrize(
    ("from_year", "to", "years"),
    [(2019, 2025, "2025"), (2004, 2024, "2004"), (2026, 2004, "2004 and 2026"), (2025, 2025, "2025")],
)
def test_a_year_that_is_not_in_the_table_is_refused(from_year: int, to: int, years: str) -> None:
    expected = Converted(None, from_year, to, f"the price index of {years} is not in the table")
    assert in_dollars_of(to, Decimal(62), from_year) == expected


def test_another_table_is_used_instead_when_given() -> None:
    prices = {2019: Decimal(100), 2025: Decimal(150)}
    assert in_dollars_of(2025, Decimal(62), 2019, table=prices).amount == 93
    assert in_dollars_of(2024, Decimal(62), 2019, table=prices).amount is None


@given(st.decimals(1, 10_000, places=2), YEARS, YEARS)
def test_there_and_back_is_the_same_amount(amount: Decimal, one: int, other: int) -> None:
    there = in_dollars_of(other, amount, one).amount
    assert there is not None
    back = in_dollars_of(one, there, other).amount
    assert back is not None
    assert abs(Fraction(back) - Fraction(amount)) < Fraction(1, 10**15)
