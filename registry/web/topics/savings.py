"""What was saved: minutes, with their figure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from registry.statistics.results import Row, Scope, Statistic
from registry.statistics.savings import ALL as ALL_CATEGORIES
from registry.statistics.savings import NOT_IN_TOTAL
from registry.web.charts.frame import Figure
from registry.web.charts.intervals import Interval, intervals
from registry.web.numbers import minutes, share
from registry.web.panels import (
    LONG,
    Panel,
    Result,
    chosen,
    count,
    detail,
    hidden,
    label,
    main_clock,
    number,
    with_figure,
)
from registry.web.words import ALL, interval

BRIEF = ("category", "saved", "interval", "n", "n_without", "clock", "data")
FULL = (
    "category",
    "clock",
    "saved",
    "interval",
    "n",
    "n_without",
    "mean_with",
    "mean_without",
    "comparator",
    "data",
    "remark",
)
ACROSS = ("category", "clock", "saved", "low", "high", "new_low", "new_high", "tau", "sites", "n", "data", "remark")
AXIS = "Minutes saved a case, with 95% interval"
READING = (
    "Dot: the estimate; line: its 95% interval. Right of the dashed line is faster with a print, left of it slower."
)


def saved(result: Result) -> Panel:
    """The lines over sites, with the figure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    main, _ = main_clock(over_sites(result)[0])
    table = chosen(result, main, BRIEF, finding=_balance(main))
    return with_figure(result, table, figure(result), reading=READING, total_first=True)


def saved_in_full(result: Result) -> list[Panel]:
    """The same lines with their means, comparators and remarks; those of each site where there are several; those by other clocks."""
    if not isinstance(result, Statistic):
        return []
    over, within = over_sites(result)
    (main, others), (by_site, _) = main_clock(over), main_clock(within)
    panels = []
    if main:
        title = "OR minutes saved, with means and comparators"
        panels.append(replace(_detail(result, main, FULL, "saved-in-full", title), total_first=True))
    if by_site:
        names = ("category", "site", *FULL[1:])
        table = chosen(result, by_site, names, finding=_left_out(by_site))
        panels.append(detail(result, table, key="saved-by-site", title="OR minutes saved by site"))
    if others:
        panels.append(_detail(result, others, FULL, "saved-by-other-clocks", "OR minutes saved by other clocks", at=0))
    return panels


def across_sites(minutes_saved: Result, share_saved: Result) -> list[Panel]:
    """What an average and a new site may expect: of all categories in per cent, of each in minutes. A site alone has none."""
    panels = []
    for result, key in ((share_saved, "share"), (minutes_saved, "minutes")):
        if isinstance(result, Statistic) and result.scope == Scope.registry().label:
            main, _ = main_clock(result.rows)
            table = chosen(result, main, ACROSS, finding=_across_said(main))
            panels.append(replace(detail(result, table), total_first=key == "share"))
    return panels


def _across_said(rows: Sequence[Row]) -> str:
    """What the line over all categories says; without one, how many procedures have sites enough."""
    names = ("saved", "low", "high", "new_low", "new_high")
    for row in rows:
        known = [share(value) for name in names if (value := number(row, name)) is not None]
        if row["category"] == ALL_CATEGORIES and len(known) >= 3:
            new = f"; at a new, similar site between {known[3]} and {known[4]}" if len(known) == len(names) else ""
            average = f"The average over {count(row, 'sites'):,} sites is {known[0]} of the minutes without a print"
            return f"{average} (95% interval {known[1]} to {known[2]}{new})."
    combined = sum(number(row, "saved") is not None for row in rows if row["category"] != ALL_CATEGORIES)
    return (
        f"{combined:,} of {len(rows):,} procedures are done at three sites or more, which can be combined."
        if rows
        else ""
    )


def _detail(
    result: Statistic, rows: Sequence[Row], names: Sequence[str], key: str, title: str, at: int = LONG
) -> Panel:
    return detail(result, chosen(result, rows, names), key=key, title=title, at=at)


def figure(result: Statistic) -> Figure | None:
    """Dots and intervals of the lines over sites; a line without an interval stands in the table alone."""
    main, _ = main_clock(over_sites(result)[0])
    rows = [
        Interval(name, estimate, *limits, f"{name}: {minutes(estimate)} minutes saved, 95% interval {interval(row)}")
        for row in main
        if (limits := _limits(row)) and (estimate := number(row, "saved")) is not None
        for name in [label(result, row, "category")]
    ]
    return intervals(rows, title=AXIS) if rows else None


def over_sites(result: Statistic) -> tuple[list[Row], list[Row]]:
    """The lines over all sites and those within one; a single site's own lines are the former."""
    if {row["site"] for row in result.rows if row["category"] == ALL} != {ALL}:
        return list(result.rows), []
    return [row for row in result.rows if row["site"] == ALL], [row for row in result.rows if row["site"] != ALL]


def _balance(rows: Iterable[Row]) -> str:
    """In how many procedures the interval lies above zero, below zero, or on both sides."""
    limits = [_limits(row) for row in rows if row["category"] != ALL]
    known = [pair for pair in limits if pair]
    if not known:
        return ""
    faster, slower = sum(low > 0 for low, _ in known), sum(high < 0 for _, high in known)
    both = len(known) - faster - slower
    return f"Of {len(known)} comparisons the interval lies above zero in {faster}, below zero in {slower}, on both sides in {both}."


def _left_out(rows: Sequence[Row]) -> str:
    """How many of a site's lines are in no total, so that nobody adds them up in vain."""
    out = sum(NOT_IN_TOTAL in str(row["remark"]) for row in rows)
    if not out:
        return ""
    return f"{out} of these {len(rows)} lines are not in the total; the remark says why."


def _limits(row: Row) -> tuple[float, float] | None:
    low, high = number(row, "low"), number(row, "high")
    return None if low is None or high is None else (low, high)
