"""One site's cells of some months, recomputed from the rows: counted by the database, packed here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from registry.models import Print, Site
from registry.statistics.code_queries import CODE_RULES, CODE_SETS, CODED_MINUTES, CODES
from registry.statistics.histogram import Histogram
from registry.statistics.models import (
    CELLS,
    DEFINITION_VERSION,
    AgeCell,
    AssessmentCell,
    CaseCell,
    Cell,
    CodeCell,
    CodedMinutesCell,
    CodeRuleCell,
    CostCell,
    EffortCell,
    HoursCell,
    KnownCell,
    MinutesCell,
    NearDuplicateCell,
    PrintCell,
    ProcedureCell,
    TurnaroundCell,
)
from registry.statistics.near_duplicates import compared, near_duplicates
from registry.statistics.queries import (
    AGES,
    ASSESSMENTS,
    CASES,
    COSTS,
    COUNTED,
    EFFORT,
    HOURS,
    MINUTES,
    PRINTS,
    PROCEDURES,
    TURNAROUNDS,
)
from registry.vocabulary.manufacturing import EffortActivity
from registry.vocabulary.procedures import TimeSource
from registry.vocabulary.workflow import SiteKind

CASE_KEY = ("object_kind", "organ_system", "billing_group", "process", "print_decision", "expects_outcome")
CODE_KEY = ("code", "modifier", "organ_system", "claim", "claim_status")
GROUP = ("grouping", "group")
# Rows of these are cells.
PLAIN: tuple[tuple[str, type[Cell], tuple[str, ...]], ...] = (
    (CASES, CaseCell, (*CASE_KEY, "n_cases", "n_with_or_time", "n_with_recall_only", "n_awaiting")),
    (PROCEDURES, ProcedureCell, ("category", "object_kind", "print_decision", "n")),
    (CODES, CodeCell, (*CODE_KEY, "n_cases", "n_again", "units")),
    (CODE_RULES, CodeRuleCell, ("code", "rule", "n", "n_broken")),
    (PRINTS, PrintCell, (*GROUP, "outcome", "sterilised", "qa_result", "n", "copies")),
    (COSTS, CostCell, (*GROUP, "n_known", "total", "squares", "n_unknown")),
    (ASSESSMENTS, AssessmentCell, ("item", "score", "n")),
)
# Rows of these are values with their counts; no value = said to be unknown.
KNOWN: tuple[tuple[str, type[KnownCell], tuple[str, ...]], ...] = (
    (CODED_MINUTES, CodedMinutesCell, ("category", "complexity", "organ_system", "billing_group", "clock")),
    (AGES, AgeCell, ("object_kind", "print_decision")),
    (EFFORT, EffortCell, ("object_kind", "activity", "staff")),
    (HOURS, HoursCell, GROUP),
    (TURNAROUNDS, TurnaroundCell, GROUP),
)


def recompute(site_id: int, months: Iterable[date]) -> None:
    """The site's cells of these months are those of its submitted cases; a sandbox has none. Run as the statistics role."""
    wanted = sorted(set(months))
    for model in CELLS:
        model.objects.filter(site_id=site_id, month__in=wanted).delete()
    if not Site.objects.filter(pk=site_id, kind=SiteKind.LIVE).exists():
        return
    for query, model, names in PLAIN:
        rows = _counted(query, site_id, wanted)
        _store(model(site_id=site_id, month=month, **dict(zip(names, values, strict=True))) for month, *values in rows)
    _store(_minutes(site_id, wanted))
    for query, known, names in KNOWN:
        _store(_known(query, known, names, site_id, wanted))
    _store(_near_duplicates(site_id, wanted))


def _counted(query: str, site_id: int, months: Sequence[date]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        which: dict[str, Any] = {"site": site_id, "months": list(months)}
        which |= {"sources": list(TimeSource.values), "activities": len(EffortActivity), **CODE_SETS}
        cursor.execute(COUNTED + query, which)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _store(cells: Iterable[Cell]) -> None:
    made = list(cells)
    for cell in made:
        cell.definition_version = DEFINITION_VERSION
    if made:
        type(made[0]).objects.bulk_create(made, batch_size=1000)


def _minutes(site_id: int, months: Sequence[date]) -> Iterator[Cell]:
    for (month, *key), rows in groupby(_counted(MINUTES, site_id, months), key=lambda row: row[:10]):
        histogram = Histogram.counted({minutes: count for *_, minutes, count in rows})
        named = dict(zip(MinutesCell.KEY, key, strict=True))
        yield MinutesCell(site_id=site_id, month=month, histogram=histogram.pack(), n=histogram.n, **named)


def _near_duplicates(site_id: int, months: Sequence[date]) -> Iterator[Cell]:
    prints = Print.objects.filter(site_id=site_id, case__procedure__performed_month__in=months)
    pairs = Counter(pair.month for pair in near_duplicates(prints))
    for month, n in compared(prints).items():
        yield NearDuplicateCell(site_id=site_id, month=month, compared=n, pairs=pairs[month])


def _known(
    query: str, model: type[KnownCell], names: Sequence[str], site_id: int, months: Sequence[date]
) -> Iterator[Cell]:
    width = 1 + len(names)
    for (month, *key), rows in groupby(_counted(query, site_id, months), key=lambda row: row[:width]):
        counts = {value: count for *_, value, count in rows}
        unknown = counts.pop(None, 0)
        known = Histogram.counted(counts)
        named = dict(zip(names, key, strict=True))
        yield model(site_id=site_id, month=month, histogram=known.pack(), n_known=known.n, n_unknown=unknown, **named)
