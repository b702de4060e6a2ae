"""Working time of the staff by activity and group."""

from dataclasses import replace

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.effort import ALL_ACTIVITIES
from registry.statistics.results import NoNumber, Row, Scope, Statistic
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.web.charts.frame import Figure
from registry.web.charts.parts import Bar, Mark, Part, parts
from registry.web.numbers import minutes
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, number, with_figure

PUBLISHED = {StaffGroup.CLINICIAN: 92.4, StaffGroup.NON_CLINICIAN: 335.0}
"""Mean minutes a case of the registry of the ACR and the RSNA, as published in 2024: a mark to hold the registry's own against."""
FULL = ("activity", "staff", "n", "mean", "sd", "median", "unknown", "not_asked", "coverage", "data")
PARTS = "Parts: the mean of each activity, over the cases that know it."
TOTAL = (
    " Diamond: the mean of all four together, over the cases that know all four, so it need not be where the bar ends."
)
COMPARED = " Grey line: the mean published in 2024."
MADE_SO = " The synthetic cases were made to have this mean, so their agreement shows nothing."


def effort(result: Result) -> Panel:
    """Activities down, staff groups across: mean, median and how many cases know; with the figure."""
    if not isinstance(result, Statistic):
        return hidden(result)
    drawn = figure(result)
    table = as_table(result)
    if result.rows:
        table = _grid(result)
    total = TOTAL if _totals(result) else ""
    compared = COMPARED if _is_registry(result) else ""
    reading = f"{PARTS}{total}{compared}{MADE_SO if compared and result.data.synthetic else ''}"
    return with_figure(result, table, drawn, reading=reading)


def in_full(result: Result) -> list[Panel]:
    """Every line with its spread, and how many know, do not know and do not say."""
    if not isinstance(result, Statistic) or not result.rows:
        return []
    table = chosen(result, result.rows, FULL)
    return [detail(result, table, key="effort-in-full", title="Effort, with spread and completeness")]


def figure(result: Statistic) -> Figure | None:
    """A bar of mean minutes for each staff group; on the registry's page with the published means as marks."""
    at = {(str(row["activity"]), str(row["staff"])): row for row in result.rows}
    bars = []
    for group in StaffGroup:
        shown = tuple(_parts(result, at, group))
        total = at.get((ALL_ACTIVITIES, group))
        mean = number(total, "mean") if total else None
        if shown:
            mark = (
                None if mean is None or total is None else Mark(mean, f"{minutes(mean)} in all, {count(total):,} cases")
            )
            published = Mark(PUBLISHED[group], f"{minutes(PUBLISHED[group])} published, 2024")
            bars.append(Bar(str(group.label), shown, mark, published if _is_registry(result) else None))
    names = [str(activity.label) for activity in EffortActivity]
    return parts(bars, names=names, title="Mean minutes a case", unit="minutes") if bars else None


def _parts(result: Statistic, at: dict[tuple[str, str], Row], group: StaffGroup) -> list[Part]:
    found = []
    for activity in EffortActivity:
        row = at.get((activity, group))
        mean = number(row, "mean") if row else None
        if row and mean:
            said = (
                f"{group.label}, {label(result, row, 'activity')}: mean {minutes(mean)} minutes, {count(row):,} cases"
            )
            found.append(Part(str(activity.label), mean, minutes(mean), said))
    return found


def _is_registry(result: Statistic) -> bool:
    return result.scope == Scope.registry().label


def _grid(result: Statistic) -> Table:
    activity, staff = result.columns[0], result.columns[1]
    groups = list(dict.fromkeys(str(row["staff"]) for row in result.rows))
    at = {(row["activity"], row["staff"]): row for row in result.rows}
    columns = [Column("activity", activity.heading)]
    for group in groups:
        columns += [
            Column(f"{group}_mean", f"{staff.text(group)}, mean", "minutes"),
            Column(f"{group}_median", "Median", "minutes"),
            Column(f"{group}_n", "Cases", "count"),
        ]
    lines = [
        (str(activity.text(name)), *(value for group in groups for value in _cell(at.get((name, group)))))
        for name in dict.fromkeys(row["activity"] for row in result.rows)
    ]
    return replace(as_table(result), columns=tuple(columns), rows=tuple(lines), finding=_finding(result))


def _totals(result: Statistic) -> list[Row]:
    """The lines of all four activities together that have a mean."""
    return [row for row in result.rows if row["activity"] == ALL_ACTIVITIES and number(row, "mean") is not None]


def _finding(result: Statistic) -> str:
    totals = [
        f"{label(result, row, 'staff').lower()}s {minutes(number(row, 'mean') or 0)} minutes a case (over {count(row):,} that know)"
        for row in _totals(result)
    ]
    said = (
        f"All four activities together take {' and '.join(totals)}."
        if totals
        else "Minutes a case, over the cases that know them."
    )
    return f"{said} Data: {result.data.kind}."


def _cell(row: Row | None) -> list[Value]:
    """Mean, median and cases of one cell; a reason stands once, not in each."""
    if row is None:
        return [NotShown("no case says"), None, 0]
    mean, median = row["mean"], row["median"]
    if isinstance(mean, NoNumber) or isinstance(median, NoNumber):
        return [NotShown("no case knows"), None, count(row)]
    return [mean, median, count(row)]
