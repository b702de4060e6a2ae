"""Month by month: whether OR times of printed cases stand out from chance, over all procedures and for each."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from math import inf

from registry.reports.tables import Column, NotShown, Table, Unit, Value
from registry.statistics.results import NoNumber, Row, Scope, Statistic
from registry.statistics.run_charts import NONE
from registry.statistics.strata import MIN_PER_ARM
from registry.web.charts.frame import Figure
from registry.web.charts.run import Level, Point, run
from registry.web.charts.time_axis import day_of
from registry.web.numbers import written
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, main_clock, number, with_figure
from registry.web.topics.run_signals import marks, said, signals

SHOWN = ("month", "n", "value", "saved_so_far", "clock", "data")
READING = (
    "Each dot is a month with a printed case; the line is broken where months have none. Triangles lie beyond a dashed limit, "
    "diamonds are the eighth or a further month in a row on one side of the centre; words stand beside them where there is room."
)
PLAIN = (
    "Each dot is a month with a printed case; the line is broken where months have none. There are no limits: {why}."
)
LEAD = (
    "Operations with a print, each against what this procedure usually takes here, so that a month with other procedures, or with "
    "more of them, stands where it belongs. Above 0: longer than usual; below 0: shorter."
)
NO_TIME = "No printed case has an OR time."
NO_USUAL = f"No procedure has {MIN_PER_ARM} printed cases with an OR time, so that none has a usual time."


def over_all(result: Result) -> Panel:
    """The line over all procedures of a site, by the clock with the most cases."""
    if not isinstance(result, Statistic):
        return hidden(result)
    rows = _charted(result)
    table = _month_by_month(result, rows, said(rows) or NO_USUAL)
    return with_figure(result, table, figure(result), reading=_reading(rows))


def by_procedure(result: Result) -> list[Panel]:
    """The procedure with the most printed cases month by month, and a line for each of the procedures."""
    if not isinstance(result, Statistic):
        return [hidden(result)]
    rows = _charted(result)
    finding = (
        f"{label(result, rows[0], 'category')}, the procedure with the most printed cases. {said(rows)}"
        if rows
        else NO_TIME
    )
    table = _month_by_month(result, rows, finding)
    first = with_figure(result, table, figure(result), reading=_reading(rows))
    return [first, _each(result)] if rows else [first]


def figure(result: Statistic) -> Figure | None:
    """The chart of the most frequent series of a site; the registry has one site at a time."""
    rows = _charted(result)
    if not rows:
        return None
    points = [
        Point(day_of(str(row["month"])), number(row, "value") or 0, mark, text, _point_said(result, row))
        for row, (mark, text) in zip(rows, marks(rows), strict=True)
    ]
    by_year = len(str(rows[0]["month"])) == len("2026")
    return run(points, _levels(result, rows[0]), title=_axis(result, rows[0]), by_year=by_year)


def _charted(result: Statistic) -> list[Row]:
    """The series with the most cases, by the clock with the most cases: oldest first."""
    if result.scope == Scope.registry().label:
        return []
    main, _ = main_clock(result.rows)
    return max(_series(main), key=lambda rows: sum(map(count, rows)), default=[])


def _month_by_month(result: Statistic, rows: Sequence[Row], finding: str) -> Table:
    """The points, latest first, with their signals in one column; a plain run chart has none, and the finding says why."""
    latest = rows[::-1]
    table = chosen(result, latest, [name for name in SHOWN if rows and name in rows[0]], finding=finding)
    if not rows or rows[0]["why"]:
        return table
    lines = tuple((*line, _signals_said(result, row)) for line, row in zip(table.rows, latest, strict=True))
    return replace(table, columns=(*table.columns, Column("signals", "Signals")), rows=lines)


def _signals_said(result: Statistic, row: Row) -> str:
    """Of the point itself, of the moving average and of the cumulative sum."""
    own = [label(result, row, "signal")] if signals(row) else []
    drifts = (("ewma_signal", "EWMA"), ("cusum_signal", "CUSUM"))
    found = own + [f"{chart} {label(result, row, name).lower()}" for name, chart in drifts if row[name] != NONE]
    return "; ".join(found) or "None"


def _series(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each procedure; all of them where they are over all procedures."""
    return [list(group) for _, group in groupby(rows, key=lambda row: row.get("category"))]


def _levels(result: Statistic, row: Row) -> list[Level]:
    """The centre, and the limits where there are any; no minutes reach a limit below zero."""
    lowest = 0.0 if _unit(result) == "minutes" else -inf
    names = {"centre": "median" if row["why"] else "mean", "high": "upper limit", "low": "lower limit"}
    return [
        Level(at, text, written(at, _unit(result)), is_limit=name != "centre")
        for name, text in names.items()
        if (at := number(row, name)) is not None and at >= lowest
    ]


def _limits(result: Statistic, row: Row) -> str:
    """Both limits in words, or the one there is."""
    limits = {level.name: level.text for level in _levels(result, row) if level.is_limit}
    if len(limits) == 1:
        return f"up to {limits['upper limit']}"
    return f"{limits['lower limit']} to {limits['upper limit']}" if limits else "none"


def _unit(result: Statistic) -> Unit:
    return next(column.unit for column in result.columns if column.name == "value")


def _axis(result: Statistic, row: Row) -> str:
    heading = next(column.heading for column in result.columns if column.name == "value")
    clock = label(result, row, "clock").partition(" (")[0]
    return f"{heading}, {clock[:1].lower()}{clock[1:]}"


def _point_said(result: Statistic, row: Row) -> str:
    value, noun = written(number(row, "value"), _unit(result)), "case" if count(row) == 1 else "cases"
    signal = "" if not signals(row) else f", signals: {label(result, row, 'signal').lower()}"
    return f"{row['month']}: {value}, {count(row):,} {noun}{signal}"


def _reading(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    return PLAIN.format(why=str(rows[0]["why"]).removesuffix(", so no limits")) if rows[0]["why"] else READING


def _each(result: Statistic) -> Panel:
    """A line for each procedure by the main clock: how many months, its centre and limits, and what stands out."""
    main, _ = main_clock(result.rows)
    series = sorted(_series(main), key=lambda rows: -sum(map(count, rows)))
    table = chosen(result, [rows[-1] for rows in series], ("clock", "data"))
    headings = {column.name: Column(column.name, column.heading, column.unit) for column in result.columns}
    columns = (
        headings["category"],
        Column("n", "Printed cases", "count"),
        Column("months", "Months", "count"),
        Column("centre", "Mean or median", "minutes"),
        Column("limits", "Limits", "interval"),
        headings["saved_so_far"],
        Column("said", "What stands out"),
    )
    lines = tuple(_line(result, rows) for rows in series)
    title = "Every procedure, in a line each"
    return detail(result, replace(table, columns=columns, rows=lines), key="each-procedure", title=title)


def _line(result: Statistic, rows: Sequence[Row]) -> tuple[Value, ...]:
    last = rows[-1]
    saved = last["saved_so_far"]
    return (
        label(result, last, "category"),
        sum(map(count, rows)),
        len(rows),
        number(last, "centre"),
        _limits(result, last),
        NotShown(saved.reason) if isinstance(saved, NoNumber) else saved,
        said(rows),
    )
