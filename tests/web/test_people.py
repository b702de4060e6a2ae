"""The people of a site: inviting, changing, handing over, removing."""

import pytest
from django.test import Client

from registry.actions import memberships
from registry.models import Mail, Membership, User
from registry.models.scope import acting_for
from tests.people import HAND, People
from tests.web.conftest import SignedIn

PEOPLE = "/s/ALPHA/settings/people/"
ERIN = {"email": "erin@example.org", "name": "Erin", "role": "champion"}


def place_of(people: People, user: User) -> Membership:
    with people.at_site():
        return Membership.objects.filter(revoked_at__isnull=True).get(user=user)


def roles(people: People) -> dict[str, str]:
    with people.at_site():
        return dict(Membership.objects.active().values_list("user__email", "role"))


def test_bob_invites_and_reads_the_same_for_known_and_unknown(people: People, as_person: SignedIn) -> None:
    bob, said = as_person(people.bob), []
    for email in ("erin@example.org", "charlie@example.org"):
        assert bob.post(PEOPLE, {**ERIN, "email": email, "name": "Somebody"})["Location"] == PEOPLE
        page = bob.get(PEOPLE).content.decode()
        assert f"An invitation was sent to {email}." in page
        assert "Charlie" not in page.replace("charlie@example.org", "")
        said.append(page.count("not accepted yet"))
    assert said == [1, 2]
    assert (
        Mail.objects.filter(to__in=["erin@example.org", "charlie@example.org"], body__contains="invites").count() == 2
    )


def test_inviting_a_member_says_that_the_role_changed(people: People, as_person: SignedIn) -> None:
    bob = as_person(people.bob)
    bob.post(PEOPLE, {**ERIN, "email": "alice@example.org"})
    assert "Alice is a member already, and is now champion." in bob.get(PEOPLE).content.decode()
    assert roles(people)["alice@example.org"] == "champion"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": ""}, "Fill in: E-mail address"),
        ({"email": "none"}, "E-mail address: enter a valid email address."),
        ({"name": ""}, "Fill in: Name"),
        ({"role": ""}, "Choose: Role"),
        ({"role": "king"}, "Role: use one of"),
        ({"name": "x" * 121}, "Name: use at most 120 characters."),
        ({"name": "a\r\nBcc: x"}, "Name: remove control"),
        ({"email": "bob@example.org"}, "A site needs its facility administrator."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    change: dict[str, str], said: str, people: People, as_person: SignedIn
) -> None:
    letters = Mail.objects.count()
    answer = as_person(people.bob).post(PEOPLE, {**ERIN, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert (Mail.objects.count(), User.objects.filter(email="erin@example.org").exists()) == (letters, False)


def test_a_member_reads_who_is_there_and_changes_nothing(people: People, as_person: SignedIn) -> None:
    as_person(people.bob).post(PEOPLE, ERIN)
    alice = as_person(people.alice)
    page = alice.get(PEOPLE).content.decode()
    assert "Bob" in page
    assert "erin@example.org" not in page
    assert "Send the invitation" not in page
    assert "Change" not in page
    assert alice.post(PEOPLE, ERIN).status_code == 403


def pages(people: People) -> list[str]:
    with acting_for(sites=[people.site.pk], administrator=True):
        pending = memberships.invite(people.site, **ERIN, **HAND)
    own = place_of(people, people.alice)
    acts = ("", "hand-over/", "invite-again/", "revoke/")
    return [PEOPLE, *(f"{PEOPLE}{place.public_id}/{act}" for place in (own, pending) for act in acts)]


def test_only_bob_opens_a_persons_page_and_charlie_finds_none(people: People, as_person: SignedIn) -> None:
    before = None
    for who, status in ((people.alice, 403), (people.charlie, 404), (people.dana, 404)):
        browser = as_person(who)
        for path in (found := pages(people)):
            before = before or roles(people)
            assert browser.post(path, {"role": "champion"}).status_code == status
            assert browser.get(path).status_code in ({status, 405} if path != found[0] else {status, 200})
    assert roles(people) == before


def test_a_place_of_another_site_is_not_found(people: People, as_person: SignedIn) -> None:
    with acting_for(sites=[people.other.pk]):
        place = Membership.objects.get(user=people.charlie)
    for public_id in (place.public_id, "mem_0", "%00"):
        for act in ("", "revoke/", "hand-over/"):
            assert as_person(people.bob).post(f"{PEOPLE}{public_id}/{act}", {"role": "champion"}).status_code == 404


def test_bob_changes_a_role(people: People, as_person: SignedIn) -> None:
    bob, place = as_person(people.bob), place_of(people, people.alice)
    assert "Change the role" in bob.get(f"{PEOPLE}{place.public_id}/").content.decode()
    assert bob.post(f"{PEOPLE}{place.public_id}/", {"role": "read_only"})["Location"] == PEOPLE
    assert "Alice is now read-only member." in bob.get(PEOPLE).content.decode()
    assert bob.post(f"{PEOPLE}{place_of(people, people.alice).public_id}/", {"role": ""}).status_code == 422


def test_bob_hands_over_and_manages_no_more(people: People, as_person: SignedIn) -> None:
    bob, place = as_person(people.bob), place_of(people, people.alice)
    page = bob.get(f"{PEOPLE}{place.public_id}/").content.decode()
    assert "Bob becomes data manager" in page
    assert bob.post(f"{PEOPLE}{place.public_id}/hand-over/")["Location"] == PEOPLE
    assert roles(people) == {"alice@example.org": "facility_administrator", "bob@example.org": "data_manager"}
    assert "Alice is now facility administrator." in bob.get(PEOPLE).content.decode()
    assert bob.post(PEOPLE, ERIN).status_code == 403
    assert as_person(people.alice).post(PEOPLE, ERIN).status_code == 302


def test_bob_can_neither_remove_himself_nor_change_his_role(people: People, as_person: SignedIn) -> None:
    bob, place = as_person(people.bob), place_of(people, people.bob)
    assert "only handed over" in bob.get(f"{PEOPLE}{place.public_id}/").content.decode()
    for path, sent in (("revoke/", {}), ("", {"role": "champion"})):
        answer = bob.post(f"{PEOPLE}{place.public_id}/{path}", sent)
        assert answer.status_code == 422
        assert "A site needs its facility administrator." in answer.content.decode()
    assert roles(people)["bob@example.org"] == "facility_administrator"


def test_bob_removes_a_member_who_then_sees_nothing(people: People, as_person: SignedIn) -> None:
    alice, bob = as_person(people.alice), as_person(people.bob)
    bob.post(f"{PEOPLE}{place_of(people, people.alice).public_id}/revoke/")
    assert "Alice is not a member of the site any more." in bob.get(PEOPLE).content.decode()
    assert alice.get("/s/ALPHA/").status_code == 404


def test_bob_sends_an_invitation_again_and_takes_it_back(people: People, as_person: SignedIn) -> None:
    bob = as_person(people.bob)
    bob.post(PEOPLE, ERIN)
    erin = User.objects.get(email="erin@example.org")
    first = place_of(people, erin)
    assert "Send the invitation again" in bob.get(f"{PEOPLE}{first.public_id}/").content.decode()
    assert bob.post(f"{PEOPLE}{first.public_id}/invite-again/")["Location"] == PEOPLE
    assert Mail.objects.filter(to="erin@example.org").count() == 2
    second = place_of(people, erin)
    assert second.public_id != first.public_id
    assert bob.post(f"{PEOPLE}{first.public_id}/revoke/").status_code == 404
    bob.post(f"{PEOPLE}{second.public_id}/revoke/")
    page = bob.get(PEOPLE).content.decode()
    assert "The invitation of erin@example.org is taken back." in page
    assert "No invitation waits to be accepted." in page


def test_the_form_is_ones_own(people: People) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.bob)
    assert strict.post(PEOPLE, ERIN).status_code == 403
