"""What the minutes saved are worth at each rate: published ones for everybody, and a site's own in its own figures."""

from decimal import Decimal

from registry.statistics.cost import DOLLAR, Rate, dollars, formula
from registry.statistics.counts import DATA, SITES, share
from registry.statistics.inflation import BASE_YEAR, in_dollars_of
from registry.statistics.money import CALIFORNIA, LITERATURE, Scenarios, direct_only, of_site
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Row, Value
from registry.statistics.savings import Line, lines
from registry.statistics.savings_tables import CAVEATS, COMPARATOR, LINE, head, number_of, result_of

OWN = "site"
SCENARIO = Column(
    "scenario",
    "Rates of",
    words={LITERATURE.name: LITERATURE.label, CALIFORNIA.name: CALIFORNIA.label, OWN: "This site's own rate"},
)
RATE = Column(
    "rate",
    "Rate",
    words={rate.name: rate.label for each in (LITERATURE, CALIFORNIA) for rate in each.rates} | {OWN: "Own"},
)
CURRENCY = Column("currency", "Currency")
YEAR = Column("year", "Year of the rate")
AT = (SCENARIO, RATE, CURRENCY, YEAR)
PER_MINUTE = Column("per_minute", "An OR minute", "number")
COLUMNS = (
    *LINE,
    COMPARATOR,
    *AT,
    Column("n", "Printed cases", "count"),
    PER_MINUTE,
    Column("minutes", "Minutes saved a case", "saved"),
    Column("value", "A case", "money"),
    Column("low", "95% from", "money"),
    Column("high", "95% to", "money"),
    Column("total", "In all", "money"),
    Column("direct", "A case, direct cost only", "money"),
    Column("converted", f"A case, in US dollars of {BASE_YEAR}", "money"),
    Column("formula", "Formula"),
    Column("coverage", "Covered", "share"),
    SITES,
    DATA,
)
FREED = "A freed minute is cash only if it is used again; direct cost only leaves out overhead, which no freed minute spares."
FROM_MINUTES = "The intervals come from the minutes alone; each rate is a scenario, and no scenario widens an interval."
MONEY_CAVEATS = (
    f"Modelled value of operating-room minutes. {FREED} The cost of printing is not subtracted.",
    FROM_MINUTES,
)
DIRECT_ALREADY = NoNumber("direct cost already")
NO_INDEX = NoNumber("the price index is that of US dollars")


def scenarios(reading: Reading) -> list[Scenarios]:
    """The published rates, and in a site's own figures the one it states, in its own currency."""
    own = reading.rates.get(reading.scope.site_id) if reading.scope.site_id is not None else None
    if own is None:
        return [LITERATURE, CALIFORNIA]
    rate = Rate(OWN, "Own", own.per_minute)
    return [LITERATURE, CALIFORNIA, of_site([rate], year=own.year, source=own.source, currency=own.currency)]


def at(scenario: Scenarios, rate: Rate) -> Row:
    """Which rate a row is at."""
    return {"scenario": scenario.name, "rate": rate.name, "currency": scenario.currency, "year": str(scenario.year)}


def dollars_saved(reading: Reading) -> Result:
    """The lines of minutes saved in money, at each rate."""
    found, sets = reading.once(lines), scenarios(reading)
    rows = [_row(reading, line, scenario, rate) for line in found for scenario in sets for rate in scenario.rates]
    return result_of(reading, found, rows, CAVEATS + MONEY_CAVEATS)


def _row(reading: Reading, line: Line, scenario: Scenarios, rate: Rate) -> Row:
    found, place = line.difference, head(line)
    n = place.pop("n")
    return {
        **place,
        **at(scenario, rate),
        "n": n,
        "per_minute": rate.per_minute,
        "minutes": number_of(found.estimate, line),
        **_amounts(line, scenario, rate),
        "coverage": share(found.n_with, line.eligible),
        "sites": line.sites,
        "data": reading.data_of(line.fed_by).kind,
    }


def _amounts(line: Line, scenario: Scenarios, rate: Rate) -> Row:
    found, missing = line.difference, NoNumber(line.difference.reason or line.remark or "not known")
    low, high = (missing if limit is None else dollars(limit, rate.per_minute) for limit in (found.low, found.high))
    if found.estimate is None:
        names = ("value", "low", "high", "total", "direct", "converted", "formula")
        return dict.fromkeys(names, missing)
    value = dollars(found.estimate, rate.per_minute)
    return {
        "value": value,
        "low": low,
        "high": high,
        "total": dollars(found.estimate * found.n_with, rate.per_minute),
        "direct": direct_only(value) if rate.full else DIRECT_ALREADY,
        "converted": _converted(scenario, value),
        "formula": formula(found.estimate, rate.per_minute, scenario.currency),
    }


def _converted(scenario: Scenarios, value: Decimal) -> Value:
    if scenario.currency != DOLLAR:
        return NO_INDEX
    found = in_dollars_of(BASE_YEAR, value, scenario.year)
    return NoNumber(found.reason) if found.amount is None else found.amount
