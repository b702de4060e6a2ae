"""Files that sites send: received and committed at once, read by a tick in committed batches."""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from registry.actions import audit, clock, encounters, jobs, or_log
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake.or_log import Encounter, Log, survey
from registry.intake.or_log_options import read_options
from registry.intake.standing import standing
from registry.models import Deployment, Site, Submission, Upload, UploadRow
from registry.models.fields import random_id
from registry.models.scope import acting_for
from registry.permissions import Actor, Operator, check_upload
from registry.vocabulary.workflow import Channel, JobState, PrivacyMode, UploadKind

BATCH = 200
# A long file gives way to others between turns; the next tick goes on from its cursor.
SECONDS_OF_A_TURN = 60.0
MOST_PROBLEMS = 1_000
_CHUNK = 1 << 20


class Stream(Protocol):
    """What a file is read from: an open file, a request's upload."""

    def read(self, size: int = -1, /) -> bytes: ...


class FileTooLarge(Conflict):
    """The file is larger than STRATA_MAX_UPLOAD_MB."""

    def __init__(self) -> None:
        super().__init__(
            f"A file may have {settings.STRATA_MAX_UPLOAD_MB} MB. Split it, for instance by month.", "body-too-large"
        )


@dataclass(frozen=True)
class Uploader(Operator):
    """Whoever sent a file, while a worker reads it: what they might do was settled when it was received."""

    @property
    def label(self) -> str:
        return self.command


def receive(kind: str, *, site: Site, by: Actor, via: str, stream: Stream, options: dict[str, Any]) -> Upload:
    """The file is on disk, whole and flushed, and its row waits for a tick: acknowledged means committed.

    Raises NotPermitted, InvalidReport for options or a kind we cannot work, FileTooLarge.
    """
    check_upload(by, site)
    _check_kind(kind, site)
    read_options(options)
    public_id = random_id("upl_")
    name, size, digest = _store(public_id, stream)
    try:
        with transaction.atomic():
            upload = Upload.objects.create(
                site=site,
                public_id=public_id,
                kind=kind,
                file=name,
                sha256=digest,
                size_bytes=size,
                options=options,
                created_by_label=str(getattr(by, "label", "nobody")),
            )
            clock.ring("uploads")
            audit.record("upload.received", by=by, via=via, site=site, subject=upload, digest=digest)
    except BaseException:
        path_of(name).unlink(missing_ok=True)
        raise
    return upload


def _check_kind(kind: str, site: Site) -> None:
    if kind != UploadKind.OR_LOG:
        raise InvalidReport([Problem("unknown-kind", "kind", "Only OR logs are read from files: send kind or_log.")])
    if Deployment.objects.values_list("privacy_mode", flat=True).get() == PrivacyMode.SAFE_HARBOR:
        message = "In safe-harbor mode no trace of an OR log's numbers may be kept, so a log cannot be read. Send OR times with the cases."
        raise InvalidReport([Problem("not-in-safe-harbor", "kind", message)])
    if problem := standing(site):
        raise InvalidReport([problem])


def path_of(name: str) -> Path:
    """Where a stored file lies, by the name its row has."""
    return Path(settings.STRATA_DATA) / "files" / name


def _store(public_id: str, stream: Stream) -> tuple[str, int, str]:
    """Name, size and SHA-256 of the file, on disk for good: a crash after this loses nothing."""
    name = f"uploads/{public_id}"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    size, digest = 0, hashlib.sha256()
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > settings.STRATA_MAX_UPLOAD_MB * 1_000_000:
                    raise FileTooLarge
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name, size, digest.hexdigest()


def due() -> list[Upload]:
    """The uploads somebody should work on now, oldest first."""
    return list(jobs.due(Upload.objects.all()).order_by("id"))


def drop_files() -> None:
    """No file of an upload that is over is left, whatever a crash kept us from dropping."""
    over = Upload.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED]).exclude(file="")
    for upload in over:
        _drop_file(upload)


def work(due_upload: Upload) -> None:
    """One turn at the upload, if it is still due and nobody else has it: its next batches are committed, or it is done."""
    with acting_for(sites=[due_upload.site_id]):
        upload = jobs.claim(Upload.objects.all(), due_upload.pk)
    if upload is None:
        return
    try:
        _take_turn(upload)
    except jobs.ClaimLost:
        return
    except InvalidReport as refusal:
        _refuse(upload, refusal.problems)
    except Exception as error:  # noqa: BLE001 - whatever it was, the row must say so and be tried again
        jobs.reconnect()
        with acting_for(sites=[upload.site_id]):
            jobs.stumble(Upload.objects.all(), upload, error, where=f"after row {upload.cursor}")


def _take_turn(upload: Upload) -> None:
    log = survey(path_of(upload.file), read_options(upload.options))
    found = islice(log.encounters(), upload.cursor, None)
    end = time.monotonic() + SECONDS_OF_A_TURN
    while True:
        _commit_batch(upload, log, found)
        if upload.state == JobState.DONE:
            _drop_file(upload)
            return
        if time.monotonic() > end:
            with acting_for(sites=[upload.site_id]):
                jobs.put_back(Upload.objects.all(), upload)
                clock.ring("uploads")
            return


def _commit_batch(upload: Upload, log: Log, found: Iterator[Encounter | Problem]) -> None:
    """The next rows, what they changed, the cursor and the audit event: one transaction, all or nothing."""
    batch = list(islice(found, BATCH))
    by = Uploader(upload.created_by_label)
    with acting_for(sites=[upload.site_id]):
        held = jobs.hold(Upload.objects.all(), upload)
        if held.cursor == 0:
            encounters.forget_old(held.site_id)
        result = or_log.write_batch(held.site, log, batch, by=by)
        UploadRow.objects.bulk_create(
            UploadRow(site_id=held.site_id, upload=held, row_number=row, outcome=outcome, case_id=case)
            for row, outcome, case in result.rows
        )
        _advance(held, log, len(batch), result)
        clock.ring("refresh")
        audit.record("or_log.read", by=by, via=Channel.OR_LOG, site=held.site, subject=held, digest=held.sha256)
    for name in ("cursor", "claimed_at", "attempts", "state"):
        setattr(upload, name, getattr(held, name))


def _advance(held: Upload, log: Log, rows: int, result: or_log.Result) -> None:
    held.cursor += rows
    held.rows_total = log.rows
    counts = result.counts()
    held.counts = {word: held.counts.get(word, 0) + counts[word] for word in {*held.counts, *counts}}
    held.problems = [*held.problems, *map(_as_json, result.problems)][:MOST_PROBLEMS]
    held.claimed_at = timezone.now()
    # Progress: the attempts that count are those since the last committed batch.
    held.attempts = 0
    held.last_error = ""
    if held.cursor >= log.rows:
        held.state, held.finished_at = JobState.DONE, held.claimed_at
        held.problems += _left_alone(held)
        _summarise(held)
    held.save()


def _left_alone(upload: Upload) -> list[dict[str, Any]]:
    """What to do about encounters that no case bears: they are often all of a first log, and nothing is wrong with them."""
    count = upload.counts.get("unmatched", 0)
    if not count:
        return []
    message = (
        f"{count} encounters belong to no case of this site and were left alone. Give cases their or_log_number, or send the "
        "log again with controls_from and controls_to for months whose printed cases are all entered."
    )
    return [_as_json(Problem("unmatched", "", message, "warning"))]


def _as_json(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "code": problem.code, "message": problem.message}


def _summarise(upload: Upload) -> None:
    Submission.objects.create(
        site_id=upload.site_id,
        channel=Channel.OR_LOG,
        by_label=upload.created_by_label,
        n_created=upload.counts.get("created", 0),
        n_amended=upload.counts.get("completed", 0),
        n_unchanged=upload.counts.get("unchanged", 0),
        n_refused=upload.counts.get("refused", 0),
        problems=[{"code": problem["code"], "path": f"row {problem['row']}"} for problem in upload.problems],
        upload=upload,
    )


def _refuse(upload: Upload, problems: list[Problem]) -> None:
    """The file cannot be read as a log at all; nothing of it was recorded, and trying again would not help."""
    with acting_for(sites=[upload.site_id]):
        held = jobs.hold(Upload.objects.all(), upload)
        held.state, held.finished_at = JobState.FAILED, timezone.now()
        held.problems = [_as_json(problem) for problem in problems]
        held.last_error = problems[0].message[:400]
        held.save()
        by = Uploader(upload.created_by_label)
        audit.record("upload.refused", by=by, via=Channel.OR_LOG, site=held.site, subject=held, digest=held.sha256)
    _drop_file(upload)


def _drop_file(upload: Upload) -> None:
    """What was read is recorded; the file with its clock times and numbers is not kept."""
    path_of(upload.file).unlink(missing_ok=True)
    with acting_for(sites=[upload.site_id]):
        Upload.objects.filter(pk=upload.pk).update(file="")
