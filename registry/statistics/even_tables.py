"""How many prints a year pay the fixed cost at each rate, beside how many there are: at the estimate, and at both limits of the minutes."""

from decimal import Decimal
from fractions import Fraction
from functools import partial

from registry.statistics.cost import Rate, decimal_of, dollars
from registry.statistics.counts import DATA, SITES
from registry.statistics.dollar_tables import AT, PER_MINUTE
from registry.statistics.money import Scenarios, break_even
from registry.statistics.print_cost import FEWEST_MONTHS
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Row, Value
from registry.statistics.savings_tables import number_of
from registry.statistics.two_arms import Difference
from registry.statistics.value_tables import MINUTES, NO_INTERVAL, REMARK, SAVING, Basis, by_rate, known

PRINTS = ("prints", "fewest", "most")
A_YEAR = ("net_a_year", "net_a_year_low", "net_a_year_high")
COLUMNS = (
    *AT,
    PER_MINUTE,
    MINUTES,
    SAVING,
    Column("variable", "Cost of a print without equipment", "money"),
    Column("fixed", "Fixed cost a year", "money"),
    Column("prints", "Prints a year that pay it", "count"),
    Column("fewest", "At the upper limit of the minutes", "count"),
    Column("most", "At the lower limit of the minutes", "count"),
    Column("volume", "Printed cases of the last months", "count"),
    Column("months", "These months", "count"),
    Column("a_year", "Printed cases a year, at that pace", "number"),
    Column("net_a_year", "Net a year, at that pace", "money"),
    Column("net_a_year_low", "Of a year, 95% from", "money"),
    Column("net_a_year_high", "Of a year, 95% to", "money"),
    SITES,
    DATA,
    REMARK,
)
NONE = NoNumber("none: a print saves no more than it costs")
NEW = NoNumber(f"fewer than {FEWEST_MONTHS} months of prints")


def break_even_prints(reading: Reading) -> Result:
    """Prints a year that pay the fixed cost, at each rate."""
    return by_rate(reading, _row)


def _row(basis: Basis, scenario: Scenarios, rate: Rate) -> Row:
    line, costs = basis.line, basis.costs
    saving = basis.saving(rate)
    variable, fixed = (basis.in_currency_of(scenario, amount) for amount in (costs.variable, costs.fixed))
    pace = NEW if costs.a_year is None else decimal_of(costs.a_year)
    return {
        "per_minute": rate.per_minute,
        "minutes": number_of(line.difference.estimate, line),
        "saving": saving,
        "variable": variable,
        "fixed": fixed,
        **known(PRINTS, partial(_pays, line.difference, rate), saving, variable, fixed),
        "volume": costs.volume,
        "months": costs.months,
        "a_year": pace,
        **known(A_YEAR, partial(_net_a_year, line.difference, rate), saving, variable, fixed, pace),
    }


def _pays(found: Difference, rate: Rate, _saving: Decimal, variable: Decimal, fixed: Decimal) -> Row:
    minutes = Fraction(found.estimate or 0)
    even = break_even(fixed, variable, rate.per_minute, minutes=minutes, low=found.low, high=found.high)
    return {
        "prints": NONE if even.prints is None else even.prints,
        "fewest": _at_limit(even.fewest, found.high),
        "most": _at_limit(even.most, found.low),
    }


def _at_limit(prints: int | None, limit: float | None) -> Value:
    if limit is None:
        return NO_INTERVAL
    return NONE if prints is None else prints


def _net_a_year(
    found: Difference, rate: Rate, saving: Decimal, variable: Decimal, fixed: Decimal, pace: Decimal
) -> Row:
    """Pace × net of a print without equipment, less the fixed cost once: at the estimate, and at both limits of the minutes."""

    def left(saved: Decimal) -> Decimal:
        return decimal_of(Fraction(pace) * (Fraction(saved) - Fraction(variable)) - Fraction(fixed))

    low, high = (
        NO_INTERVAL if limit is None else left(dollars(limit, rate.per_minute)) for limit in (found.low, found.high)
    )
    return dict(zip(A_YEAR, (left(saving), low, high), strict=True))
