"""Which site-months are older than their rows: marked by actions, dropped by the refresh, and read as the lag."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction

from registry.models.scope import as_statistics

# Not DO NOTHING: that would not wait for a refresh that is about to drop the mark, and the change would never be counted.
# The older moment stays, so that a month that is marked again and again still shows how far behind it is.
MARK = """
INSERT INTO statistics_stalemonth AS stale (site_id, month, marked_at)
{which}
ON CONFLICT (site_id, month) DO UPDATE SET marked_at = least(stale.marked_at, EXCLUDED.marked_at)
"""


def mark_stale(site_id: int, months: Iterable[date]) -> None:
    """Within the caller's transaction: the figures of these months are due again once it commits.

    Waits for a refresh that holds one of the months. Call it once with all months, and late: the marks are locked, in one
    order for everybody, until the caller commits.
    """
    wanted = sorted(set(months))
    if wanted:
        with connection.cursor() as cursor:
            which = "SELECT %s, month, now() FROM unnest(%s::date[]) AS month ORDER BY month"
            cursor.execute(MARK.format(which=which), [site_id, wanted])


def lag() -> timedelta | None:
    """How old the oldest mark of any site is; None when nothing waits for a refresh."""
    with transaction.atomic(), as_statistics(), connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - min(marked_at) FROM statistics_stalemonth")
        found: timedelta | None = cursor.fetchone()[0]
    return found
