"""One site's cells of some months, recomputed from the rows: counted by the database, packed here.

Each query starts from the indexes (site, performed month) and (site, order month), so its cost is that of the months asked
for, whatever the size of the registry.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from registry.models import Site
from registry.statistics.histogram import Histogram
from registry.statistics.models import (
    CELLS,
    DEFINITION_VERSION,
    AssessmentCell,
    CaseCell,
    Cell,
    CodeCell,
    EffortCell,
    MinutesCell,
    PrintCell,
    ProcedureCell,
)
from registry.vocabulary.clinic import LIKERT_ITEMS
from registry.vocabulary.procedures import TimeSource
from registry.vocabulary.workflow import SiteKind

# The cases of the months. The process of a case is that of its print number 1.
COUNTED = """
WITH counted AS (
    SELECT c.id, p.id AS procedure_id, coalesce(p.performed_month, c.order_month) AS month,
        c.object_kind, coalesce(c.organ_system, '') AS organ_system, coalesce(c.complexity, '') AS complexity,
        coalesce(c.print_decision, '') AS print_decision, c.no_procedure_reason,
        p.category, coalesce(p.used_in_or, '') AS used_in_or,
        coalesce((
            SELECT made.process FROM registry_print made
            WHERE made.site_id = c.site_id AND made.case_id = c.id AND made.number = 1
        ), '') AS process
    FROM (
        SELECT case_id AS id FROM registry_procedure
        WHERE site_id = %(site)s AND performed_month = ANY(%(months)s::date[])
        UNION ALL
        SELECT ordered.id FROM registry_case ordered
        WHERE ordered.site_id = %(site)s AND ordered.order_month = ANY(%(months)s::date[])
            AND NOT EXISTS (SELECT FROM registry_procedure q WHERE q.site_id = ordered.site_id AND q.case_id = ordered.id)
    ) AS chosen
    JOIN registry_case c ON c.site_id = %(site)s AND c.id = chosen.id
    LEFT JOIN registry_procedure p ON p.site_id = c.site_id AND p.case_id = c.id
    WHERE c.state = 'submitted'
)
"""

# Per case and clock the first source present counts, in the order of the vocabulary.
MINUTES = """
SELECT month, category, complexity, object_kind, print_decision, process, clock, source, used_in_or, early, minutes, count(*)
FROM (
    SELECT DISTINCT ON (counted.id, t.clock) counted.*, t.clock, t.source, t.minutes, EXISTS (
        SELECT FROM statistics_earlyprint e
        WHERE e.site_id = %(site)s AND e.case_id = counted.id AND e.category = counted.category
    ) AS early
    FROM counted JOIN registry_proceduretime t ON t.site_id = %(site)s AND t.procedure_id = counted.procedure_id
    ORDER BY counted.id, t.clock, array_position(%(sources)s::varchar[], t.source)
) AS timed
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""

CASES = """
SELECT month, object_kind, organ_system, process, print_decision, count(*),
    count(*) FILTER (WHERE observed), count(*) FILTER (WHERE timed AND NOT observed),
    count(*) FILTER (WHERE object_kind <> 'none' AND print_decision <> 'cancelled' AND no_procedure_reason IS NULL AND NOT timed)
FROM (
    SELECT counted.*, times.n > 0 AS timed, times.observed > 0 AS observed
    FROM counted CROSS JOIN LATERAL (
        SELECT count(*) AS n, count(*) FILTER (WHERE t.source <> 'recall') AS observed
        FROM registry_proceduretime t WHERE t.site_id = %(site)s AND t.procedure_id = counted.procedure_id
    ) AS times
) AS known
GROUP BY 1, 2, 3, 4, 5
"""

PROCEDURES = """
SELECT month, category, object_kind, print_decision, count(*)
FROM counted WHERE procedure_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""

EFFORT = """
SELECT month, object_kind, activity, staff, minutes, count(*)
FROM counted JOIN registry_effort e ON e.site_id = %(site)s AND e.case_id = counted.id
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""

CODES = """
SELECT month, code, modifier, claim, count(DISTINCT counted.id), sum(units)
FROM counted JOIN registry_appliedcode a ON a.site_id = %(site)s AND a.case_id = counted.id
GROUP BY 1, 2, 3, 4
"""

PRINTS = """
SELECT month, made.process, made.outcome,
    CASE WHEN made.sterilisation IS NULL THEN '' WHEN made.sterilisation = 'none' THEN 'no' ELSE 'yes' END,
    coalesce(made.qa_result, ''), count(*), sum(made.copies)
FROM counted JOIN registry_print made ON made.site_id = %(site)s AND made.case_id = counted.id
GROUP BY 1, 2, 3, 4, 5
"""

ASSESSMENTS = """
SELECT month, answer.item, answer.score, count(*)
FROM counted JOIN registry_userassessment u ON u.site_id = %(site)s AND u.case_id = counted.id
CROSS JOIN LATERAL (VALUES {answers}) AS answer (item, score)
WHERE answer.score IS NOT NULL
GROUP BY 1, 2, 3
""".format(answers=", ".join(f"('{item}', u.{item})" for item in LIKERT_ITEMS))

CASE_KEY = ("object_kind", "organ_system", "process", "print_decision")
PLAIN: tuple[tuple[str, type[Cell], tuple[str, ...]], ...] = (
    (CASES, CaseCell, (*CASE_KEY, "n_cases", "n_with_or_time", "n_with_recall_only", "n_awaiting")),
    (PROCEDURES, ProcedureCell, ("category", "object_kind", "print_decision", "n")),
    (CODES, CodeCell, ("code", "modifier", "claim", "n_cases", "units")),
    (PRINTS, PrintCell, ("process", "outcome", "sterilised", "qa_result", "n", "copies")),
    (ASSESSMENTS, AssessmentCell, ("item", "score", "n")),
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
    _store(_effort(site_id, wanted))


def _counted(query: str, site_id: int, months: Sequence[date]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTED + query, {"site": site_id, "months": list(months), "sources": list(TimeSource.values)})
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


def _effort(site_id: int, months: Sequence[date]) -> Iterator[Cell]:
    for (month, kind, activity, staff), rows in groupby(_counted(EFFORT, site_id, months), key=lambda row: row[:4]):
        counts = {minutes: count for *_, minutes, count in rows}
        unknown = counts.pop(None, 0)
        known = Histogram.counted(counts)
        yield EffortCell(
            site_id=site_id,
            month=month,
            object_kind=kind,
            activity=activity,
            staff=staff,
            histogram=known.pack(),
            n_known=known.n,
            n_unknown=unknown,
        )
