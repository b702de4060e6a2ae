"""The tables of run charts: one row for each month of a series, with what each chart says of it."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from registry.statistics import run_charts
from registry.statistics.counts import CATEGORY, CATEGORY_WORDS, CLOCK, DATA, in_order
from registry.statistics.over_time import MONTH, caveats_of, label_of
from registry.statistics.provenance import NEITHER
from registry.statistics.reading import WITH_PRINT, Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Unit, Value
from registry.statistics.run_charts import ABOVE, BELOW, NONE, ROW_ABOVE, ROW_BELOW, RUN, XMR, Series
from registry.statistics.savings import ALL
from registry.statistics.savings_tables import SITE
from registry.statistics.strata import MIN_PER_ARM

ONE_AT_A_TIME = "each procedure of each site has a chart of its own: choose a site"
FIRST = "the first month has none before it"
FEW_CONTROLS = f"fewer than {MIN_PER_ARM} controls with a time"
CHARTS = {XMR: "XmR chart", RUN: "Run chart"}
SIGNALS = {
    NONE: "None",
    ABOVE: "Above the upper limit",
    BELOW: "Below the lower limit",
    ROW_ABOVE: "Eight or more in a row above the centre",
    ROW_BELOW: "Eight or more in a row below the centre",
    f"{ABOVE}+{ROW_ABOVE}": "Above the upper limit, and eight or more in a row above the centre",
    f"{BELOW}+{ROW_BELOW}": "Below the lower limit, and eight or more in a row below the centre",
}
DRIFTS = {NONE: "None", ABOVE: "Upwards", BELOW: "Downwards"}
CHANCE = (
    "A signal asks for a reason and proves none: of charts of a steady process about one in eight signals within 24 months by "
    "chance alone, and three in ten within 36."
)
SINGLE = "Months with few cases scatter more than others; the limits are the same for all."


def _columns(value: str, unit: Unit) -> tuple[Column, ...]:
    return (
        Column("n", "Printed cases", "count"),
        Column("value", value, unit),
        Column("centre", "Centre", unit),
        Column("low", "Lower limit", unit),
        Column("high", "Upper limit", unit),
        Column("signal", "Signal", words=SIGNALS),
        Column("moving_range", "Moving range", unit),
        Column("range_high", "Its upper limit", unit),
        Column("ewma", "EWMA", unit),
        Column("ewma_low", "EWMA, lower limit", unit),
        Column("ewma_high", "EWMA, upper limit", unit),
        Column("ewma_signal", "EWMA signals", words=DRIFTS),
        Column("rise", "CUSUM, rise", unit),
        Column("fall", "CUSUM, fall", unit),
        Column("decision", "CUSUM, limit", unit),
        Column("cusum_signal", "CUSUM signals", words=DRIFTS),
        Column("chart", "Chart", words=CHARTS),
        Column("why", "Why no limits"),
    )


PROCEDURES_COLUMNS = (
    SITE,
    Column("category", CATEGORY.heading, words={ALL: "All categories", **CATEGORY_WORDS}),
    CLOCK,
    MONTH,
    *_columns("Mean minutes", "minutes"),
    Column("saved_so_far", "Minutes saved so far", "saved"),
    DATA,
)
ALL_COLUMNS = (SITE, CLOCK, MONTH, *_columns("Standard errors from the usual", "number"), DATA)


def by_procedure(reading: Reading) -> Result:
    """Mean minutes by month for each procedure of a site; the registry, whose sites are too many, gets a line that says so."""
    if reading.scope.site_id is None:
        return _result(reading, [], [_too_many()], PROCEDURES_COLUMNS, ())
    order = (in_order(CATEGORY_WORDS), in_order(dict(CLOCK.words)))
    found = sorted(run_charts.of_procedures(reading), key=lambda each: (order[0](each.category), order[1](each.clock)))
    rows = [
        {"category": each.category, **row, "saved_so_far": _told(saved, FEW_CONTROLS)}
        for each in found
        for row, saved in zip(_rows(reading, each), each.saved, strict=True)
    ]
    return _result(reading, found, rows, PROCEDURES_COLUMNS, (CHANCE, SINGLE))


def over_all_procedures(reading: Reading) -> Result:
    """The line over all procedures by month, for each site and clock."""
    found = run_charts.of_all_procedures(reading)
    rows = [row for each in found for row in _rows(reading, each)]
    return _result(reading, found, rows, ALL_COLUMNS, (CHANCE,))


def _too_many() -> Row:
    figures = dict.fromkeys((column.name for column in PROCEDURES_COLUMNS), NoNumber(ONE_AT_A_TIME))
    return {**figures, "site": ALL, "category": ALL, "clock": "", "month": "", "data": NEITHER}


def _result(
    reading: Reading, found: Sequence[Series], rows: list[Row], columns: tuple[Column, ...], caveats: tuple[str, ...]
) -> Result:
    """Rows in the order of their columns; n and coverage are those of the clock with the most cases."""
    by_clock = {clock: sum(each.n for each in found if each.clock == clock) for clock in {each.clock for each in found}}
    n = max(by_clock.values(), default=0)
    printed = sum(count for (_, _, arm), count in reading.procedures.items() if arm == WITH_PRINT)
    sites = {each.site_id for each in found}
    return Result(
        rows=tuple({column.name: row[column.name] for column in columns} for row in rows),
        n=n,
        sites=len(sites),
        data=reading.data_of(sites),
        coverage=Coverage(n, printed, "printed cases with the procedure recorded are points of a chart"),
        clocks=tuple(sorted(by_clock, key=in_order(dict(CLOCK.words)))),
        caveats=(*caveats, *caveats_of(reading)),
    )


def _rows(reading: Reading, series: Series) -> list[Row]:
    chart = series.judged
    missing = NoNumber(chart.reason)
    ranges = _ranges(series)
    limits = chart.limits
    head: Row = {
        "site": str(reading.sites[series.site_id].code),
        "clock": series.clock,
        "centre": chart.centre,
        "low": limits.low if limits else missing,
        "high": limits.high if limits else missing,
        "range_high": limits.mr_high if limits else missing,
        "chart": chart.kind,
        "why": chart.reason,
        "data": reading.data_of([series.site_id]).kind,
    }
    return [
        {
            **head,
            "month": label_of(reading, each.month),
            "n": each.n,
            "value": each.value,
            "moving_range": ranges[place],
            "signal": chart.signals[place] if limits else missing,
            **_drift(series, place),
        }
        for place, each in enumerate(series.months)
    ]


def _ranges(series: Series) -> list[Value]:
    """From the month before, of those that have a case."""
    values = [each.value for each in series.months]
    return [NoNumber(FIRST), *(abs(after - before) for before, after in pairwise(values))]


def _drift(series: Series, place: int) -> Row:
    """EWMA and CUSUM at one point."""
    moving, sums = series.judged.ewma, series.judged.cusum
    if moving is None or sums is None:
        missing = NoNumber(series.judged.reason)
        names = "ewma ewma_low ewma_high ewma_signal rise fall decision cusum_signal".split()
        return dict.fromkeys(names, missing)
    above, rises = moving.z[place] > moving.high[place], sums.rise[place] > sums.decision
    return {
        "ewma": moving.z[place],
        "ewma_low": moving.low[place],
        "ewma_high": moving.high[place],
        "ewma_signal": NONE if place not in moving.signals else ABOVE if above else BELOW,
        "rise": sums.rise[place],
        "fall": sums.fall[place],
        "decision": sums.decision,
        "cusum_signal": NONE if place not in sums.signals else ABOVE if rises else BELOW,
    }


def _told(value: Fraction | None, reason: str) -> Value:
    return NoNumber(reason) if value is None else float(value)
