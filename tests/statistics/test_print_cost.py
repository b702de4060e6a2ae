from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.print_cost import (
    Equipment,
    Labour,
    Running,
    annuity,
    equipment_per_print,
    print_cost,
    straight_line,
)

TECHNOLOGIST = Labour("technologist", Decimal(90), Decimal(40))
RADIOLOGIST = Labour("radiologist", Decimal(20), Decimal(180))
EQUIPMENT = Equipment(Decimal(300))


def test_the_specification_s_printer_costs_twelve_or_thirteen_thousand_a_year() -> None:
    assert straight_line(Decimal(60_000), 5) == 12_000
    assert round(annuity(Decimal(60_000), 5, Decimal("0.03")), 2) == Decimal("13101.27")
    assert annuity(Decimal(60_000), 5, Decimal(0)) == 12_000


@given(st.integers(1, 10**6), st.integers(1, 15), st.decimals("0.001", "0.2", places=3))
def test_annuities_pay_the_price_and_its_interest_exactly(price: int, years: int, interest: Decimal) -> None:
    owed, payment = Decimal(price), annuity(Decimal(price), years, interest)
    for _ in range(years):
        owed = owed * (1 + interest) - payment
    assert abs(owed) < Decimal("1e-15")


def test_equipment_is_spread_over_the_prints_of_twelve_months() -> None:
    running = Running(maintenance=Decimal(4000), software=Decimal(5000), space=Decimal(3000))
    assert equipment_per_print(Decimal(12_000), running, prints=80, months=12) == Equipment(Decimal(300))
    # Forty prints in six months are eighty a year.
    assert equipment_per_print(Decimal(12_000), running, prints=40, months=6) == Equipment(Decimal(300))


def test_too_little_history_gives_no_equipment_cost() -> None:
    assert equipment_per_print(Decimal(12_000), Running(), prints=40, months=5) == Equipment(
        None, "fewer than 6 months of prints"
    )
    assert equipment_per_print(Decimal(12_000), Running(), prints=0, months=7) == Equipment(
        None, "no prints in the last 7 months"
    )


def test_a_print_costs_labour_by_role_material_outsourcing_and_equipment() -> None:
    found = print_cost([TECHNOLOGIST, RADIOLOGIST], Decimal("55.50"), Decimal(10), EQUIPMENT)
    assert (found.labour, found.total, found.reason) == (120, Decimal("485.50"), "")
    assert print_cost([], Decimal(0), Decimal(0), EQUIPMENT).total == 300


def test_without_equipment_the_total_says_so() -> None:
    found = print_cost([TECHNOLOGIST], Decimal(40), Decimal(0), Equipment(None, "fewer than 6 months of prints"))
    assert (found.equipment, found.total) == (None, 100)
    assert found.reason == "without equipment: fewer than 6 months of prints"


@pytest.mark.parametrize(
    ("labour", "material", "outsourced", "words"),
    [
        (Labour("technologist", None, Decimal(40)), Decimal(1), Decimal(1), "labour"),
        (Labour("technologist", Decimal(90), None), Decimal(1), Decimal(1), "labour"),
        (TECHNOLOGIST, None, Decimal(1), "material"),
        (TECHNOLOGIST, None, None, "material and outsourced printing"),
    ],
)
def test_an_unknown_part_is_not_zero(
    labour: Labour, material: Decimal | None, outsourced: Decimal | None, words: str
) -> None:
    found = print_cost([RADIOLOGIST, labour], material, outsourced, EQUIPMENT)
    assert (found.total, found.reason) == (None, f"the cost of {words} is not known")
    assert found.equipment == 300


def test_lives_rates_and_months_have_bounds() -> None:
    with pytest.raises(ValueError, match="one year"):
        straight_line(Decimal(1), 0)
    with pytest.raises(ValueError, match="one year"):
        annuity(Decimal(1), 0, Decimal("0.1"))
    with pytest.raises(ValueError, match="0 or more"):
        annuity(Decimal(1), 5, Decimal("-0.1"))
    with pytest.raises(ValueError, match="twelve months"):
        equipment_per_print(Decimal(1), Running(), prints=1, months=13)
