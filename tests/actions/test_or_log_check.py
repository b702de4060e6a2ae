"""The check of an OR log by a worker: what it finds is what an import would do, whenever a worker dies."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registry.actions import jobs, sites, upload_turns, uploads
from registry.errors import IllegalTransition, InvalidReport
from registry.models import Case, EncounterSeen, Upload, UploadReview, UploadRow
from tests.case_files import read_out
from tests.or_logs import CONTROLS, HEADER, MAP, REAL_LOG, demo_map, printed, row
from tests.people import HAND, People, gathered


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> Iterator[People]:
    settings.STRATA_DATA = tmp_path
    them = gathered()
    with them.at_site():
        sites.set_procedure_map(them.site, MAP, **HAND)
        yield them


def matched(people: People, path: Path, **options: Any) -> Upload:
    """A log that waits for its check."""
    with path.open("rb") as stream:
        held = uploads.hold("or_log", site=people.site, by=people.alice, via="form", stream=stream)
    return uploads.match_log(held, options, by=people.alice, via="form")


def log(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(HEADER + "".join(rows))
    return path


def found(upload: Upload) -> dict[str, Any]:
    return dict(UploadReview.objects.get(upload=upload).found)


def test_a_checked_log_waits_to_be_imported_and_nothing_is_recorded(people, tmp_path):
    upload = read_out(matched(people, log(tmp_path, row(), row("78", code="1")), **CONTROLS))
    assert (upload.state, upload.phase, upload.cursor, upload.rows_total) == ("held", "import", 0, 2)
    assert found(upload)["counts"] == {"created": 1, "refused": 1}
    assert [problem["code"] for problem in upload.problems] == ["unmapped-code"]
    assert not Case.objects.exists()
    assert not UploadRow.objects.exists()
    assert not EncounterSeen.objects.exists()


def test_the_check_of_the_real_log_foretells_its_import(people):
    sites.set_procedure_map(people.site, demo_map(), **HAND)
    for foretold in ({"created": 2172}, {"unchanged": 2172}):
        upload = read_out(matched(people, REAL_LOG, **CONTROLS))
        assert found(upload)["counts"] == foretold
        uploads.begin_import(upload, by=people.alice, via="form")
        assert read_out(upload).counts == foretold


def test_rows_of_one_case_are_foretold_once_across_the_whole_log(people, tmp_path, monkeypatch):
    from registry.actions import or_log_check

    monkeypatch.setattr(or_log_check, "BATCH", 1)
    printed(people)
    upload = read_out(matched(people, log(tmp_path, row(), row(), row("78"), row("78")), **CONTROLS))
    foretold = found(upload)["counts"]
    uploads.begin_import(upload, by=people.alice, via="form")
    assert read_out(upload).counts == foretold == {"completed": 1, "created": 1, "unchanged": 2}


def test_a_check_whose_worker_died_begins_again_at_the_first_row(people, tmp_path):
    upload = matched(people, log(tmp_path, row(), row("78")), **CONTROLS)
    past = timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1)
    Upload.objects.filter(pk=upload.pk).update(state="running", cursor=1, claimed_at=past)
    assert found(read_out(Upload.objects.get(pk=upload.pk)))["counts"] == {"created": 2}


def test_a_check_that_is_stopped_meanwhile_writes_nothing_more(people, tmp_path):
    upload = matched(people, log(tmp_path, row()), **CONTROLS)
    uploads.cancel(upload, by=people.alice, via="form")
    upload_turns.work(upload)
    upload.refresh_from_db()
    assert (upload.state, found(upload)) == ("cancelled", {})
    assert upload.submissions.count() == 0


def test_only_a_held_log_is_matched_and_only_if_it_can_be_read(people, tmp_path):
    upload = matched(people, log(tmp_path, row()))
    with pytest.raises(IllegalTransition):
        uploads.match_log(upload, {}, by=people.alice, via="form")
    with pytest.raises(InvalidReport):
        matched(people, log(tmp_path, row()), columns={"encounter": "No such column"})


def test_what_was_found_names_no_number_and_no_time_of_day(people, tmp_path):
    printed(people, "481516")
    upload = read_out(matched(people, log(tmp_path, row("481516"), row("481517", out="07:00")), **CONTROLS))
    kept = f"{found(upload)} {upload.problems} {upload.options}"
    assert "4815" not in kept
    assert "07:" not in kept
    assert found(upload)["first"] == [[Case.objects.get().pk, {"in_room": 132, "incision_closure": 93}]]
