"""Stale months are recomputed from the rows, each site under a lock, a few months in one transaction: a crash rolls back.

There are no counters and no watermarks, since the past changes: outcomes arrive late, cases are amended and withdrawn.
"""

from datetime import date

from django.db import connection, transaction

from registry.models import Site
from registry.models.scope import as_statistics
from registry.statistics import cells, early
from registry.statistics.models import DEFINITION_VERSION, StaleMonth
from registry.statistics.stale import MARK

MONTHS_AT_ONCE = 12
"""Months of one transaction: as long as it runs, who records a case of such a month waits."""

OUTDATED = """
SELECT DISTINCT site_id, month, now() FROM statistics_casecell WHERE definition_version < %(version)s OR definition_version > %(version)s
ORDER BY 1, 2
"""

EVERY_MONTH = """
SELECT site_id, month, now() FROM (
    SELECT site_id, performed_month AS month FROM registry_procedure
    UNION SELECT site_id, order_month FROM registry_case WHERE order_month IS NOT NULL
    UNION SELECT site_id, month FROM statistics_casecell
) AS known WHERE %(site)s::bigint IS NULL OR site_id = %(site)s ORDER BY 1, 2
"""


def refresh_due(limit: int) -> int:
    """Up to `limit` stale site-months are fresh; returns how many. A month that someone is just changing stays for the next call."""
    with transaction.atomic(), as_statistics(), connection.cursor() as cursor:
        cursor.execute(MARK.format(which=OUTDATED), {"version": DEFINITION_VERSION})
    return _refresh(limit, site_id=None)


def rebuild(site: Site | None = None) -> int:
    """Every month of the site, or of all sites, is recomputed from the rows; returns how many site-months were."""
    site_id = site.pk if site else None
    with transaction.atomic(), as_statistics(), connection.cursor() as cursor:
        cursor.execute(MARK.format(which=EVERY_MONTH), {"site": site_id})
        marked = StaleMonth.objects.filter(**({"site_id": site_id} if site_id else {})).count()
    return _refresh(marked, site_id=site_id)


def _refresh(limit: int, *, site_id: int | None) -> int:
    done, passed = 0, list[int]()
    while done < limit:
        _learn_sizes()
        with transaction.atomic(), as_statistics():
            free = _free_site(passed, only=site_id)
            if free is None:
                break
            months = _claim(free, min(MONTHS_AT_ONCE, limit - done))
            if months:
                cells.recompute(free, {*months, *early.settle(free, months)})
                StaleMonth.objects.filter(site_id=free, month__in=months).delete()
            else:
                passed.append(free)
        done += len(months)
    return done


def _learn_sizes() -> None:
    """Tables that were just filled are analysed: before each turn, since a file of cases fills them while we work."""
    with transaction.atomic(), as_statistics(), connection.cursor() as cursor:
        cursor.execute("SELECT strata_learn_sizes()")


def _free_site(passed: list[int], *, only: int | None) -> int | None:
    """The site that has waited longest and that no other refresh works on, locked for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT site_id FROM statistics_stalemonth WHERE site_id <> ALL(%(passed)s::bigint[])"
            " AND (%(only)s::bigint IS NULL OR site_id = %(only)s) GROUP BY site_id ORDER BY min(marked_at), site_id",
            {"passed": passed, "only": only},
        )
        for (site_id,) in cursor.fetchall():
            cursor.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('registry.statistics.refresh', %s))", [site_id]
            )
            if cursor.fetchone()[0]:
                return int(site_id)
    return None


def _claim(site_id: int, limit: int) -> list[date]:
    """Locks marks until the end of the transaction: whoever marks one of these months again waits, and then marks it anew."""
    held = StaleMonth.objects.select_for_update(skip_locked=True).filter(site_id=site_id)
    return list(held.order_by("marked_at", "month").values_list("month", flat=True)[:limit])
