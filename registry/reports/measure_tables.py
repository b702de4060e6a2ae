"""A published measure as a table: labels for codes, and beneath it all that must be said beside the figures."""

from typing import Any

from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.counts import CLOCK
from registry.statistics.results import NoNumber, Statistic, Suppressed


def as_table(result: Statistic | Suppressed) -> Table:
    """`result` laid out for people, pages and files; one that is suppressed has no rows and says why."""
    if isinstance(result, Suppressed):
        return Table(result.measure, result.title, (), (), not_shown=result.reason)
    columns = tuple(Column(column.name, column.heading, column.unit) for column in result.columns)
    rows = tuple(tuple(_value(column, row[column.name]) for column in result.columns) for row in result.rows)
    return Table(
        result.measure, result.title, columns, rows, notes=tuple(f"{name}: {text}" for name, text in notes(result))
    )


def _value(column: Any, value: Any) -> Value:
    if isinstance(value, NoNumber):
        return NotShown(value.reason)
    labelled: Value = column.text(value)
    return labelled


def notes(result: Statistic) -> list[tuple[str, str]]:
    """What must be said beside a measure, as pairs of name and sentence."""
    said = [
        ("Cases", _cases(result)),
        ("Data", str(result.data) if result.n else ""),
        ("Coverage", str(result.coverage or "")),
        ("Period", result.period),
        ("Clocks", ", ".join(CLOCK.words.get(clock, clock) for clock in result.clocks)),
        ("Comparator classes", ", ".join(result.comparators)),
        ("Method", result.method),
        ("Version", f"{result.version}, of pipeline {result.pipeline}"),
        ("Source", result.source),
        ("Data cut-off", f"{result.cut_off:%Y-%m-%d %H:%M:%S} UTC"),
    ]
    return [pair for pair in said if pair[1]] + [("Mind", caveat) for caveat in result.caveats]


def _cases(result: Statistic) -> str:
    """How many from how many sites; nothing of published figures, which have rows and no case."""
    if result.rows and not result.sites:
        return ""
    return f"{result.n:,} from {result.sites:,} {'site' if result.sites == 1 else 'sites'}"
