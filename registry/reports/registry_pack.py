"""The registry report: every measure of the registry as published, with n, coverage, method, version and data cut-off."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from registry.models import Site
from registry.reports import workbook
from registry.reports.measure_tables import as_table
from registry.reports.tables import NotShown, Table
from registry.reports.workbook import Result
from registry.reports.writers import Cell, CsvFile, Written
from registry.statistics.measures import OF_THE_REGISTRY
from registry.statistics.provenance import data_notes
from registry.statistics.published import published
from registry.statistics.results import Scope, Statistic, Suppressed

Progress: TypeAlias = Callable[[int, int], None]

TITLE = "Strata registry report"
LONG = (
    "measure title scope period line strata figure value unit not_shown n sites covered eligible coverage_of clocks comparators "
    "method version source data_cut_off data data_notes"
).split()


def write(path: Path, *, format: str, for_user: Any, progress: Progress) -> Written:
    """The report as `for_user` may see it is in the file at `path`: a workbook for "xlsx", one long table for "csv".

    `progress(done, total)` was told after each measure. Figures are as published, in full precision.
    """
    results = list(_published(for_user, progress))
    if format == "csv":
        return _csv(path, results)
    return _workbook(path, results)


def _published(for_user: Any, progress: Progress) -> Iterator[Result]:
    for done, measure in enumerate(OF_THE_REGISTRY, 1):
        yield published(measure.slug, scope=Scope.registry(), for_user=for_user)
        progress(done, len(OF_THE_REGISTRY))


def _workbook(path: Path, results: list[Result]) -> Written:
    counted = {code for result in results if isinstance(result, Statistic) for code in result.data.real}
    said = [("Report", f"{TITLE}: one sheet for each measure, all live sites, all months.")]
    said += [("Data", str(note)) for note in data_notes(Site.objects.live(), counted=counted)]
    return workbook.write(path, results, title=TITLE, said=said)


def _csv(path: Path, results: list[Result]) -> Written:
    with CsvFile(path, LONG) as file:
        for result in results:
            for row in _long(result):
                file.row(row)
    return file.written()


def _long(result: Result) -> Iterator[list[Cell]]:
    """One row for each figure: what it is of, its value, and what must be said beside it."""
    if isinstance(result, Suppressed):
        head: list[Cell] = [result.measure, result.title, result.scope]
        yield head + [None] * 6 + [result.reason] + [None] * (len(LONG) - 10)
        return
    table = as_table(result)
    first = _first_figure(table)
    beside = _beside(result)
    for line, (row, kind) in enumerate(zip(table.rows, table.column("data"), strict=True), 1):
        strata = "; ".join(
            f"{column.heading}: {value}" for column, value in zip(table.columns[:first], row, strict=False)
        )
        for column, value in zip(table.columns[first:], row[first:], strict=True):
            if column.name == "data":
                continue
            missing = isinstance(value, NotShown)
            figure: list[Cell] = [
                column.name,
                None if missing else value,  # type: ignore[list-item]
                column.unit,
                value.reason if missing else None,  # type: ignore[union-attr]
            ]
            head = [result.measure, result.title, result.scope, result.period, line, strata]
            yield [*head, *figure, *beside, str(kind), str(result.data)]


def _first_figure(table: Table) -> int:
    places = (place for place, column in enumerate(table.columns) if column.unit != "text")
    return next(places, len(table.columns))


def _beside(result: Statistic) -> list[Cell]:
    coverage = result.coverage
    covered: list[Cell] = [coverage.covered, coverage.eligible, coverage.of] if coverage else [None, None, None]
    return [
        result.n,
        result.sites,
        *covered,
        ", ".join(result.clocks),
        ", ".join(result.comparators),
        result.method,
        result.version,
        result.source,
        f"{result.cut_off:%Y-%m-%dT%H:%M:%SZ}",
    ]
