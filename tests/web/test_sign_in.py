"""Signing in with e-mail and password, and what a stranger learns: nothing."""

import pytest
from django.test import Client

from tests.people import PASSWORD, People


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, db: None) -> None:
    for path in ("/", "/s/ALPHA/", "/outbox/", "/jobs/", "/tables/minutes-saved.csv"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={path}")


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, people: People) -> None:
    answer = client.post("/sign-in/?next=/s/ALPHA/", {"username": people.alice.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/s/ALPHA/")


def test_signing_in_never_leads_to_another_host(client: Client, people: People) -> None:
    sent = {"username": people.alice.email, "password": PASSWORD, "next": "https://evil.example.org/"}
    assert client.post("/sign-in/", sent)["Location"] == "/"


def test_the_address_may_be_written_in_any_case(client: Client, people: People) -> None:
    answer = client.post("/sign-in/", {"username": people.alice.email.upper(), "password": PASSWORD})
    assert answer.status_code == 302


def test_known_and_unknown_people_read_the_same_refusal(client: Client, people: People) -> None:
    known = client.post("/sign-in/", {"username": people.alice.email, "password": "wrong"})
    unknown = client.post("/sign-in/", {"username": "nobody@example.org", "password": "wrong"})
    assert "The e-mail address or the password is not right." in known.content.decode()
    assert _said(known.content) == _said(unknown.content)


def _said(page: bytes) -> list[str]:
    return [line for line in page.decode().splitlines() if "csrf" not in line and "@example.org" not in line]


def test_a_dismissed_person_reads_the_same_refusal(client: Client, people: People) -> None:
    people.alice.is_active = False
    people.alice.save()
    answer = client.post("/sign-in/", {"username": people.alice.email, "password": PASSWORD})
    assert "The e-mail address or the password is not right." in answer.content.decode()


def test_an_empty_form_names_both_fields_and_links_to_them(client: Client, db: None) -> None:
    page = client.post("/sign-in/", {}).content.decode()
    assert "<title>Error: Sign in – Strata</title>" in page
    assert '<a href="#id_username">Enter your e-mail address</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page
    assert page.count('aria-invalid="true"') == 2


def test_signing_out_ends_the_session(client: Client, people: People) -> None:
    client.force_login(people.alice)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", ["/sign-in/", "/"])
def test_pages_have_no_inline_script_or_style_and_no_foreign_address(path: str, client: Client, people: People) -> None:
    if path == "/":
        client.force_login(people.dana)
    page = client.get(path).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick" not in page
    assert 'src="http' not in page
    assert 'href="http' not in page
