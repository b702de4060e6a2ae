"""The tables of minutes and dollars saved: one row per line, and per rate."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from registry.statistics.compared import NO_COMPARATOR
from registry.statistics.confounding import circumstances, sentences
from registry.statistics.cost import BALLARD2020, dollars, formula
from registry.statistics.counts import CATEGORY, CATEGORY_WORDS, CLOCK, DATA, RECALLED, SITES, share
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Value
from registry.statistics.savings import ALL, Line, lines

COMPARATORS = {
    "A": "A, concurrent controls",
    "B": "B, the site's baseline",
    "A+B": "A and B, each where it is the better",
    NO_COMPARATOR: "None",
}

SITE = Column("site", "Site", words={ALL: "All sites"})
LINE = (SITE, Column("category", CATEGORY.heading, words={ALL: "All categories", **CATEGORY_WORDS}), CLOCK)
COMPARATOR = Column("comparator", "Comparator", words=COMPARATORS)
MINUTES_COLUMNS = (
    *LINE,
    COMPARATOR,
    Column("n", "Printed cases", "count"),
    Column("n_without", "Comparator cases", "count"),
    Column("mean_without", "Mean without", "minutes"),
    Column("mean_with", "Mean with", "minutes"),
    Column("saved", "Minutes saved a case", "saved"),
    Column("se", "Standard error", "minutes"),
    Column("df", "Degrees of freedom", "number"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    Column("total", "Minutes saved in all", "saved"),
    Column("observed_over_expected", "Observed over expected", "number"),
    Column("ratio_low", "O/E, 95% from", "number"),
    Column("ratio_high", "O/E, 95% to", "number"),
    Column("eligible", "Printed cases with the procedure recorded", "count"),
    Column("coverage", "Covered", "share"),
    RECALLED,
    SITES,
    DATA,
    Column("remark", "Remark"),
)
DOLLARS_COLUMNS = (
    *LINE,
    COMPARATOR,
    Column("n", "Printed cases", "count"),
    Column("rate", "Rate", words={rate.name: rate.label for rate in BALLARD2020}),
    Column("per_minute", "Dollars a minute", "dollars"),
    Column("minutes", "Minutes saved a case", "saved"),
    Column("value", "Dollars a case", "dollars"),
    Column("low", "95% from", "dollars"),
    Column("high", "95% to", "dollars"),
    Column("total", "Dollars in all", "dollars"),
    Column("formula", "Formula"),
    Column("coverage", "Covered", "share"),
    SITES,
    DATA,
)
CAVEATS = ("Every printed case counts as printed, whether or not the print was used in the room.",)
"""Beside the sentences of `confounding`, which are composed of the figures."""
MONEY_CAVEATS = (
    "Modelled value of operating-room minutes: a freed minute is cash only if it is used again. The cost of printing is not subtracted.",
    "The intervals come from the minutes alone; the rate is a scenario.",
)


def _number(value: Fraction | float | None, line: Line) -> Value:
    return NoNumber(line.difference.reason or "not known") if value is None else float(value)


def _head(line: Line) -> Row:
    return {
        "site": line.site,
        "category": line.category,
        "clock": line.clock,
        "comparator": line.comparator,
        "n": line.difference.n_with,
    }


def _minutes_row(reading: Reading, line: Line) -> Row:
    found = line.difference
    total = None if found.estimate is None else found.estimate * found.n_with
    return {
        **_head(line),
        "n_without": found.n_without,
        "mean_without": _number(line.mean_without, line),
        "mean_with": _number(line.mean_with, line),
        "saved": _number(found.estimate, line),
        "se": _number(found.se, line),
        "df": _number(found.df, line),
        "low": _number(found.low, line),
        "high": _number(found.high, line),
        "total": _number(total, line),
        "observed_over_expected": _number(line.observed_over_expected.estimate, line),
        "ratio_low": _number(line.observed_over_expected.low, line),
        "ratio_high": _number(line.observed_over_expected.high, line),
        "eligible": line.eligible,
        "coverage": share(found.n_with, line.eligible),
        "recalled": line.recalled,
        "sites": line.sites,
        "data": reading.data_of(line.fed_by).kind,
        "remark": "; ".join(part for part in (line.remark, line.left_out) if part),
    }


def _dollar_rows(reading: Reading, line: Line) -> list[Row]:
    found, rows = line.difference, list[Row]()
    for rate in BALLARD2020:
        missing = NoNumber(line.difference.reason or "not known")
        limits = (missing if limit is None else dollars(limit, rate.per_minute) for limit in (found.low, found.high))
        known = found.estimate is not None
        rows.append(
            {
                **_head(line),
                "rate": rate.name,
                "per_minute": rate.per_minute,
                "minutes": _number(found.estimate, line),
                "value": dollars(found.estimate or 0, rate.per_minute) if known else missing,
                **dict(zip(("low", "high"), limits, strict=True)),
                "total": dollars((found.estimate or 0) * found.n_with, rate.per_minute) if known else missing,
                "formula": formula(found.estimate or 0, rate.per_minute) if known else missing,
                "coverage": share(found.n_with, line.eligible),
                "sites": line.sites,
                "data": reading.data_of(line.fed_by).kind,
            }
        )
    return rows


def minutes_saved(reading: Reading) -> Result:
    """Minutes saved per site, category and clock, and the lines over them."""
    found = lines(reading)
    return result_of(reading, found, [_minutes_row(reading, line) for line in found], CAVEATS)


def dollars_saved(reading: Reading) -> Result:
    """The same lines in US dollars at each rate."""
    found = lines(reading)
    return result_of(
        reading, found, [row for line in found for row in _dollar_rows(reading, line)], CAVEATS + MONEY_CAVEATS
    )


def result_of(reading: Reading, found: Sequence[Line], rows: list[Row], caveats: tuple[str, ...]) -> Result:
    """n and coverage are those of the line over everything, by the clock with the most printed cases."""
    overall = max(
        (line for line in found if line.category == ALL), key=lambda line: line.difference.n_with, default=None
    )
    n, eligible, sites = (overall.difference.n_with, overall.eligible, overall.sites) if overall else (0, 0, 0)
    comparators = {line.comparator for line in found if line.comparator in {"A", "B"}}
    coverage = Coverage(n, eligible, "printed cases with the procedure recorded have a time and a comparator")
    clocks = tuple(dict.fromkeys(line.clock for line in found))
    beside = circumstances(
        reading,
        comparators=comparators,
        coverage=coverage,
        sites=len({site for line in found for site in line.fed_by}),
        clocks=clocks,
        intervals=sum(isinstance(row["low"], float | Decimal) for row in rows),
    )
    return Result(
        rows=tuple(rows),
        n=n,
        sites=sites,
        data=reading.data_of(site for line in found for site in line.fed_by),
        coverage=coverage,
        clocks=clocks,
        comparators=tuple(sorted(comparators)),
        caveats=(*sentences(beside), *caveats),
    )
