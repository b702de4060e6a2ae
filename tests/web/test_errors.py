"""Refusals are pages too, and never an explosion."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path

from config import errors, urls
from registry.actions import uploads
from registry.models import Case, ProcedureTime, Upload
from registry.permissions import UPLOAD
from registry.web.views.common import SiteRequest, at_site
from tests.people import People, gathered
from tests.reports.registry import FASTER, printed, submitted
from tests.web.conftest import SignedIn


def broken(request: HttpRequest) -> Any:
    raise ZeroDivisionError


@at_site(UPLOAD)
def overtaken(request: SiteRequest) -> Any:
    """A page that cancels an upload which somebody else cancels between its reading and its writing."""
    seen = Upload.objects.get()
    uploads.cancel(Upload.objects.get(), by=request.user, via="rest")
    uploads.cancel(seen, by=request.user, via="form")


urlpatterns = [path("broken/", broken), path("s/<str:code>/overtaken/", overtaken), *urls.urlpatterns]
handler500 = "config.errors.server_error"


def test_an_unknown_page_says_so_in_the_frame_of_the_site(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page here" in answer.content.decode()


def without_token(answer: Any) -> list[str]:
    return [line for line in answer.content.decode().splitlines() if "csrf" not in line]


def test_another_site_and_no_site_look_the_same(people: People, as_person: SignedIn) -> None:
    charlie = as_person(people.charlie)
    foreign, missing = charlie.get("/s/ALPHA/"), charlie.get("/s/NOWHERE/")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert without_token(foreign) == without_token(missing)


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_every_refusal_has_a_page_that_needs_no_request(name: str) -> None:
    assert "<h1>" in render_to_string(name)


@override_settings(ROOT_URLCONF="tests.web.test_errors")
def test_a_bug_of_ours_answers_500_with_a_page(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def sent(people: People) -> Upload:
    with people.at_site():
        return uploads.hold("cases", site=people.site, by=people.alice, via="form", stream=io.BytesIO(b"case_id\n"))


@override_settings(ROOT_URLCONF="tests.web.test_errors")
def test_a_page_that_somebody_else_was_faster_than_says_so_and_writes_nothing(
    people: People, as_person: SignedIn, settings: Any, tmp_path: Path
) -> None:
    settings.STRATA_DATA = tmp_path
    sent(people)
    answer = as_person(people.alice).post("/s/ALPHA/overtaken/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This upload is cancelled, so this cannot be done with it any more." in page
    assert 'href="/s/ALPHA/"' in page
    with people.at_site():
        assert Upload.objects.get().state == "held"


def test_an_upload_cancelled_by_four_at_once_is_cancelled_for_all(
    committed_db: None, settings: Any, tmp_path: Path
) -> None:
    settings.STRATA_DATA = tmp_path
    people = gathered()
    address = f"/s/ALPHA/uploads/{sent(people).public_id}/cancel/"
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(people.alice)

    def cancel(client: Client) -> int:
        try:
            return client.post(address).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(cancel, clients)) == [302] * 4


def test_of_many_who_record_one_time_at_once_one_does_and_the_others_are_told(committed_db: None) -> None:
    people = gathered()
    submitted(
        people.site,
        people.alice,
        [printed(1, FASTER, None, procedure={"performed_month": "2026-03", "category": FASTER})],
    )
    with people.at_site():
        case = Case.objects.get()
    clients = [Client() for _ in range(6)]
    for client in clients:
        client.force_login(people.alice)

    def record(number: int) -> int:
        try:
            said = {"from": "", "to": "", "minutes": str(170 + number), "source": "or_log"}
            return clients[number].post(f"/s/ALPHA/waiting/{case.public_id}/", said).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(record, range(len(clients))))
    assert sorted(answers) == [302] + [409] * 5
    with people.at_site():
        assert ProcedureTime.objects.get(procedure__case=case).minutes == 170 + answers.index(302)


def test_a_database_that_is_away_answers_503_with_a_page(rf: Any) -> None:
    answer = errors.database_away(rf.get("/"))
    assert (answer.status_code, "Retry-After" in answer) == (503, True)
    assert "cannot be reached" in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_a_page(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.dana)
    answer = client.post("/exports/", {"format": "csv"})
    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


@pytest.mark.parametrize(
    "page",
    [
        "/s/%00/",
        "/s/A%00/tables/minutes-saved.csv",
        "/s/%00/tables/x.csv",
        "/s/%00/figures/effort.svg",
        "/s/%00/exports/",
        "/exports/%00/",
    ],
)
def test_an_address_that_nothing_can_have_is_404(people: People, as_person: SignedIn, page: str) -> None:
    assert as_person(people.alice).get(page).status_code == 404
