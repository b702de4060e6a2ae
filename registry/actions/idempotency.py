"""A key sent twice acts once: the stored answer is a status, a case id and a revision, never a case value."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils.timezone import now

from registry.errors import InvalidReport, Problem
from registry.models import ApiToken, IdempotencyKey

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Answer:
    """What was once answered to a key."""

    status: int
    case_public_id: str
    revision: int | None


def begin(*, token: ApiToken, route: str, key: str, request_digest: str) -> Answer | None:
    """The stored answer, or None when this transaction now holds the key and must `finish` it.

    A concurrent request with the same key waits here until the first has committed or rolled back.
    Raises `InvalidReport` (`key-reused`) when the key came with another body.
    """
    IdempotencyKey.objects.filter(site_id=token.site_id, created_at__lt=now() - KEPT, key=key).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_idempotencykey (site_id, token_id, route, key, request_digest, case_public_id, created_at) "
            "VALUES (%s, %s, %s, %s, %s, '', now()) ON CONFLICT DO NOTHING",
            [token.site_id, token.pk, route, key, request_digest],
        )
        if cursor.rowcount:
            return None
    stored = IdempotencyKey.objects.get(site_id=token.site_id, token_id=token.pk, route=route, key=key)
    if stored.request_digest != request_digest:
        raise InvalidReport(
            [
                Problem(
                    "key-reused",
                    "",
                    "This Idempotency-Key was used with another body. Use a new key for a new request.",
                )
            ]
        )
    return Answer(stored.status or 200, stored.case_public_id, stored.revision)


def finish(*, token: ApiToken, route: str, key: str, answer: Answer) -> None:
    """The key now answers with `answer` for 30 days."""
    held = IdempotencyKey.objects.filter(site_id=token.site_id, token_id=token.pk, route=route, key=key)
    held.update(status=answer.status, case_public_id=answer.case_public_id, revision=answer.revision)
