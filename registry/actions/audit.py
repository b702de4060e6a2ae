"""The trail: one event for one act, written last in its transaction. The database numbers and chains it (docs/adr/0004)."""

from django.db import connection, models

from registry.models import Site
from registry.permissions import Actor

# Raw, because Django's INSERT … RETURNING also needs the right to read the row, which the registry's own chain does not give.
_INSERT = """
INSERT INTO registry_auditevent
    (site_id, seq, at, actor, via, act, object_type, object_label, object_id, reason, digest, txid, previous_hash, hash)
VALUES (%s, 0, now(), %s, %s, %s, %s, %s, %s, %s, %s, 0, '', '')
"""
_BROKEN = """
SELECT seq FROM (
    SELECT event.seq, event.hash, event.previous_hash, strata_audit_hash(event) AS expected,
        lag(event.hash, 1, '') OVER (ORDER BY event.seq) AS linked, row_number() OVER (ORDER BY event.seq) AS place
    FROM registry_auditevent event WHERE event.site_id IS NOT DISTINCT FROM %(site)s
) chain WHERE hash <> expected OR previous_hash <> linked OR seq <> place ORDER BY seq LIMIT 1
"""
_HEAD = """
SELECT head.seq = coalesce(max(event.seq), 0) FROM registry_audithead head
LEFT JOIN registry_auditevent event ON event.site_id IS NOT DISTINCT FROM %(site)s AND event.hash = head.hash
WHERE head.chain = coalesce(%(site)s, 0) GROUP BY head.seq
"""


def record(
    act: str, *, by: Actor, via: str, site: Site | None, subject: models.Model, reason: str = "", digest: str = ""
) -> None:
    """The act is on its site's chain (on the registry's own when `site` is None)."""
    label = str(getattr(subject, "public_id", "") or subject)[:120]
    actor = str(getattr(by, "label", "nobody"))
    values = (
        site.pk if site else None,
        actor,
        via,
        act,
        subject._meta.model_name,
        label,
        str(subject.pk),
        reason[:200],
        digest,
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def first_broken(site: Site | None) -> int | None:
    """The number of the first event of the chain that does not follow from the one before, or None when the chain holds.

    A chain whose tail was cut is broken at the number after its last event.
    """
    chain = site.pk if site else None
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, {"site": chain})
        broken = cursor.fetchone()
        if broken:
            return int(broken[0])
        cursor.execute(_HEAD, {"site": chain})
        head = cursor.fetchone()
        if head is None or head[0]:
            return None
        cursor.execute("SELECT count(*) + 1 FROM registry_auditevent WHERE site_id IS NOT DISTINCT FROM %s", [chain])
        return int(cursor.fetchone()[0])
