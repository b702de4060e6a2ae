"""Turns of a worker at the files that sites sent: committed batch by committed batch, resumable after any crash."""

import time
from collections.abc import Callable, Generator, Sequence, Sized
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from registry.actions import (
    audit,
    case_rows,
    clock,
    encounters,
    jobs,
    judging,
    kept_rows,
    letters,
    or_log,
    or_log_check,
    upload_check,
    upload_undo,
)
from registry.actions.results import Result
from registry.actions.uploads import UNDONE_FOR, cancel, path_of, summarise
from registry.errors import IllegalTransition, InvalidReport, Problem
from registry.intake import case_file
from registry.intake.or_log import survey
from registry.intake.or_log_options import read_options
from registry.intake.plan import read_plan
from registry.models import Upload, UploadReview, UploadRow
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.vocabulary.workflow import Channel, JobState, UploadKind, UploadPhase

BATCH = 200
BATCH_OF_CASES = 2_000
"""Rows of a file of cases that become true together: larger ones are hardly faster, and progress is seen less often."""
# A long file gives way to others between turns; the next tick goes on from its cursor.
SECONDS_OF_A_TURN = 60.0
MOST_PROBLEMS = 5_000
NOT_LISTED = "problems_not_listed"
HELD_FOR = timedelta(days=7)
"""A file whose owner never said how to read it is dropped after so long."""
FORGETTING = Operator("read_uploads")


@dataclass(frozen=True)
class Uploader(Operator):
    """Whoever sent a file, while a worker reads it: what they might do was settled when it was received."""

    @property
    def label(self) -> str:
        return self.command


@dataclass(frozen=True)
class Reading:
    """A surveyed file: how many rows it has, its batches from a row on, how one becomes true, and the door they came by."""

    rows: int
    batches: Callable[[int], Generator[Sized, None, None]]
    write: Callable[[Upload, Any], Result]
    channel: Channel


def _or_log(upload: Upload) -> Reading:
    log = survey(path_of(upload.file), read_options(upload.options))
    by = Uploader(upload.created_by_label)

    def write(held: Upload, batch: Sequence[Any]) -> Result:
        if held.cursor == 0:
            encounters.forget_old(held.site_id)
        result = or_log.write_batch(held.site, log, batch, by=by)
        clock.ring("refresh")
        audit.record("or_log.read", by=by, via=Channel.OR_LOG, site=held.site, subject=held, digest=held.sha256)
        return result

    def batches(cursor: int) -> Generator[Sized, None, None]:
        found = islice(log.encounters(), cursor, None)
        while batch := list(islice(found, BATCH)):
            yield batch

    return Reading(log.rows, batches, write, Channel.OR_LOG)


def _cases(upload: Upload) -> Reading:
    with acting_for(sites=[upload.site_id]):
        review = UploadReview.objects.filter(upload=upload).first()
    file = case_file.survey(path_of(upload.file), read_plan(review.plan) if review else None)
    by, judges = Uploader(upload.created_by_label), judging.Judges(file)

    def write(held: Upload, batch: judging.Slice) -> Result:
        return case_rows.write_batch(held.site, judges, batch, by=by, upload=held)

    def batches(cursor: int) -> Generator[Sized, None, None]:
        yield from judges.slices(islice(file.records(), cursor, None), BATCH_OF_CASES)
        yield judging.Slice([])

    return Reading(file.rows, batches, write, Channel.FILE)


READINGS: dict[UploadKind, Callable[[Upload], Reading]] = {UploadKind.OR_LOG: _or_log, UploadKind.CASES: _cases}


def due() -> list[Upload]:
    """The uploads somebody should work on now, oldest first."""
    return list(jobs.due(Upload.objects.all()).order_by("id"))


def drop_files() -> None:
    """No file of an upload that is over is left, whatever a crash kept us from dropping; held ones are over after a week."""
    for upload in Upload.objects.filter(state=JobState.HELD, created_at__lt=timezone.now() - HELD_FOR):
        with acting_for(sites=[upload.site_id]), suppress(IllegalTransition):  # its owner came after all
            cancel(upload, by=FORGETTING, via=Channel.SYSTEM)
    over = Upload.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED]).exclude(file="")
    for upload in over:
        if not _may_be_mended(upload):
            _drop_file(upload)


def _may_be_mended(upload: Upload) -> bool:
    """Whether rows of a checked file were refused: it is given back annotated, as long as its import can be undone."""
    kept = upload.undo_until is not None and upload.undo_until > timezone.now()
    return (
        kept
        and upload.state == JobState.DONE
        and bool(upload.counts.get("refused"))
        and kept_rows.path_for(upload).is_file()
    )


def work(due_upload: Upload) -> None:
    """One turn at the upload, if it is still due and nobody else has it: its next batches are committed, or it is done."""
    with acting_for(sites=[due_upload.site_id]):
        upload = jobs.claim(Upload.objects.all(), due_upload.pk)
    if upload is None:
        return
    try:
        _begin(upload)
        _take_turn(upload)
    except jobs.ClaimLost:
        return
    except InvalidReport as refusal:
        _refuse(upload, refusal.problems)
    except Exception as error:  # noqa: BLE001 - whatever it was, the row must say so and be tried again
        jobs.reconnect()
        with acting_for(sites=[upload.site_id]):
            jobs.stumble(Upload.objects.all(), upload, error, where=f"after row {upload.cursor}")


def _begin(upload: Upload) -> None:
    """How long a phase takes is measured from its first turn."""
    if upload.began_at is None:
        upload.began_at = timezone.now()
        with acting_for(sites=[upload.site_id]):
            Upload.objects.filter(pk=upload.pk).update(began_at=upload.began_at)


def _take_turn(upload: Upload) -> None:
    end = time.monotonic() + SECONDS_OF_A_TURN
    if upload.phase == UploadPhase.UNDO:
        upload_undo.take_turn(upload, until=end)
    elif upload.phase == UploadPhase.CHECK and upload.kind == UploadKind.CASES:
        upload_check.take_turn(upload, until=end)
    elif upload.phase == UploadPhase.CHECK:
        or_log_check.take_turn(upload)
    else:
        _import(upload, end)


def _import(upload: Upload, end: float) -> None:
    reading = READINGS[UploadKind(upload.kind)](upload)
    with closing(reading.batches(upload.cursor)) as batches:
        _commit_batch(upload, reading, next(batches, ()))
        while upload.state != JobState.DONE and time.monotonic() <= end:
            _commit_batch(upload, reading, next(batches, ()))
    if upload.state != JobState.DONE:
        with acting_for(sites=[upload.site_id]):
            jobs.put_back(Upload.objects.all(), upload)
            clock.ring("uploads")
    elif not _may_be_mended(upload):
        _drop_file(upload)


def _commit_batch(upload: Upload, reading: Reading, batch: Sized) -> None:
    """The next rows, what they changed, the cursor and the audit event: one transaction, all or nothing."""
    with acting_for(sites=[upload.site_id]):
        held = jobs.hold(Upload.objects.all(), upload)
        result = reading.write(held, batch)
        UploadRow.objects.bulk_create(
            UploadRow(
                site_id=held.site_id,
                upload=held,
                row_number=became.row,
                outcome=became.outcome,
                case_id=became.case,
                prior_revision=became.prior_revision,
                prior=became.prior,
            )
            for became in result.rows
        )
        _advance(held, reading, len(batch), result)
    for name in ("cursor", "claimed_at", "attempts", "state", "counts", "undo_until"):
        setattr(upload, name, getattr(held, name))


def _advance(held: Upload, reading: Reading, rows: int, result: Result) -> None:
    held.cursor += rows
    held.rows_total = reading.rows
    counts = result.counts()
    held.counts = {word: held.counts.get(word, 0) + counts[word] for word in {*held.counts, *counts}}
    _list(held, [*held.problems, *map(_as_json, result.problems)])
    held.claimed_at = timezone.now()
    # Progress: the attempts that count are those since the last committed batch.
    held.attempts = 0
    held.last_error = ""
    if held.cursor >= reading.rows:
        held.state, held.finished_at = JobState.DONE, held.claimed_at
        held.undo_until = held.finished_at + UNDONE_FOR
        held.problems += _left_alone(held)
        letters.tell_if_long(held)
        if reading.channel == Channel.OR_LOG:  # each batch of cases is a submission of its own
            summarise(held)
    held.save()


def _list(held: Upload, problems: list[dict[str, Any]]) -> None:
    """As many problems as are kept, errors first and each kind by row; those that are not are counted."""
    held.problems = sorted(problems, key=lambda problem: (problem["severity"], problem["row"] or 0))[:MOST_PROBLEMS]
    if (more := len(problems) - MOST_PROBLEMS) > 0:
        held.counts[NOT_LISTED] = held.counts.get(NOT_LISTED, 0) + more


def _left_alone(upload: Upload) -> list[dict[str, Any]]:
    """What to do about encounters that no case bears: they are often all of a first log, and nothing is wrong with them."""
    count = upload.counts.get("unmatched", 0)
    if not count:
        return []
    message = (
        f"Encounters of no case of this site, left alone: {count:,}. Give cases their or_log_number, or send the log "
        "again with controls_from and controls_to for months whose printed cases are all entered."
    )
    return [_as_json(Problem("unmatched", "", message, "warning"))]


def _as_json(problem: Problem) -> dict[str, Any]:
    names = ("row", "column", "code", "message", "severity")
    return {name: getattr(problem, name) for name in names}


def _refuse(upload: Upload, problems: list[Problem]) -> None:
    """The file cannot be read at all; nothing of it was recorded, and trying again would not help."""
    with acting_for(sites=[upload.site_id]):
        held = jobs.hold(Upload.objects.all(), upload)
        held.state, held.finished_at = JobState.FAILED, timezone.now()
        held.problems = [_as_json(problem) for problem in problems]
        held.last_error = problems[0].message[:400]
        held.save()
        by = Uploader(upload.created_by_label)
        via = Channel.OR_LOG if held.kind == UploadKind.OR_LOG else Channel.FILE
        audit.record("upload.refused", by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    _drop_file(upload)


def _drop_file(upload: Upload) -> None:
    """What was read is recorded; the file with its clock times and numbers is not kept, nor is any of its rows."""
    path_of(upload.file).unlink(missing_ok=True)
    kept_rows.drop(upload)
    with acting_for(sites=[upload.site_id]):
        Upload.objects.filter(pk=upload.pk).update(file="")
        # What was never imported can be neither mended nor undone.
        UploadReview.objects.filter(upload_id=upload.pk, upload__undo_until=None).delete()
