"""The panels of the headline page: which columns of a published measure a page shows. The CSV beside each has them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.results import NoNumber, Row, Statistic, Suppressed
from registry.web.charts import Figure, Interval, interval_figure
from registry.web.words import ALL, interval

Results = dict[str, Statistic | Suppressed]
INTERVAL = Column("interval", "95% interval")
SAVED_COLUMNS = (
    "category",
    "clock",
    "n",
    "n_without",
    "mean_with",
    "mean_without",
    "saved",
    "interval",
    "comparator",
    "remark",
)
OR_MINUTES_COLUMNS = ("category", "arm", "clock", "n", "mean", "sd", "q1", "median", "q3", "coverage")
SAVED_AXIS = "Minutes saved a case, with 95% interval"


@dataclass(frozen=True)
class Panel:
    """A table on a page, with its figure, its CSV and, where it is long, folded away behind `fold`."""

    table: Table
    csv_url: str
    figure: Figure | None = None
    wide: bool = False
    fold: str = ""


@dataclass(frozen=True)
class Section:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]
    lead: str = ""


def sections(results: Results, csv_url: Callable[[str], str]) -> list[Section]:
    """The whole page below the headline; `csv_url` gives the address of a measure's CSV."""
    plain = {name: Panel(as_table(result), csv_url(name)) for name, result in results.items()}
    mixes = ("cases-by-kind", "cases-by-organ-system", "cases-by-process", "or-time-coverage")
    return [
        Section(
            "Operating-room time",
            (
                *_saved(results["minutes-saved"], csv_url("minutes-saved")),
                _dollars(results["dollars-saved"], csv_url("dollars-saved")),
            ),
            "Minutes saved are those without a print minus those with one: above zero is faster with a print, below zero slower.",
        ),
        Section("Observed minutes", (_observed(results["or-minutes"], csv_url("or-minutes")),)),
        Section("Cases and effort", (*(plain[name] for name in mixes), _effort(results["effort"], csv_url("effort")))),
    ]


def _chosen(result: Statistic, rows: Iterable[Row], names: tuple[str, ...], **more: Any) -> Table:
    """These rows and columns of a measure; a column in which no row says anything is left out."""
    table = as_table(replace(result, rows=tuple(rows)))
    columns = {column.name: (column, table.column(column.name)) for column in table.columns}
    if "interval" in names:
        columns["interval"] = (INTERVAL, [interval(row) or NotShown("no interval") for row in rows])
    kept = [columns[name] for name in names if any(value != "" for value in columns[name][1])]
    lines = zip(*(values for _, values in kept), strict=True) if kept else ()
    return replace(table, columns=tuple(column for column, _ in kept), rows=tuple(lines), **more)


def _saved(result: Statistic | Suppressed, url: str) -> list[Panel]:
    """The lines over sites with a figure; the lines of each site, folded, where there are several sites."""
    if isinstance(result, Suppressed):
        return [Panel(as_table(result), url, wide=True)]
    single = {row["site"] for row in result.rows if row["category"] == ALL} != {ALL}
    over = [row for row in result.rows if single or row["site"] == ALL]
    within = [row for row in result.rows if not single and row["site"] != ALL]
    table = _chosen(result, over, SAVED_COLUMNS, finding=_balance(over))
    panels = [Panel(table, url, figure=_figure(result, over), wide=True)]
    if within:
        by_site = _chosen(
            result,
            within,
            ("site", *SAVED_COLUMNS),
            key="minutes-saved-by-site",
            title="Minutes saved by site",
            notes=(),
        )
        panels.append(
            Panel(by_site, url, wide=True, fold=f"Show {len(within):,} lines, one for each site, procedure and clock")
        )
    return panels


def _balance(rows: Iterable[Row]) -> str:
    """In how many procedures the interval lies above zero, below zero, or on both sides."""
    limits = [(row["low"], row["high"]) for row in rows if row["category"] != ALL]
    known = [
        (low, high)
        for low, high in limits
        if not isinstance(low, NoNumber | str) and not isinstance(high, NoNumber | str)
    ]
    if not known:
        return ""
    faster, slower = sum(low > 0 for low, _ in known), sum(high < 0 for _, high in known)
    open_ = len(known) - faster - slower
    return f"Of {len(known)} comparisons the interval lies above zero in {faster}, below zero in {slower}, on both sides in {open_}."


def _figure(result: Statistic, rows: Iterable[Row]) -> Figure | None:
    """Dots and intervals of the clock with the most lines; a line without an interval stands in the table alone."""
    categories = next(column for column in result.columns if column.name == "category")
    drawn = [row for row in rows if row["clock"] == _main_clock(result) and interval(row)]
    intervals = [
        Interval(
            str(categories.text(row["category"])),
            float(str(row["saved"])),
            float(str(row["low"])),
            float(str(row["high"])),
        )
        for row in drawn
    ]
    return interval_figure(intervals, title=SAVED_AXIS) if intervals else None


def _main_clock(result: Statistic) -> str:
    lines = {str(row["clock"]): int(str(row["n"])) for row in result.rows if row["category"] == ALL}
    return max(lines, key=lines.__getitem__, default="")


def _dollars(result: Statistic | Suppressed, url: str) -> Panel:
    """One line for each procedure over the sites, with a column for each rate, and the formula of the first line."""
    if isinstance(result, Suppressed):
        return Panel(as_table(result), url, wide=True)
    lines: dict[tuple[Value, Value], list[Row]] = {}
    single = {row["site"] for row in result.rows if row["category"] == ALL} != {ALL}
    for row in result.rows:
        if single or row["site"] == ALL:
            lines.setdefault((str(row["category"]), str(row["clock"])), []).append(row)
    words = {column.name: column for column in result.columns}
    rows = [
        (words["category"].text(at[0]["category"]), words["clock"].text(at[0]["clock"]), *map(_money, at))
        for at in lines.values()
    ]
    rates = [f"At ${row['per_minute']} a minute" for row in next(iter(lines.values()), [])]
    columns = (
        Column("category", "Procedure category"),
        Column("clock", "Clock"),
        *(Column(rate, rate, "dollars") for rate in rates),
    )
    table = replace(as_table(result), columns=columns, rows=tuple(rows), finding=_formula(lines.values()))  # type: ignore[arg-type]
    return Panel(table, url, wide=True)


def _money(row: Row) -> Value:
    value = row["value"]
    return NotShown(value.reason) if isinstance(value, NoNumber) else value


def _formula(lines: Iterable[list[Row]]) -> str:
    """How the first line's amounts come about."""
    first = next(iter(lines), [])
    said = [str(row["formula"]) for row in first if not isinstance(row["formula"], NoNumber)]
    return f"Dollars are minutes saved a case × dollars a minute: {'; '.join(said)}." if said else ""


def _observed(result: Statistic | Suppressed, url: str) -> Panel:
    if isinstance(result, Suppressed):
        return Panel(as_table(result), url, wide=True)
    table = _chosen(result, result.rows, OR_MINUTES_COLUMNS)
    return Panel(table, url, wide=True, fold=f"Show {len(table.rows):,} lines" if len(table.rows) > LONG else "")


LONG = 30


def _effort(result: Statistic | Suppressed, url: str) -> Panel:
    """Activities down, staff groups across: mean, median and how many cases know."""
    table = as_table(result)
    if isinstance(result, Suppressed) or not result.rows:
        return Panel(table, url, wide=True)
    activity, staff = result.columns[0], result.columns[1]
    groups = list(dict.fromkeys(str(row["staff"]) for row in result.rows))
    at = {(row["activity"], row["staff"]): row for row in result.rows}
    columns = [Column("activity", activity.heading)]
    for group in groups:
        label = str(staff.text(group))
        columns += [
            Column(f"{group}_mean", f"{label}, mean", "minutes"),
            Column(f"{group}_median", "Median", "minutes"),
            Column(f"{group}_n", "Cases", "count"),
        ]
    rows = [
        (activity.text(name), *(value for group in groups for value in _grid(at.get((name, group)))))
        for name in dict.fromkeys(row["activity"] for row in result.rows)
    ]
    return Panel(replace(table, columns=tuple(columns), rows=tuple(rows)), url, wide=True)  # type: ignore[arg-type]


def _grid(row: Row | None) -> list[Value]:
    if row is None:
        return [NotShown("no case says")] * 3
    return [
        NotShown(value.reason) if isinstance(value, NoNumber) else value
        for value in (row["mean"], row["median"], row["n"])
    ]
