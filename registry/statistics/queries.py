"""What the cells are counted by: each query starts from the submitted cases of one site and some months.

It starts from the indexes (site, performed month) and (site, order month), so its cost is that of the months asked for,
whatever the size of the registry.

The site is asked for by `(SELECT …)`, which keeps it from the planner: for a site that the last ANALYZE had not seen it expected
no row, and compared every case with every other. 13,000 cases sent in a minute then held a refresh for two minutes; now 0.9 s.
"""

from registry.statistics.code_queries import GROUPED_BY_CODES
from registry.statistics.models import ESTIMATE
from registry.vocabulary.clinic import LIKERT_ITEMS

# The cases of the months. The process of a case is that of its print number 1.
COUNTED = """
WITH counted AS (
    SELECT c.id, p.id AS procedure_id, coalesce(p.performed_month, c.order_month) AS month,
        c.order_month, p.performed_month, c.age_years, 'age_years' = ANY(c.unknown_fields) AS age_unknown,
        c.object_kind, coalesce(c.organ_system, '') AS organ_system, coalesce(c.complexity, '') AS complexity,
        coalesce(c.print_decision, '') AS print_decision,
        c.object_kind <> 'none' AND c.print_decision <> 'cancelled' AND c.no_procedure_reason IS NULL AS expects_outcome,
        p.category, coalesce(p.used_in_or, '') AS used_in_or,
        coalesce((
            SELECT made.process FROM registry_print made
            WHERE made.site_id = c.site_id AND made.case_id = c.id AND made.number = 1
        ), '') AS process
    FROM (
        SELECT case_id AS id FROM registry_procedure
        WHERE site_id = (SELECT %(site)s::bigint) AND performed_month = ANY(%(months)s::date[])
        UNION ALL
        SELECT ordered.id FROM registry_case ordered
        WHERE ordered.site_id = (SELECT %(site)s::bigint) AND ordered.order_month = ANY(%(months)s::date[])
            AND NOT EXISTS (SELECT FROM registry_procedure q WHERE q.site_id = ordered.site_id AND q.case_id = ordered.id)
    ) AS chosen
    JOIN registry_case c ON c.site_id = (SELECT %(site)s::bigint) AND c.id = chosen.id
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
        WHERE e.site_id = (SELECT %(site)s::bigint) AND e.case_id = counted.id AND e.category = counted.category
    ) AS early
    FROM counted JOIN registry_proceduretime t ON t.site_id = (SELECT %(site)s::bigint) AND t.procedure_id = counted.procedure_id
    ORDER BY counted.id, t.clock, array_position(%(sources)s::varchar[], t.source)
) AS timed
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""

CASES = (
    GROUPED_BY_CODES  # noqa: S608 - fixed text alone
    + """
SELECT month, object_kind, organ_system, billing_group, process, print_decision, expects_outcome, count(*),
    count(*) FILTER (WHERE observed), count(*) FILTER (WHERE timed AND NOT observed),
    count(*) FILTER (WHERE expects_outcome AND NOT timed)
FROM (
    SELECT billed.*, times.n > 0 AS timed, times.observed > 0 AS observed
    FROM billed CROSS JOIN LATERAL (
        SELECT count(*) AS n, count(*) FILTER (WHERE t.source <> 'recall') AS observed
        FROM registry_proceduretime t WHERE t.site_id = (SELECT %(site)s::bigint) AND t.procedure_id = billed.procedure_id
    ) AS times
) AS known
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
)

PROCEDURES = """
SELECT month, category, object_kind, print_decision, count(*)
FROM counted WHERE procedure_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""

AGES = """
SELECT month, object_kind, print_decision, age_years, count(*)
FROM counted WHERE age_years IS NOT NULL OR age_unknown
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""

# Each activity, and all of them together (no activity) for a staff group of which a case says every one.
EFFORT = """
, said AS (
    SELECT counted.id, month, object_kind, e.activity, e.staff, e.minutes
    FROM counted JOIN registry_effort e ON e.site_id = (SELECT %(site)s::bigint) AND e.case_id = counted.id
)
SELECT month, object_kind, activity, staff, minutes, count(*)
FROM (
    SELECT month, object_kind, activity, staff, minutes FROM said
    UNION ALL
    SELECT month, object_kind, '', staff, CASE WHEN count(minutes) = count(*) THEN sum(minutes) END
    FROM said GROUP BY id, month, object_kind, staff HAVING count(*) = %(activities)s
) AS each_and_all
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""

# Each print under its process and once under each class among its materials.
GROUPED = """
, made AS (
    SELECT counted.month, counted.order_month, counted.performed_month, p.number, p.outcome, p.sterilisation, p.qa_result,
        p.copies, p.print_hours, p.material_cost, p.unknown_fields, named.grouping, named.name
    FROM counted JOIN registry_print p ON p.site_id = (SELECT %(site)s::bigint) AND p.case_id = counted.id
    CROSS JOIN LATERAL (
        SELECT 'process' AS grouping, p.process AS name
        UNION
        SELECT 'material', m.material_class FROM registry_printmaterial used
        JOIN registry_material m ON m.site_id = used.site_id AND m.id = used.material_id
        WHERE used.site_id = p.site_id AND used.print_id = p.id
    ) AS named
)
"""

PRINTS = (
    GROUPED
    + """
SELECT month, grouping, name, outcome,
    CASE WHEN sterilisation = 'none' THEN 'no' WHEN sterilisation IS NOT NULL THEN 'yes'
        WHEN 'sterilisation' = ANY(unknown_fields) THEN 'unknown' ELSE '' END,
    coalesce(qa_result, CASE WHEN 'qa_result' = ANY(unknown_fields) THEN 'unknown' ELSE '' END),
    count(*), sum(copies)
FROM made GROUP BY 1, 2, 3, 4, 5, 6
"""
)

# In hundredths of an hour, which are whole numbers.
HOURS = (
    GROUPED
    + """
SELECT month, grouping, name, (print_hours * 100)::integer, count(*)
FROM made WHERE print_hours IS NOT NULL OR 'print_hours' = ANY(unknown_fields)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
)

COSTS = (
    GROUPED
    + """
SELECT month, grouping, name, count(material_cost), coalesce(sum(material_cost), 0),
    coalesce(sum(material_cost * material_cost), 0), count(*) - count(material_cost)
FROM made WHERE material_cost IS NOT NULL OR 'material_cost' = ANY(unknown_fields)
GROUP BY 1, 2, 3
"""
)

# The rules refuse a procedure before its order; were there one, it would be unknown and not a number below zero.
TURNAROUNDS = (
    GROUPED
    + """
SELECT month, grouping, name, CASE WHEN performed_month >= order_month THEN (
        12 * (extract(year FROM performed_month) - extract(year FROM order_month))
        + extract(month FROM performed_month) - extract(month FROM order_month)
    )::integer END AS months, count(*)
FROM made WHERE number = 1
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
)

ASSESSMENTS = """
SELECT month, answer.item, answer.score, count(*)
FROM counted JOIN registry_userassessment u ON u.site_id = (SELECT %(site)s::bigint) AND u.case_id = counted.id
CROSS JOIN LATERAL (VALUES {answers}) AS answer (item, score)
WHERE answer.score IS NOT NULL
GROUP BY 1, 2, 3
""".format(answers=", ".join(f"('{item}', u.{item})" for item in (*LIKERT_ITEMS, ESTIMATE)))
