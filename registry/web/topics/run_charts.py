"""Month by month: whether OR times of printed cases stand out from chance, over all procedures and for each."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from registry.reports.tables import Column, NotShown, Unit, Value
from registry.statistics.results import NoNumber, Row, Scope, Statistic
from registry.statistics.run_charts import ABOVE, BELOW, NONE, ROW_ABOVE, ROW_BELOW
from registry.web.charts.frame import Figure
from registry.web.charts.run import Level, Point, run
from registry.web.charts.time_axis import day_of
from registry.web.numbers import written
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, main_clock, number, with_figure

BRIEF = ("month", "n", "value", "moving_range", "signal", "ewma", "ewma_signal", "rise", "fall", "cusum_signal")
PROCEDURE = (*BRIEF, "saved")
READING = (
    "Each dot is a month with a printed case; the line is broken where months have none. Triangles lie beyond a dashed limit, "
    "diamonds are the eighth or a further month in a row on one side of the centre."
)
PLAIN = (
    "Each dot is a month with a printed case; the line is broken where months have none. There are no limits: {why}."
)
SHORT = {ABOVE: "above", BELOW: "below", ROW_ABOVE: "8 in a row", ROW_BELOW: "8 in a row"}
MOST_NAMED = 4
"""Months beyond a limit that a sentence names; the figure and the table mark all."""
LEAD = (
    "Operations with a print, each against what this procedure usually takes here, so that a month with other procedures, or with "
    "more of them, stands where it belongs. Above 0: longer than usual; below 0: shorter."
)
QUIET = "No month stands out from chance."


def over_all(result: Result) -> Panel:
    """The line over all procedures of a site, by the clock with the most cases."""
    if not isinstance(result, Statistic):
        return hidden(result, wide=True)
    rows = _charted(result)
    table = chosen(result, rows[::-1], (*BRIEF, "clock", "data"), finding=said(rows))
    return replace(with_figure(result, table, figure(result), reading=_reading(rows)), wide=True)


def by_procedure(result: Result) -> list[Panel]:
    """The procedure with the most printed cases month by month, and a line for each of the procedures."""
    if not isinstance(result, Statistic):
        return [hidden(result, wide=True)]
    rows = _charted(result)
    finding = (
        f"{label(result, rows[0], 'category')}, the procedure with the most printed cases. {said(rows)}" if rows else ""
    )
    table = chosen(result, rows[::-1], (*PROCEDURE, "clock", "data"), finding=finding)
    first = replace(with_figure(result, table, figure(result), reading=_reading(rows)), wide=True)
    return [first, _each(result)] if rows else [first]


def figure(result: Statistic) -> Figure | None:
    """The chart of the most frequent series of a site; the registry has one site at a time."""
    rows = _charted(result)
    if not rows:
        return None
    points = [
        Point(day_of(str(row["month"])), number(row, "value") or 0, mark, text, _point_said(result, row))
        for row, (mark, text) in zip(rows, _marks(rows), strict=True)
    ]
    by_year = len(str(rows[0]["month"])) == len("2026")
    return run(points, _levels(result, rows[0]), title=_axis(result, rows[0]), by_year=by_year)


def _charted(result: Statistic) -> list[Row]:
    """The series with the most cases, by the clock with the most cases: oldest first."""
    if result.scope == Scope.registry().label:
        return []
    main, _ = main_clock(result.rows)
    return max(_series(main), key=lambda rows: sum(map(count, rows)), default=[])


def _series(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each procedure; all of them where they are over all procedures."""
    return [list(group) for _, group in groupby(rows, key=lambda row: row.get("category"))]


def _marks(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The mark and the words of each point; a row of eight and more is named at its first signal."""
    marks, before = [], set[str]()
    for row in rows:
        signals = _signals(row)
        beyond = signals & {ABOVE, BELOW}
        in_a_row = signals & {ROW_ABOVE, ROW_BELOW}
        mark = next(iter(beyond), "row" if in_a_row else "")
        named = [str(row["month"])] * bool(beyond) + [SHORT[each] for each in in_a_row - before]
        marks.append((mark, ", ".join(named)))
        before = in_a_row
    return marks


def _signals(row: Row) -> set[str]:
    return set() if isinstance(row["signal"], NoNumber) else set(str(row["signal"]).split("+")) - {NONE}


def _levels(result: Statistic, row: Row) -> list[Level]:
    unit = _unit(result)
    found = [Level(number(row, "centre") or 0, "", is_limit=False)]
    found[0] = replace(found[0], text=f"{'median' if row['why'] else 'mean'} {written(found[0].at, unit)}")
    for name, text in (("high", "upper limit"), ("low", "lower limit")):
        at = number(row, name)
        if at is not None:
            found.append(Level(at, f"{text} {written(at, unit)}", is_limit=True))
    return found


def _unit(result: Statistic) -> Unit:
    return next(column.unit for column in result.columns if column.name == "value")


def _axis(result: Statistic, row: Row) -> str:
    heading = next(column.heading for column in result.columns if column.name == "value")
    clock = label(result, row, "clock").partition(" (")[0]
    return f"{heading}, {clock[:1].lower()}{clock[1:]}"


def _point_said(result: Statistic, row: Row) -> str:
    value, noun = written(number(row, "value"), _unit(result)), "case" if count(row) == 1 else "cases"
    signal = "" if not _signals(row) else f", signals: {label(result, row, 'signal').lower()}"
    return f"{row['month']}: {value}, {count(row):,} {noun}{signal}"


def _reading(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    return PLAIN.format(why=str(rows[0]["why"]).removesuffix(", so no limits")) if rows[0]["why"] else READING


def said(rows: Sequence[Row]) -> str:
    """What stands out of one series, in words: months beyond a limit, months in a row, drifts; or that nothing does."""
    if not rows:
        return ""
    if rows[0]["why"]:
        return f"A plain run chart: {rows[0]['why']}."
    found = [
        sentence
        for sentence in (
            _beyond(rows, ABOVE, "above the upper limit"),
            _beyond(rows, BELOW, "below the lower limit"),
            _in_a_row(rows, ROW_ABOVE, "above"),
            _in_a_row(rows, ROW_BELOW, "below"),
            _drift(rows),
        )
        if sentence
    ]
    text = "; ".join(found)
    return f"{text[0].upper()}{text[1:]}: look for a reason." if found else QUIET


def _beyond(rows: Sequence[Row], signal: str, where: str) -> str:
    months = [str(row["month"]) for row in rows if signal in _signals(row)]
    return f"{_listed(months)} {'lies' if len(months) == 1 else 'lie'} {where}" if months else ""


def _in_a_row(rows: Sequence[Row], signal: str, side: str) -> str:
    """How many months in a row lay on one side in the end, for each such row."""
    stretches = []
    places = [place for place, row in enumerate(rows) if signal in _signals(row)]
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        ends = [place for _, place in group]
        length = ends[-1] - ends[0] + 8
        stretches.append(f"{length} in a row up to {rows[ends[-1]]['month']} lie {side} the centre")
    return "; ".join(stretches)


def _drift(rows: Sequence[Row]) -> str:
    """The first month in which a chart of slow changes signals, and which way."""
    for name, chart in (("ewma_signal", "the moving average (EWMA)"), ("cusum_signal", "the cumulative sum (CUSUM)")):
        for row in rows:
            if row[name] in {ABOVE, BELOW}:
                return f"{chart} shows a drift {'upwards' if row[name] == ABOVE else 'downwards'} in {row['month']}"
    return ""


def _listed(months: Sequence[str]) -> str:
    if len(months) > MOST_NAMED:
        return f"{', '.join(months[:MOST_NAMED])} and {len(months) - MOST_NAMED} more"
    *rest, last = months
    return f"{', '.join(rest)} and {last}" if rest else last


def _each(result: Statistic) -> Panel:
    """A line for each procedure by the main clock: how many months, its centre and limits, and what stands out."""
    main, _ = main_clock(result.rows)
    series = sorted(_series(main), key=lambda rows: -sum(map(count, rows)))
    table = chosen(result, [rows[-1] for rows in series], ("clock", "data"))
    columns = (
        Column("category", "Procedure category"),
        Column("n", "Printed cases", "count"),
        Column("months", "Months", "count"),
        *(column for column in _columns(result, ("centre", "low", "high", "saved"))),
        Column("said", "What stands out"),
    )
    lines = tuple(
        (
            label(result, rows[0], "category"),
            sum(map(count, rows)),
            len(rows),
            *(_shown(rows[-1], name) for name in ("centre", "low", "high", "saved")),
            said(rows),
        )
        for rows in series
    )
    return detail(
        result,
        replace(table, columns=columns, rows=lines),
        key="each-procedure",
        title="Every procedure, in a line each",
    )


def _columns(result: Statistic, names: Sequence[str]) -> list[Column]:
    found = {column.name: Column(column.name, column.heading, column.unit) for column in result.columns}
    return [found[name] for name in names]


def _shown(row: Row, name: str) -> Value:
    value = row[name]
    return NotShown(value.reason) if isinstance(value, NoNumber) else value
