"""Ticks find what is due in the database, carry nothing, and are safe to run twice, late or never."""

import inspect
from datetime import timedelta
from pathlib import Path
from typing import Any

import celery
import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from registry import tasks
from registry.actions import exports, heartbeat, jobs, uploads
from registry.actions import mail as letters
from registry.models import Case, Export, Heartbeat, Mail, Upload
from tests.people import HAND, People, gathered

TICKS = (tasks.refresh_statistics, tasks.read_uploads, tasks.write_exports, tasks.send_mail, tasks.beat_heart)
ROW = "Encounter ID,CPT Code,Wheels In,Wheels Out\n1,27130,2022-01-31 07:05,2022-01-31 09:17\n"


@pytest.fixture
def people(committed_db: None, settings: Any, tmp_path: Path) -> People:
    settings.STRATA_DATA = tmp_path
    return gathered()


@pytest.fixture
def as_worker(people: People) -> Any:
    """From here on Django is the worker, as in Celery's process."""
    connection.close()
    connection.settings_dict["USER"] = "strata_worker"
    yield
    connection.close()
    connection.settings_dict["USER"] = "strata_app"


@pytest.fixture
def waiting(people: People) -> People:
    """An upload and an export that wait."""
    from io import BytesIO

    with people.at_site():
        uploads.receive("or_log", site=people.site, stream=BytesIO(ROW.encode()), options={}, **HAND)
        exports.request("cases", format="csv", site=people.site, **HAND)
    return people


@pytest.mark.parametrize("tick", TICKS, ids=lambda tick: tick.__name__)
def test_a_tick_takes_no_arguments_and_is_a_celery_task(tick):
    assert not inspect.signature(tick.run).parameters
    assert isinstance(tick, celery.Task) or hasattr(tick, "delay")


@pytest.mark.parametrize("tick", TICKS, ids=lambda tick: tick.__name__)
def test_a_tick_with_nothing_to_do_does_nothing_twice(as_worker, tick):
    tick()
    tick()


def test_the_worker_reads_uploads_and_writes_exports_of_any_site_once(waiting, as_worker):
    for _ in range(2):
        tasks.read_uploads()
        tasks.write_exports()
    with waiting.at_site():
        upload, export = Upload.objects.get(), Export.objects.get()
    assert (upload.state, upload.counts, upload.attempts) == ("done", {"unmatched": 1}, 0)
    assert (export.state, export.attempts) == ("done", 1)


def test_a_job_whose_worker_died_is_taken_up_by_a_later_tick(waiting, as_worker):
    with waiting.at_site():
        jobs.claim(Upload.objects.all(), Upload.objects.get().pk)
    tasks.read_uploads()
    with waiting.at_site():
        assert Upload.objects.get().state == "running"
        Upload.objects.update(claimed_at=timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1))
    tasks.read_uploads()
    with waiting.at_site():
        assert Upload.objects.get().state == "done"


def test_one_bad_job_does_not_stop_the_others(waiting, as_worker):
    from io import BytesIO

    with waiting.at_site():
        uploads.path_of(Upload.objects.get().file).unlink()
        uploads.receive("or_log", site=waiting.site, stream=BytesIO(ROW.encode()), options={}, **HAND)
    tasks.read_uploads()
    with waiting.at_site():
        assert list(Upload.objects.order_by("pk").values_list("state", flat=True)) == ["waiting", "done"]
        assert not Case.objects.exists()


def test_the_heart_beats_in_one_row(as_worker):
    tasks.beat_heart()
    first = Heartbeat.objects.get().at
    tasks.beat_heart()
    assert Heartbeat.objects.get().at > first
    assert heartbeat.age("worker") < timedelta(minutes=1)
    assert heartbeat.age("nobody") is None


def test_a_letter_is_sent_once(as_worker, settings):
    settings.EMAIL_HOST = "mail.example.org"
    Mail.objects.create(to="alice@example.org", subject="A word", body="Good morning.")
    waiting = Mail.objects.count()
    tasks.send_mail()
    tasks.send_mail()
    assert [letter.to for letter in outbox.outbox if letter.subject == "A word"] == [["alice@example.org"]]
    assert len(outbox.outbox) == waiting
    assert not Mail.objects.filter(sent_at=None).exists()


def test_a_letter_waits_while_the_mail_server_is_away(as_worker, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    Mail.objects.create(to="alice@example.org", subject="A word", body="Good morning.")
    assert letters.send_due() == 0
    assert not Mail.objects.exclude(sent_at=None).exists()


def test_without_a_mail_server_letters_stay_on_the_outbox_page(as_worker, settings):
    settings.EMAIL_HOST = ""
    Mail.objects.create(to="alice@example.org", subject="A word", body="Good morning.")
    assert letters.send_due() == 0
    assert outbox.outbox == []
