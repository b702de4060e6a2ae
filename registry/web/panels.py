"""Panels of the headline page: which columns of a published measure a page shows, under which short heading.

The CSV beside each has all columns, in full precision.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.results import Row, Statistic, Suppressed
from registry.web.charts import Figure
from registry.web.words import interval

Results = dict[str, Statistic | Suppressed]
INTERVAL = Column("interval", "95% interval", "interval")
LONG = 40
ALIKE = ("clock", "comparator", "data")
# A page has less room than a file, and the title of the panel says the rest.
HEADINGS = {
    "saved": "Minutes saved",
    "n_without": "Comparator cases",
    "n": "Cases",
    "coverage": "With a time",
    "with_or_time": "With OR time",
    "awaiting": "Awaiting outcome",
}


@dataclass(frozen=True)
class Panel:
    """A table on a page, with its figure, its CSV and, where it is long, folded away behind `fold`.

    `total_first`: the first line is that over all others.
    """

    table: Table
    csv_url: str
    figure: Figure | None = None
    wide: bool = False
    fold: str = ""
    total_first: bool = False


@dataclass(frozen=True)
class Section:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]
    lead: str = ""


def chosen(result: Statistic, rows: Sequence[Row], names: Sequence[str], *, finding: str = "") -> Table:
    """These rows and columns of a measure for a page.

    A column in which no row says anything is left out; where all rows have one clock, comparator or kind of data, the finding
    names it instead.
    """
    table = as_table(replace(result, rows=tuple(rows)))
    columns = {column.name: (column, table.column(column.name)) for column in table.columns}
    columns["interval"] = (
        INTERVAL,
        [interval(row) or NotShown("no interval") for row in rows] if "low" in columns else [],
    )
    for name in (name for name in ALIKE if name in names):
        values = set(columns[name][1])
        if len(values) == 1:
            finding = " ".join(part for part in (finding, f"{columns[name][0].heading}: {values.pop()}.") if part)
            names = [other for other in names if other != name]
    kept = [columns[name] for name in names if any(value != "" for value in columns[name][1])]
    lines = zip(
        *(map(_short, values) if column.name in {"clock", "arm"} else values for column, values in kept), strict=True
    )
    return replace(table, columns=tuple(_headed(column) for column, _ in kept), rows=tuple(lines), finding=finding)


def _headed(column: Column) -> Column:
    return replace(column, heading=HEADINGS.get(column.name, column.heading))


def _short(value: Value) -> Value:
    """A label without its explanation in brackets."""
    return value.partition(" (")[0] if isinstance(value, str) else value


def main_clock(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows by the clock with the most cases, and those by all other clocks: minutes of two clocks are never compared."""
    cases: Counter[str] = Counter()
    for row in rows:
        cases[str(row["clock"])] += int(str(row["n"]))
    main = max(cases, key=cases.__getitem__, default="")
    return [row for row in rows if row["clock"] == main], [row for row in rows if row["clock"] != main]
