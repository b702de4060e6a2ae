"""Ticks. A task carries no data, finds in the database what is due, and may run twice, late or never."""

from celery import shared_task

from registry.actions import exports, heartbeat, mail, upload_turns, upload_undo
from registry.reports import export_file
from registry.statistics import refresh_due

MONTHS_AT_A_TIME = 200


@shared_task
def refresh_statistics() -> None:
    """The cells of months that changed are recomputed."""
    while refresh_due(MONTHS_AT_A_TIME) >= MONTHS_AT_A_TIME:
        pass


@shared_task
def read_uploads() -> None:
    """Each upload that is due gets a turn."""
    for upload in upload_turns.due():
        upload_turns.work(upload)
    upload_turns.drop_files()
    upload_undo.forget_old()


@shared_task
def write_exports() -> None:
    """Each export that is due is written; files past their time are gone."""
    for export in exports.due():
        exports.work(export, write=export_file.write)
    exports.expire()


@shared_task
def send_mail() -> None:
    """Letters that wait are sent."""
    mail.send_due()


@shared_task
def beat_heart() -> None:
    """The worker shows that it works: a process that lives but consumes nothing does not get here."""
    heartbeat.beat("worker")
