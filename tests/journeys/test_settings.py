"""Bob invites Erin, Erin follows her letter, Bob sets the site up, Dana enrols another: at a desk and on a phone, by day and by night."""

from typing import Any

import pytest

from registry.models import Baseline, Membership, Printer
from tests import people
from tests.journeys.conftest import Visit, Visiting
from tests.journeys.test_headline import NAMES, SIZES, sound
from tests.people import PASSWORD, People

pytestmark = pytest.mark.e2e

S = "/s/ALPHA/settings/"
SUBJECTS = ("", "site/", "people/", "printers/", "materials/", "map/", "baselines/", "cost/", "tokens/")


@pytest.fixture
def them(committed_db: None, server: str, settings: Any) -> People:
    settings.STRATA_OUTBOX, settings.STRATA_PUBLIC_URL = True, server
    return people.gathered()


def press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name, exact=True).click()
    visit.page.wait_for_load_state()


def refused(visit: Visit) -> None:
    """The page names what is wrong, and the browser reports the 422 itself."""
    visit.page.get_by_role("alert").wait_for()
    visit.complaints.clear()
    sound(visit)


def fill(visit: Visit, **said: str) -> None:
    for label, text in said.items():
        box = visit.page.get_by_label(label.replace("_", " "), exact=True)
        if box.evaluate("element => element.tagName") == "SELECT":
            box.select_option(label=text)
        else:
            box.fill(text)


def test_bob_invites_erin_who_follows_her_letter_and_comes_to_the_site(them: People, visiting: Visiting) -> None:
    bob, dana, erin = visiting(), visiting(), visiting(width=390)
    bob.sign_in(them.bob.email, PASSWORD)
    bob.goto(S + "people/")
    press(bob, "Send the invitation")
    refused(bob)
    fill(bob, **{"E-mail_address": "erin@example.org", "Name": "Erin", "Role": "Champion"})
    press(bob, "Send the invitation")
    bob.page.get_by_text("An invitation was sent to erin@example.org.").wait_for()
    sound(bob)

    dana.sign_in(them.dana.email, PASSWORD)
    dana.goto("/outbox/")
    link = dana.page.locator("a[href*='/invitations/']").first.get_attribute("href")
    assert link

    erin.page.goto(link)
    sound(erin)
    fill(erin, Your_name="Erin Evans", Password="short")
    press(erin, "Accept and sign in")
    refused(erin)
    fill(erin, Password="seven quiet otters dance")
    press(erin, "Accept and sign in")
    erin.page.get_by_role("heading", level=1, name="Alpha Hospital").wait_for()
    sound(erin)
    erin.page.goto(link)
    erin.page.get_by_role("heading", level=1, name="This link opens nothing any more").wait_for()
    with them.at_site():
        assert Membership.objects.active().get(user__email="erin@example.org").role == "champion"


def test_bob_adds_a_printer_and_sets_a_baseline(them: People, visiting: Visiting) -> None:
    bob = visiting()
    bob.sign_in(them.bob.email, PASSWORD)
    bob.page.get_by_role("link", name="Settings", exact=True).click()
    bob.page.get_by_role("link", name="Printers", exact=True).first.click()
    fill(bob, Name="J750", Manufacturer="Maker", Model="Vat 5", Process="Vat photopolymerization")
    press(bob, "Add the printer")
    refused(bob)
    fill(bob, Name="SLA bench")
    press(bob, "Add the printer")
    bob.page.get_by_text("SLA bench is added.").wait_for()
    sound(bob)

    bob.page.get_by_role("link", name="Baselines", exact=True).click()
    minutes = {"Number_of_procedures": "60", "Mean,_in_minutes": "125", "Standard_deviation,_in_minutes": "3"}
    fill(bob, Procedure="Knee replacement", Clock="In room (wheels in to wheels out)", **minutes)
    fill(bob, First_month="2024-01", Last_month="2024-12")
    press(bob, "Set the baseline")
    bob.page.get_by_text("Knee replacement: version 1 is in force.").wait_for()
    bob.page.get_by_text("This looks like a standard error.").wait_for()
    sound(bob)
    with them.at_site():
        assert Printer.objects.filter(label="SLA bench").exists()
        assert Baseline.objects.get().n == 60


def test_a_code_is_found_while_one_types(them: People, visiting: Visiting) -> None:
    bob = visiting()
    bob.sign_in(them.bob.email, PASSWORD)
    bob.goto(S + "map/")
    fill(bob, Codes_and_categories="27447,tka\n27130,Hip replacement")
    bob.page.locator("#lines_code_system").select_option("cpt")
    press(bob, "Set the codes")
    bob.page.get_by_text("2 codes set.").wait_for()
    bob.page.get_by_label("Find a code or category").press_sequentially("hip")
    bob.page.get_by_text("1 of 2 codes").wait_for()
    assert "q=hip" in bob.page.url
    sound(bob)


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_every_page_of_the_settings_is_accessible_silent_and_at_home(
    width: int, dark: bool, them: People, visiting: Visiting
) -> None:
    bob, dana, stranger = (visiting(width=width, dark=dark) for _ in range(3))
    bob.sign_in(them.bob.email, PASSWORD)
    for path in SUBJECTS:
        bob.goto(S + path)
        sound(bob)
    for path, name in (("people/", "Change Alice"), ("printers/", "Change J750"), ("materials/", "Change Vero")):
        bob.goto(S + path)
        bob.page.get_by_role("link", name=name).click()
        bob.page.get_by_role("heading", level=1, name=name.removeprefix("Change ")).wait_for()
        sound(bob)
    bob.goto(S + "tokens/")
    press(bob, "Issue the token")
    refused(bob)
    bob.page.get_by_label("What it is for").fill("OR log")
    bob.page.get_by_label("Record OR times").check()
    press(bob, "Issue the token")
    bob.page.get_by_text("it is shown this once").wait_for()
    sound(bob)
    bob.goto("/account/")
    sound(bob)
    dana.sign_in(them.dana.email, PASSWORD)
    for path in ("/sites/", "/sites/enrol/", "/sites/ALPHA/"):
        dana.goto(path)
        sound(dana)
    stranger.goto("/password-reset/")
    press(stranger, "Send the letter")
    refused(stranger)
    fill(stranger, **{"E-mail_address": them.alice.email})
    press(stranger, "Send the letter")
    sound(stranger)
