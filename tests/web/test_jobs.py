"""The page of what goes on behind the pages: for registry administrators, and of state alone."""

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import Heartbeat, Upload
from registry.models.scope import acting_for
from tests.people import People
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db


def uploaded(people: People, number: int, **state: object) -> None:
    with acting_for(sites=[people.site.pk]):
        Upload.objects.create(
            site=people.site, kind="or_log", file=f"uploads/{number}.csv", sha256="ab" * 32, size_bytes=10,
            created_by_label="alice@example.org", **state,
        )  # fmt: skip


def test_an_administrator_sees_the_uploads_of_all_sites(people: People, as_person: SignedIn) -> None:
    uploaded(people, 1, state="running", cursor=10, rows_total=40, counts={"created": 10})
    page = as_person(people.dana).get("/jobs/").content.decode()
    assert "OR log, ALPHA" in page
    assert "10 of 40" in page
    assert 'hx-select="#uploads"' in page


def test_nobody_else_sees_them(people: People, as_person: SignedIn) -> None:
    for person in (people.alice, people.bob, people.charlie):
        assert as_person(person).get("/jobs/").status_code == 403


def test_a_silent_worker_is_named(people: People, as_person: SignedIn) -> None:
    dana = as_person(people.dana)
    assert "The worker is silent." in dana.get("/jobs/").content.decode()
    Heartbeat.objects.create(name="worker", at=timezone.now())
    assert "The worker is silent." not in dana.get("/jobs/").content.decode()


def test_a_page_renews_its_state_without_being_fetched_anew(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert 'hx-get="/freshness/"' in alice.get("/s/ALPHA/").content.decode()
    fragment = alice.get("/freshness/").content.decode()
    assert fragment.strip().startswith('<div id="health"')
    assert "<html" not in fragment


def test_a_stranger_is_sent_to_sign_in(client: Client, people: People) -> None:
    for path in ("/freshness/", "/jobs/", "/exports/", "/registry/prints/", "/figures/effort.svg", "/s/ALPHA/exports/"):
        assert client.get(path)["Location"].startswith("/sign-in/")
