"""What was saved: minutes, with their figure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from registry.statistics.compared import NOT_IN_TOTAL
from registry.statistics.results import ALL_MONTHS, Row, Scope, Statistic
from registry.statistics.savings import ALL as ALL_CATEGORIES
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
EVERYTHING = "All categories"
NO_TIME = "No printed case has an OR time yet."
AXIS = "Minutes saved a case, with 95% interval"
ACROSS_READING = (
    "Dot: the average over the sites; line: its 95% interval; grey band: where the average of a new, similar site would lie. "
    "Right of the dashed line is faster with a print."
)
READING = (
    "Dot: the estimate; line: its 95% interval. Right of the dashed line is faster with a print, left of it slower."
)


def saved(result: Result) -> Panel:
    """The lines over sites, with the figure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    main, _ = main_clock(over_sites(result)[0])
    table = chosen(result, main, BRIEF, finding=balance(row for row in main if row["category"] != ALL))
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


def estimated(result: Result) -> list[Panel]:
    """What users guessed, apart from what was observed; nothing where nobody guessed."""
    if not isinstance(result, Statistic) or not result.rows:
        return []
    first = result.rows[0]
    known = number(first, "mean")
    said = f"{result.n:,} estimates by users of a print, after the operation: {minutes(known or 0)} minutes on average. None was observed."
    names = ("site", "n", "mean", "interval", "sd", "median", "data")
    return [replace(detail(result, chosen(result, result.rows, names, finding=said)), total_first=len(result.rows) > 1)]


def saved_weakly(result: Result) -> list[Panel]:
    """What baselines without an SD and the literature would say, apart from all the rest; nothing where there are none."""
    if not isinstance(result, Statistic) or not result.rows:
        return []
    names = (
        "category",
        "site",
        "clock",
        "comparator",
        "saved",
        "interval",
        "low_30",
        "high_30",
        "n",
        "n_without",
        "data",
        "remark",
    )
    said = "In no total and no pool: these comparators prove less than controls or a baseline with its SD."
    return [detail(result, chosen(result, result.rows, names, finding=said))]


def across_sites(minutes_saved: Result, share_saved: Result) -> list[Panel]:
    """What an average and a new site may expect: of all categories in per cent, of each in minutes. A site alone has none."""
    panels = []
    for result, key in ((share_saved, "share"), (minutes_saved, "minutes")):
        if isinstance(result, Statistic) and result.scope == Scope.registry().label:
            main, _ = main_clock(result.rows)
            table = chosen(result, main, ACROSS, finding=_across_said(main))
            panels.append(
                with_figure(result, table, across_figure(result), reading=ACROSS_READING, total_first=key == "share")
            )
    return panels


def across_figure(result: Statistic) -> Figure | None:
    """The average over the sites with its interval on that of a new site; where sites are too few, the sentence that says so."""
    main, _ = main_clock(result.rows)
    shares = result.unit == "share_saved"
    rows = [_across_drawn(label(result, row, "category"), row, 100 if shares else 1) for row in main]
    title = "Saved, per cent of minutes without a print" if shares else "Minutes saved a case, average over sites"
    return intervals(rows, title=title) if rows else None


def _across_drawn(name: str, row: Row, times: int) -> Interval:
    low, estimate, high, new_low, new_high = (
        None if value is None else value * times
        for value in (number(row, part) for part in ("low", "saved", "high", "new_low", "new_high"))
    )
    if estimate is None or low is None or high is None:
        return Interval(name, None, None, None, f"{name}: {row['saved']}", str(row["saved"]))
    outer = None if new_low is None or new_high is None else (new_low, new_high)
    new = "" if outer is None else f"; a new site between {minutes(outer[0])} and {minutes(outer[1])}"
    said = f"{name}: {minutes(estimate)}, 95% interval {minutes(low)} to {minutes(high)}{new}"
    return Interval(name, estimate, low, high, said, outer=outer)


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
    """Dots and intervals of the lines over sites; where one is missing, the reason in its place."""
    main, _ = main_clock(over_sites(result)[0])
    rows = [_drawn(label(result, row, "category"), row) for row in main]
    no_time = NO_TIME if result.period == ALL_MONTHS else f"No printed case has an OR time from {result.period}."
    return intervals(rows or [Interval(EVERYTHING, None, None, None, no_time, no_time)], title=AXIS)


def _drawn(name: str, row: Row) -> Interval:
    estimate, limits = number(row, "saved"), _limits(row)
    if estimate is None:
        return Interval(name, None, None, None, f"{name}: {row['saved']}", str(row["saved"]))
    if limits is None:
        why = str(row["low"])
        return Interval(name, estimate, None, None, f"{name}: {minutes(estimate)} minutes saved, {why}", why)
    said = f"{name}: {minutes(estimate)} minutes saved, 95% interval {interval(row)}"
    return Interval(name, estimate, *limits, said, str(row["remark"]) if row["category"] == ALL_CATEGORIES else "")


def over_sites(result: Statistic) -> tuple[list[Row], list[Row]]:
    """The lines over all sites and those within one; a single site's own lines are the former."""
    if {row["site"] for row in result.rows if row["category"] == ALL} != {ALL}:
        return list(result.rows), []
    return [row for row in result.rows if row["site"] == ALL], [row for row in result.rows if row["site"] != ALL]


def balance(rows: Iterable[Row]) -> str:
    """In how many of these comparisons the interval lies above zero, below zero, or on both sides."""
    limits = [_limits(row) for row in rows]
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
