"""Asking for a file, watching it, taking it away: and who may."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from registry.actions import exports, memberships
from registry.models import Export, Heartbeat, Site, User
from registry.models.scope import acting_for
from tests.people import HAND, People
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db


def requested(people: People, by: User | None = None) -> Export:
    with acting_for(sites=[people.site.pk], administrator=True):
        if by is None:
            return exports.request("registry_report", format="csv", site=None, by=people.dana, via="form")
        return exports.request("cases", format="csv", site=people.site, by=by, via="form")


def finished(export: Export, folder: Path, **changes: Any) -> Export:
    (folder / "files" / "exports").mkdir(parents=True, exist_ok=True)
    (folder / "files" / "exports" / "x.csv").write_bytes(b"a,b\r\n")
    values = {"state": "done", "file": "exports/x.csv", "row_count": 1, "sha256": "ab" * 32, **changes}
    with acting_for(sites=[export.site_id] if export.site_id else [], administrator=True):
        Export.objects.filter(pk=export.pk).update(**values)
    return export


def test_an_administrator_asks_for_the_report_and_sees_it_waiting(people: People, as_person: SignedIn) -> None:
    dana = as_person(people.dana)
    answer = dana.post("/exports/", {"format": "xlsx"})
    assert (answer.status_code, answer["Location"]) == (302, "/exports/#files")
    page = dana.get("/exports/").content.decode()
    assert "Registry report, XLSX" in page
    assert 'hx-trigger="every 2s"' in page


def test_an_unknown_format_is_refused_and_nothing_is_asked_for(people: People, as_person: SignedIn) -> None:
    dana = as_person(people.dana)
    answer = dana.post("/exports/", {"format": "docx"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert "docx" not in answer.content.decode()
    assert "No file has been asked for yet." in dana.get("/exports/").content.decode()


def test_a_member_may_not_ask_for_the_registry_report(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert alice.post("/exports/", {"format": "csv"}).status_code == 403
    assert alice.get("/exports/").status_code == 403
    assert alice.get("/jobs/").status_code == 403


def test_a_member_asks_for_the_cases_of_her_own_site(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert alice.post("/s/ALPHA/exports/", {"format": "csv"})["Location"] == "/s/ALPHA/exports/#files"
    assert "Cases, CSV" in alice.get("/s/ALPHA/exports/").content.decode()
    assert "Cases, CSV" not in as_person(people.charlie).get("/s/CHARLIE/exports/").content.decode()


def test_a_person_who_only_reads_asks_for_no_file(people: People, as_person: SignedIn) -> None:
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(people.charlie, site=people.site, role="read_only", **HAND)
    charlie = as_person(people.charlie)
    assert charlie.get("/s/ALPHA/exports/").status_code == 403
    assert "/s/ALPHA/exports/" not in charlie.get("/s/ALPHA/").content.decode()


def test_another_sites_cases_and_files_do_not_exist(people: People, as_person: SignedIn) -> None:
    charlie = as_person(people.charlie)
    assert charlie.post("/s/ALPHA/exports/", {"format": "csv"}).status_code == 404
    assert charlie.get("/s/ALPHA/exports/").status_code == 404


def test_a_finished_file_is_fetched_by_those_who_may_have_it(
    people: People, as_person: SignedIn, tmp_path: Path
) -> None:
    export = finished(requested(people, by=people.alice), tmp_path)
    with override_settings(STRATA_DATA=tmp_path):
        answer = as_person(people.bob).get(f"/exports/{export.public_id}/")
        assert b"".join(answer.streaming_content) == b"a,b\r\n"  # type: ignore[attr-defined]
        assert "strata-cases-ALPHA-" in answer["Content-Disposition"]
        assert as_person(people.charlie).get(f"/exports/{export.public_id}/").status_code == 404
        assert as_person(people.dana).get(f"/exports/{export.public_id}/").status_code == 404


def test_the_registry_report_is_for_administrators_alone(people: People, as_person: SignedIn, tmp_path: Path) -> None:
    export = finished(requested(people), tmp_path)
    with override_settings(STRATA_DATA=tmp_path):
        answer = as_person(people.dana).get(f"/exports/{export.public_id}/")
        assert b"".join(answer.streaming_content) == b"a,b\r\n"  # type: ignore[attr-defined]
        assert as_person(people.alice).get(f"/exports/{export.public_id}/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "running"},
        {"file": ""},
        {"file": "exports/gone.csv"},
        {"expires_at": timezone.now() - timedelta(days=1)},
    ],
    ids=["unfinished", "taken away", "lost", "expired"],
)
def test_a_file_that_is_not_there_is_not_found(
    changes: dict[str, Any], people: People, as_person: SignedIn, tmp_path: Path
) -> None:
    export = finished(requested(people), tmp_path, **changes)
    with override_settings(STRATA_DATA=tmp_path):
        assert as_person(people.dana).get(f"/exports/{export.public_id}/").status_code == 404


def test_a_job_that_stumbled_says_so(people: People, as_person: SignedIn, tmp_path: Path) -> None:
    finished(requested(people), tmp_path, state="failed", last_error="Stopped while writing the file.", attempts=8)
    page = as_person(people.dana).get("/exports/").content.decode()
    assert "Failed" in page
    assert "Stopped while writing the file." in page
    assert "8 attempts" in page


def test_the_jobs_stop_asking_when_nothing_is_going_on(people: People, as_person: SignedIn, tmp_path: Path) -> None:
    finished(requested(people), tmp_path)
    page = as_person(people.dana).get("/exports/").content.decode()
    assert "every 2s" not in page
    assert "Download Registry report, CSV" in page


def test_a_file_says_until_when_it_is_kept_and_that_it_is_gone(
    people: People, as_person: SignedIn, tmp_path: Path
) -> None:
    dana = as_person(people.dana)
    export = finished(requested(people), tmp_path, expires_at=timezone.now() + timedelta(days=2))
    assert "kept until" in dana.get("/exports/").content.decode()
    finished(export, tmp_path, expires_at=timezone.now() - timedelta(days=2))
    page = dana.get("/exports/").content.decode()
    assert "no longer kept; ask for it again" in page
    assert "Download Registry report" not in page


def test_what_the_data_are_is_said_beside_the_files(people: People, as_person: SignedIn) -> None:
    with acting_for(sites=[people.site.pk], administrator=True):
        Site.objects.filter(pk=people.site.pk).update(is_synthetic=True)
    for person, page in ((people.alice, "/s/ALPHA/exports/"), (people.dana, "/exports/")):
        assert "Synthetic demonstration data" in as_person(person).get(page).content.decode()


def test_a_finished_file_gives_its_checksum_in_full(people: People, as_person: SignedIn, tmp_path: Path) -> None:
    finished(requested(people), tmp_path)
    assert f'<code class="checksum">{"ab" * 32}</code>' in as_person(people.dana).get("/exports/").content.decode()


def test_a_job_without_a_worker_says_what_it_waits_for(people: People, as_person: SignedIn) -> None:
    requested(people)
    dana = as_person(people.dana)
    assert "waiting for a worker" in dana.get("/exports/").content.decode()
    Heartbeat.objects.create(name="worker", at=timezone.now())
    assert "waiting for a worker" not in dana.get("/exports/").content.decode()
