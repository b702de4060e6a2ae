"""The link of an invitation, from the letter to the site; the lost password; one's own account."""

import logging
import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client, override_settings

from registry.actions import memberships
from registry.models import AuditEvent, Mail, Membership, User
from registry.models.scope import acting_for
from tests.people import HAND, PASSWORD, People
from tests.web.conftest import SignedIn

CHOSEN = {"name": "Erin Evans", "password": "seven quiet otters dance"}


def invite(people: People, email: str = "erin@example.org", role: str = "champion") -> Membership:
    with acting_for(sites=[people.site.pk], user_id=people.bob.pk):
        return memberships.invite(people.site, email=email, name="Erin", role=role, by=people.bob, via="form")


def link_in_letter(to: str = "erin@example.org") -> str:
    letter = Mail.objects.filter(to=to).latest("pk")
    return re.search(r"http://[^/]+(/\S+)", letter.body)[1]  # type: ignore[index]


def roles(people: People) -> dict[str, str]:
    with people.at_site():
        return dict(Membership.objects.active().values_list("user__email", "role"))


def test_a_stranger_follows_the_letter_and_lands_on_the_site(client: Client, people: People) -> None:
    invite(people)
    page = client.get(link_in_letter()).content.decode()
    assert "Invitation to Alpha Hospital" in page
    assert "Bob invites you as champion." in page
    answer = client.post(link_in_letter(), CHOSEN)
    assert (answer.status_code, answer["Location"]) == (302, "/s/ALPHA/")
    assert "You are now a member of Alpha Hospital." in client.get("/s/ALPHA/").content.decode()
    assert roles(people)["erin@example.org"] == "champion"
    assert User.objects.get(email="erin@example.org").name == "Erin Evans"


def test_the_role_reads_well_on_the_page_and_in_the_letter(client: Client, people: People) -> None:
    invite(people, role="read_only")
    assert "Bob invites you as read-only member." in client.get(link_in_letter()).content.decode()
    assert "as read-only member of Alpha Hospital." in Mail.objects.latest("pk").body


def test_somebody_with_an_account_signs_in_and_accepts(client: Client, people: People) -> None:
    invite(people, "charlie@example.org")
    link = link_in_letter("charlie@example.org")
    page = client.get(link).content.decode()
    assert f'href="/sign-in/?next={link.replace(":", "%3A")}"' in page
    assert "password" not in page.lower()
    client.post(f"/sign-in/?next={link}", {"username": "charlie@example.org", "password": PASSWORD})
    assert "Accept the invitation" in client.get(link).content.decode()
    assert "charlie@example.org" not in roles(people)
    assert client.post(link)["Location"] == "/s/ALPHA/"
    assert roles(people)["charlie@example.org"] == "champion"


def test_a_stranger_to_the_link_accepts_nothing_for_somebody_with_an_account(client: Client, people: People) -> None:
    invite(people, "charlie@example.org")
    answer = client.post(link_in_letter("charlie@example.org"), CHOSEN)
    assert answer.status_code == 200
    assert "charlie@example.org" not in roles(people)
    assert User.objects.get(email="charlie@example.org").check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_is_told_whose_it_is(people: People, as_person: SignedIn) -> None:
    for email in ("charlie@example.org", "erin@example.org"):
        invite(people, email)
        alice, link = as_person(people.alice), link_in_letter(email)
        for answer in (alice.get(link), alice.post(link, CHOSEN)):
            assert f"This invitation is for {email}" in answer.content.decode()
        assert email not in roles(people)


def bad_links(people: People) -> dict[str, str]:
    """A link of each kind that opens nothing."""
    used = invite(people, "used@example.org")
    memberships_of_bob: dict[str, Any] = {"by": people.bob, "via": "form"}
    with acting_for(sites=[people.site.pk], user_id=people.bob.pk):
        memberships.join(used, name="U", password=PASSWORD, via="form")
        back = memberships.invite(people.site, email="b@example.org", name="B", role="champion", **memberships_of_bob)
        memberships.revoke(back, **memberships_of_bob)
    good = memberships.Link.of(invite(people)).token
    forged = signing.dumps(signing.loads(good, salt="strata.invitation"), salt="another salt")
    absent = memberships.Link("mem_0000000000000000", people.site.pk, people.alice.pk).token
    foreign = memberships.Link(invite(people).public_id, people.other.pk, people.charlie.pk).token
    old = memberships.Link.of(used).token
    return {
        "used": old, "taken back": memberships.Link.of(back).token, "superseded": good, "tampered": good[:-1] + "!",
        "forged": forged, "absent": absent, "of another site": foreign, "nonsense": "x", "NUL": "%00",
    }  # fmt: skip


def test_every_link_that_opens_nothing_gets_the_same_answer(client: Client, people: People) -> None:
    answers = set()
    for token in bad_links(people).values():
        for answer in (client.get(f"/invitations/{token}/"), client.post(f"/invitations/{token}/", CHOSEN)):
            answers.add((answer.status_code, answer.content))
    [(status, page)] = answers
    assert status == 404
    assert b"Ask whoever invited you for a new one" in page
    assert b'If you accepted it, <a href="/sign-in/">sign in</a>.' in page


def test_an_expired_link_gets_that_answer_too(client: Client, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    invite(people)
    monkeypatch.setattr(memberships, "LINK_LIVES", memberships.LINK_LIVES * 0)
    assert client.get(link_in_letter()).status_code == 404


def test_an_invitation_accepted_twice_is_accepted_once(client: Client, people: People) -> None:
    invite(people)
    link = link_in_letter()
    assert client.post(link, CHOSEN).status_code == 302
    assert client.post(link, CHOSEN).status_code == 404
    assert Client().post(link, CHOSEN).status_code == 404
    with people.at_site():
        assert AuditEvent.objects.filter(act="membership.accept").count() == 1


def test_two_invitations_of_a_stranger_need_the_password_for_the_second(client: Client, people: People) -> None:
    invite(people)
    with acting_for(sites=[people.other.pk], administrator=True):
        memberships.invite(people.other, email="erin@example.org", name="E", role="champion", **HAND)
    second = link_in_letter()
    first = re.search(r"http://[^/]+(/\S+)", Mail.objects.filter(to="erin@example.org").earliest("pk").body)[1]
    assert client.post(first, CHOSEN).status_code == 302
    assert "Sign in to accept" in Client().get(second).content.decode()
    assert client.post(second)["Location"] == "/s/CHARLIE/"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "short"}, "Password: this password is too short."),
        ({"password": "erin@example.org"}, "too similar to the email"),
        ({"password": ""}, "Choose a password"),
        ({"name": ""}, "Fill in: Your name"),
        ({"name": "E\x1bvil"}, "Your name: remove control"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(
    change: dict[str, str], said: str, client: Client, people: People
) -> None:
    invite(people)
    answer = client.post(link_in_letter(), {**CHOSEN, **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "<title>Error: Invitation" in page
    assert not User.objects.get(email="erin@example.org").has_usable_password()
    assert "erin@example.org" not in roles(people)


def test_an_invitation_needs_its_form(people: People) -> None:
    invite(people)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link_in_letter(), CHOSEN).status_code == 403
    assert "erin@example.org" not in roles(people)


def test_no_log_line_holds_a_link_that_opens_something(
    client: Client, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    from config.logs import LineFormatter

    invite(people)
    link = link_in_letter()
    with caplog.at_level(logging.INFO):
        client.post(link, {**CHOSEN, "password": "short"})
    lines = [LineFormatter("{message}", style="{").format(record) for record in caplog.records]
    assert any("/invitations/…" in line for line in lines)
    assert not any(link.split("/")[2] in line for line in lines)


def test_the_page_is_kept_nowhere(client: Client, people: People) -> None:
    invite(people)
    assert "no-store" in client.get(link_in_letter())["Cache-Control"]


def reset_letters() -> int:
    return Mail.objects.filter(subject="A new password for Strata").count()


def test_known_and_unknown_addresses_get_the_same_answer(client: Client, people: People) -> None:
    answers = [client.post("/password-reset/", {"email": email}) for email in ("alice@example.org", "no@example.org")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/password-reset/sent/")}
    assert reset_letters() == 1
    assert "A letter is on its way" in client.get("/password-reset/sent/").content.decode()


def test_a_lost_password_is_set_anew_by_the_letter_once(client: Client, people: People) -> None:
    client.post("/password-reset/", {"email": "ALICE@example.org"}, HTTP_HOST="127.0.0.1")
    link = link_in_letter("alice@example.org")
    form = client.get(link)["Location"]
    assert form.endswith("/set-password/")
    weak = client.post(form, {"password": "short"})
    assert weak.status_code == 422
    assert "Password: this password is too short" in weak.content.decode()
    answer = client.post(form, {"password": CHOSEN["password"]})
    assert answer["Location"] == "/sign-in/"
    assert "Your new password is set" in client.get("/sign-in/").content.decode()
    assert User.objects.get(pk=people.alice.pk).check_password(CHOSEN["password"])
    assert "This link opens nothing any more" in Client().get(link, follow=True).content.decode()


@override_settings(ALLOWED_HOSTS=["*"], STRATA_PUBLIC_URL="https://strata.example.org")
def test_the_letter_links_to_our_own_address_whatever_host_was_asked(client: Client, people: People) -> None:
    client.post("/password-reset/", {"email": "alice@example.org"}, HTTP_HOST="evil.example.org")
    assert "https://strata.example.org/password-reset/" in Mail.objects.latest("pk").body
    assert "evil" not in Mail.objects.latest("pk").body


def test_whoever_has_no_password_or_is_switched_off_gets_no_letter(client: Client, people: People) -> None:
    invite(people)
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    for email in ("erin@example.org", "bob@example.org"):
        assert client.post("/password-reset/", {"email": email}).status_code == 302
    assert reset_letters() == 0


def test_an_address_that_is_none_is_refused(client: Client, people: People) -> None:
    answer = client.post("/password-reset/", {"email": "no address"})
    assert answer.status_code == 422
    assert "Enter an e-mail address, as in name@hospital.org" in answer.content.decode()


@pytest.mark.parametrize("path", ["x/y", "MQ/set-password", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5/a-b", "%00/%00"])
def test_a_reset_link_that_is_none_opens_nothing(path: str, client: Client, people: People) -> None:
    for answer in (client.get(f"/password-reset/{path}/"), client.post(f"/password-reset/{path}/", CHOSEN)):
        assert "This link opens nothing any more" in answer.content.decode()


def test_the_account_shows_ones_places_and_is_reached_from_the_bar(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert '<a href="/account/">Alice</a>' in alice.get("/s/ALPHA/").content.decode()
    page = alice.get("/account/").content.decode()
    assert "Alpha Hospital" in page
    assert "Data manager" in page
    assert "Charlie Clinic" not in page


def test_one_calls_oneself_otherwise(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert alice.post("/account/name/", {"name": "Alice A."})["Location"] == "/account/"
    assert "Your name is saved." in alice.get("/account/").content.decode()
    refused = alice.post("/account/name/", {"name": " "})
    assert (refused.status_code, User.objects.get(pk=people.alice.pk).name) == (422, "Alice A.")


def test_another_password_keeps_this_session_and_ends_the_others(people: People) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/sign-in/", {"username": people.alice.email, "password": PASSWORD})
    sent = {"present": PASSWORD, "password": CHOSEN["password"]}
    assert here.post("/account/password/", sent)["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"present": "wrong", "password": "seven quiet otters dance"}, "This is not your present password"),
        ({"present": PASSWORD, "password": "short"}, "New password: this password is too short"),
        ({}, "Enter your present password"),
    ],
)
def test_a_password_is_not_changed_by_mistake(
    sent: dict[str, str], said: str, people: People, as_person: SignedIn
) -> None:
    answer = as_person(people.alice).post("/account/password/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get(pk=people.alice.pk).check_password(PASSWORD)


def test_a_stranger_has_no_account_page(client: Client, db: None) -> None:
    for path in ("/account/", "/account/name/", "/account/password/"):
        assert client.post(path)["Location"] == f"/sign-in/?next={path}"
