"""OR minutes as observed, with and without a print, and how complete they are."""

from collections.abc import Sequence
from dataclasses import replace

from registry.reports.tables import Column, Table, Value
from registry.statistics.over_time import DUE
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT
from registry.statistics.results import Row, Statistic
from registry.web.charts.boxes import WITH, WITHOUT, Box, boxes
from registry.web.charts.frame import Figure
from registry.web.charts.shares import Share, shares
from registry.web.charts.time_axis import day_of
from registry.web.numbers import minutes, share
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, main_clock, number, with_figure

MOST = 12
"""Procedures in the figure; all are in the table."""
FEWEST = 5
"""Cases of a box: quartiles of fewer are hardly more than the cases themselves."""
ARMS = {WITH_PRINT: WITH, WITHOUT_PRINT: WITHOUT}
FULL = (
    "category",
    "arm",
    "clock",
    "n",
    "mean",
    "sd",
    "q1",
    "median",
    "q3",
    "geometric_mean",
    "skewed",
    "coverage",
    "data",
)
BY_MONTH = ("month", "n", "with_or_time", "share", "awaiting", "due", "data")
BY_KIND = ("object_kind", "n", "with_or_time", "share", "awaiting", "data")


def observed(result: Result) -> Panel:
    """The clock with the most cases, as boxes."""
    if not isinstance(result, Statistic):
        return hidden(result)
    main, _ = main_clock(result.rows)
    return with_figure(result, _side_by_side(result, main), figure(result), reading=_reading(main))


def _side_by_side(result: Statistic, rows: Sequence[Row]) -> Table:
    """A line for each procedure, its arms side by side."""
    table = chosen(result, rows, ("clock", "data"), finding=_medians(rows))
    at = {(str(row["category"]), str(row["arm"])): row for row in rows}
    categories = dict.fromkeys(category for category, arm in at if arm in ARMS)
    columns = [Column("category", "Procedure category")]
    for arm, name in ((WITH_PRINT, "With"), (WITHOUT_PRINT, "Without")):
        columns += [Column(f"{arm}_n", name, "count"), Column(f"{arm}_quartiles", "Median (quartiles)", "interval")]
    lines: list[tuple[Value, ...]] = []
    for category in categories:
        arms = [at.get((category, arm)) for arm in ARMS]
        head = next(row for row in arms if row)
        lines.append((label(result, head, "category"), *(value for row in arms for value in _of_arm(row))))
    if table.columns:  # the data differ from line to line
        columns.append(Column("data", "Data"))
        lines = [(*line, _data_of(at, category)) for line, category in zip(lines, categories, strict=True)]
    return replace(table, title="OR minutes with and without a print", columns=tuple(columns), rows=tuple(lines))


def _of_arm(row: Row | None) -> tuple[Value, Value]:
    """Cases, and the median with its quartiles."""
    numbers = [number(row, name) if row else None for name in ("median", "q1", "q3")]
    if row is None or None in numbers:
        return count(row) if row else 0, "–"
    median, q1, q3 = (minutes(value or 0) for value in numbers)
    return count(row), f"{median} ({q1}–{q3})"


def _data_of(at: dict[tuple[str, str], Row], category: str) -> str:
    return "; ".join(dict.fromkeys(str(at[category, arm]["data"]) for arm in ARMS if (category, arm) in at))


def observed_in_full(result: Result) -> list[Panel]:
    """Means, SDs and quartiles of the same clock, and those of the others."""
    if not isinstance(result, Statistic):
        return []
    main, others = main_clock(result.rows)
    panels = []
    for rows, key, title in (
        (main, "or-minutes-in-full", "OR minutes by procedure and arm, with means"),
        (others, "or-minutes-by-other-clocks", "OR minutes by other clocks"),
    ):
        if rows:
            panels.append(detail(result, chosen(result, rows, FULL), key=key, title=title))
    return panels


def figure(result: Statistic) -> Figure | None:
    """Boxes of the procedures with the most printed cases; where none was printed, with the most controls."""
    main, _ = main_clock(result.rows)
    drawn = [
        Box(name, ARMS[str(row["arm"])], q1, median, q3, _said(name, row))
        for category in _shown(main)
        for row in _boxed(main)
        if row["category"] == category
        and (q1 := number(row, "q1")) is not None
        and (median := number(row, "median")) is not None
        and (q3 := number(row, "q3")) is not None
        for name in [label(result, row, "category")]
    ]
    clock = label(result, main[0], "clock").partition(" (")[0] if main else ""
    return boxes(drawn, title=f"Minutes, {clock[:1].lower()}{clock[1:]}") if drawn else None


def _said(name: str, row: Row) -> str:
    numbers = [minutes(number(row, part) or 0) for part in ("median", "q1", "q3")]
    arm = ARMS[str(row["arm"])].lower()
    return f"{name}, {arm}: median {numbers[0]} minutes, quartiles {numbers[1]} and {numbers[2]}, {count(row):,} cases"


def _boxed(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["arm"] in ARMS and count(row) >= FEWEST]


def _shown(rows: Sequence[Row]) -> list[str]:
    """The categories of the figure, those with both arms and the most printed cases first."""
    cases: dict[str, dict[str, int]] = {}
    for row in _boxed(rows):
        cases.setdefault(str(row["category"]), {})[str(row["arm"])] = count(row)
    printed = {name: arms for name, arms in cases.items() if WITH_PRINT in arms} or cases
    order = sorted(
        printed, key=lambda name: (-len(cases[name]), -cases[name].get(WITH_PRINT, 0), -sum(cases[name].values()))
    )
    return order[:MOST]


def _reading(rows: Sequence[Row]) -> str:
    shown, every = len(_shown(rows)), len({row["category"] for row in rows})
    which = f" {shown} of {every} procedures are drawn; all are in the table." if shown < every else ""
    return (
        "Each box reaches from the lower to the upper quartile, its mark is the median, written beside it; there are no whiskers. "
        f"A box needs {FEWEST} cases.{which}"
    )


def _medians(rows: Sequence[Row]) -> str:
    """In how many procedures the median is lower, higher or the same with a print. It says nothing of what causes it."""
    medians: dict[str, dict[str, float]] = {}
    for row in _boxed(rows):
        medians.setdefault(str(row["category"]), {})[str(row["arm"])] = number(row, "median") or 0
    both = [arms for arms in medians.values() if len(arms) == len(ARMS)]
    if not both:
        return f"No procedure has {FEWEST} cases with a print and {FEWEST} without." if rows else ""
    lower = sum(arms[WITH_PRINT] < arms[WITHOUT_PRINT] for arms in both)
    higher = sum(arms[WITH_PRINT] > arms[WITHOUT_PRINT] for arms in both)
    same = f", the same in {len(both) - lower - higher}" if lower + higher < len(both) else ""
    noun = "procedure" if len(both) == 1 else "procedures"
    return (
        f"Of {len(both)} {noun} with both arms the median is lower with a print in {lower}, higher in {higher}{same}; "
        "nothing is adjusted here."
    )


def completeness(result: Result) -> Panel:
    """The share of cases with an OR time, month by month."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows[::-1], BY_MONTH, finding=_complete(result))
    late = any(row["due"] != DUE for row in result.rows)
    reading = "A case stands in the month of its operation once that is recorded, until then in that of its order."
    reading += " Dashed line: the share over all months that are due."
    reading += " Hollow: not due yet, so it does not count." if late else ""
    return with_figure(result, table, completeness_figure(result), reading=reading)


def completeness_figure(result: Statistic) -> Figure | None:
    """Points on a line; months that are not due yet are hollow and off the line."""
    points = [
        Share(day_of(str(row["month"])), value, row["due"] == DUE, _share_said(row, value))
        for row in result.rows
        if (value := number(row, "share")) is not None
    ]
    overall = result.coverage.share if result.coverage else None
    by_year = any(len(str(row["month"])) == len("2026") for row in result.rows)
    return shares(points, overall=overall, title="Cases with an OR time", by_year=by_year) if points else None


def _share_said(row: Row, value: float) -> str:
    late = "" if row["due"] == DUE else ", not due yet"
    return f"{row['month']}: {share(value)}, {count(row, 'with_or_time'):,} of {count(row):,} cases{late}"


def _complete(result: Statistic) -> str:
    """The share over months that are due, and how many cases are left out since theirs is not."""
    coverage = result.coverage
    waiting = sum(count(row) for row in result.rows if row["due"] != DUE)
    later = f" {waiting:,} cases of months not due yet are left out." if waiting else ""
    if coverage is None or coverage.share is None:
        return f"No month is due yet.{later}" if result.rows else ""
    return f"{share(coverage.share)} have an OR time: {coverage.covered:,} of {coverage.eligible:,} cases of months that are due.{later}"


def coverage_by_kind(result: Result) -> Panel:
    """The share of cases with an OR time by kind of object."""
    if not isinstance(result, Statistic):
        return hidden(result)
    return with_figure(result, chosen(result, result.rows, BY_KIND), None)
