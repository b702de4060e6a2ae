"""The registry's page of its sites: for its administrators alone."""

import pytest

from registry.models import Mail, Membership, Organisation, Site
from registry.models.scope import acting_for
from tests.people import People
from tests.web.conftest import SignedIn

DELTA = {"code": "DELTA", "name": "Delta Hospital", "organisation": "Delta", "category": "community", "country": "US"}
PAGES = ("/sites/", "/sites/enrol/", "/sites/ALPHA/")
ACTS = ("agreement", "suspend", "reactivate", "invite")


def site(code: str = "ALPHA") -> Site:
    with acting_for(sites=(), administrator=True):
        return Site.objects.get(code=code)


def test_dana_sees_every_live_site_and_no_sandbox(people: People, as_person: SignedIn) -> None:
    page = as_person(people.dana).get("/sites/").content.decode()
    assert "Alpha Hospital" in page
    assert "Charlie Clinic" in page
    assert "sandbox" not in page
    assert "Bob" in page
    assert "nobody" in page


def test_the_bar_leads_there_for_administrators_alone(people: People, as_person: SignedIn) -> None:
    assert '<a href="/sites/">Sites</a>' in as_person(people.dana).get("/").content.decode()
    assert "/sites/" not in as_person(people.alice).get("/s/ALPHA/").content.decode()


def test_nobody_else_may(people: People, as_person: SignedIn) -> None:
    for who in (people.alice, people.bob, people.charlie):
        browser = as_person(who)
        for path in PAGES:
            assert browser.get(path).status_code == 403
        for path in ("/sites/enrol/", *(f"/sites/ALPHA/{act}/" for act in ACTS)):
            assert browser.post(path, {**DELTA, "on": "2026-01-01", "email": "x@example.org"}).status_code == 403
    assert site().status == "active"


def test_a_site_that_is_not_there_is_not_found(people: People, as_person: SignedIn) -> None:
    dana = as_person(people.dana)
    for code in ("NOWHERE", "ALPHASB", "%00"):
        assert dana.get(f"/sites/{code}/").status_code == 404
        assert dana.post(f"/sites/{code}/suspend/").status_code == 404


def test_dana_enrols_a_site_and_invites_who_answers_for_it(people: People, as_person: SignedIn) -> None:
    dana = as_person(people.dana)
    assert dana.post("/sites/enrol/", DELTA)["Location"] == "/sites/DELTA/"
    page = dana.get("/sites/DELTA/").content.decode()
    assert "Delta Hospital is enrolled." in page
    assert "Not on record: the site can submit nothing." in page
    assert dana.post("/sites/DELTA/agreement/", {"on": "2026-01-15"}).status_code == 302
    assert f"{site('DELTA').agreement_signed_on}" == "2026-01-15"
    dana.post("/sites/DELTA/invite/", {"email": "erin@example.org", "name": "Erin"})
    assert "An invitation was sent to erin@example.org." in dana.get("/sites/DELTA/").content.decode()
    assert "Dana invites you" in Mail.objects.get(to="erin@example.org").body
    with acting_for(sites=(), administrator=True):
        assert Membership.objects.get(user__email="erin@example.org").role == "facility_administrator"
        assert Site.objects.get(of__code="DELTA").code == "DELTASB"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "de"}, "Code: 3 to 8 capital letters and digits"),
        ({"code": "ALPHA"}, "A site with this code is enrolled already."),
        ({"code": ""}, "Fill in: Code"),
        ({"name": "x" * 161}, "Name of the site: use at most 160 characters."),
        ({"country": "us"}, "Country: two capital letters, as in US"),
        ({"category": "nonsense"}, "Kind of facility: use one of"),
        ({"organisation": "\x1b"}, "Organisation: remove control"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_enrolled(
    change: dict[str, str], said: str, people: People, as_person: SignedIn
) -> None:
    answer = as_person(people.dana).post("/sites/enrol/", {**DELTA, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with acting_for(sites=(), administrator=True):
        assert (Site.objects.live().count(), Organisation.objects.filter(name="Delta").exists()) == (2, False)


def test_dana_suspends_and_reactivates(people: People, as_person: SignedIn) -> None:
    dana = as_person(people.dana)
    assert dana.post("/sites/ALPHA/suspend/")["Location"] == "/sites/ALPHA/"
    assert "The site is suspended." in dana.get("/sites/ALPHA/").content.decode()
    assert (site().status, site("ALPHASB").status) == ("suspended", "suspended")
    dana.post("/sites/ALPHA/reactivate/")
    assert site().status == "active"


@pytest.mark.parametrize("path", ["", "statistics/time/", "cases/", "waiting/", "uploads/", "exports/", "settings/"])
def test_every_page_of_a_suspended_site_says_so(path: str, people: People, as_person: SignedIn) -> None:
    bob = as_person(people.bob)
    said = "<strong>The site is suspended: it can submit nothing until the registry reactivates it.</strong>"
    assert said not in bob.get(f"/s/ALPHA/{path}").content.decode()
    as_person(people.dana).post("/sites/ALPHA/suspend/")
    assert bob.get(f"/s/ALPHA/{path}").content.decode().count(said) == 1
    assert said not in as_person(people.charlie).get(f"/s/CHARLIE/{path}").content.decode()


@pytest.mark.parametrize(
    ("on", "said"), [("", "Fill in: Signed on"), ("soon", "write the day as"), ("2999-01-01", "once it is signed")]
)
def test_an_agreement_has_a_day_that_has_come(on: str, said: str, people: People, as_person: SignedIn) -> None:
    answer = as_person(people.dana).post("/sites/ALPHA/agreement/", {"on": on})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_invitation_without_an_address_is_refused(people: People, as_person: SignedIn) -> None:
    answer = as_person(people.dana).post("/sites/ALPHA/invite/", {"email": "", "name": ""})
    assert answer.status_code == 422
    assert "Fill in: E-mail address" in answer.content.decode()
