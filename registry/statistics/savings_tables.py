"""The table of minutes saved, one row per line, and what every table of savings begins with and says beside it."""

from collections.abc import Sequence
from fractions import Fraction

from registry.statistics.compared import NO_COMPARATOR
from registry.statistics.confounding import beside
from registry.statistics.counts import CATEGORY, CATEGORY_WORDS, CLOCK, DATA, RECALLED, SITES, share
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, Result, Row, Value, number_or
from registry.statistics.savings import ALL, Line, headline, lines

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
CAVEATS = ("Every printed case counts as printed, whether or not the print was used in the room.",)
"""Beside the sentences of `confounding`, which are composed of the figures."""


def number_of(value: Fraction | float | None, line: Line) -> Value:
    """The value, or why the line has none."""
    return number_or(line.difference.reason, value)


def head(line: Line) -> Row:
    """What a line is of."""
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
        **head(line),
        "n_without": found.n_without,
        "mean_without": number_of(line.mean_without, line),
        "mean_with": number_of(line.mean_with, line),
        "saved": number_of(found.estimate, line),
        "se": number_of(found.se, line),
        "df": number_of(found.df, line),
        "low": number_of(found.low, line),
        "high": number_of(found.high, line),
        "total": number_of(total, line),
        "observed_over_expected": number_of(line.observed_over_expected.estimate, line),
        "ratio_low": number_of(line.observed_over_expected.low, line),
        "ratio_high": number_of(line.observed_over_expected.high, line),
        "eligible": line.eligible,
        "coverage": share(found.n_with, line.eligible),
        "recalled": line.recalled,
        "sites": line.sites,
        "data": reading.data_of(line.fed_by).kind,
        "remark": "; ".join(part for part in (line.remark, line.left_out) if part),
    }


def minutes_saved(reading: Reading) -> Result:
    """Minutes saved per site, category and clock, and the lines over them."""
    found = reading.once(lines)
    return result_of(reading, found, [_minutes_row(reading, line) for line in found], CAVEATS)


def result_of(reading: Reading, found: Sequence[Line], rows: list[Row], caveats: tuple[str, ...]) -> Result:
    """n and coverage are those of the line over everything, by the clock with the most printed cases."""
    overall = headline(found)
    n, eligible, sites = (overall.difference.n_with, overall.eligible, overall.sites) if overall else (0, 0, 0)
    result = Result(
        rows=tuple(rows),
        n=n,
        sites=sites,
        data=reading.data_of(site for line in found for site in line.fed_by),
        coverage=Coverage(n, eligible, "printed cases with the procedure recorded have a time and a comparator"),
        clocks=tuple(dict.fromkeys(line.clock for line in found)),
        comparators=tuple(sorted(frozenset[str]().union(*(line.comparators for line in found)))),
        caveats=caveats,
    )
    return beside(reading, result)
