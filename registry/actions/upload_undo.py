"""An upload taken back: what it created is withdrawn, what it amended says again what it said before; what changed since stays.

Batch by committed batch, resumable after any crash: the cursor is the last row of the file that is done, and a case that was taken
back once is no longer of the revision that the upload gave it.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from registry.actions import audit, clock, encounters, jobs, kept_rows, writing
from registry.actions.uploads import in_state, path_of, wait_for
from registry.errors import IllegalTransition
from registry.intake.check import check
from registry.intake.context import Context
from registry.intake.report import CaseReport
from registry.intake.restate import PREFETCH
from registry.models import AuditEvent, Case, EncounterSeen, Upload, UploadReview, UploadRow
from registry.models.case import UNDONE
from registry.models.scope import acting_for
from registry.permissions import Actor, Operator, check_upload
from registry.statistics.stale import mark_stale
from registry.vocabulary.workflow import CaseState, Channel, JobState, RowOutcome, UploadPhase

BATCH = 1_000
WITHDRAWN, RESTORED, KEPT = "withdrawn", "restored", "kept"
CHANGED = (RowOutcome.CREATED, RowOutcome.AMENDED, RowOutcome.COMPLETED)
CHANGED_SINCE, BEGUN = "changed-since", "upload.undo_begun"
MOST_PROBLEMS = 5_000
_OVER = "This upload can no longer be undone: its 7 days are over, or it recorded nothing."


@dataclass(frozen=True)
class _Undoing(Operator):
    """Whoever undoes, while a worker does it: whether they might was asked when they began."""

    @property
    def label(self) -> str:
        return self.command


@dataclass(frozen=True)
class Forecast:
    """What an undo would do now: cases withdrawn, cases that say again what they said, and cases that changed since and stay."""

    withdrawn: int
    restored: int
    kept: int


def may_be_undone(upload: Upload) -> bool:
    """Whether it recorded something, less than 7 days ago, and is not undone already."""
    over = upload.state in {JobState.DONE, JobState.CANCELLED} and upload.phase == UploadPhase.IMPORT
    recorded = any(upload.counts.get(outcome.value) for outcome in CHANGED)
    return over and recorded and upload.undo_until is not None and upload.undo_until > timezone.now()


def forecast(upload: Upload) -> Forecast:
    """What `begin` would lead to if nothing happened meanwhile. Two queries, whatever the number of rows."""
    rows = _changed(upload)
    by_outcome = Counter(dict(_as_left(rows).values_list("outcome").annotate(models.Count("pk"))))
    withdrawn = by_outcome.pop(RowOutcome.CREATED, 0)
    return Forecast(withdrawn, by_outcome.total(), rows.count() - withdrawn - by_outcome.total())


def stays(upload: Upload) -> "models.QuerySet[UploadRow]":
    """The rows whose cases changed since, with their cases: those an undo would leave, or has left, as they are."""
    rows = _changed(upload)
    if upload.phase == UploadPhase.UNDO:
        rows = rows.filter(row_number__in=[each["row"] for each in upload.problems if each["code"] == CHANGED_SINCE])
    else:
        rows = rows.exclude(pk__in=_as_left(rows).values("pk"))
    return rows.select_related("case").order_by("row_number")


def _changed(upload: Upload) -> "models.QuerySet[UploadRow]":
    return UploadRow.objects.filter(site_id=upload.site_id, upload=upload, outcome__in=CHANGED, case__isnull=False)


def _as_left(rows: "models.QuerySet[UploadRow]") -> "models.QuerySet[UploadRow]":
    """Those whose case is as the upload left it."""
    left = rows.filter(case__state=CaseState.SUBMITTED, case__revision=Coalesce(F("prior_revision"), 0) + 1)
    return left.filter(Q(outcome=RowOutcome.CREATED) | Q(prior__isnull=False))


def begin(upload: Upload, *, by: Actor, via: str) -> Upload:
    """The upload waits to be undone. Raises NotPermitted, IllegalTransition when its 7 days are over or there is nothing to undo."""
    check_upload(by, upload.site)
    with transaction.atomic():
        held = in_state(upload, JobState.DONE, JobState.CANCELLED)
        if not may_be_undone(held):
            raise IllegalTransition(_OVER, "upload-state")
        held.rows_total = _changed(held).aggregate(last=models.Max("row_number"))["last"]
        wait_for(held, UploadPhase.UNDO)
        audit.record(BEGUN, by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    return held


def take_turn(upload: Upload, *, until: float) -> None:
    """The next batches are taken back, until the clock says `until` or the upload is undone."""
    while upload.state != JobState.DONE:
        _commit_batch(upload)
        if upload.state != JobState.DONE and time.monotonic() > until:
            with acting_for(sites=[upload.site_id]):
                jobs.put_back(Upload.objects.all(), upload)
                clock.ring("uploads")
            return
    forget(upload)


def _commit_batch(upload: Upload) -> None:
    """The next rows, the months whose figures they move, the cursor and the audit event: one transaction, all or nothing."""
    with acting_for(sites=[upload.site_id]):
        held = jobs.hold(Upload.objects.all(), upload)
        rows = _changed(held).filter(row_number__gt=held.cursor).order_by("row_number")
        batch = list(rows[:BATCH])
        if batch:
            _take_back(held, batch)
            held.cursor = batch[-1].row_number
        held.claimed_at, held.attempts, held.last_error = timezone.now(), 0, ""
        if len(batch) < BATCH or held.cursor >= (held.rows_total or 0):
            held.state, held.finished_at = JobState.DONE, held.claimed_at
        held.save()
    for name in ("cursor", "claimed_at", "attempts", "state"):
        setattr(upload, name, getattr(held, name))


def _take_back(held: Upload, batch: Sequence[UploadRow]) -> None:
    by_key = _hold(held, batch)
    left = {row.pk for row in _as_left(UploadRow.objects.filter(pk__in=[row.pk for row in batch]))}
    months = {month for row in batch if row.pk in left for month in writing.months_of(by_key[row.case_id or 0])}
    created = [row for row in batch if row.pk in left and row.outcome == RowOutcome.CREATED]
    _withdraw([by_key[row.case_id or 0] for row in created])
    said = [row for row in batch if row.pk in left and row.outcome != RowOutcome.CREATED]
    restored, more = _restore(held, said, by_key)
    # The log, or the file, may tell them again.
    read = [row.case_id or 0 for row in (*created, *restored) if row.outcome != RowOutcome.AMENDED]
    EncounterSeen.objects.filter(site_id=held.site_id, case_id__in=read).delete()
    kept = [row for row in batch if row not in created and row not in restored]
    held.counts = dict(
        Counter(held.counts) + Counter({WITHDRAWN: len(created), RESTORED: len(restored), KEPT: len(kept)})
    )
    held.problems = [*held.problems, *map(_told, kept)][:MOST_PROBLEMS]
    mark_stale(held.site_id, months | more)
    _tell(held)


def _hold(held: Upload, batch: Sequence[UploadRow]) -> dict[int, Case]:
    """The cases of these rows by key, locked as a file locks them; all that is recorded is read of those alone that are to say it again."""
    encounters.lock(held.site_id)
    writing.lock_site(held.site)
    locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=[row.case_id for row in batch])
    cases = {case.pk: case for case in locked.select_related("site", "procedure").order_by("pk")}
    said = [cases[row.case_id or 0] for row in batch if row.outcome != RowOutcome.CREATED]
    models.prefetch_related_objects(said, *PREFETCH)
    return cases


def _withdraw(cases: Sequence[Case]) -> None:
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(
        state=CaseState.WITHDRAWN, withdrawal_reason=UNDONE, revision=F("revision") + 1, changed_at=timezone.now()
    )


def _restore(held: Upload, rows: Sequence[UploadRow], cases: Mapping[int, Case]) -> tuple[list[UploadRow], set[date]]:
    """The rows whose cases say again what they said before, and the months that this moves."""
    if not rows:
        return [], set()
    verdicts = check([CaseReport(row.prior or {}) for row in rows], site=held.site, context=Context.of(held.site))
    restored, months = [], set[date]()
    for row, judged in zip(rows, verdicts, strict=True):
        # What was right then may be refused now, as a printer is renamed: it stays as it is, and is listed.
        if judged.rows is not None:
            months |= writing.settled(cases[row.case_id or 0], judged).months
            restored.append(row)
    return restored, months


def _told(row: UploadRow) -> dict[str, Any]:
    message = "This case was changed since, so it stays as it is. Amend or withdraw it on its page."
    return {"row": row.row_number, "column": None, "code": CHANGED_SINCE, "message": message, "severity": "warning"}


def _tell(held: Upload) -> None:
    begun = AuditEvent.objects.filter(site_id=held.site_id, act=BEGUN, object_id=str(held.pk)).order_by("-seq").first()
    by, via = (begun.actor, begun.via) if begun else (held.created_by_label, Channel.SYSTEM)
    audit.record("upload.undo", by=_Undoing(by), via=via, site=held.site, subject=held, digest=held.sha256)
    clock.ring("refresh")


def forget(upload: Upload) -> None:
    """Nothing is kept of the file but what became of its rows: it can be neither mended nor undone."""
    if upload.file:
        path_of(upload.file).unlink(missing_ok=True)
    kept_rows.drop(upload)
    with acting_for(sites=[upload.site_id]):
        UploadRow.objects.filter(site_id=upload.site_id, upload=upload, prior__isnull=False).update(prior=None)
        UploadReview.objects.filter(upload=upload).delete()
        Upload.objects.filter(pk=upload.pk).update(undo_until=None, file="")


def forget_old() -> None:
    """Uploads whose 7 days are over are forgotten, as `forget` says."""
    over = Upload.objects.filter(undo_until__lt=timezone.now()).exclude(state__in=[JobState.WAITING, JobState.RUNNING])
    for upload in over:
        forget(upload)
