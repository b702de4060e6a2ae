"""Alice types the example case into the form by keyboard, submits it, amends it, and records its OR time weeks later."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from registry.intake import flat
from registry.intake.restate import PREFETCH, report_of
from registry.models import Case, Draft
from registry.web.case_form import PRINTED, Section
from tests.journeys.conftest import Visit, Visiting
from tests.journeys.test_headline import NAMES, SIZES, sound
from tests.people import PASSWORD, People, equipped_for_the_example, gathered

pytestmark = pytest.mark.e2e
EXAMPLE = json.loads((Path(__file__).parents[1] / "examples" / "case.json").read_text())
WAITING = {**EXAMPLE, "procedure": {**EXAMPLE["procedure"], "times": []}}
TICKED = ("intended_uses", "ordering_services", "print_1_materials")


@pytest.fixture
def people(committed_db: None) -> People:
    """Alice's site has the printer and the material of the example."""
    found = gathered()
    equipped_for_the_example(found.site)
    return found


def recorded(people: People) -> dict[str, Any]:
    with people.at_site():
        report = json.loads(json.dumps(report_of(Case.objects.prefetch_related(*PREFETCH).get())))
    for time in report["procedure"]["times"]:
        del time["confirmed"]
    return dict(report)


def fill(page: Page, section: Section, said: Mapping[str, str]) -> None:
    """Every input of the section says its text; a row is added by its button once those before it are filled in."""
    for _title, names in section.groups:
        for name in names:
            say(page, name, said.get(name, ""))
    for name in section.lists:
        filled = [column.number for each in said if (column := flat.column(each)) and column.section == name]
        for number in range(1, max(filled, default=0) + 1):
            row = page.locator(f".row-{name}").nth(number - 1)
            if not row.count():
                page.locator(f'button[name="add"][value="{name}"]').click()
                row.wait_for()
            for field in flat.fields_of(name):
                at = flat.row_name(name, number, field)
                say(page, at, said.get(at, ""))


def say(page: Page, name: str, text: str) -> None:
    """The input, or the boxes, of this name say the text; nothing is done for none."""
    if name in TICKED:
        for word in text.split("; "):
            page.locator(f'input[name="{name}"][value="{word}"]').check()
    elif text:
        at = page.locator(f'[name="{name}"]')
        if at.evaluate("at => at.tagName") == "SELECT":
            at.select_option(text)
        else:
            at.fill(text)


def typed(visit: Visit, report: dict[str, Any]) -> None:
    """The whole case, section by section, from the list of cases to the check."""
    said = flat.said_of(report)
    visit.goto("/s/ALPHA/cases/")
    visit.page.get_by_role("button", name="New case").click()
    for section in PRINTED:
        visit.page.get_by_role("heading", level=1, name=str(section.title)).wait_for()
        fill(visit.page, section, said)
        visit.page.get_by_role("button", name="Save and continue").last.click()
    visit.page.get_by_role("heading", level=1, name="Check and submit").wait_for()


def test_the_example_is_typed_submitted_amended_and_completed(people: People, visiting: Visiting) -> None:
    visit = visiting()
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    typed(visit, WAITING)
    page.get_by_text("Nothing is missing.").wait_for()
    assert page.get_by_text("5 of 5 sections complete").is_visible()
    page.get_by_role("button", name="Submit case").click()
    page.get_by_text("Case EXAMPLE-001 submitted.").wait_for()
    page.get_by_text("Waiting for the OR time").wait_for()
    page.get_by_role("button", name="Amend").click()
    page.get_by_label("Age in years").fill("35")
    page.get_by_role("link", name="Check and submit").focus()
    page.get_by_role("button", name="Save and stay").click()
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("button", name="Submit the amended case").click()
    page.get_by_text("Case EXAMPLE-001 amended.").wait_for()
    page.get_by_role("link", name="Record the outcome").click()
    for name, text in (("clock", "in_room"), ("source", "or_log")):
        page.locator(f'[name="time_1_{name}"]').select_option(text)
    page.get_by_label("From", exact=True).fill("08:14")
    page.get_by_label("To", exact=True).fill("14:25")
    assert page.get_by_label("Minutes", exact=True).get_attribute("placeholder") == "371"
    page.get_by_role("button", name="Record the outcome").click()
    page.get_by_text("Recorded.", exact=True).wait_for()
    history = page.locator(".history")
    assert "OR time, in room, OR log added" in history.inner_text()
    assert "Age in years: 34 → 35" in history.inner_text()
    sound(visit)
    times = EXAMPLE["procedure"]["times"][:1]
    assert recorded(people) == {**EXAMPLE, "age_years": 35, "procedure": {**EXAMPLE["procedure"], "times": times}}


def test_what_is_typed_saves_itself_and_nothing_jumps(people: People, visiting: Visiting) -> None:
    visit = visiting()
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    visit.goto("/s/ALPHA/cases/")
    page.get_by_role("button", name="New case").click()
    page.get_by_label("Case id at your site").focus()
    with page.expect_response(lambda response: response.request.method == "POST") as saved:
        page.keyboard.type("RX-1")
        page.keyboard.press("Tab")
    assert saved.value.status == 200
    assert page.evaluate("document.activeElement.name") == "object_kind"
    page.wait_for_function("document.getElementById('version').value === '2'")
    page.get_by_label("Case id at your site").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Model, guides and prints").wait_for()
    sound(visit)


def test_what_is_typed_before_the_scripts_have_come_saves_itself(people: People, visiting: Visiting) -> None:
    visit = visiting()
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    visit.goto("/s/ALPHA/cases/")
    held: list[Route] = []
    deferred = re.compile(r"/(htmx|leaving|minutes)[^/]*\.js$")
    page.route(deferred, lambda route: held.append(route))  # noqa: PLW0108 - it marks the function
    page.get_by_role("button", name="New case").click(no_wait_after=True)
    page.get_by_label("Case id at your site").fill("RX-1")
    page.keyboard.press("Tab")
    with page.expect_response(lambda response: response.request.method == "POST") as saved:
        for script in held:
            script.continue_()
    assert saved.value.status == 200
    sound(visit)


def test_what_was_typed_a_moment_ago_is_not_lost_by_leaving_the_section(people: People, visiting: Visiting) -> None:
    visit = visiting()
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    visit.goto("/s/ALPHA/cases/")
    page.get_by_role("button", name="New case").click()
    section, typed = page.url, page.get_by_label("Case id at your site")
    typed.fill("RX-1")
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("heading", level=2, name="Case RX-1").wait_for()
    page.goto(section)
    typed.fill("RX-2")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases").click()
    page.get_by_role("heading", level=1, name="Cases").wait_for()
    page.goto(section)
    assert typed.input_value() == "RX-2"
    # Neither a link nor a button of the page: the address bar, or the window closed.
    typed.fill("RX-3")
    visit.goto("/account/")
    with people.at_site():
        for _moment in range(100):  # it is sent when the page is gone already
            if (now := Draft.objects.get().data["local_case_id"]) == "RX-3":
                break
            page.wait_for_timeout(50)
    assert now == "RX-3"
    sound(visit)


def test_leaving_while_the_draft_saves_itself_contradicts_nothing(people: People, visiting: Visiting) -> None:
    visit = visiting()
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    visit.goto("/s/ALPHA/cases/")
    page.get_by_role("button", name="New case").click()
    section = page.url
    page.route("**/case/", lambda route: (page.wait_for_timeout(500), route.continue_()))
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_label("Case id at your site").fill("RX-1")
        page.keyboard.press("Tab")
    page.get_by_label("Age in years").fill("35")
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("heading", level=1, name="Check and submit").wait_for()
    page.goto(section)
    assert page.get_by_label("Case id at your site").input_value() == "RX-1"
    assert page.get_by_label("Age in years").input_value() == "35"
    sound(visit)


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_every_page_of_a_case_is_accessible_silent_and_at_home(
    width: int, dark: bool, people: People, visiting: Visiting
) -> None:
    visit = visiting(width=width, dark=dark)
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    visit.goto("/s/ALPHA/cases/")
    sound(visit)
    page.get_by_role("button", name="New case").click()
    draft = page.url.rsplit("/", 2)[0]
    for section in PRINTED:
        page.goto(f"{draft}/{section.key}/")
        sound(visit)
        page.get_by_role("button", name="Save and stay").click()
        page.locator(f'.task-list a[aria-current="page"]:has-text("{section.title}") + .tag').wait_for()
        sound(visit)
    page.goto(f"{draft}/check/")
    sound(visit)
    page.get_by_role("button", name="Submit case").click()
    page.get_by_role("alert").wait_for()
    visit.complaints.clear()  # the browser reports the 422 itself
    sound(visit)
    typed(visit, EXAMPLE)
    page.get_by_role("button", name="Submit case").click()
    page.get_by_text("Case EXAMPLE-001 submitted.").wait_for()
    sound(visit)
    case = page.url
    for name in ("outcome", "assessment", "withdraw"):
        page.goto(f"{case}{name}/")
        sound(visit)
    visit.goto("/s/ALPHA/cases/")
    sound(visit)
