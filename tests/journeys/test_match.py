"""Alice drops last year's messy spreadsheet: the columns are nearly right by themselves, on a desk and on a phone."""

import csv
from pathlib import Path
from typing import Any

import pytest

from registry.models import ColumnMap, Upload, UploadReview
from tests.intake.matching.hospitals import LAKESIDE
from tests.journeys.conftest import Visit, Visiting
from tests.journeys.test_headline import NAMES, SIZES, sound, unfolded
from tests.people import PASSWORD, People, gathered

pytestmark = pytest.mark.e2e


@pytest.fixture
def people(committed_db: None, settings: Any, tmp_path: Path) -> People:
    settings.STRATA_DATA = tmp_path / "data"
    return gathered()


def messy(path: Path) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([LAKESIDE.header, *LAKESIDE.rows])
    return path


def send(visit: Visit, path: Path) -> None:
    visit.goto("/s/ALPHA/uploads/")
    visit.page.get_by_label("Whole cases").check()
    visit.page.get_by_label("File", exact=True).set_input_files(path)
    visit.page.get_by_role("button", name="Send the file").click()


@pytest.mark.parametrize(("width", "dark"), SIZES, ids=NAMES)
def test_a_messy_sheet_is_matched_once_and_its_like_never_again(
    width: int, dark: bool, people: People, visiting: Visiting, tmp_path: Path
) -> None:
    visit = visiting(width=width, dark=dark)
    visit.sign_in(people.alice.email, PASSWORD)
    send(visit, messy(tmp_path / "cases 2025.csv"))
    page = visit.page
    page.get_by_role("heading", level=1, name="Match your columns").wait_for()
    page.get_by_text("18 of 22 columns matched").wait_for()
    sound(visit)
    unfolded(visit)
    sound(visit)
    page.get_by_role("button", name="Check 3 rows").click()
    page.get_by_role("alert").get_by_role("link", name="Tick this if it is true").wait_for()
    visit.complaints.clear()  # the browser reports the 422 itself
    sound(visit)
    # A choice renews the table: what is asked and how it converts follow it.
    page.get_by_label("Infill", exact=True).select_option(label="Scale, per cent, print 1")
    page.get_by_text("19 of 22 columns matched").wait_for()
    page.get_by_label("Infill", exact=True).select_option(label="Do not import")
    page.get_by_text("18 of 22 columns matched").wait_for()
    sound(visit)
    page.get_by_label("No case of this file").check()
    page.get_by_label("Remember this matching as").fill("Lab log")
    page.get_by_role("button", name="Check 3 rows").click()
    page.get_by_role("heading", level=1, name="cases 2025.csv").wait_for()
    with people.at_site():
        assert UploadReview.objects.get().plan["columns"][0]["name"] == "local_case_id"
        assert ColumnMap.objects.get().name == "Lab log"
    send(visit, messy(tmp_path / "cases 2026.csv"))
    page.get_by_role("heading", level=1, name="cases 2026.csv").wait_for()
    with people.at_site():
        assert [upload.state for upload in Upload.objects.all()] == ["waiting", "waiting"]
    visit.goto("/s/ALPHA/uploads/matchings/")
    page.get_by_label("Name", exact=True).wait_for()
    sound(visit)
