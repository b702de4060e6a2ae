"""Alice sends a file of cases and an OR log, watches them being read, and is told what needs her; on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest

from registry.actions import sites, upload_turns
from registry.models import Upload
from tests.case_files import csv_of
from tests.journeys.conftest import Visit, Visiting
from tests.journeys.test_headline import NAMES, SIZES, sound
from tests.or_logs import HEADER, MAP, row
from tests.people import HAND, PASSWORD, People, gathered
from tests.reports.registry import FASTER, control

pytestmark = pytest.mark.e2e
REFUSED = "C-X,none,2026-03,tka,in_room,3,or_log\n"


@pytest.fixture
def people(committed_db: None, settings: Any, tmp_path: Path) -> People:
    settings.STRATA_DATA = tmp_path / "data"
    them = gathered()
    with them.at_site():
        sites.set_procedure_map(them.site, MAP, **HAND)
    return them


def send(visit: Visit, kind: str, path: Path) -> None:
    visit.goto("/s/ALPHA/uploads/")
    visit.page.get_by_label(kind).check()
    visit.page.get_by_label("File", exact=True).set_input_files(path)
    visit.page.get_by_role("button", name="Send the file").click()


def work(people: People) -> None:
    """A worker takes its turn."""
    with people.at_site():
        upload = Upload.objects.order_by("-id").first()
    assert upload is not None
    upload_turns.work(upload)


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_a_file_of_cases_is_sent_watched_and_mended(
    width: int, dark: bool, people: People, visiting: Visiting, tmp_path: Path
) -> None:
    file = tmp_path / "cases of spring.csv"
    file.write_text(csv_of(control(number, FASTER, 100 + number).data for number in range(3)) + REFUSED)
    visit = visiting(width=width, dark=dark)
    visit.sign_in(people.alice.email, PASSWORD)
    visit.goto("/s/ALPHA/uploads/")
    sound(visit)
    visit.page.get_by_role("button", name="Send the file").click()
    visit.page.get_by_role("alert").wait_for()
    visit.complaints.clear()  # the browser reports the 422 itself
    sound(visit)
    send(visit, "Whole cases", file)
    visit.page.get_by_text("Nothing is recorded yet.").wait_for()
    sound(visit)
    work(people)
    visit.page.get_by_role("button", name="Import 3 ready rows").click(timeout=8_000)
    visit.page.get_by_role("button", name="Stop the import").wait_for()
    sound(visit)
    work(people)
    visit.page.get_by_text("4 rows read: 3 new, 1 refused.").wait_for(timeout=8_000)
    visit.page.get_by_text("Use a whole number from 5 to 1440.").wait_for()
    sound(visit)
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("link", name="All problems as CSV").click()
    waiting.value.save_as(tmp_path / "problems.csv")
    assert "time_1_minutes" in (tmp_path / "problems.csv").read_text()


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_an_or_log_goes_from_file_to_columns_to_rows_to_record(
    width: int, dark: bool, people: People, visiting: Visiting, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    night = row("78").replace("2022-01-31 07:05", "23:05").replace("2022-01-31 07:32", "23:32")
    night = night.replace("2022-01-31 09:05", "01:05").replace("2022-01-31 09:17", "01:17")
    header = "Date," + HEADER.replace("Wheels Out", "Left")
    file.write_text(header + "".join(f"2022-01-31,{line}" for line in (row(), night, row("79", code="99"))))
    visit = visiting(width=width, dark=dark)
    visit.sign_in(people.alice.email, PASSWORD)
    send(visit, "An OR log", file)
    page = visit.page
    page.get_by_role("heading", level=1, name="Match your columns").wait_for()
    sound(visit)
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("alert").get_by_text("none for wheels out").wait_for()
    visit.complaints.clear()  # the browser reports the 422 itself
    sound(visit)
    page.get_by_label("Left").select_option("wheels_out")
    page.get_by_label("Controls from the month").fill("2022-01")
    page.get_by_label("to the month", exact=True).fill("2022-03")
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_text("The rows are checked. Nothing is recorded yet.").wait_for()
    work(people)
    page.get_by_role("heading", level=1, name="1 encounter becomes a control, 2 rows need you").wait_for(timeout=8_000)
    page.get_by_text("Which rows").first.click()
    sound(visit)
    page.get_by_role("button", name="It was the next day, in 1 row").click()
    work(people)
    page.get_by_role("heading", level=1, name="2 encounters become controls, 1 row needs you").wait_for(timeout=8_000)
    page.get_by_role("cell", name="CPT (number only)").wait_for()
    sound(visit)
    page.get_by_role("button", name="Record 2 controls").click()
    page.get_by_role("button", name="Stop the import").wait_for()
    work(people)
    page.get_by_text("3 rows read: 2 new, 1 refused.").wait_for(timeout=8_000)
    sound(visit)


def test_both_ways_go_without_javascript(people: People, browser: Any, server: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(csv_of([control(1, FASTER, 100).data]))
    with browser.new_context(java_script_enabled=False) as window:
        visit = Visit(window.new_page(), server)
        visit.sign_in(people.alice.email, PASSWORD)
        send(visit, "Whole cases", file)
        visit.page.get_by_text("Nothing is recorded yet.").wait_for()
        work(people)
        visit.page.reload()
        visit.page.get_by_role("button", name="Import 1 row").click()
        work(people)
        visit.page.reload()
        visit.page.get_by_text("1 row read: 1 new.").wait_for()
