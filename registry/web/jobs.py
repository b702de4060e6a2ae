"""The state of the work that goes on behind the pages, read from its rows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from registry.actions import jobs
from registry.models import Export, Heartbeat, Site, Upload
from registry.statistics import lag
from registry.vocabulary.workflow import JobState, UploadPhase

SHOWN = 20
LATE, STOPPED = timedelta(seconds=30), timedelta(minutes=2)
"""The worker beats every five seconds when the clock rings, so a silence is the worker's or the clock's."""
GOING = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class Job:
    """One upload or export as a page shows it; `total` is None while nobody knows how much there is to do.

    `address`, `cancel`, `retry`: where it is shown, stopped and tried again, for whoever may; "" where it cannot be.
    """

    public_id: str
    what: str
    by: str
    state: str
    state_word: str
    done: int
    total: int | None
    attempts: int
    last_error: str
    created_at: datetime
    detail: str = ""
    sha256: str = ""
    expires_at: datetime | None = None
    can_be_fetched: bool = False
    claimed_at: datetime | None = None
    address: str = ""
    cancel: str = ""
    retry: str = ""

    @property
    def stuck(self) -> bool:
        """Whether a worker took it and has been silent for longer than one that lives would be."""
        taken = self.state == JobState.RUNNING and self.claimed_at is not None
        return taken and self.claimed_at is not None and timezone.now() - self.claimed_at > jobs.STALE_AFTER

    @property
    def going(self) -> bool:
        return self.state in GOING

    @property
    def gone(self) -> bool:
        """Whether there was a file that is no longer kept."""
        return self.state == JobState.DONE and bool(self.sha256) and not self.can_be_fetched

    @property
    def waiting(self) -> bool:
        return self.state == JobState.WAITING


@dataclass(frozen=True)
class Badge:
    """A state in one word, and the tag that colours it."""

    word: str
    tag: str


OK, LATE_BADGE, STOPPED_BADGE = Badge("OK", "done"), Badge("late", "needs-you"), Badge("stopped", "failed")


@dataclass(frozen=True)
class Health:
    """How the work behind the pages goes: how old the oldest unrefreshed month is, and when a worker last beat."""

    lag: timedelta | None
    latest_beat: datetime | None
    now: datetime

    @property
    def worker(self) -> Badge:
        """The state of worker and clock by the age of the latest beat."""
        if self.latest_beat is None or self.now - self.latest_beat > STOPPED:
            return STOPPED_BADGE
        return LATE_BADGE if self.now - self.latest_beat > LATE else OK

    @property
    def worker_is_late(self) -> bool:
        return self.worker is not OK


@dataclass(frozen=True)
class Jobs:
    """The latest jobs of one kind, the newest first."""

    jobs: tuple[Job, ...]

    @property
    def going(self) -> bool:
        return any(job.going for job in self.jobs)

    @property
    def status(self) -> str:
        """One sentence for a screen reader: what is going on now."""
        job = next((job for job in self.jobs if job.going), None)
        if job is None:
            return "No job is running."
        return f"{job.what}: {job.state_word.lower()}" + (f", {job.done:,} of {job.total:,}" if job.total else "")


def health() -> Health:
    """That of this installation, now."""
    beats = Heartbeat.objects.aggregate(latest=Max("at"))
    return Health(lag=lag(), latest_beat=beats["latest"], now=timezone.now())


def exports_of(site: Site | None) -> Jobs:
    """The files asked for at a site, or those of the registry. The caller has asked whether one may see them."""
    rows = Export.objects.select_related("site").filter(site=site).order_by("-created_at")
    return Jobs(tuple(_export(row) for row in rows[:SHOWN]))


def uploads() -> Jobs:
    """The files uploaded at any site that the database shows to whoever asks: an administrator sees their state, not their rows."""
    rows = Upload.objects.select_related("site").order_by("-created_at")
    return Jobs(tuple(_upload(row) for row in rows[:SHOWN]))


def uploads_of(site: Site) -> Jobs:
    """The files that the site sent. The caller has asked whether one may see them."""
    rows = Upload.objects.filter(site=site).select_related("site").order_by("-created_at")
    return Jobs(tuple(replace(_upload(row), **_doors(row)) for row in rows[:SHOWN]))


def _doors(row: Upload) -> dict[str, Any]:
    """Where the people of its site find an upload, stop it and try it again."""
    at = [row.site.code, row.public_id]
    unfinished = row.state in {JobState.HELD, *GOING} and row.phase != UploadPhase.UNDO
    again = row.state == JobState.FAILED and (row.file or row.phase == UploadPhase.UNDO)
    wants_columns = row.state == JobState.HELD and row.phase == UploadPhase.CHECK
    return {
        "address": reverse("upload-columns" if wants_columns else "upload", args=at),
        "cancel": reverse("upload-cancel", args=at) if unfinished else "",
        "retry": reverse("upload-retry", args=at) if again else "",
        "what": row.name or str(row.get_kind_display()),
    }


def _export(row: Export) -> Job:
    what = f"{row.get_kind_display()}, {row.format.upper()}"
    expired = row.expires_at is not None and row.expires_at < timezone.now()
    return Job(
        **_common(row),
        what=what,
        by=row.requested_by_label,
        done=row.rows_done,
        total=row.rows_total,
        detail=f"{row.row_count:,} rows" if row.row_count is not None else "",
        sha256=row.sha256,
        expires_at=row.expires_at,
        can_be_fetched=row.state == JobState.DONE and bool(row.file) and not expired,
        cancel=reverse("export-cancel", args=[row.public_id]) if row.state in GOING else "",
        retry=reverse("export-retry", args=[row.public_id]) if row.state == JobState.FAILED else "",
    )


def _upload(row: Upload) -> Job:
    counts = ", ".join(
        f"{number:,} {word.replace('_', ' ')}"
        for word, number in row.counts.items()
        if isinstance(number, int) and number
    )
    return Job(
        **(_common(row) | {"state_word": _word(row)}),
        what=f"{row.get_kind_display()}, {row.site.code}",
        by=row.created_by_label,
        done=row.cursor,
        total=row.rows_total,
        detail=counts,
    )


def _word(row: Upload) -> str:
    """The state of an upload in a word, with what is done to it."""
    state = str(row.get_state_display())
    if row.phase == UploadPhase.UNDO and row.state == JobState.DONE:
        return "Undone"
    if row.state in GOING:
        return f"{state}: {row.get_phase_display().lower()}"
    return "Checked, waits for you" if row.state == JobState.HELD and row.phase == UploadPhase.IMPORT else state


def _common(row: Any) -> dict[str, Any]:
    names = ("public_id", "state", "attempts", "last_error", "created_at", "claimed_at")
    return {name: getattr(row, name) for name in names} | {"state_word": str(row.get_state_display())}


def outbox_is_on() -> bool:
    """Whether letters are kept for reading instead of leaving: the embedded default and the demonstration."""
    return bool(settings.STRATA_OUTBOX)
