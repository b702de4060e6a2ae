"""The headline page below its headline: all declared measures, in the order of a reader's questions."""

from collections.abc import Callable
from dataclasses import replace

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column, NotShown, Value
from registry.statistics.results import NoNumber, Row, Statistic, Suppressed
from registry.web.panels import LONG, Panel, Results, Section, chosen, main_clock
from registry.web.savings import dollars_saved, minutes_saved

MIXES = {
    "cases-by-kind": ("object_kind", "n", "share", "sites", "data"),
    "cases-by-organ-system": ("organ_system", "n", "share", "sites", "data"),
    "cases-by-process": ("process", "n", "share", "sites", "data"),
    "or-time-coverage": ("object_kind", "n", "with_or_time", "share", "awaiting", "data"),
}
OR_MINUTES = ("category", "arm", "clock", "n", "mean", "sd", "q1", "median", "q3", "coverage", "data")
SIGN = "Minutes saved are those without a print minus those with one: above zero is faster with a print, below zero slower."


def sections(results: Results, csv_url: Callable[[str], str]) -> list[Section]:
    """Every measure in `results` as panels; `csv_url` gives the address of a measure's CSV."""

    def of(slug: str) -> tuple[Statistic | Suppressed, str]:
        return results[slug], csv_url(slug)

    saved = (*minutes_saved(*of("minutes-saved")), dollars_saved(*of("dollars-saved")))
    mixes = tuple(_mix(*of(slug), names) for slug, names in MIXES.items())
    return [
        Section("Operating-room time saved", saved, SIGN),
        Section("Operating-room time observed", tuple(_observed(*of("or-minutes")))),
        Section("Cases and effort", (*mixes, _effort(*of("effort")))),
    ]


def _mix(result: Statistic | Suppressed, url: str, names: tuple[str, ...]) -> Panel:
    if isinstance(result, Suppressed):
        return Panel(as_table(result), url)
    return Panel(chosen(result, result.rows, names), url)


def _observed(result: Statistic | Suppressed, url: str) -> list[Panel]:
    """The clock with the most cases, and the others folded."""
    if isinstance(result, Suppressed):
        return [Panel(as_table(result), url, wide=True)]
    main, others = main_clock(result.rows)
    table = replace(chosen(result, main, OR_MINUTES), title="OR minutes by procedure and arm")
    fold = f"Show {len(table.rows):,} lines" if len(table.rows) > LONG else ""
    panels = [Panel(table, url, wide=True, fold=fold)]
    if others:
        more = chosen(result, others, OR_MINUTES)
        more = replace(more, key="or-minutes-by-other-clocks", title="OR minutes by other clocks", notes=())
        panels.append(Panel(more, url, wide=True, fold=f"Show {len(more.rows):,} lines"))
    return panels


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
        columns += [
            Column(f"{group}_mean", f"{staff.text(group)}, mean", "minutes"),
            Column(f"{group}_median", "Median", "minutes"),
            Column(f"{group}_n", "Cases", "count"),
        ]
    lines = [
        (str(activity.text(name)), *(value for group in groups for value in _grid(at.get((name, group)))))
        for name in dict.fromkeys(row["activity"] for row in result.rows)
    ]
    data = f"Data: {result.data.kind}."
    finding = f"Minutes a case, over the cases that know them. {data}"
    return Panel(replace(table, columns=tuple(columns), rows=tuple(lines), finding=finding), url, wide=True)


def _grid(row: Row | None) -> list[Value]:
    """Mean, median and cases of one cell; a reason stands once, not in each."""
    if row is None:
        return [NotShown("no case says"), None, 0]
    mean, median = row["mean"], row["median"]
    n = int(str(row["n"]))
    if isinstance(mean, NoNumber) or isinstance(median, NoNumber):
        return [NotShown("no case knows"), None, n]
    return [mean, median, n]
