"""A file of cases is checked before anything is written, mended by repairs, and what is ready of it is imported."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registry.actions import cases, kept_rows, upload_check, upload_repairs, upload_turns, uploads
from registry.errors import IllegalTransition, InvalidReport, NotPermitted
from registry.intake import case_file
from registry.models import AuditEvent, Case, Mail, Submission, Upload, UploadReview
from registry.vocabulary.workflow import RowOutcome
from tests.case_files import csv_of, read_out
from tests.people import People
from tests.reports.registry import printed

HEAD = "local_case_id,object_kind,procedure_performed_month,procedure_category,time_1_clock,time_1_minutes,time_1_source\r\n"
NO_DAYS = HEAD.replace("time_1_minutes", "time_1_from,time_1_to")


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def line(number: int, minutes: object = 200, category: str = "tka") -> str:
    return f"C{number},none,2026-03,{category},in_room,{minutes},or_log\r\n"


def matched(them: People, content: str | bytes) -> Upload:
    """The file is held and its columns are matched: they bear our own names."""
    data = content.encode() if isinstance(content, str) else content
    door: dict[str, Any] = {"by": them.alice, "via": "form"}
    held = uploads.hold("cases", site=them.site, stream=io.BytesIO(data), name="cases.csv", **door)
    return uploads.match(held, case_file.survey(uploads.path_of(held.file)).plan, **door)


def checked(them: People, content: str | bytes) -> Upload:
    return read_out(matched(them, content))


def found(upload: Upload) -> dict[str, Any]:
    return dict(UploadReview.objects.get(upload=upload).found)


def causes(upload: Upload) -> list[tuple[str, str, str, int]]:
    return [(each["code"], each["name"], each["text"], each["rows"]) for each in found(upload)["causes"]]


def mended(them: People, upload: Upload, **repair: Any) -> Upload:
    return read_out(upload_repairs.mend(upload, repair, by=them.alice, via="form"))


def imported(them: People, upload: Upload) -> Upload:
    return read_out(uploads.begin_import(upload, by=them.alice, via="form"))


def test_a_checked_file_waits_to_be_imported_and_has_written_nothing(them: People) -> None:
    upload = checked(them, HEAD + line(1) + line(2, 3) + line(3))
    assert (upload.state, upload.phase, upload.cursor, upload.rows_total) == ("held", "import", 3, 3)
    assert found(upload)["counts"] == {"created": 2, "refused": 1}
    assert not Case.objects.exists()
    assert not Submission.objects.exists()


def test_problems_are_grouped_by_cause_with_the_word_where_it_is_one_of_a_list(them: People) -> None:
    upload = checked(them, HEAD + line(1, category="knee") + line(2, category="Knee") + line(3, 3) + line(4, 9999))
    assert causes(upload) == [
        ("not-a-choice", "procedure_category", "knee", 2),
        ("out-of-range", "time_1_minutes", "", 2),
    ]
    assert found(upload)["causes"][0]["first"] == [2, 3]


def test_a_word_nobody_knows_has_the_nearest_of_its_list_or_of_the_site(them: People) -> None:
    said = printed(1, "tha", 90, codes=[{"code": "559T", "units": 1}]).data
    said["prints"][0].update(printer="J 750", materials=["Veroo"])
    said["complexity"] = "Complx"
    upload = checked(them, csv_of([said]))
    near = {each["name"]: each["near"] for each in found(upload)["causes"]}
    assert near["code_1_code"][0] == "0559T"
    assert near["print_1_printer"] == ["J750"]
    assert near["print_1_materials"] == ["Vero"]
    assert near["complexity"] == ["complex"]


@pytest.mark.parametrize("text", ["1234567", "03/11/1956", "m.smith@example.org", "x" * 41, "12-34-56"])
def test_what_looks_like_an_identifier_is_not_told_even_in_a_column_of_words(text: str, them: People) -> None:
    upload = checked(them, HEAD + line(1, category=text))
    assert causes(upload) == [("not-a-choice", "procedure_category", "", 1)]
    assert text not in str(found(upload))


def test_a_column_of_too_many_words_is_another_than_it_is_read_as(them: People) -> None:
    words = (f"word {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(61))
    upload = checked(them, HEAD + "".join(line(n, category=word) for n, word in enumerate(words)))
    told = [text for _, _, text, _ in causes(upload)]
    assert (len(told), told.count("")) == (61, 1)


def test_a_word_replaced_in_all_its_rows_makes_them_ready(them: People) -> None:
    upload = checked(them, HEAD + line(1, category="knee") + line(2, category="KNEE") + line(3))
    mended_file = mended(them, upload, kind="use", name="procedure_category", text="knee", instead="tka")
    assert found(mended_file)["counts"] == {"created": 3}
    assert imported(them, mended_file).counts == {"created": 3}
    assert AuditEvent.objects.filter(act="upload.mended", reason="use").count() == 1


def test_an_end_before_its_start_is_read_as_the_next_day(them: People) -> None:
    row = "C1,none,2026-03,tka,in_room,22:00,01:30,or_log\r\n"
    upload = checked(them, NO_DAYS + row)
    assert causes(upload)[0][0] == "out-before-in"
    upload = imported(them, mended(them, upload, kind="next_day"))
    assert upload.counts == {"created": 1}
    assert Case.objects.get().procedure.times.get().minutes == 210


def test_a_repair_is_taken_back_and_the_others_stay(them: People) -> None:
    upload = checked(them, HEAD + line(1, category="knee") + line(2, category="hip"))
    upload = mended(them, upload, kind="use", name="procedure_category", text="knee", instead="tka")
    upload = mended(them, upload, kind="use", name="procedure_category", text="hip", instead="tha")
    assert found(upload)["counts"] == {"created": 2}
    upload = read_out(upload_repairs.take_back(upload, 0, by=them.alice, via="form"))
    assert causes(upload) == [("not-a-choice", "procedure_category", "knee", 1)]
    assert len(UploadReview.objects.get().repairs) == 1


def test_rows_with_one_cause_are_left_out_and_their_cells_written_over(them: People) -> None:
    upload = checked(them, HEAD + line(1, 3) + line(2, category="knee") + line(3))
    key = next(each["key"] for each in found(upload)["causes"] if each["code"] == "out-of-range")
    upload = read_out(upload_repairs.leave_out(upload, key, "Minutes", by=them.alice, via="form"))
    assert found(upload)["counts"] == {"refused": 1, "created": 1}
    upload = mended(them, upload, kind="write", cells={"3": {"procedure_category": "tka", "time_1_minutes": "3:20"}})
    assert imported(them, upload).counts == {"created": 2}
    assert set(Case.objects.values_list("local_case_id", flat=True)) == {"C2", "C3"}
    assert Case.objects.get(local_case_id="C2").procedure.times.get().minutes == 200


def test_a_recorded_case_is_amended_only_if_its_owner_says_so(them: People) -> None:
    imported(them, checked(them, HEAD + line(1)))
    content = HEAD + line(1, 250) + line(2)
    upload = checked(them, content)
    assert found(upload)["counts"] == {"amended": 1, "created": 1}
    assert imported(them, upload).counts == {"unchanged": 1, "created": 1}
    assert Case.objects.get(local_case_id="C1").procedure.times.get().minutes == 200
    upload = mended(them, checked(them, content), kind="known", known="amend")
    assert imported(them, upload).counts == {"amended": 1, "unchanged": 1}
    assert Case.objects.get(local_case_id="C1").procedure.times.get().minutes == 250


def test_cases_left_as_they_are_need_nobody(them: People) -> None:
    imported(them, checked(them, HEAD + line(1)))
    upload = mended(them, checked(them, HEAD + line(1, 250)), kind="known", known="leave")
    assert found(upload)["counts"] == {"unchanged": 1}


def test_a_check_says_what_the_import_does(them: People) -> None:
    imported(them, checked(them, HEAD + line(1) + line(2) + line(3)))
    cases.withdraw(Case.objects.get(local_case_id="C3"), reason="wrong", by=them.alice, via="form")
    upload = checked(them, HEAD + line(1) + line(2, 250) + line(3) + line(4) + line(4) + line(5, "x"))
    said = found(upload)["counts"]
    assert said == {"unchanged": 1, "amended": 1, "refused": 3, "created": 1}
    upload = mended(them, upload, kind="known", known="amend")
    assert imported(them, upload).counts == said


def test_refused_rows_are_kept_beside_the_file_for_its_owner_alone_and_no_longer_than_it(them: People) -> None:
    upload = checked(them, HEAD + line(1, 3) + line(2))
    (row,) = kept_rows.read(upload, outcome=RowOutcome.REFUSED)
    assert (row.row, row.cells[0], row.problems[0][0]) == (2, "C1", "time_1_minutes")
    path = kept_rows.path_for(upload)
    assert path.stat().st_mode & 0o777 == 0o600
    uploads.cancel(upload, by=them.alice, via="form")
    upload_turns.drop_files()
    assert not path.exists()
    assert not UploadReview.objects.exists()


def test_more_bad_rows_than_are_kept_are_counted(them: People, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload_check, "MOST_REFUSED", 2)
    upload = checked(them, HEAD + "".join(line(n, 3) for n in range(5)))
    assert found(upload)["counts"] == {"refused": 5}
    assert len(list(kept_rows.read(upload))) == 2
    assert causes(upload)[0][3] == 5


def test_a_check_stopped_anywhere_finds_what_it_would_have_found(them: People, monkeypatch: Any) -> None:
    content = HEAD + "".join(line(n, 3 if n % 3 else 200) for n in range(25))
    whole = found(checked(them, content))
    monkeypatch.setattr(upload_check, "SLICE", 4)
    monkeypatch.setattr(upload_turns, "SECONDS_OF_A_TURN", -1)
    upload, turns = matched(them, content), 0
    while upload.state != "held":
        if turns == 2:  # a worker died after it wrote rows beside the file, and before it committed
            with kept_rows.path_for(upload).open("ab") as torn:
                torn.write(b'{"row": 9, "outcome": "refu')
        upload_turns.work(upload)
        upload.refresh_from_db()
        turns += 1
    assert turns == 7
    assert found(upload) == whole
    assert len(list(kept_rows.read(upload))) == whole["counts"]["refused"]


def test_a_repair_that_is_none_is_refused_and_one_for_a_file_not_checked_is_late(them: People) -> None:
    upload = checked(them, HEAD + line(1, 3))
    for wrong in ({"kind": "poem"}, {"kind": "use", "name": "nose", "text": "a", "instead": "b"}, {"kind": "use"}):
        with pytest.raises(InvalidReport):
            upload_repairs.mend(upload, wrong, by=them.alice, via="form")
    with pytest.raises(NotPermitted):
        upload_repairs.mend(upload, {"kind": "next_day"}, by=them.charlie, via="form")
    waiting = upload_repairs.mend(upload, {"kind": "next_day"}, by=them.alice, via="form")
    with pytest.raises(IllegalTransition):
        upload_repairs.mend(waiting, {"kind": "next_day"}, by=them.alice, via="form")


def test_a_file_that_took_longer_than_a_minute_is_told_of_by_letter(them: People) -> None:
    upload = checked(them, HEAD + line(1))
    imported(them, upload)
    assert not Mail.objects.filter(subject="Your file is imported").exists()
    upload = uploads.begin_import(checked(them, HEAD + line(2)), by=them.alice, via="form")
    Upload.objects.filter(pk=upload.pk).update(began_at=timezone.now() - timedelta(minutes=2))
    read_out(upload)
    letter = Mail.objects.get(subject="Your file is imported")
    assert letter.to == them.alice.email
    assert "1 new" in letter.body
    assert upload.public_id in letter.body
    assert "cases.csv" not in letter.body


def test_an_imported_file_with_refused_rows_is_kept_to_be_mended_and_one_without_is_not(them: People) -> None:
    upload = imported(them, checked(them, HEAD + line(1) + line(2, 3)))
    assert uploads.path_of(upload.file).is_file()
    upload_turns.drop_files()
    assert kept_rows.path_for(upload).is_file()
    Upload.objects.update(undo_until=timezone.now())
    upload_turns.drop_files()
    assert not kept_rows.path_for(upload).exists()
    assert imported(them, checked(them, HEAD + line(3))).file == ""
