from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from registry.actions import cases, upload_turns, uploads
from registry.models import Case, Upload
from registry.models.submission import MAX_ATTEMPTS
from tests.actions.test_cases import Report, recorded, stale_months, submitted
from tests.actions.test_uploads import people  # noqa: F401
from tests.or_logs import CONTROLS, HEADER, printed, read, row, send
from tests.people import People


def test_a_code_taken_away_is_an_amendment(them: People, report: Report) -> None:
    case = submitted(them, report())
    fewer = report(codes=report().data["codes"][:1])
    assert cases.replace(fewer, site=them.site, by=them.alice, via="rest").result == "amended"
    assert recorded(case).codes.count() == 1


def test_a_take_over_marks_the_months_of_the_control_and_of_the_case(people: People) -> None:
    read(people, HEADER + row(), **CONTROLS)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_stalemonth")
    said = {"performed_month": "2022-02", "category": "tha", "times": []}
    printed(people, procedure=said)
    assert stale_months(people.site) == {date(2021, 12, 1), date(2022, 1, 1), date(2022, 2, 1)}


def test_the_eighth_stumble_is_the_last(people: People) -> None:
    upload = send(people, HEADER + row())
    uploads.path_of(upload.file).unlink()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        Upload.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        upload_turns.work(upload)
        upload.refresh_from_db()
        assert upload.state == ("failed" if attempt == MAX_ATTEMPTS else "waiting"), attempt


def test_a_batch_that_fails_leaves_the_cursor_and_is_read_again_from_its_first_row(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(people, HEADER + row("1") + row("2"), **CONTROLS)
    record = uploads.audit.record

    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError("the machine stops here")

    # The event is written last: the rows, what they changed and the cursor are there, and nothing is committed.
    monkeypatch.setattr(upload_turns.audit, "record", crash)
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.cursor, upload.counts) == ("waiting", 0, {})
    assert not Case.objects.exists()
    monkeypatch.setattr(upload_turns.audit, "record", record)
    Upload.objects.update(next_attempt_at=timezone.now())
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.cursor, upload.counts) == ("done", 2, {"created": 2})
