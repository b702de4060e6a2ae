"""What the billing codes of a case are counted by, after `COUNTED` of queries.py; the sets of codes are those of the vocabulary."""

from registry.vocabulary.billing import GUIDE_CODES, MODEL_CODES, RENDERING_CODES, SURFACE_MODEL_CODES

CODE_SETS = {
    "model_codes": sorted(MODEL_CODES),
    "guide_codes": sorted(GUIDE_CODES),
    "surface_codes": sorted(SURFACE_MODEL_CODES),
    "rendering_codes": sorted(RENDERING_CODES),
}

# Each case in the one group that its codes make; a control in none.
GROUPED_BY_CODES = """
, billed AS (
    SELECT counted.*, CASE
        WHEN counted.object_kind = 'none' THEN ''
        WHEN said.model AND said.guide THEN 'both'
        WHEN said.model THEN 'model'
        WHEN said.guide THEN 'guide'
        WHEN said.surface THEN 'digital'
        ELSE 'no_code' END AS billing_group
    FROM counted CROSS JOIN LATERAL (
        SELECT bool_or(a.code = ANY(%(model_codes)s::varchar[])) AS model,
            bool_or(a.code = ANY(%(guide_codes)s::varchar[])) AS guide,
            bool_or(a.code = ANY(%(surface_codes)s::varchar[])) AS surface
        FROM registry_appliedcode a WHERE a.site_id = (SELECT %(site)s::bigint) AND a.case_id = counted.id
    ) AS said
)
"""

# Of printed cases alone: controls have no codes, and a comparison takes theirs from the cells of all minutes.
CODED_MINUTES = (
    GROUPED_BY_CODES  # noqa: S608 - fixed text alone
    + """
SELECT month, category, complexity, organ_system, billing_group, clock, CASE WHEN source <> 'recall' THEN minutes END, count(*)
FROM (
    SELECT DISTINCT ON (billed.id, t.clock) billed.*, t.clock, t.source, t.minutes
    FROM billed JOIN registry_proceduretime t ON t.site_id = (SELECT %(site)s::bigint) AND t.procedure_id = billed.procedure_id
    WHERE print_decision = 'printed' AND object_kind NOT IN ('none', 'digital_only')
    ORDER BY billed.id, t.clock, array_position(%(sources)s::varchar[], t.source)
) AS timed
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
)

CODES = """
SELECT month, code, modifier, organ_system, claim, status, count(*), count(*) FILTER (WHERE place > 1), sum(units)
FROM (
    SELECT counted.month, counted.organ_system, a.code, a.modifier, a.claim, a.units,
        coalesce(a.claim_status, CASE WHEN 'claim_status' = ANY(a.unknown_fields) THEN 'unknown' ELSE '' END) AS status,
        row_number() OVER (PARTITION BY a.case_id, a.code ORDER BY a.modifier) AS place
    FROM counted JOIN registry_appliedcode a ON a.site_id = (SELECT %(site)s::bigint) AND a.case_id = counted.id
) AS applied
GROUP BY 1, 2, 3, 4, 5, 6
"""

# A code is judged by the row of the reference in force in the month of its service. What the doors refuse whatever the date is not
# counted again; dates are, since the reference may learn later that a code has ended.
CODE_RULES = """
SELECT month, code, rule, count(*), count(*) FILTER (WHERE broken)
FROM (
    SELECT counted.month, a.code, judged.rule, judged.broken
    FROM counted JOIN registry_appliedcode a ON a.site_id = (SELECT %(site)s::bigint) AND a.case_id = counted.id
    CROSS JOIN LATERAL (SELECT coalesce(a.applied_month, counted.performed_month, counted.order_month) AS month) AS service
    LEFT JOIN LATERAL (
        SELECT r.id, r.mue_units, r.mue_from FROM registry_codereference r
        WHERE r.code = a.code AND (r.effective_from IS NULL OR date_trunc('month', r.effective_from) <= service.month)
            AND (r.effective_to IS NULL OR r.effective_to >= service.month)
        ORDER BY r.effective_from DESC NULLS LAST LIMIT 1
    ) AS valid ON true
    CROSS JOIN LATERAL (
        SELECT bool_or(other.code = ANY(%(model_codes)s::varchar[] || %(guide_codes)s::varchar[])) AS printing
        FROM registry_appliedcode other WHERE other.site_id = a.site_id AND other.case_id = a.case_id
    ) AS beside
    CROSS JOIN LATERAL (
        SELECT CASE a.code
            WHEN '0560T' THEN (
                SELECT count(*) FROM registry_anatomicpart p WHERE p.site_id = a.site_id AND p.case_id = a.case_id
            )
            WHEN '0562T' THEN (
                SELECT coalesce(sum(g.count), 0) FROM registry_guide g WHERE g.site_id = a.site_id AND g.case_id = a.case_id
            ) END AS pieces
    ) AS described
    CROSS JOIN LATERAL (VALUES
        ('code-not-valid', true, valid.id IS NULL),
        ('units-unlikely', valid.mue_units IS NOT NULL AND valid.mue_from <= service.month, a.units > valid.mue_units),
        ('units-differ', described.pieces IS NOT NULL, a.units <> greatest(described.pieces - 1, 0)),
        ('rendering-beside-print', a.code = ANY(%(rendering_codes)s::varchar[]), beside.printing),
        ('surface-model-beside-print', a.code = ANY(%(surface_codes)s::varchar[]), beside.printing)
    ) AS judged (rule, applies, broken)
    WHERE judged.applies
) AS applied
GROUP BY 1, 2, 3
"""
