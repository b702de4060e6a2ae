"""Rows as a queue: who may work on a job now, for how long that holds, and what happens when the work stumbles."""

import logging
from datetime import timedelta
from typing import TypeVar

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from registry.models.submission import MAX_ATTEMPTS, Job
from registry.vocabulary.workflow import JobState

log = logging.getLogger("strata.jobs")

# A worker that has not written for this long is dead: each batch and each report of progress renews the claim.
STALE_AFTER = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)

J = TypeVar("J", bound=Job)


class ClaimLost(Exception):
    """Another worker took this job over while we slept; whatever we were about to write must not be written."""


def due(jobs: QuerySet[J]) -> QuerySet[J]:
    """Jobs somebody should work on now: waiting and not pausing, or running with a claim nobody renews."""
    now = timezone.now()
    waiting = Q(state=JobState.WAITING, next_attempt_at__lte=now)
    return jobs.filter(waiting | Q(state=JobState.RUNNING, claimed_at__lt=now - STALE_AFTER))


def claim(jobs: QuerySet[J], pk: int) -> J | None:
    """The job, now ours, or None: taken, done, or given up after eight attempts. One conditional UPDATE decides."""
    now = timezone.now()
    mine = due(jobs.filter(pk=pk))
    exhausted = mine.filter(attempts__gte=MAX_ATTEMPTS)
    if exhausted.update(state=JobState.FAILED, finished_at=now, last_error=_EXHAUSTED):
        log.error("%s #%d failed: %s", jobs.model._meta.model_name, pk, _EXHAUSTED)
        return None
    if not mine.update(state=JobState.RUNNING, claimed_at=now, attempts=F("attempts") + 1):
        return None
    return jobs.get(pk=pk)


def hold(jobs: QuerySet[J], job: J) -> J:
    """The row, locked until the transaction ends, its claim still ours; raises ClaimLost when it is not."""
    held = jobs.select_for_update().filter(pk=job.pk, state=JobState.RUNNING, claimed_at=job.claimed_at).first()
    if held is None:
        raise ClaimLost
    return held


def put_back(jobs: QuerySet[J], job: J) -> None:
    """The job waits for the next tick; its turn was over, nothing went wrong."""
    _mine(jobs, job).update(state=JobState.WAITING, next_attempt_at=timezone.now())


def reconnect() -> None:
    """A connection that broke while we worked is let go, so that the next statement opens another."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def stumble(jobs: QuerySet[J], job: J, error: Exception, *, where: str) -> None:
    """After an unexpected error: the job waits, longer each time, or has failed for good at the eighth attempt.

    `last_error` says where and which kind of error, and no more: the text of an error may hold what somebody sent.
    """
    log.error("%s #%d stumbled: %s", jobs.model._meta.model_name, job.pk, type(error).__name__, exc_info=error)
    said = f"Stopped {where} by an error of our own ({type(error).__name__})."
    now = timezone.now()
    if job.attempts >= MAX_ATTEMPTS:
        said += f" Given up after {MAX_ATTEMPTS} attempts: tell the registry's operator."
        _mine(jobs, job).update(state=JobState.FAILED, finished_at=now, last_error=said)
    else:
        pause = min(FIRST_PAUSE * 2 ** (job.attempts - 1), LONGEST_PAUSE)
        said += " It is tried again."
        _mine(jobs, job).update(state=JobState.WAITING, next_attempt_at=now + pause, last_error=said)


def _mine(jobs: QuerySet[J], job: J) -> QuerySet[J]:
    return jobs.filter(pk=job.pk, state=JobState.RUNNING, claimed_at=job.claimed_at)


_EXHAUSTED = f"Given up after {MAX_ATTEMPTS} attempts: the worker died each time. Tell the registry's operator."
