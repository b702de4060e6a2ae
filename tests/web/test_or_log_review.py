"""The check of an OR log: what it would do is shown and mended before anything is recorded."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.actions import sites, uploads
from registry.models import AuditEvent, Case, ColumnMap, EncounterSeen, Upload, UploadRow
from tests.or_logs import HEADER, MAP, printed, row, times
from tests.people import HAND, People
from tests.web.conftest import SignedIn
from tests.web.test_uploads import PAGE, file, page_of, worked

pytestmark = pytest.mark.django_db
COLUMNS = {
    "encounter": "Encounter ID", "code": "CPT Code", "service": "Service",
    "wheels_in": "Wheels In", "incision": "Start Time", "closure": "End Time", "wheels_out": "Wheels Out",
}  # fmt: skip
WINDOW = {"controls_from": "2022-01", "controls_to": "2022-12"}


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


@pytest.fixture
def mapped(people: People) -> People:
    with people.at_site():
        sites.set_procedure_map(people.site, MAP, **HAND)
    return people


def checked(people: People, content: str, **options: Any) -> str:
    """The address of the rows of a log that a worker has checked."""
    with people.at_site():
        said = {"site": people.site, "by": people.alice, "via": "form"}
        held = uploads.hold("or_log", stream=file(content), name="log.csv", **said)
        uploads.match_log(held, {"columns": COLUMNS, "only_these": True, **options}, by=people.alice, via="form")
    upload = worked(people)
    assert (upload.state, upload.phase) == ("held", "import"), upload.problems
    return f"{PAGE}{upload.public_id}/rows/"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def clocks(start: str, end: str, number: str) -> str:
    return f"{number},27130,Orthopedics,2022-01-31,{start},{end}\n"


NIGHT = "Encounter ID,CPT Code,Service,Date,Wheels In,Wheels Out\n"
NIGHT_COLUMNS = {
    "encounter": "Encounter ID", "code": "CPT Code", "date": "Date", "wheels_in": "Wheels In", "wheels_out": "Wheels Out"
}  # fmt: skip


def test_the_check_says_what_would_happen_and_records_nothing(mapped: People, as_person: SignedIn) -> None:
    with mapped.at_site():
        case = printed(mapped)
    address = checked(mapped, HEADER + row() + row("78") + row("79", code="1") + row("80", out="07:00"), **WINDOW)
    page = text_of(page_of(as_person(mapped.alice), address))
    assert "1 case gets its OR time, 1 encounter becomes a control, 2 rows need you" in page
    assert f"{case.local_case_id} 132 93" in page
    with mapped.at_site():
        assert (Case.objects.count(), times(case)) == (1, {})
        assert not EncounterSeen.objects.exists()
        assert not UploadRow.objects.exists()
        assert not AuditEvent.objects.filter(act="or_log.read").exists()


def test_what_the_check_foretells_is_what_the_import_does(mapped: People, as_person: SignedIn) -> None:
    with mapped.at_site():
        case = printed(mapped)
    alice = as_person(mapped.alice)
    address = checked(mapped, HEADER + row() + row() + row("78") + row("79", code="1"), **WINDOW)
    assert "Record 1 OR time and 1 control" in page_of(alice, address)
    answer = alice.post(address, {"act": "import"})
    assert answer["Location"] == address.replace("rows/", "")
    assert worked(mapped).counts == {"completed": 1, "unchanged": 1, "created": 1, "refused": 1}
    with mapped.at_site():
        assert times(case)[("in_room", "or_log")] == 132
    assert alice.get(address)["Location"] == address.replace("rows/", "")
    assert alice.post(address, {"act": "import"})["Location"] == address.replace("rows/", "")


def test_out_before_in_is_mended_at_once_for_all_rows_by_the_next_day(mapped: People, as_person: SignedIn) -> None:
    alice, rows = as_person(mapped.alice), (clocks("23:10", "01:20", number) for number in ("7", "8"))
    address = checked(mapped, NIGHT + "".join(rows), columns=NIGHT_COLUMNS, **WINDOW)
    page = page_of(alice, address)
    assert "It was the next day, in 2 rows" in page
    assert "There is nothing to record." in page
    assert alice.post(address, {"act": "next_day"}).status_code == 302
    worked(mapped)
    page = page_of(alice, address)
    assert "2 encounters become controls" in page
    assert "It was the next day" not in page
    assert "An end before its start was on the next day." in page


def test_a_time_with_its_own_day_is_not_offered_the_next(mapped: People, as_person: SignedIn) -> None:
    page = page_of(as_person(mapped.alice), checked(mapped, HEADER + row(out="07:00")))
    assert "It was the next day" not in page
    assert "Wheels out is before wheels in. Correct the times in the log." in page


def test_codes_that_no_map_knows_are_listed_with_their_rows_and_are_known_after_a_new_check(
    mapped: People, as_person: SignedIn
) -> None:
    rows = row("1", code="99") + row("2", code="99") + row("3", code="98", service="")
    address = checked(mapped, HEADER + rows, **WINDOW)
    page, alice = page_of(as_person(mapped.bob), address), as_person(mapped.alice)
    assert "99 CPT (number only) 2 Add 99 to the map" in text_of(page)
    assert "/settings/map/?code_system=cpt&amp;code=99" in page
    assert "Your facility administrator adds them" in page_of(alice, address)
    with mapped.at_site():
        sites.set_procedure_map(mapped.site, {("cpt", "99"): "tha"}, **HAND)
    assert alice.post(address, {"act": "again"}).status_code == 302
    worked(mapped)
    assert "2 encounters become controls, 1 row needs you" in page_of(alice, address)


def test_rows_of_one_encounter_with_different_times_are_listed_together(mapped: People, as_person: SignedIn) -> None:
    with mapped.at_site():
        case = printed(mapped)
    address = checked(mapped, HEADER + row() + row("78") + row(out="10:00"))
    page = text_of(page_of(as_person(mapped.alice), address))
    assert "Rows of one encounter with different times" in page
    assert "Rows 2, 4" in page
    assert "2 rows need you" in page
    with mapped.at_site():
        assert times(case) == {}


def test_a_log_of_no_case_of_the_site_offers_the_months_of_controls(mapped: People, as_person: SignedIn) -> None:
    page = page_of(as_person(mapped.alice), checked(mapped, HEADER + row()))
    assert "Nothing in this log is new" in page
    assert "choose the months" in page
    assert 'value="import"' not in page


def test_the_columns_may_be_matched_anew_as_they_were(mapped: People, as_person: SignedIn) -> None:
    address = checked(mapped, HEADER + row(), **WINDOW)
    page = page_of(as_person(mapped.alice), address.replace("rows", "columns"))
    assert 'value="2022-01"' in page
    assert '<option value="wheels_out" selected>' in page


def test_the_upload_leads_to_its_rows_once_it_is_checked(mapped: People, as_person: SignedIn) -> None:
    alice, address = as_person(mapped.alice), checked(mapped, HEADER + row())
    plain = address.replace("rows/", "")
    assert alice.get(plain)["Location"] == address
    assert alice.get(plain, headers={"HX-Request": "true"})["HX-Redirect"] == address
    assert f'href="{address}"' in page_of(alice, PAGE)


def test_a_checked_log_that_is_discarded_is_no_submission(mapped: People, as_person: SignedIn) -> None:
    address = checked(mapped, HEADER + row(), **WINDOW)
    as_person(mapped.alice).post(address.replace("rows", "cancel"))
    with mapped.at_site():
        assert Upload.objects.get().submissions.count() == 0
        assert not Case.objects.exists()


def test_how_it_was_matched_is_a_map_under_the_names_of_its_columns(mapped: People) -> None:
    checked(mapped, HEADER + row())
    checked(mapped, HEADER + row("78"), next_day=True)
    with mapped.at_site():
        kept = ColumnMap.objects.get()
    assert (kept.kind, kept.name.partition(",")[0], kept.plan["next_day"]) == ("or_log", "Encounter ID", True)


def test_the_page_shows_no_number_and_no_time_of_day(mapped: People, as_person: SignedIn) -> None:
    page = page_of(as_person(mapped.alice), checked(mapped, HEADER + row("481516") + row("481517", out="07:00")))
    assert "4815" not in page
    assert "07:05" not in page


def test_charlie_sees_nothing_of_it(mapped: People, as_person: SignedIn) -> None:
    address = checked(mapped, HEADER + row(), **WINDOW)
    charlie: Client = as_person(mapped.charlie)
    for path in (address, address.replace("ALPHA", "CHARLIE")):
        assert charlie.get(path).status_code == 404
        assert charlie.post(path, {"act": "import"}).status_code == 404
    with mapped.at_site():
        assert Upload.objects.get().state == "held"


@pytest.mark.parametrize("act", ["", "undo", "next_day\0"])
def test_an_act_that_is_none_changes_nothing(mapped: People, as_person: SignedIn, act: str) -> None:
    address = checked(mapped, HEADER + row(), **WINDOW)
    assert as_person(mapped.alice).post(address, {"act": act}).status_code == 200
    with mapped.at_site():
        assert Upload.objects.get().state == "held"


def test_the_number_of_queries_does_not_grow_with_the_rows(
    mapped: People, as_person: SignedIn, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    alice, counts = as_person(mapped.alice), []
    for numbers in (["1"], ["2", "3", "4"]):
        with mapped.at_site():
            for number in numbers:
                printed(mapped, number, local_case_id=f"P-{number}")
        rows = "".join(row(number) + row(f"9{number}", code="1") for number in numbers)
        address = checked(mapped, HEADER + rows, **WINDOW)
        alice.get(address)
        with CaptureQueriesContext(connection) as queries:
            alice.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
