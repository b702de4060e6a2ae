"""What saved minutes are worth, net of the print: three named scenario sets, net amounts, and how many prints pay for the rest.

Dollars of one scenario are never mixed with another's, and a scenario's spread never widens an interval, which is that of the
minutes alone. Amounts are in the scenario's currency, of its year, unrounded (28 digits); a freed minute is cash only if it is used
again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

from registry.statistics.cost import BALLARD2020, BALLARD2020_SOURCE, DOLLAR, Rate, decimal_of

DIRECT_SHARE = {"inpatient": Decimal("0.546"), "ambulatory": Decimal("0.591")}
"""Of an OR minute's full cost, what is not overhead (Childers 2018)."""


@dataclass(frozen=True)
class Scenarios:
    """Named rates of one source, low to high, in `currency` of `year`."""

    name: str
    label: str
    year: int
    rates: tuple[Rate, ...]
    source: str
    currency: str = DOLLAR


@dataclass(frozen=True)
class BreakEven:
    """Prints a year that pay the fixed cost: at the estimate, at the upper limit of the minutes and at the lower one.

    None means that no number of prints does, and `reason` says so.
    """

    prints: int | None
    fewest: int | None
    most: int | None
    reason: str = ""


LITERATURE = Scenarios("ballard2020", "Literature, Ballard 2020", 2019, BALLARD2020, BALLARD2020_SOURCE)
CALIFORNIA = Scenarios(
    "childers2018",
    "California hospitals, Childers 2018",
    2014,
    (
        Rate("direct", "Direct cost only", Decimal(20), full=False),
        Rate("inpatient", "Inpatient", Decimal("37.45")),
        Rate("non_teaching", "Non-teaching hospitals", Decimal("38.29")),
    ),
    "Childers & Maggard-Gibbons, JAMA Surg 2018;153(4):e176233, fiscal year 2014",
)


def of_site(rates: Sequence[Rate], *, year: int, source: str, currency: str = DOLLAR) -> Scenarios:
    """A site's own set `site`, low to high. Raises ValueError without rates, or for a rate that is not above 0."""
    if not rates or any(rate.per_minute <= 0 for rate in rates):
        raise ValueError("A site's scenarios need rates above 0 a minute.")
    ordered = tuple(sorted(rates, key=lambda rate: rate.per_minute))
    return Scenarios("site", "This site", year, ordered, source, currency)


def direct_only(amount: Decimal, setting: Literal["inpatient", "ambulatory"] = "inpatient") -> Decimal:
    """The part of a full-cost amount that is direct cost, to stand beside it."""
    return decimal_of(Fraction(amount) * Fraction(DIRECT_SHARE[setting]))


def net(saving: Decimal, print_cost: Decimal) -> Decimal:
    """Saving minus print cost, of one used print."""
    return decimal_of(Fraction(saving) - Fraction(print_cost))


def net_per_order(saving: Decimal, print_cost: Decimal, *, used: int, ordered: int) -> Decimal | None:
    """Intention to print: (used / ordered)·saving − cost, as every order costs and only a used print saves.

    None without orders. Raises ValueError unless 0 ≤ used ≤ ordered.
    """
    if not 0 <= used <= ordered:
        raise ValueError("Used prints are at most those ordered.")
    if not ordered:
        return None
    return decimal_of(Fraction(used, ordered) * Fraction(saving) - Fraction(print_cost))


def variance_of_dollars(minutes: float, v_minutes: float, rate: float, v_rate: float) -> float:
    """Var(mc) = m²·Vc + c²·Vm + Vm·Vc in square dollars, for a rate that is itself estimated, independently of the minutes."""
    return minutes**2 * v_rate + rate**2 * v_minutes + v_minutes * v_rate


def prints_to_break_even(fixed: Decimal, saving: Decimal | Fraction, variable: Decimal) -> int | None:
    """⌈F / (saving − variable)⌉ prints a year; None where a print saves no more than it costs.

    Raises ValueError for a fixed cost below 0.
    """
    if fixed < 0:
        raise ValueError("A fixed cost is 0 or more.")
    gain = Fraction(saving) - Fraction(variable)
    return ceil(Fraction(fixed) / gain) if gain > 0 else None


def break_even(
    fixed: Decimal,
    variable: Decimal,
    rate: Decimal,
    *,
    minutes: Fraction | float,
    low: float | None = None,
    high: float | None = None,
) -> BreakEven:
    """The number at the minutes saved and, put through the same formula, at their interval's limits.

    Many minutes need few prints: `fewest` is that at `high`. None in `low` or `high` is an unknown interval.
    """

    def at(value: Fraction | float) -> int | None:
        return prints_to_break_even(fixed, Fraction(value) * Fraction(rate), variable)

    fewest, most = (None if limit is None else at(limit) for limit in (high, low))
    found = at(minutes)
    if found is None:
        return BreakEven(None, fewest, most, "none: a print saves no more than it costs")
    if low is None or high is None:
        return BreakEven(found, fewest, most, "the minutes have no interval, so this number has none")
    return BreakEven(
        found, fewest, most, "" if most is not None else "none at the lower limit: a print saves no more than it costs"
    )
