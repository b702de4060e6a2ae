"""The first five printed cases of each site and procedure category: a lab learns, and its first prints can be left out."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from registry.statistics.models import EarlyPrint

FIRST = 5

PRINTED = "c.state = 'submitted' AND c.print_decision = 'printed' AND c.object_kind NOT IN ('none', 'digital_only')"

# Only a printed case of these months, or one that was among the first five in them, can change the first five.
TOUCHED = f"""
SELECT p.category FROM registry_procedure p JOIN registry_case c ON c.site_id = p.site_id AND c.id = p.case_id
WHERE p.site_id = (SELECT %(site)s::bigint) AND p.performed_month = ANY(%(months)s::date[]) AND {PRINTED}
UNION
SELECT category FROM statistics_earlyprint WHERE site_id = (SELECT %(site)s::bigint) AND month = ANY(%(months)s::date[])
"""  # noqa: S608 - fixed text alone

FIRST_PRINTED = f"""
SELECT named.category, found.case_id, found.month
FROM unnest(%(categories)s::varchar[]) AS named (category)
CROSS JOIN LATERAL (
    SELECT c.id AS case_id, p.performed_month AS month
    FROM registry_procedure p JOIN registry_case c ON c.site_id = p.site_id AND c.id = p.case_id
    WHERE p.site_id = (SELECT %(site)s::bigint) AND p.category = named.category AND {PRINTED}
        AND EXISTS (SELECT FROM registry_site WHERE id = (SELECT %(site)s::bigint) AND kind = 'live')
    ORDER BY p.performed_month, c.id
    LIMIT %(first)s
) AS found
"""  # noqa: S608 - fixed text alone


def settle(site_id: int, months: Iterable[date]) -> set[date]:
    """`EarlyPrint` agrees with the rows for every category seen in these months; returns the months whose cells that changes.

    A sandbox has none.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"site": site_id, "months": list(months)})
        categories = [category for (category,) in cursor.fetchall()]
        cursor.execute(FIRST_PRINTED, {"site": site_id, "categories": categories, "first": FIRST})
        now = set(cursor.fetchall())
    kept = EarlyPrint.objects.filter(site_id=site_id, category__in=categories)
    before = set(kept.values_list("category", "case_id", "month"))
    changed = before ^ now
    if changed:
        kept.delete()
        EarlyPrint.objects.bulk_create(
            EarlyPrint(site_id=site_id, category=category, case_id=case_id, month=month)
            for category, case_id, month in sorted(now)
        )
    return {month for _, _, month in changed}
