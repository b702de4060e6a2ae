"""Panels of the dashboards: which columns of a published measure a page shows, under which short heading, beside which figure.

The CSV beside each has all columns, in full precision.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.results import NoNumber, Row, Statistic, Suppressed
from registry.web.charts.drawing import Drawing
from registry.web.charts.frame import Figure
from registry.web.words import interval

Result: TypeAlias = Statistic | Suppressed
Results: TypeAlias = dict[str, Result]
Drawn: TypeAlias = Callable[[Statistic], Figure | None]
INTERVAL = Column("interval", "95% interval", "interval")
LONG = 20
"""A table of more lines is folded."""
ALIKE = ("clock", "comparator", "currency", "data")
# A page has less room than a file, and the title of the panel says the rest.
HEADINGS = {
    "saved": "Minutes saved",
    "n_without": "Comparator cases",
    "with_or_time": "With OR time",
    "awaiting": "Awaiting outcome",
    "object_kind": "Kind",
    "claim_unknown": "Not known",
    "zero_paid": "Nothing paid",
    "no_answer_needed": "No answer due",
    "answer_unknown": "Answer unknown",
    "answer_not_said": "Answer not stated",
    "timed_share": "With OR time",
    "compared": "Compared",
    "group": "Process or material",
}


@dataclass(frozen=True)
class Panel:
    """A table on a page, of the measure that its CSV holds (none where it is words alone), with its figure and how to read it.

    `drawn_as`: the key of its figure, where that is not the measure's first; `fold`: what a folded table is opened by;
    `total_first`: the first line is that over all others; `links`: what may be downloaded, by name and address.
    """

    table: Table
    measure: str
    figure: Figure | None = None
    reading: str = ""
    wide: bool = False
    fold: str = ""
    total_first: bool = False
    drawing: Drawing | None = None
    links: tuple[tuple[str, str], ...] = ()
    drawn_as: str = ""

    @property
    def figure_key(self) -> str:
        return self.drawn_as or self.measure


@dataclass(frozen=True)
class Section:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]
    lead: str = ""


def hidden(result: Suppressed, *, wide: bool = False) -> Panel:
    """A measure that may not be shown, and why."""
    return Panel(as_table(result), result.measure, wide=wide)


def with_figure(
    result: Statistic, table: Table, figure: Figure | None, *, reading: str = "", total_first: bool = False
) -> Panel:
    """A figure with its table folded beneath it; without a figure the table stands open, unless it is long."""
    fold = f"Table, {len(table.rows):,} {'line' if len(table.rows) == 1 else 'lines'}"
    folded = bool(table.rows) and (figure is not None or len(table.rows) > LONG)
    return Panel(
        table, result.measure, figure, reading if figure else "", fold=fold if folded else "", total_first=total_first
    )


def detail(result: Statistic, table: Table, *, key: str = "", title: str = "", at: int = LONG) -> Panel:
    """A table over the full width, folded where it has more than `at` lines. Under a `key` of its own it leaves out the method,
    which stands with the measure's first panel."""
    if key:
        table = replace(table, key=key, title=title, notes=())
    fold = f"Show {len(table.rows):,} lines" if len(table.rows) > at else ""
    return Panel(table, result.measure, wide=True, fold=fold)


def chosen(result: Statistic, rows: Sequence[Row], names: Sequence[str], *, finding: str = "") -> Table:
    """These rows and columns of a measure for a page.

    A column in which no row says anything is left out; where all rows have one clock, comparator, currency or kind of data, the
    finding names it instead.
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
        elif name == "data" and values:
            finding = f"{finding} Data: {result.data.kind}; the table says which.".strip()
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


def label(result: Statistic, row: Row, name: str) -> str:
    """The label of a code in this column."""
    column = next(column for column in result.columns if column.name == name)
    return str(column.text(row[name]))


def count(row: Row, name: str = "n") -> int:
    """A whole number of a row."""
    return int(str(row[name]))


def number(row: Row, name: str) -> float | None:
    """A number of a row; None where there is none."""
    value = row[name]
    return None if isinstance(value, NoNumber | str) else float(value)
