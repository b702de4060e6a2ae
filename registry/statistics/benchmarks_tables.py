"""The tables of sites beside each other: a row for each site of a category and clock, in the order of the sites' codes."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from registry.statistics.across_sites_tables import of_lines
from registry.statistics.benchmarks import MINUTES, SHARES, Benchmark, Scale, SiteBenchmark, benchmark, lines
from registry.statistics.counts import CATEGORY, CATEGORY_WORDS, CLOCK, DATA
from registry.statistics.ladder import Part
from registry.statistics.pooling import Shrunken
from registry.statistics.ranks import SEED, Place
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Row, Unit, Value
from registry.statistics.savings import ALL
from registry.statistics.savings_tables import CAVEATS
from registry.statistics.two_arms import Difference

INSIDE, OUTSIDE_95, OUTSIDE_998 = "inside", "outside_95", "outside_998"
OUTSIDE = {
    INSIDE: "Inside both",
    OUTSIDE_95: "Outside the 95% limits",
    OUTSIDE_998: "Outside the 99.8% limits: look for a reason",
}
LEVEL_OUTSIDE = {None: INSIDE, 0.95: OUTSIDE_95, 0.998: OUTSIDE_998}
QUARTERS = {"1": "First, of the largest savings", "2": "Second", "3": "Third", "4": "Fourth, of the smallest savings"}
LINE = (Column("category", CATEGORY.heading, words={ALL: "All categories", **CATEGORY_WORDS}), CLOCK)
LOOK = "Outside the 99.8% limits means: look for a reason. It does not mean better or worse."
CHANCE = "Chance alone would put 1 of 20 sites outside the 95% limits."


def se_column(unit: Unit) -> Column:
    return Column("se", "Standard error", "minutes" if unit == "saved" else "number")


def limits_columns(unit: Unit) -> tuple[Column, ...]:
    """The funnel's limits at a site's own size, and which of them it lies outside of."""
    return (
        Column("limit_95_low", "95% limits from", unit),
        Column("limit_95_high", "95% limits to", unit),
        Column("limit_998_low", "99.8% limits from", unit),
        Column("limit_998_high", "99.8% limits to", unit),
        Column("outside", "Limits", words=OUTSIDE),
    )


def shrunken_columns(unit: Unit) -> tuple[Column, ...]:
    return (
        Column("shrunken", "Shrunken value", unit),
        Column("shrunken_low", "Shrunken, 95% from", unit),
        Column("shrunken_high", "Shrunken, 95% to", unit),
        Column("reliability", "Reliability", "number"),
    )


def quarter_columns() -> tuple[Column, ...]:
    return (
        Column("quarter", "Quarter", words=QUARTERS),
        Column("top_quarter", "Probability of the first quarter", "share"),
    )


def _columns(unit: Unit) -> tuple[Column, ...]:
    return (
        *LINE,
        Column("site", "Site"),
        Column("n", "Printed cases", "count"),
        Column("n_without", "Comparator cases", "count"),
        Column("saved", "Own estimate", unit),
        Column("low", "Own, 95% from", unit),
        Column("high", "Own, 95% to", unit),
        se_column(unit),
        Column("effective_n", "Effective n", "number"),
        Column("target", "Mean of the sites", unit),
        *limits_columns(unit),
        *shrunken_columns(unit),
        Column("new_low", "New site, 95% from", unit),
        Column("new_high", "New site, 95% to", unit),
        Column("expected_rank", "Expected rank", "number"),
        Column("rank_low", "Rank, 95% from", "count"),
        Column("rank_high", "Rank, 95% to", "count"),
        Column("placed", "Of sites placed", "count"),
        *quarter_columns(),
        DATA,
        Column("remark", "Remark"),
    )


MINUTES_COLUMNS, SHARE_COLUMNS = _columns("saved"), _columns("share_saved")


def site_benchmarks(reading: Reading) -> Result:
    """Per category and clock, in minutes."""
    return _result(reading, MINUTES)


def site_benchmarks_share(reading: Reading) -> Result:
    """Per clock over all categories, as a share of the minutes without a print."""
    return _result(reading, SHARES)


def _result(reading: Reading, scale: Scale) -> Result:
    every = lines(reading, scale)
    found = [benchmark(line, scale) for line in every if scale.is_for(line)]
    rows = [
        _row(reading, each, site, scale)
        for each in found
        for site in sorted(each.sites, key=lambda site: str(reading.sites[site.site].code))
    ]
    return replace(of_lines(reading, every, rows, (*CAVEATS, LOOK, CHANCE)), seed=SEED)


def _row(reading: Reading, found: Benchmark, site: SiteBenchmark, scale: Scale) -> Row:
    line, few = found.line, NoNumber(found.line.rung.sentence)

    def together(part: Part, value: float | None) -> Value:
        return few if value is None or not line.may_say(part) else scale.shown(value)

    row: Row = {
        "category": line.category,
        "clock": line.clock,
        "site": str(reading.sites[site.site].code),
        **own_cells(site.own, scale),
        "se": site.se,
        "effective_n": site.size,
        "target": together(Part.ESTIMATE, line.pooled.estimate),
        **limit_cells(site.point.limits if site.point else (), site.point.outside if site.point else None, few, scale),
        **shrunken_cells(site.shrunken, few, scale),
        "reliability": site.reliability if site.shrunken else few,
        "new_low": together(Part.PREDICTION, line.pooled.prediction_low),
        "new_high": together(Part.PREDICTION, line.pooled.prediction_high),
        **_place_cells(site.place, few),
        "data": reading.data_of([site.site]).kind,
        "remark": "" if line.may_say(Part.FUNNEL) else line.rung.sentence,
    }
    return {column.name: row[column.name] for column in MINUTES_COLUMNS}


def own_cells(own: Difference, scale: Scale) -> Row:
    """A site's own cases and estimate, with the interval of its own variances."""

    def told(value: Fraction | float | None) -> Value:
        return NoNumber(own.reason) if value is None else scale.shown(float(value))

    return {
        "n": own.n_with,
        "n_without": own.n_without,
        "saved": told(own.estimate),
        "low": told(own.low),
        "high": told(own.high),
    }


def limit_cells(limits: Sequence[tuple[float, float]], outside: float | None, why_none: NoNumber, scale: Scale) -> Row:
    """The funnel's limits at a site's size, and which of them it lies outside of; without limits, `why_none`."""
    names = [column.name for column in limits_columns("saved")]
    if not limits:
        return dict.fromkeys(names, why_none)
    ends = [scale.shown(end) for pair in limits for end in pair]
    return dict(zip(names, [*ends, LEVEL_OUTSIDE[outside]], strict=True))


def shrunken_cells(found: Shrunken | None, why_none: NoNumber, scale: Scale) -> Row:
    """A shrunken value ± 1.96 of its SD; without one, `why_none`."""
    names = ("shrunken", "shrunken_low", "shrunken_high")
    if found is None:
        return dict.fromkeys(names, why_none)
    return {name: scale.shown(end) for name, end in zip(names, (found.estimate, found.low, found.high), strict=True)}


def quarter_cells(quarter: int | None, top_quarter: float | None, why_none: NoNumber) -> Row:
    if quarter is None or top_quarter is None:
        return {"quarter": why_none, "top_quarter": why_none}
    return {"quarter": str(quarter), "top_quarter": top_quarter}


def _place_cells(place: Place | None, few: NoNumber) -> Row:
    names = ("expected_rank", "rank_low", "rank_high")
    if place is None:
        return {**dict.fromkeys(names, few), "placed": few, **quarter_cells(None, None, few)}
    why = NoNumber(place.reason)
    ranks = (place.expected_rank, place.low, place.high)
    return {
        **{name: why if rank is None else rank for name, rank in zip(names, ranks, strict=True)},
        "placed": place.of,
        **quarter_cells(place.quarter, place.top_quarter, why),
    }
