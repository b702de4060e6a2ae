"""Alice's file has problems: she mends them once for all and row by row, imports, and takes it back; on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest

from registry.models import Case
from tests.case_files import csv_of
from tests.journeys.conftest import Visiting
from tests.journeys.test_headline import NAMES, SIZES, sound
from tests.journeys.test_uploads import send, work
from tests.people import PASSWORD, People, gathered
from tests.reports.registry import FASTER, control

pytestmark = pytest.mark.e2e


@pytest.fixture
def people(committed_db: None, settings: Any, tmp_path: Path) -> People:
    settings.STRATA_DATA = tmp_path / "data"
    return gathered()


def broken(folder: Path) -> Path:
    rows = csv_of(control(number, FASTER, 100 + number).data for number in range(3))
    rows += "".join(f"K-{n},none,2026-03,knee replacemnt,in_room,90,or_log\n" for n in range(2))
    file = folder / "cases.csv"
    file.write_text(rows + "K-9,none,2026-03,tka,in_room,3,or_log\n")
    return file


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_a_file_is_mended_imported_and_taken_back(
    width: int, dark: bool, people: People, visiting: Visiting, tmp_path: Path
) -> None:
    visit = visiting(width=width, dark=dark)
    page = visit.page
    visit.sign_in(people.alice.email, PASSWORD)
    send(visit, "Whole cases", broken(tmp_path))
    page.get_by_text("Nothing is recorded yet.").wait_for()
    work(people)
    page.get_by_role("heading", level=1, name="3 rows are ready, 3 need you").wait_for(timeout=8_000)
    sound(visit)
    page.get_by_role("button", name="Use “Knee replacement” in 2 rows").click()
    work(people)
    page.get_by_role("heading", level=1, name="5 rows are ready, 1 needs you").wait_for(timeout=8_000)
    sound(visit)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download annotated file (.xlsx)").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="Edit the row that is not ready").click()
    minutes = page.get_by_label("Time 1: Minutes, row 7")
    page.get_by_text("Use a whole number from 5 to 1440.").wait_for()
    sound(visit)
    minutes.fill("1:35")
    minutes.press("Enter")
    work(people)
    page.get_by_role("heading", level=1, name="6 rows are ready").wait_for(timeout=8_000)
    sound(visit)
    page.get_by_role("button", name="Import 6 rows").click()
    page.get_by_text("You may close this page").wait_for()
    work(people)
    page.get_by_text("6 rows read: 6 new.").wait_for(timeout=8_000)
    sound(visit)
    page.get_by_role("link", name="Undo this upload").click()
    page.get_by_text("6 cases will be withdrawn.").wait_for()
    sound(visit)
    page.get_by_role("button", name="Undo the upload").click()
    page.get_by_text("is taken back").wait_for()
    work(people)
    page.get_by_text("6 cases are withdrawn.").wait_for(timeout=8_000)
    sound(visit)
    visit.goto("/s/ALPHA/jobs/")
    page.get_by_text("Undone").first.wait_for()
    sound(visit)
    with people.at_site():
        assert set(Case.objects.values_list("state", flat=True)) == {"withdrawn"}
