"""An upload is taken back within 7 days: what it created, what it amended, what the OR log told; what changed since stays."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registry.actions import audit, cases, jobs, sites, upload_turns, upload_undo, uploads
from registry.errors import Conflict, IllegalTransition, NotPermitted
from registry.intake.report import CaseReport
from registry.models import AuditEvent, Case, EncounterSeen, Upload, UploadReview, UploadRow
from registry.models.case import UNDONE
from registry.statistics import refresh_due
from registry.statistics.models import StaleMonth
from tests.actions.test_case_rows import CONTROL, EXAMPLE
from tests.actions.test_upload_check import HEAD, checked, imported, line, mended
from tests.case_files import csv_of, read, read_out
from tests.or_logs import CONTROLS, HEADER, MAP, printed, row, times
from tests.or_logs import read as read_log
from tests.people import HAND, People


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def undone(them: People, upload: Upload) -> Upload:
    return read_out(upload_undo.begin(upload, by=them.bob, via="form"))


def states() -> dict[str, str]:
    return dict(Case.objects.values_list("local_case_id", "state"))


def amended(them: People, content: str) -> Upload:
    return imported(them, mended(them, checked(them, content), kind="known", known="amend"))


def test_what_an_upload_created_is_withdrawn_and_what_it_amended_says_what_it_said(them: People) -> None:
    read(them, csv_of([EXAMPLE]))
    before = Case.objects.get().content_digest
    upload = amended(them, csv_of([{**EXAMPLE, "age_years": 60, "parts": EXAMPLE["parts"][:1]}, CONTROL]))
    assert upload.counts == {"amended": 1, "created": 1}
    assert upload_undo.forecast(upload) == upload_undo.Forecast(withdrawn=1, restored=1, kept=0)
    upload = undone(them, upload)
    assert (upload.state, upload.phase) == ("done", "undo")
    assert upload.counts == {"amended": 1, "created": 1, "withdrawn": 1, "restored": 1}
    assert states() == {"EXAMPLE-001": "submitted", "EXAMPLE-C01": "withdrawn"}
    case = Case.objects.get(local_case_id="EXAMPLE-001")
    assert (case.content_digest, case.revision) == (before, 3)
    assert Case.objects.get(local_case_id="EXAMPLE-C01").withdrawal_reason == UNDONE


def test_what_changed_since_stays_and_is_listed(them: People) -> None:
    read(them, csv_of([EXAMPLE]))
    upload = amended(them, csv_of([{**EXAMPLE, "age_years": 60}, CONTROL]))
    for case in Case.objects.all():
        cases.amend(case, {"age_years": 61}, by=them.alice, via="form")
    assert upload_undo.forecast(upload) == upload_undo.Forecast(withdrawn=0, restored=0, kept=2)
    upload = undone(them, upload)
    assert [row.case.local_case_id for row in upload_undo.stays(upload)] == ["EXAMPLE-001", "EXAMPLE-C01"]
    assert set(states().values()) == {"submitted"}
    assert upload.counts["kept"] == 2
    assert [problem["code"] for problem in upload.problems] == ["changed-since"] * 2


def test_a_case_that_a_person_withdrew_stays_withdrawn_by_that_person(them: People) -> None:
    upload = imported(them, checked(them, HEAD + line(1)))
    cases.withdraw(Case.objects.get(), reason="wrong patient", by=them.alice, via="form")
    assert undone(them, upload).counts["kept"] == 1
    assert Case.objects.get().withdrawal_reason == "wrong patient"


def test_a_case_withdrawn_by_an_undo_comes_back_with_the_file_that_has_it(them: People) -> None:
    content = HEAD + line(1) + line(2)
    undone(them, imported(them, checked(them, content)))
    assert imported(them, checked(them, content)).counts == {"created": 2}
    assert set(states().values()) == {"submitted"}
    assert imported(them, checked(them, content)).counts == {"unchanged": 2}


def test_it_comes_back_as_it_is_sent_now_and_keeps_nothing_of_what_was_undone(them: People) -> None:
    undone(them, imported(them, checked(them, csv_of([EXAMPLE]))))
    less = {name: said for name, said in EXAMPLE.items() if name not in ("assessments", "sex")} | {"sex": None}
    upload = imported(them, checked(them, csv_of([less])))
    assert upload.counts == {"created": 1}
    assert not Case.objects.get().assessments.exists()
    assert undone(them, upload).counts["withdrawn"] == 1
    assert set(states().values()) == {"withdrawn"}


def test_it_comes_back_by_any_door_and_one_that_a_person_withdrew_does_not(them: People) -> None:
    undone(them, imported(them, checked(them, csv_of([CONTROL]))))
    assert cases.submit(CaseReport(CONTROL), site=them.site, by=them.alice, via="rest").result == "created"
    cases.withdraw(Case.objects.get(), reason="wrong", by=them.alice, via="form")
    with pytest.raises(Conflict):
        cases.submit(CaseReport(CONTROL), site=them.site, by=them.alice, via="rest")


def test_months_are_marked_and_each_batch_is_on_the_chain(them: People, monkeypatch: Any) -> None:
    upload = imported(them, checked(them, HEAD + "".join(map(line, range(5)))))
    while refresh_due(100):
        pass
    monkeypatch.setattr(upload_undo, "BATCH", 2)
    undone(them, upload)
    assert set(StaleMonth.objects.values_list("month", flat=True)) == {date(2026, 3, 1)}
    told = AuditEvent.objects.filter(act="upload.undo", object_id=str(upload.pk))
    assert [event.actor for event in told] == ["bob@example.org"] * 3
    assert audit.first_broken(them.site) is None


def test_an_undo_stopped_anywhere_goes_on_and_takes_nothing_back_twice(them: People, monkeypatch: Any) -> None:
    read(them, HEAD + line(0))
    upload = amended(them, HEAD + line(0, 300) + "".join(line(n) for n in range(1, 7)))
    monkeypatch.setattr(upload_undo, "BATCH", 2)
    monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1)
    upload_undo.begin(upload, by=them.alice, via="form")
    upload_turns.work(upload)
    late = Upload.objects.get(pk=upload.pk)
    assert (late.state, late.counts["withdrawn"], late.counts["restored"]) == ("waiting", 1, 1)
    # A worker that died after its batch: another begins at the cursor, and once more at the first row.
    jobs.claim(Upload.objects.all(), upload.pk)
    Upload.objects.filter(pk=upload.pk).update(claimed_at=timezone.now() - timedelta(minutes=3), cursor=0)
    late.refresh_from_db()
    read_out(late)
    assert set(Case.objects.exclude(local_case_id="C0").values_list("state", "revision")) == {("withdrawn", 2)}
    assert Case.objects.get(local_case_id="C0").revision == 3


def test_an_upload_is_undone_once_within_7_days_and_by_somebody_of_the_site(them: People) -> None:
    upload = imported(them, checked(them, HEAD + line(1)))
    with pytest.raises(NotPermitted):
        upload_undo.begin(upload, by=them.charlie, via="form")
    undone(them, upload)
    with pytest.raises(IllegalTransition):
        upload_undo.begin(upload, by=them.alice, via="form")
    late = imported(them, checked(them, HEAD + line(2)))
    Upload.objects.filter(pk=late.pk).update(undo_until=timezone.now())
    with pytest.raises(IllegalTransition):
        upload_undo.begin(late, by=them.alice, via="form")


def test_an_undo_is_not_cancelled_half_way(them: People) -> None:
    upload = upload_undo.begin(imported(them, checked(them, HEAD + line(1))), by=them.alice, via="form")
    with pytest.raises(IllegalTransition):
        uploads.cancel(upload, by=them.alice, via="form")


def test_a_cancelled_import_can_be_undone_as_far_as_it_came(them: People, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload_turns, "BATCH_OF_CASES", 2)
    monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1)
    upload = uploads.begin_import(checked(them, HEAD + "".join(map(line, range(5)))), by=them.alice, via="form")
    upload_turns.work(upload)
    upload = uploads.cancel(upload, by=them.alice, via="form")
    assert undone(them, upload).counts["withdrawn"] == 2


def test_after_7_days_nothing_is_kept_that_could_undo_or_mend(them: People) -> None:
    read(them, HEAD + line(1))
    upload = amended(them, HEAD + line(1, 300) + line(2, 3))
    path = uploads.path_of(upload.file)
    assert UploadRow.objects.filter(prior__isnull=False).exists()
    upload_undo.forget_old()
    assert path.exists()
    Upload.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
    upload_undo.forget_old()
    assert not UploadRow.objects.filter(prior__isnull=False).exists()
    assert not UploadReview.objects.exists()
    assert not list(path.parent.iterdir())


def test_an_or_log_gives_its_times_back_and_its_controls_are_withdrawn_and_it_can_be_read_again(them: People) -> None:
    sites.set_procedure_map(them.site, MAP, **HAND)
    case = printed(them)
    upload = read_log(them, HEADER + row() + row("2"), **CONTROLS)
    assert upload.counts == {"completed": 1, "created": 1}
    upload = undone(them, upload)
    assert (upload.counts["withdrawn"], upload.counts["restored"]) == (1, 1)
    assert not Case.objects.filter(pk=case.pk, procedure__isnull=False).exists()
    assert not EncounterSeen.objects.exists()
    assert read_log(them, HEADER + row() + row("2"), **CONTROLS).counts == {"completed": 1, "created": 1}
    assert times(Case.objects.get(pk=case.pk)) == {("in_room", "or_log"): 132, ("incision_closure", "or_log"): 93}
