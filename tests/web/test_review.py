"""A checked file on its pages: mended by cause or row by row, imported, given back annotated, taken back."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.actions import cases, upload_repairs, upload_undo, uploads
from registry.models import Case, Export, Heartbeat, Upload
from registry.models.scope import acting_for
from registry.web.upload_progress import progress_of
from tests.actions.test_upload_check import HEAD, checked, imported, line
from tests.case_files import csv_of, read_out
from tests.people import People, equipped_for_the_example
from tests.reports.registry import EXAMPLE
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
PAGE = "/s/ALPHA/uploads/"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def file(people: People, content: str) -> Upload:
    with people.at_site():
        return checked(people, content)


def worked(people: People, upload: Upload) -> Upload:
    with people.at_site():
        return read_out(upload)


def page_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def rows_of(upload: Upload) -> str:
    return f"{PAGE}{upload.public_id}/rows/"


def key_in(page: str) -> str:
    found = re.search(r'name="cause" value="(\w+)"', page)
    assert found
    return found[1]


THREE = HEAD + line(1) + line(2, category="knee replacemnt") + line(3, category="Knee Replacemnt")


def test_the_page_says_how_many_rows_are_ready_and_what_to_do_about_the_others(
    people: People, as_person: SignedIn
) -> None:
    page = page_of(as_person(people.alice), rows_of(file(people, THREE)))
    assert "<h1>1 row is ready, 2 need you</h1>" in page
    assert "“knee replacemnt” is no word for procedure category" in page
    assert "Use “Knee replacement” in 2 rows" in page
    assert "Import 1 ready row" in page
    assert "Wait until all are fixed" in page
    assert "style=" not in page


def test_a_repair_by_one_click_makes_all_its_rows_ready_and_is_undone_by_another(
    people: People, as_person: SignedIn
) -> None:
    alice, upload = as_person(people.alice), file(people, THREE)
    answer = alice.post(rows_of(upload), {"cause": key_in(page_of(alice, rows_of(upload))), "near": "tka"})
    assert answer["Location"] == f"{PAGE}{upload.public_id}/"
    worked(people, upload)
    page = page_of(alice, rows_of(upload))
    assert "<h1>3 rows are ready</h1>" in page
    assert "Procedure category: “knee replacemnt” is read as Knee replacement" in page
    alice.post(rows_of(upload), {"do": "take_back", "number": "0"})
    worked(people, upload)
    assert "2 need you" in page_of(alice, rows_of(upload))


def test_another_word_is_chosen_and_none_chosen_changes_nothing(people: People, as_person: SignedIn) -> None:
    alice, upload = as_person(people.alice), file(people, THREE)
    key = key_in(page_of(alice, rows_of(upload)))
    answer = alice.post(rows_of(upload), {"cause": key, "do": "use", "instead": ""}, follow=True)
    assert "Nothing was changed: choose what to read instead." in answer.content.decode()
    alice.post(rows_of(upload), {"cause": key, "do": "use", "instead": "tha"})
    assert worked(people, upload).state == "held"
    assert "3 rows are ready" in page_of(alice, rows_of(upload))


def test_rows_are_left_out(people: People, as_person: SignedIn) -> None:
    alice, upload = as_person(people.alice), file(people, THREE)
    alice.post(rows_of(upload), {"cause": key_in(page_of(alice, rows_of(upload))), "do": "leave_out"})
    worked(people, upload)
    page = page_of(alice, rows_of(upload))
    assert "<h1>1 row is ready</h1>" in page
    assert "2 rows are left out." in page


def test_bad_rows_are_mended_in_a_table(people: People, as_person: SignedIn) -> None:
    alice, upload = as_person(people.alice), file(people, THREE + line(4, 3))
    address = f"{rows_of(upload)}bad/"
    page = page_of(alice, address)
    assert page.count('aria-invalid="true"') == 3
    assert 'name="cell-3-procedure_category" value="knee replacemnt" maxlength="2000" list="words-' in page
    assert "Use a whole number from 5 to 1440." in page
    assert 'name="cell-2-' not in page
    assert alice.post(address, {"cell-3-procedure_category": "knee replacemnt"})["Location"] == address
    cells = {"cell-3-procedure_category": "tka", "cell-4-procedure_category": "tha", "cell-5-time_1_minutes": "2:30"}
    assert alice.post(address, cells)["Location"] == f"{PAGE}{upload.public_id}/"
    worked(people, upload)
    page = page_of(alice, rows_of(upload))
    assert "<h1>4 rows are ready</h1>" in page
    assert "3 rows corrected by hand" in page


def test_the_rows_of_one_cause_alone_are_shown_and_pages_of_them(people: People, as_person: SignedIn) -> None:
    upload = file(people, HEAD + "".join(line(n, 3) for n in range(30)) + line(31, category="knee replacemnt"))
    alice = as_person(people.alice)
    page = page_of(alice, rows_of(upload))
    key = key_in(page)
    first = page_of(alice, f"{rows_of(upload)}bad/?cause={key}")
    assert first.count("<label") == 25
    assert "procedure_category" not in first
    second = page_of(alice, f"{rows_of(upload)}bad/?cause={key}&page=2")
    assert second.count("<label") == 5
    assert page_of(alice, f"{rows_of(upload)}bad/?cause=none&page=0x1").count("<label") == 25


def test_what_would_change_is_shown_before_it_does_and_free_text_is_not(people: People, as_person: SignedIn) -> None:
    equipped_for_the_example(people.site)
    with people.at_site():
        imported(people, checked(people, csv_of([EXAMPLE])))
    upload = file(people, csv_of([{**EXAMPLE, "sex": "male", "comment": "a new word"}]))
    alice = as_person(people.alice)
    page = page_of(alice, rows_of(upload))
    assert "<h1>0 rows are ready, 1 needs you</h1>" in page
    assert "Case already in the registry" in page
    changes = page_of(alice, f"{rows_of(upload)}changes/")
    assert "Sex: <del>" in changes
    assert "<ins>Male</ins>" in changes
    assert "a new word" not in changes
    assert "Comment: another text" in changes
    alice.post(rows_of(upload), {"do": "known", "known": "amend"})
    worked(people, upload)
    assert "<h1>1 row is ready</h1>" in page_of(alice, rows_of(upload))
    alice.post(f"{PAGE}{upload.public_id}/import/")
    assert worked(people, upload).counts == {"amended": 1}


def test_what_is_ready_is_imported_and_the_rest_is_given_back_marked(people: People, as_person: SignedIn) -> None:
    alice, upload = as_person(people.alice), file(people, THREE)
    assert alice.post(f"{PAGE}{upload.public_id}/import/").status_code == 302
    assert worked(people, upload).counts == {"created": 1, "refused": 2}
    page = page_of(alice, f"{PAGE}{upload.public_id}/")
    assert "annotated.xlsx" in page
    given = alice.get(f"{PAGE}{upload.public_id}/annotated.csv")
    lines = b"".join(given.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0].endswith('"Problems"')
    assert lines[1].endswith(',""')
    assert "Procedure category: Use one of the" in lines[2]
    assert alice.get(f"{PAGE}{upload.public_id}/annotated.xlsx").content[:2] == b"PK"
    assert alice.get(f"{PAGE}{upload.public_id}/annotated.exe").status_code == 404


def test_an_upload_is_undone_after_a_page_that_says_what_will_happen(people: People, as_person: SignedIn) -> None:
    alice, upload = as_person(people.alice), file(people, HEAD + line(1) + line(2) + line(3))
    with people.at_site():
        upload = imported(people, upload)
        cases.amend(Case.objects.get(local_case_id="C2"), {"sex": "male"}, by=people.alice, via="form")
    assert "Undo this upload" in page_of(alice, f"{PAGE}{upload.public_id}/")
    asked = page_of(alice, f"{PAGE}{upload.public_id}/undo/")
    assert "2 cases will be withdrawn, 1 changed since and stays." in asked
    assert ">C2</a>" in asked
    alice.post(f"{PAGE}{upload.public_id}/undo/")
    assert "is taken back" in page_of(alice, f"{PAGE}{upload.public_id}/")
    worked(people, upload)
    page = page_of(alice, f"{PAGE}{upload.public_id}/")
    assert "2 cases are withdrawn, 1 changed since and stays." in page
    assert ">C2</a>" in page
    assert "Undo this upload" not in page
    with people.at_site():
        address = f"/s/ALPHA/cases/{Case.objects.get(local_case_id='C1').public_id}/"
    case = page_of(alice, address)
    assert "until a file or report brings it again" in case
    assert "Taken back with its upload" in case


def test_pages_of_a_file_that_is_not_checked_lead_to_where_it_is(people: People, as_person: SignedIn) -> None:
    alice, upload = as_person(people.alice), file(people, THREE)
    with people.at_site():
        upload_repairs.mend(upload, {"kind": "next_day"}, by=people.alice, via="form")
    for path in ("rows/", "rows/bad/", "rows/changes/", "annotated.xlsx", "undo/"):
        assert alice.get(f"{PAGE}{upload.public_id}/{path}")["Location"] == f"{PAGE}{upload.public_id}/"
    for path in ("rows/", "rows/bad/", "import/", "undo/"):
        assert alice.post(f"{PAGE}{upload.public_id}/{path}")["Location"] == f"{PAGE}{upload.public_id}/"
    with people.at_site():
        assert Upload.objects.get().phase == "check"


@pytest.mark.parametrize("path", ["rows/", "rows/bad/", "rows/changes/", "annotated.csv", "undo/", "retry/", "import/"])
def test_charlie_finds_no_page_of_alices_file_even_at_his_own_site(
    path: str, people: People, as_person: SignedIn
) -> None:
    upload, charlie = file(people, THREE), as_person(people.charlie)
    for code in ("ALPHA", "CHARLIE"):
        for ask in (charlie.get, charlie.post):
            status = ask(f"/s/{code}/uploads/{upload.public_id}/{path}").status_code
            assert status == 404 or (status == 405 and code == "CHARLIE"), (code, status)


def test_causes_and_rows_cost_no_queries(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)

    def asked(content: str, path: str) -> int:
        address = f"{rows_of(file(people, content))}{path}"
        alice.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(address).status_code == 200
        return len(queries)

    one, three = HEAD + line(1, category="knee x"), HEAD + line(1, category="knee x") + line(2, 3) + line(3, "x")
    for path in ("", "bad/"):
        assert asked(one, path) == asked(three, path)
    with people.at_site():
        imported(people, checked(people, HEAD + line(1) + line(2) + line(3)))
    one, three = (HEAD + "".join(line(n, 300) for n in range(1, many + 1)) for many in (1, 3))
    assert asked(one, "changes/") == asked(three, "changes/")


def test_the_time_left_is_told_from_the_rate_of_this_file_and_not_before_there_is_one() -> None:
    now = timezone.now()
    upload = Upload(kind="cases", phase="import", state="running", cursor=250, rows_total=1000)
    assert progress_of(upload).seconds_left is None
    upload.began_at, upload.claimed_at = now - timedelta(seconds=50), now
    assert (progress_of(upload).percent, progress_of(upload).seconds_left) == (25, 150.0)
    upload.claimed_at = now - timedelta(seconds=48)
    assert progress_of(upload).seconds_left is None


def test_the_jobs_of_a_site_are_its_own_and_a_stuck_one_is_named(people: People, as_person: SignedIn) -> None:
    upload, alice = file(people, THREE), as_person(people.alice)
    page = page_of(alice, "/s/ALPHA/jobs/")
    assert "Checked, waits for you" in page
    assert "Cancel" in page
    with people.at_site():
        Upload.objects.update(state="running", claimed_at=timezone.now() - timedelta(minutes=3))
    assert "stuck: its worker is silent" in page_of(alice, "/s/ALPHA/jobs/")
    Heartbeat.objects.create(name="worker", at=timezone.now())
    with people.at_site():
        Upload.objects.update(state="failed", last_error="Given up.")
    assert "Try again" in page_of(alice, "/s/ALPHA/jobs/")
    alice.post(f"{PAGE}{upload.public_id}/retry/")
    with people.at_site():
        assert Upload.objects.get().state == "waiting"
    assert as_person(people.charlie).get("/s/ALPHA/jobs/").status_code == 404
    assert "cases.csv" not in page_of(as_person(people.charlie), "/s/CHARLIE/jobs/")


def test_an_export_is_cancelled_or_tried_again_by_whoever_may_have_it(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    alice.post("/s/ALPHA/exports/", {"format": "csv"})
    with people.at_site():
        export = Export.objects.get()
    assert as_person(people.charlie).post(f"/exports/{export.public_id}/cancel/").status_code == 404
    assert alice.post(f"/exports/{export.public_id}/cancel/").status_code == 302
    with acting_for(sites=[people.site.pk]):
        export.refresh_from_db()
        assert export.state == "cancelled"
        Export.objects.update(state="failed")
    assert alice.post(f"/exports/{export.public_id}/retry/").status_code == 302
    with people.at_site():
        export.refresh_from_db()
        assert export.state == "waiting"


def test_an_undo_that_is_over_is_not_offered(people: People, as_person: SignedIn) -> None:
    with people.at_site():
        upload = imported(people, checked(people, HEAD + line(1)))
        Upload.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
        upload_undo.forget_old()
    alice = as_person(people.alice)
    assert "Undo this upload" not in page_of(alice, f"{PAGE}{upload.public_id}/")
    assert alice.get(f"{PAGE}{upload.public_id}/undo/")["Location"] == f"{PAGE}{upload.public_id}/"
    assert timedelta(days=7) == uploads.UNDONE_FOR
