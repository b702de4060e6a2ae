"""How far a file is that a worker is at, and how much longer it takes, as far as that is known."""

from dataclasses import dataclass

from registry.actions import upload_undo
from registry.models import Upload
from registry.vocabulary.workflow import JobState, UploadPhase
from registry.web.tags import plural

SOON = 5.0
"""Seconds after which a rate says something."""
GOING = {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True)
class Progress:
    """Rows done and in all, the whole per cent, and the seconds that are left at the rate of this file so far; None for unknown."""

    done: int
    total: int | None
    percent: int | None
    seconds_left: float | None
    phase: str


def progress_of(upload: Upload) -> Progress:
    """That of a file which waits for a worker or is being worked on."""
    done, total = upload.cursor, upload.rows_total
    left = None
    if total and done and upload.began_at and upload.claimed_at and upload.state == JobState.RUNNING:
        took = (upload.claimed_at - upload.began_at).total_seconds()
        left = (total - done) * took / done if took >= SOON else None
    percent = min(99, done * 100 // total) if total else None
    return Progress(done, total, percent, left, str(upload.phase))


def step_of(upload: Upload) -> int:
    """Which of the four steps the upload is at, 5 after the last; 0 where there are none."""
    if upload.phase == UploadPhase.UNDO or upload.state == JobState.CANCELLED:
        return 0
    if upload.phase == UploadPhase.CHECK:
        return 3
    return 5 if upload.state == JobState.DONE else 4


def undone(upload: Upload) -> str:
    """What an undo did, in a sentence without its full stop: "1,200 cases are withdrawn, 3 changed since and stay"."""
    counts = upload.counts
    return told_of(
        upload_undo.Forecast(
            counts.get(upload_undo.WITHDRAWN, 0), counts.get(upload_undo.RESTORED, 0), counts.get(upload_undo.KEPT, 0)
        )
    )


def told_of(forecast: upload_undo.Forecast, *, will: str = "") -> str:
    """What an undo did, or with `will` "will be" what it would do."""
    withdrawn, restored, kept = forecast.withdrawn, forecast.restored, forecast.kept
    parts = []
    if withdrawn:
        parts.append(f"{plural(withdrawn, 'case')} {will or ('is' if withdrawn == 1 else 'are')} withdrawn")
    if restored:
        again = "returns to what it was" if restored == 1 else "return to what they were"
        parts.append(f"{plural(restored, 'case')} {again}")
    if kept:
        parts.append(f"{kept:,} changed since and {'stays' if kept == 1 else 'stay'}")
    return ", ".join(parts)
