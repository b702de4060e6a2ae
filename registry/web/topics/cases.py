"""How many cases, of what, and when."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from registry.reports.measure_tables import as_table
from registry.reports.tables import Column as TableColumn
from registry.reports.tables import Value
from registry.statistics.results import Row, Statistic
from registry.vocabulary.manufacturing import ObjectKind
from registry.web.charts.columns import Column, Series, columns
from registry.web.charts.frame import Figure
from registry.web.panels import Panel, Result, chosen, count, detail, hidden, label, with_figure

BY_MONTH = ("month", "object_kind", "n", "printed", "sites", "data")
MIXES = {
    "cases-by-kind": ("object_kind", "n", "share", "sites", "data"),
    "cases-by-organ-system": ("organ_system", "n", "share", "sites", "data"),
    "cases-by-process": ("process", "n", "share", "sites", "data"),
}
AGES = ("object_kind", "n", "share", "age_mean", "age_sd", "age_n", "age_unknown", "age_not_asked", "sites", "data")
MONTHS_DRAWN = 18
"""Over a longer time a column is a quarter."""
FEW = 6


@dataclass(frozen=True)
class Span:
    """The time of one column: its name, and the first day after it."""

    name: str
    end: date


def over_time(result: Result) -> Panel:
    """Cases by month or quarter, a row of columns for each kind, controls apart."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = chosen(result, result.rows[::-1], BY_MONTH, finding=_said(result))
    return with_figure(result, table, figure(result), reading=_reading(result))


def _reading(result: Statistic) -> str:
    """What the columns do not say themselves."""
    said, spans = [], _spans(result)
    if len({row["object_kind"] == ObjectKind.NONE for row in result.rows}) > 1:
        said.append("Controls have a scale of their own.")
    if spans and _unfinished(result, spans[-1]):
        said.append(f"Hollow and dashed: {spans[-1].name} is not over yet.")
    return " ".join(said)


def figure(result: Statistic) -> Figure | None:
    """A row of columns for each kind that occurs; a month or quarter without a case has none."""
    spans = _spans(result)
    if not spans:
        return None
    names = [span.name for span in spans]
    length = _length(result)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for row in result.rows:
        counts[str(row["object_kind"])][_span(str(row["month"]), length).name] += count(row)
    series = []
    for kind in (str(word) for word in ObjectKind.values if str(word) in counts):
        said = label(result, {"object_kind": kind}, "object_kind")
        drawn = tuple(
            Column(
                span.name,
                counts[kind][span.name],
                _unfinished(result, span),
                f"{said}, {span.name}: {counts[kind][span.name]:,} cases",
            )
            for span in spans
        )
        scale = "controls" if kind == ObjectKind.NONE else ""
        series.append(Series(f"{said}: {sum(counts[kind].values()):,}", drawn, scale))
    return columns(series, title=f"Cases by {length}", ticks=_ticks(names))


def _length(result: Statistic) -> str:
    """What a column is: a year where the registry keeps years, a quarter over a long time, else a month."""
    months = sorted({str(row["month"]) for row in result.rows})
    if months and len(months[0]) == len("2026"):
        return "year"
    if not months or _number(months[-1]) - _number(months[0]) < MONTHS_DRAWN:
        return "month"
    return "quarter"


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _spans(result: Statistic) -> list[Span]:
    """Every month, quarter or year from the first to the last with a case, those without one too."""
    months = sorted({str(row["month"]) for row in result.rows})
    if not months:
        return []
    length = _length(result)
    if length == "year":
        return [_span(str(year), length) for year in range(int(months[0]), int(months[-1]) + 1)]
    between = range(_number(months[0]), _number(months[-1]) + 1)
    return list(dict.fromkeys(_span(f"{number // 12}-{number % 12 + 1:02d}", length) for number in between))


def _span(month: str, length: str) -> Span:
    year = int(month[:4])
    if length == "year":
        return Span(month, date(year + 1, 1, 1))
    if length == "month":
        after = _number(month) + 1
        return Span(month, date(after // 12, after % 12 + 1, 1))
    quarter = (int(month[5:]) - 1) // 3
    after = year * 12 + quarter * 3 + 3
    return Span(f"{year} Q{quarter + 1}", date(after // 12, after % 12 + 1, 1))


def _unfinished(result: Statistic, span: Span) -> bool:
    return result.cut_off.date() < span.end


def _ticks(names: Sequence[str]) -> list[str]:
    """The columns that bear a label: all where they are few, else beginnings of a quarter or year, as many as there is room for."""
    if len(names) <= FEW:
        return list(names)
    starts = ("01", "04", "07", "10") if "-" in names[0] else ("Q1",) if " " in names[0] else ("",)
    ticks = [name for name in names if name.endswith(starts)]
    return ticks[:: -(-len(ticks) // FEW)]


def _said(result: Statistic) -> str:
    controls = sum(count(row) for row in result.rows if row["object_kind"] == ObjectKind.NONE)
    months = sorted(str(row["month"]) for row in result.rows)
    if not months:
        return ""
    first, last = _named(months[0]), _named(months[-1])
    when = f"in {first}" if first == last else f"from {first} to {last}"
    asked = result.n - controls
    return (
        f"{asked:,} {'case' if asked == 1 else 'cases'} of a model or guide and {controls:,} "
        f"{'control' if controls == 1 else 'controls'} {when}."
    )


def _named(month: str) -> str:
    """A month in words, "March 2026"; a year as it is."""
    return f"{date(int(month[:4]), int(month[5:]), 1):%B %Y}" if "-" in month else month


def mix(result: Result) -> Panel:
    """Cases by one part of their key."""
    if not isinstance(result, Statistic):
        return hidden(result)
    return with_figure(result, chosen(result, result.rows, MIXES[result.measure]), None)


def ages(result: Result) -> Panel:
    """Printed cases by kind, with the age of the patients."""
    if not isinstance(result, Statistic):
        return hidden(result)
    return detail(result, chosen(result, result.rows, AGES))


def organ_systems(result: Result) -> Panel:
    """Organ systems down, kinds of object across: how many printed cases, and their share of the kind."""
    if not isinstance(result, Statistic):
        return hidden(result)
    table = as_table(result)
    if not result.rows:
        return with_figure(result, table, None)
    kinds = list(dict.fromkeys(str(row["object_kind"]) for row in result.rows))
    systems = list(dict.fromkeys(str(row["organ_system"]) for row in result.rows))
    at = {(str(row["organ_system"]), str(row["object_kind"])): row for row in result.rows}
    across = [TableColumn("organ_system", "Organ system")]
    for kind in kinds:
        said = label(result, {"object_kind": kind}, "object_kind")
        across += [TableColumn(f"{kind}_n", said, "count"), TableColumn(f"{kind}_share", "Share", "share")]
    lines = [
        (label(result, {"organ_system": system}, "organ_system"), *_across(at, system, kinds)) for system in systems
    ]
    finding = f"Shares are of all printed cases of the kind. Data: {result.data.kind}."
    return replace(
        with_figure(result, replace(table, columns=tuple(across), rows=tuple(lines), finding=finding), None), wide=True
    )


def _across(at: dict[tuple[str, str], Row], system: str, kinds: Sequence[str]) -> Iterator[Value]:
    """Number and share for each kind; no case of it is zero of its cases."""
    for kind in kinds:
        row = at.get((system, kind))
        yield count(row) if row else 0
        yield float(str(row["share"])) if row else 0.0
