"""An OR log from file to record: received, read in committed batches, each encounter once."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registry.actions import encounters, jobs, outcomes, sites, upload_turns, uploads
from registry.errors import IllegalTransition, InvalidReport, NotPermitted
from registry.models import AuditEvent, Case, Deployment, EncounterSeen, ProcedureTime, Submission, Upload, UploadRow
from registry.models.submission import MAX_ATTEMPTS
from tests.or_logs import CONTROLS, HEADER, MAP, REAL_LOG, demo_map, printed, read, row, send, times
from tests.people import HAND, People, gathered


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Iterator[People]:
    settings.STRATA_DATA = tmp_path
    them = gathered()
    with them.at_site():
        sites.set_procedure_map(them.site, MAP, **HAND)
        yield them


def test_an_acknowledged_file_is_on_disk_and_its_row_waits(people):
    upload = send(people, HEADER + row())
    path = uploads.path_of(upload.file)
    assert (upload.state, upload.created_by_label) == ("waiting", "alice@example.org")
    assert path.read_text() == HEADER + row()
    assert path.stat().st_mode & 0o777 == 0o600
    assert AuditEvent.objects.filter(
        act="upload.received", object_label=upload.public_id, digest=upload.sha256
    ).exists()


def test_a_file_above_the_limit_leaves_nothing(people, settings):
    settings.STRATA_MAX_UPLOAD_MB = 1
    with pytest.raises(uploads.FileTooLarge, match="1 MB"):
        send(people, b"x" * 1_000_001)
    assert not Upload.objects.exists()
    assert not list((settings.STRATA_DATA / "files" / "uploads").glob("*"))


def test_only_those_who_may_upload_for_the_site_do(people):
    with pytest.raises(NotPermitted):
        uploads.receive("or_log", site=people.site, by=people.charlie, via="rest", stream=io.BytesIO(b""), options={})


@pytest.mark.parametrize(("kind", "code"), [("", "unknown-kind"), ("poem", "unknown-kind")])
def test_a_kind_we_cannot_read_is_refused(people, kind, code):
    with pytest.raises(InvalidReport) as caught:
        uploads.receive(kind, site=people.site, by=people.alice, via="rest", stream=io.BytesIO(b""), options={})
    assert caught.value.problems[0].code == code


def test_in_safe_harbor_mode_no_log_is_read(people):
    Deployment.objects.update(privacy_mode="safe_harbor")
    with pytest.raises(InvalidReport) as caught:
        send(people, HEADER + row())
    assert caught.value.problems[0].code == "not-in-safe-harbor"


def test_an_unmatched_encounter_becomes_a_control_where_the_site_says_its_prints_are_all_entered(people):
    upload = read(people, HEADER + row(), **CONTROLS)
    assert (upload.state, upload.counts, upload.cursor, upload.rows_total) == ("done", {"created": 1}, 1, 1)
    control = Case.objects.select_related("procedure").get(object_kind="none")
    assert times(control) == {("in_room", "or_log"): 132, ("incision_closure", "or_log"): 93}
    assert (control.procedure.category, control.procedure.procedure_code, control.procedure.map_version) == (
        "tha",
        "27130",
        1,
    )
    assert (control.encounter_digest, "77" in control.local_case_id[:3]) == (None, False)
    assert EncounterSeen.objects.get().case_id == control.pk


def test_outside_the_window_it_is_only_counted(people):
    upload = read(people, HEADER + row(), controls_from="2022-02", controls_to="2022-03")
    assert upload.counts == {"unmatched": 1}
    assert not Case.objects.exists()
    assert not EncounterSeen.objects.exists()


def test_the_service_stands_in_for_a_code_that_is_not_mapped(people):
    upload = read(people, HEADER + row(code="99999", service="Podiatry"), **CONTROLS)
    assert upload.counts == {"created": 1}
    assert Case.objects.get().procedure.category == "foot_ankle_other"


def test_an_unmapped_code_names_row_and_column_and_the_fix(people):
    upload = read(people, HEADER + row(code="99999"), **CONTROLS)
    assert upload.counts == {"refused": 1}
    (problem,) = upload.problems
    assert (problem["row"], problem["column"], problem["code"]) == (2, "CPT Code", "unmapped-code")
    assert "procedure map" in problem["message"]
    assert "99999" not in json.dumps(upload.problems)


def test_the_encounter_completes_the_waiting_case_that_bears_its_number(people):
    case = printed(people)
    upload = read(people, HEADER + row(), **CONTROLS)
    assert upload.counts == {"completed": 1}
    assert times(case) == {("in_room", "or_log"): 132, ("incision_closure", "or_log"): 93}
    assert not Case.objects.filter(object_kind="none").exists()
    assert EncounterSeen.objects.get().case_id == case.pk
    assert UploadRow.objects.get().case_id == case.pk


def test_a_case_with_its_time_recorded_is_left_alone_and_makes_no_control(people):
    case = printed(people)
    said = {
        "performed_month": "2022-01",
        "category": "tha",
        "times": [{"clock": "in_room", "minutes": 99, "source": "chart"}],
    }
    outcomes.record_procedure(case, {"procedure": said}, by=people.alice, via="rest")
    upload = read(people, HEADER + row(), **CONTROLS)
    assert upload.counts == {"unchanged": 1}
    assert times(case) == {("in_room", "chart"): 99}
    assert Case.objects.count() == 1


def test_an_operation_before_its_order_is_a_problem_of_its_row(people):
    printed(people, order_month="2022-02")
    upload = read(people, HEADER + row())
    assert upload.counts == {"refused": 1}
    assert [(p["code"], p["row"]) for p in upload.problems] == [("months-out-of-order", 2)]


def test_the_same_file_again_changes_nothing(people):
    content = HEADER + row("1") + row("2") + row("3", code="99999")
    read(people, content, **CONTROLS)
    before = list(Case.objects.order_by("pk").values_list("pk", "revision", "content_digest"))
    again = read(people, content, **CONTROLS)
    assert again.counts == {"unchanged": 2, "refused": 1}
    assert list(Case.objects.order_by("pk").values_list("pk", "revision", "content_digest")) == before


def test_a_number_on_two_rows_is_one_encounter_or_a_question(people):
    same = read(people, HEADER + row("1") + row("1"), **CONTROLS)
    assert same.counts == {"created": 1, "unchanged": 1}
    differ = read(people, HEADER + row("2") + row("2", out="10:00"), **CONTROLS)
    assert differ.counts == {"refused": 2}
    assert {problem["code"] for problem in differ.problems} == {"ambiguous-encounter"}
    several = read(people, HEADER + row("3") + row("3", code="29877"), **CONTROLS)
    assert {problem["code"] for problem in several.problems} == {"several-procedures"}


def test_a_file_that_is_no_log_fails_at_once_and_says_why(people):
    upload = read(people, b"%PDF-1.7")
    assert (upload.state, upload.problems[0]["code"]) == ("failed", "not-a-text-file")
    assert "PDF" in upload.last_error
    assert upload.file == ""


def test_a_read_file_is_not_kept(people):
    sent = send(people, HEADER + row())
    path = uploads.path_of(sent.file)
    upload_turns.work(sent)
    sent.refresh_from_db()
    assert (sent.file, path.exists()) == ("", False)


def test_each_batch_is_one_audit_event_and_the_file_one_submission(people):
    upload = read(people, HEADER + "".join(row(str(number)) for number in range(401)), **CONTROLS)
    assert (
        AuditEvent.objects.filter(act="or_log.read", object_label=upload.public_id, actor="alice@example.org").count()
        == 3
    )
    submission = Submission.objects.get(upload=upload)
    assert (submission.channel, submission.n_created, submission.by_label) == ("or_log", 401, "alice@example.org")
    assert UploadRow.objects.filter(upload=upload, outcome="created").count() == 401


def test_a_batch_takes_a_fixed_number_of_statements(people, django_assert_max_num_queries):
    small = send(people, HEADER + row("a"), **CONTROLS)
    with django_assert_max_num_queries(60):
        upload_turns.work(small)
    large = send(people, HEADER + "".join(row(str(number)) for number in range(200)), **CONTROLS)
    with django_assert_max_num_queries(60):
        upload_turns.work(large)


def test_a_job_taken_by_a_worker_is_not_taken_twice(people):
    upload = send(people, HEADER + row())
    assert jobs.claim(Upload.objects.all(), upload.pk)
    assert jobs.claim(Upload.objects.all(), upload.pk) is None


def test_a_claim_that_nobody_renews_is_taken_over_and_the_late_worker_writes_nothing(people):
    upload = send(people, HEADER + row())
    late = jobs.claim(Upload.objects.all(), upload.pk)
    Upload.objects.update(claimed_at=timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1))
    assert jobs.claim(Upload.objects.all(), upload.pk).attempts == 2
    with pytest.raises(jobs.ClaimLost):
        jobs.hold(Upload.objects.all(), late)


def test_a_worker_that_dies_eight_times_on_a_file_gives_it_up(people):
    upload = send(people, HEADER + row())
    Upload.objects.update(attempts=MAX_ATTEMPTS)
    assert jobs.claim(Upload.objects.all(), upload.pk) is None
    upload.refresh_from_db()
    assert upload.state == "failed"
    assert "8 attempts" in upload.last_error


def test_an_error_of_our_own_is_told_in_plain_words_and_tried_again_later(people):
    upload = send(people, HEADER + row())
    uploads.path_of(upload.file).unlink()
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == ("waiting", 1)
    assert upload.next_attempt_at > timezone.now() + timedelta(seconds=5)
    assert upload.last_error == "Stopped after row 0 by an error of our own (FileNotFoundError). It is tried again."
    Upload.objects.update(attempts=MAX_ATTEMPTS - 1, next_attempt_at=timezone.now())
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == ("failed", MAX_ATTEMPTS)


def test_a_long_file_gives_way_after_its_turn_and_goes_on_from_its_cursor(people, monkeypatch):
    monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1)
    upload = send(people, HEADER + "".join(row(str(number)) for number in range(250)), **CONTROLS)
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.cursor, upload.attempts) == ("waiting", 200, 0)
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.counts) == ("done", {"created": 250})


def test_encounters_are_forgotten_after_400_days(people):
    read(people, HEADER + row(), **CONTROLS)
    EncounterSeen.objects.update(seen_on=timezone.now().date() - timedelta(days=401))
    encounters.forget_old(people.site.pk)
    assert not EncounterSeen.objects.exists()


def test_the_real_log_becomes_2172_controls_and_the_second_time_nothing(people):
    sites.set_procedure_map(people.site, demo_map(), **HAND)
    first = read(people, REAL_LOG.read_bytes(), **CONTROLS)
    assert (first.counts, first.problems) == ({"created": 2172}, [])
    assert Case.objects.filter(object_kind="none", state="submitted").count() == 2172
    assert ProcedureTime.objects.count() == 2 * 2172
    second = read(people, REAL_LOG.read_bytes(), **CONTROLS)
    assert second.counts == {"unchanged": 2172}


def test_a_log_stopped_half_way_is_a_submission_of_what_it_recorded(people, monkeypatch):
    monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1)
    upload = send(people, HEADER + "".join(row(str(number)) for number in range(250)), **CONTROLS)
    upload_turns.work(upload)
    uploads.cancel(upload, by=people.alice, via="form")
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.cursor, Case.objects.count()) == ("cancelled", 200, 200)
    assert Submission.objects.get(upload=upload).n_created == 200
    with pytest.raises(IllegalTransition):
        uploads.cancel(upload, by=people.alice, via="form")


def test_a_held_file_that_nobody_came_back_for_is_dropped_after_a_week_and_the_trail_says_so(people):
    stream = io.BytesIO(HEADER.encode())
    upload = uploads.hold("or_log", site=people.site, by=people.alice, via="form", stream=stream)
    path = uploads.path_of(upload.file)
    upload_turns.drop_files()
    assert path.exists()
    Upload.objects.update(created_at=timezone.now() - upload_turns.HELD_FOR)
    upload_turns.drop_files()
    upload.refresh_from_db()
    assert (upload.state, upload.file, path.exists()) == ("cancelled", "", False)
    assert AuditEvent.objects.filter(act="upload.cancelled", via="system", object_label=upload.public_id).exists()


def test_problems_beyond_those_that_are_kept_are_counted_and_errors_are_kept_first(people, monkeypatch):
    monkeypatch.setattr(upload_turns, "MOST_PROBLEMS", 3)
    upload = read(people, HEADER + "".join(row(str(number), code="99999") for number in range(8)), **CONTROLS)
    assert len(upload.problems) == 3
    assert upload.counts == {"refused": 8, "problems_not_listed": 5}
