"""Files that sites send: received and committed at once; a worker takes its turns at them (upload_turns)."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from registry.actions import audit, clock, column_maps, log_maps
from registry.errors import Conflict, IllegalTransition, InvalidReport, Problem
from registry.intake import case_file, or_log, repairs
from registry.intake.or_log_options import read_options
from registry.intake.plan import LEAVE, Plan
from registry.intake.standing import standing
from registry.models import Deployment, Site, Submission, Upload, UploadReview
from registry.models.fields import random_id
from registry.permissions import Actor, check_upload
from registry.vocabulary.workflow import Channel, JobState, PrivacyMode, UploadKind, UploadPhase

_CHUNK = 1 << 20
UNDONE_FOR = timedelta(days=7)
"""So long after its import an upload can be undone."""
UNFINISHED = (JobState.HELD, JobState.WAITING, JobState.RUNNING)


class Stream(Protocol):
    """What a file is read from: an open file, a request's upload."""

    def read(self, size: int = -1, /) -> bytes: ...


class FileTooLarge(Conflict):
    """The file is larger than STRATA_MAX_UPLOAD_MB."""

    def __init__(self) -> None:
        super().__init__(
            f"A file may have {settings.STRATA_MAX_UPLOAD_MB} MB. Split it, for instance by month.", "body-too-large"
        )


def receive(
    kind: str, *, site: Site, by: Actor, via: str, stream: Stream, options: dict[str, Any], name: str = ""
) -> Upload:
    """The file is on disk, whole and flushed, and its row waits for a tick: acknowledged means committed.

    Raises NotPermitted, InvalidReport for options or a kind we cannot work, FileTooLarge.
    """
    check_upload(by, site)
    check_kind(kind, site)
    _OPTIONS[UploadKind(kind)](options)
    return _keep(kind, JobState.WAITING, site=site, by=by, via=via, stream=stream, options=options, name=name)


def hold(kind: str, *, site: Site, by: Actor, via: str, stream: Stream, name: str = "") -> Upload:
    """The file is on disk and waits for its owner to say how to read it (`start`). Raises as `receive`."""
    check_upload(by, site)
    check_kind(kind, site)
    return _keep(kind, JobState.HELD, site=site, by=by, via=via, stream=stream, options={}, name=name)


def match_log(upload: Upload, options: dict[str, Any], *, by: Actor, via: str) -> Upload:
    """A held OR log waits for its check, to be read in this way, which is remembered.

    Raises InvalidReport when it cannot be, IllegalTransition when it is not held.
    """
    check_upload(by, upload.site)
    read = read_options(options)
    with transaction.atomic():
        held = in_state(upload, JobState.HELD)
        or_log.survey(path_of(held.file), read)
        held.options = options
        log_maps.remember(held.site, options, by_label=_label(by))
        UploadReview.objects.update_or_create(site=held.site, upload=held, defaults={"plan": {}, "found": {}})
        wait_for(held, UploadPhase.CHECK)
        audit.record("upload.matched", by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    return held


def match(upload: Upload, plan: Plan, *, by: Actor, via: str) -> Upload:
    """A held file of cases waits for its check, to be read by this plan. Raises InvalidReport when it cannot be, IllegalTransition."""
    check_upload(by, upload.site)
    with transaction.atomic():
        held = in_state(upload, JobState.HELD)
        case_file.survey(path_of(held.file), plan)
        UploadReview.objects.update_or_create(
            site=held.site, upload=held, defaults={"plan": plan.as_json(), "found": {}, "repairs": []}
        )
        wait_for(held, UploadPhase.CHECK)
        audit.record("upload.matched", by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    return held


def begin_import(upload: Upload, *, by: Actor, via: str) -> Upload:
    """What is ready of a checked file waits to be imported. Raises IllegalTransition when it is not checked.

    A recorded case of which the file says something else is amended only if its owner said so (`repairs.KNOWN`).
    """
    check_upload(by, upload.site)
    with transaction.atomic():
        held = in_state(upload, JobState.HELD)
        if held.phase != UploadPhase.IMPORT:
            raise IllegalTransition("This file is not checked yet.")
        review = UploadReview.objects.get(upload=held)
        if not repairs.is_settled(review.repairs):
            review.plan = {**review.plan, "known": LEAVE}
            review.save(update_fields=["plan"])
        wait_for(held, UploadPhase.IMPORT)
        audit.record("upload.import_begun", by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    return held


def wait_for(held: Upload, phase: UploadPhase) -> None:
    """A worker begins at the first row, in this phase. What an import did is known as long as it can be undone."""
    held.state, held.phase, held.cursor, held.began_at, held.finished_at = JobState.WAITING, phase, 0, None, None
    if phase != UploadPhase.UNDO:
        held.counts, held.problems = {}, []
    held.attempts, held.last_error, held.next_attempt_at = 0, "", timezone.now()
    held.save()
    clock.ring("uploads")


def cancel(upload: Upload, *, by: Actor, via: str) -> Upload:
    """Nothing more of the file is read; what was recorded of it stays. Raises IllegalTransition when it is over already."""
    check_upload(by, upload.site)
    with transaction.atomic():
        held = in_state(upload, *UNFINISHED)
        if held.phase == UploadPhase.UNDO:
            raise IllegalTransition("This upload is being undone. That goes on to its end.", "upload-state")
        wrote = held.state != JobState.HELD and held.phase == UploadPhase.IMPORT and held.cursor
        held.state, held.finished_at = JobState.CANCELLED, timezone.now()
        held.undo_until = held.finished_at + UNDONE_FOR if wrote else None
        held.save(update_fields=["state", "finished_at", "undo_until"])
        if wrote and held.kind == UploadKind.OR_LOG:
            summarise(held)
        clock.ring("uploads")
        audit.record("upload.cancelled", by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    return held


def summarise(upload: Upload) -> None:
    """An OR log that is over, read to its end or stopped, is one submission. (Each batch of cases is one of its own.)"""
    Submission.objects.create(
        site_id=upload.site_id,
        channel=Channel.OR_LOG,
        by_label=upload.created_by_label,
        n_created=upload.counts.get("created", 0),
        n_amended=upload.counts.get("completed", 0),
        n_unchanged=upload.counts.get("unchanged", 0),
        n_refused=upload.counts.get("refused", 0),
        problems=[{"code": problem["code"], "path": f"row {problem['row']}"} for problem in upload.problems[:1000]],
        upload=upload,
    )


def retry(upload: Upload, *, by: Actor, via: str) -> Upload:
    """A failed upload whose file is kept goes on where it stopped. Raises IllegalTransition for any other."""
    check_upload(by, upload.site)
    with transaction.atomic():
        held = in_state(upload, JobState.FAILED)
        if not held.file and held.phase != UploadPhase.UNDO:
            raise IllegalTransition("The file is no longer kept. Correct it and send it again.", "upload-state")
        held.state, held.attempts, held.last_error = JobState.WAITING, 0, ""
        held.next_attempt_at, held.finished_at = timezone.now(), None
        held.save()
        clock.ring("uploads")
        audit.record("upload.retried", by=by, via=via, site=held.site, subject=held, digest=held.sha256)
    return held


def in_state(upload: Upload, *states: JobState) -> Upload:
    """The row, locked, in one of these states."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("site").get(pk=upload.pk)
    if held.state not in states:
        message = f"This upload is {JobState(held.state).label.lower()}, so this cannot be done with it any more."
        raise IllegalTransition(message, "upload-state")
    return held


def _keep(
    kind: str, state: str, *, site: Site, by: Actor, via: str, stream: Stream, options: dict[str, Any], name: str
) -> Upload:
    public_id = random_id("upl_")
    stored = store(public_id, stream)
    with dropped_if_refused(stored), transaction.atomic():
        return recorded(kind, state, stored, site=site, by=by, via=via, options=options, name=name)


@contextmanager
def dropped_if_refused(stored: "Stored") -> Iterator[None]:
    """The file is not left on disk if its row is not recorded."""
    try:
        yield
    except BaseException:
        path_of(stored.file).unlink(missing_ok=True)
        raise


def recorded(
    kind: str, state: str, stored: "Stored", *, site: Site, by: Actor, via: str, options: dict[str, Any], name: str
) -> Upload:
    """The row of a file on disk, told of on the site's chain, in the caller's transaction."""
    upload = Upload.objects.create(
        site=site,
        public_id=stored.public_id,
        kind=kind,
        name=name[:120],
        state=state,
        phase=UploadPhase.CHECK if state == JobState.HELD else UploadPhase.IMPORT,
        file=stored.file,
        sha256=stored.sha256,
        size_bytes=stored.size,
        options=options,
        created_by_label=_label(by),
    )
    if kind == UploadKind.CASES and options:
        plan = column_maps.plan_for(site, options["map"], path_of(stored.file))
        UploadReview.objects.create(site=site, upload=upload, plan=plan.as_json())
    clock.ring("uploads")
    audit.record("upload.received", by=by, via=via, site=site, subject=upload, digest=stored.sha256)
    return upload


def _label(by: Actor) -> str:
    return str(getattr(by, "label", "nobody"))


def _map_alone(options: Any) -> None:
    """A file of cases is in our own names, or read by a matching that its site remembers."""
    if options and not (set(options) == {"map"} and isinstance(options["map"], str)):
        message = "A file of cases takes one option: map, the name of a matching of its columns, as text."
        raise InvalidReport([Problem("unknown-field", "options", message)])


_OPTIONS: dict[UploadKind, Callable[[Any], object]] = {UploadKind.OR_LOG: read_options, UploadKind.CASES: _map_alone}


def check_kind(kind: str, site: Site) -> None:
    """Raises InvalidReport for a kind of file that is not read, at all or by this registry, and for a site that may send nothing."""
    if kind not in UploadKind.values:
        raise InvalidReport([Problem("unknown-kind", "kind", f"Send one of: {', '.join(UploadKind.values)}.")])
    if (
        kind == UploadKind.OR_LOG
        and Deployment.objects.values_list("privacy_mode", flat=True).get() == PrivacyMode.SAFE_HARBOR
    ):
        message = "In safe-harbor mode no trace of an OR log's numbers may be kept, so a log cannot be read. Send OR times with the cases."
        raise InvalidReport([Problem("not-in-safe-harbor", "kind", message)])
    if problem := standing(site):
        raise InvalidReport([problem])


def path_of(name: str) -> Path:
    """Where a stored file lies, by the name its row has."""
    return Path(settings.STRATA_DATA) / "files" / name


@dataclass(frozen=True)
class Stored:
    """A file on disk: the id of the upload it is of, its name, its size in bytes and its SHA-256."""

    public_id: str
    file: str
    size: int
    sha256: str


def store(public_id: str, stream: Stream) -> Stored:
    """The file, on disk for good: a crash after this loses nothing."""
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
    return Stored(public_id, name, size, digest.hexdigest())
