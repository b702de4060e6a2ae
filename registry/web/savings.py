"""The panels about what was saved: minutes with their figure, and dollars with their formula."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.results import NoNumber, Row, Statistic, Suppressed
from registry.statistics.savings import NOT_IN_TOTAL
from registry.web.charts import Figure, Interval, interval_figure
from registry.web.panels import LONG, Panel, chosen, main_clock
from registry.web.words import ALL

SAVED = (
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
AXIS = "Minutes saved a case, with 95% interval"


def minutes_saved(result: Statistic | Suppressed, url: str) -> list[Panel]:
    """The lines over sites with a figure, those of each site where there are several, and those by other clocks, folded."""
    if isinstance(result, Suppressed):
        return [Panel(as_table(result), url, wide=True)]
    over, within = _over_sites(result)
    (main, others), (by_site, _) = main_clock(over), main_clock(within)
    table = chosen(result, main, SAVED, finding=_balance(main))
    panels = [Panel(table, url, figure=_figure(result, main), wide=True, total_first=True)]
    if by_site:
        lines = chosen(result, by_site, ("category", "site", *SAVED[1:]), finding=_left_out(by_site))
        panels.append(_folded(lines, url, key="saved-by-site", title="OR minutes saved by site", at=LONG))
    if others:
        lines = chosen(result, others, SAVED)
        panels.append(_folded(lines, url, key="saved-by-other-clocks", title="OR minutes saved by other clocks", at=0))
    return panels


def _folded(table: Table, url: str, *, key: str, title: str, at: int) -> Panel:
    """A further panel of a measure, folded where it has more than `at` lines; the method stands with the first."""
    fold = f"Show {len(table.rows):,} lines" if len(table.rows) > at else ""
    return Panel(replace(table, key=key, title=title, notes=()), url, wide=True, fold=fold)


def _over_sites(result: Statistic) -> tuple[list[Row], list[Row]]:
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
    low, high = row["low"], row["high"]
    known = isinstance(low, int | float) and isinstance(high, int | float)
    return (float(str(low)), float(str(high))) if known else None


def _figure(result: Statistic, rows: Iterable[Row]) -> Figure | None:
    """Dots and intervals; a line without an interval stands in the table alone."""
    label = next(column for column in result.columns if column.name == "category").text
    found = [(row, _limits(row)) for row in rows]
    intervals = [
        Interval(str(label(row["category"])), float(str(row["saved"])), *limits) for row, limits in found if limits
    ]
    return interval_figure(intervals, title=AXIS) if intervals else None


def dollars_saved(result: Statistic | Suppressed, url: str) -> Panel:
    """One line for each procedure over the sites, a column for each rate, and the formula of the first line."""
    if isinstance(result, Suppressed):
        return Panel(as_table(result), url, wide=True)
    over, _ = main_clock(_over_sites(result)[0])
    rates = {row["rate"]: f"At ${row['per_minute']} a minute" for row in over}
    at = {(row["category"], row["clock"], row["rate"]): _money(row) for row in over}
    lines: list[Row] = [row for row in over if row["rate"] == next(iter(rates))]
    table = chosen(result, lines, ("category", "clock", "data"), finding=_formula(over[: len(rates)]))
    money = [tuple(at[row["category"], row["clock"], rate] for rate in rates) for row in lines]
    table = replace(
        table,
        columns=(*table.columns, *(Column(str(rate), heading, "dollars") for rate, heading in rates.items())),
        rows=tuple((*row, *amounts) for row, amounts in zip(table.rows, money, strict=True)),
    )
    return Panel(table, url, wide=True, total_first=True)


def _money(row: Row) -> Value:
    value = row["value"]
    return NotShown(value.reason) if isinstance(value, NoNumber) else value


def _formula(rows: Sequence[Row]) -> str:
    """How the amounts of one line come about, at each rate."""
    said = [str(row["formula"]) for row in rows if not isinstance(row["formula"], NoNumber)]
    return f"Dollars are minutes saved a case × dollars a minute: {'; '.join(said)}." if said else ""
