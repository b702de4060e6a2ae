"""Dana signs in, reads the dashboards, exports the report, on a desk and on a phone, by day and by night."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from registry.actions import exports
from registry.models import Export
from registry.models.scope import acting_for
from registry.reports import export_file
from tests.journeys.conftest import Visit, Visiting
from tests.people import PASSWORD, People, gathered
from tests.reports.registry import filled

pytestmark = pytest.mark.e2e

SIZES = [(1280, False), (1280, True), (390, False), (390, True)]
NAMES = ["desk, light", "desk, dark", "phone, light", "phone, dark"]

REGISTRY_PAGES = {
    "/": "The registry today",
    "/registry/time/": "The registry today",
    "/registry/cases/": "The registry today",
    "/registry/prints/": "The registry today",
    "/registry/effort/": "The registry today",
    "/registry/value/": "The registry today",
    "/exports/": "Exports",
    "/jobs/": "Jobs",
}


@pytest.fixture
def registry(committed_db: None) -> People:
    return filled()


def sound(visit: Visit) -> None:
    """Nothing to complain of: accessible, silent, at home, and no wider than the window."""
    violations = Axe().run(visit.page).response["violations"]
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in violations] == []
    assert visit.complaints == []
    assert visit.foreign == []
    assert not visit.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def unfolded(visit: Visit) -> None:
    """All that is folded stands open, so that it is judged too."""
    visit.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_every_page_is_accessible_silent_and_at_home(
    width: int, dark: bool, registry: People, visiting: Visiting
) -> None:
    visit = visiting(width=width, dark=dark)
    visit.goto("/sign-in/")
    sound(visit)
    visit.sign_in(registry.dana.email, "not her password")
    visit.page.get_by_role("alert").wait_for()
    sound(visit)
    visit.sign_in(registry.dana.email, PASSWORD)
    visit.page.get_by_role("heading", level=1, name="The registry today").wait_for()
    assert visit.page.evaluate("document.documentElement.dataset.bsTheme") == ("dark" if dark else "light")
    for path, heading in REGISTRY_PAGES.items():
        visit.goto(path)
        visit.page.get_by_role("heading", level=1, name=heading).wait_for()
        unfolded(visit)
        sound(visit)
    visit.goto("/nowhere/")
    visit.complaints.clear()  # the browser reports the 404 itself
    sound(visit)


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_a_member_sees_her_own_site(width: int, dark: bool, registry: People, visiting: Visiting) -> None:
    visit = visiting(width=width, dark=dark)
    visit.sign_in(registry.alice.email, PASSWORD)
    visit.page.get_by_role("heading", level=1, name="Alpha Hospital").wait_for()
    sound(visit)
    for name in ("OR time", "Cases", "Prints", "Effort"):
        visit.page.get_by_role("navigation", name="Figures").get_by_role("link", name=name).click()
        visit.page.wait_for_url("**/statistics/**")
        unfolded(visit)
        sound(visit)
    visit.goto("/s/ALPHA/exports/")
    sound(visit)


def test_a_year_is_chosen_by_a_link_and_kept_from_page_to_page(registry: People, visiting: Visiting) -> None:
    visit = visiting()
    visit.sign_in(registry.alice.email, PASSWORD)
    visit.page.get_by_role("navigation", name="Period").get_by_role("link", name="2026").click()
    visit.page.get_by_role("navigation", name="Figures").get_by_role("link", name="Prints").click()
    visit.page.wait_for_url("**/s/ALPHA/statistics/prints/?period=2026")
    sound(visit)


def test_a_site_without_a_case_is_told_what_to_do(committed_db: None, visiting: Visiting) -> None:
    people = gathered()
    visit = visiting(width=390)
    visit.sign_in(people.alice.email, PASSWORD)
    visit.page.get_by_role("heading", name="What to do first").wait_for()
    sound(visit)


def test_only_the_drawing_for_the_window_is_shown_and_a_figure_is_downloaded(
    registry: People, visiting: Visiting, tmp_path: Path
) -> None:
    for width, shown, hidden in ((1280, "wide-only", "narrow-only"), (390, "narrow-only", "wide-only")):
        visit = visiting(width=width)
        visit.sign_in(registry.alice.email, PASSWORD)
        figure = visit.page.get_by_role("group", name="OR minutes saved").first
        figure.wait_for()
        assert figure.locator(f".{shown} svg").is_visible()
        assert not figure.locator(f".{hidden} svg").is_visible()
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("link", name=re.compile("^SVG.*OR minutes saved$")).click()
    saved = tmp_path / "figure.svg"
    waiting.value.save_as(saved)
    assert "<svg" in saved.read_text()


def test_the_report_is_exported_while_one_watches(registry: People, visiting: Visiting, tmp_path: Path) -> None:
    visit = visiting()
    visit.sign_in(registry.dana.email, PASSWORD)
    visit.page.get_by_role("link", name="Exports").click()
    visit.page.get_by_label("File format").select_option("csv")
    visit.page.get_by_role("button", name="Export the registry report").click()
    visit.page.get_by_text("waiting for a worker", exact=True).wait_for()
    with acting_for(sites=(), administrator=True):
        export = Export.objects.get()
    exports.work(export, write=export_file.write)
    link = visit.page.get_by_role("link", name="Download Registry report, CSV")
    link.wait_for(timeout=8_000)
    with visit.page.expect_download() as waiting:
        link.click()
    saved = tmp_path / "report.csv"
    waiting.value.save_as(saved)
    assert saved.stat().st_size > 1_000
    sound(visit)


def test_the_choice_of_dark_outlives_the_page(registry: People, visiting: Visiting) -> None:
    visit = visiting()
    visit.goto("/sign-in/")
    visit.page.get_by_role("button", name="Switch between light and dark").click()
    visit.goto("/sign-in/")
    assert visit.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_all_is_reached_by_keyboard(registry: People, visiting: Visiting) -> None:
    visit = visiting()
    visit.goto("/sign-in/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    visit.page.get_by_label("E-mail address").focus()
    visit.page.keyboard.type(registry.dana.email)
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.type(PASSWORD)
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("heading", level=1, name="The registry today").wait_for()
