"""The page of matching: what it proposes, what it refuses, what it remembers."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions import column_maps, memberships, uploads
from registry.intake import case_file
from registry.intake.check import check
from registry.intake.plan import Plan, Taken, read_plan
from registry.models import AuditEvent, ColumnMap, Upload, UploadReview
from registry.models.scope import acting_for
from tests.case_files import csv_of, xlsx_of
from tests.people import HAND, People, person
from tests.reports.registry import FASTER, control
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
PAGE = "/s/ALPHA/uploads/"
HEADER = "Case #,Pt Name,Gender,CPT,Print date,Seg hrs,Printer,Room in,Room out,Procedure,Notes"
ROWS = (
    'C-1001,"Doe, Jane",F,0559T,3/14/25,2.5,PolyJet,08:14,10:31,TKA,pt prefers mornings and calls often',
    'C-1002,"Roe, Rick",M,0559T,3/2/25,1.75,J750,13:05,16:40,TKA,rush case for the clinic on Monday',
)
ATTESTED = {"all_exclusions_attested": "on"}


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def messy(*, header: str = HEADER, rows: tuple[str, ...] = ROWS) -> str:
    return "\n".join((header, *rows)) + "\n"


def send(client: Client, content: str | bytes, name: str = "cases_2025.csv") -> str:
    """Where the person is led once the file is sent."""
    made = io.BytesIO(content.encode() if isinstance(content, str) else content)
    made.name = name
    answer = client.post(PAGE, {"kind": "cases", "file": made})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def page_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def chosen(page: str) -> dict[str, Any]:
    """What a browser would send back of this page, unchanged."""
    said: dict[str, Any] = {}
    form = page.partition('id="matching"')[2].partition("</form>")[0]
    for name, body in re.findall(r'<select[^>]*? name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        marked = re.search(r'<option value="([^"]*)" selected', body)
        said[name] = marked[1] if marked else ""
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
        box = 'type="checkbox"' in tag
        if name and (not box or " checked" in tag):
            said.setdefault(name[1], []).append(value[1] if value else "on") if name[1] not in said or isinstance(
                said[name[1]], list
            ) else None
    return said


def newest(people: People) -> Upload:
    with people.at_site():
        upload = Upload.objects.order_by("-id").first()
    assert upload is not None
    return upload


def plan_of(people: People) -> dict[str, Any]:
    with people.at_site():
        return dict(UploadReview.objects.get(upload=newest(people)).plan)


def test_a_messy_file_is_nearly_right_by_itself_and_checked_at_one_press(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    assert address.endswith("/match/")
    page = page_of(alice, address)
    assert "9 of 11 columns matched" in page
    assert "Check 2 rows" in page
    answer = alice.post(address, {**chosen(page), **ATTESTED})
    assert answer.status_code == 302, re.findall(r'<li><a href="#.*?</li>', answer.content.decode())
    plan = plan_of(people)
    assert [(each["name"], each["conversion"]) for each in plan["columns"]] == [
        ("local_case_id", ""), ("", ""), ("sex", "words:sex"), ("code_1_code", ""), ("order_month", "month_mdy"),
        ("effort_segmentation_non_clinician", "hours"), ("print_1_printer", ""), ("time_1_from", ""), ("time_1_to", ""),
        ("procedure_category", ""), ("", ""),
    ]  # fmt: skip
    assert plan["values"] == {"print_1_printer": {"polyjet": "J750"}}
    said = plan["of_all"]
    assert (said["time_1_clock"], said["time_1_source"], said["print_1_outcome"], said["code_1_units"]) == (
        "in_room", "or_log", "success", "1",
    )  # fmt: skip
    assert said["exclusions_attested"] == "yes"
    assert newest(people).state == "waiting"


def test_names_and_free_text_are_off_and_not_even_shown(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    page = page_of(alice, send(alice, messy()))
    assert "Names are not sent" in page
    assert "Free text is not sent" in page
    assert "Doe" not in page
    assert "mornings" not in page


def test_a_column_that_was_off_is_turned_on_only_in_words(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    said = {**chosen(page_of(alice, address)), **ATTESTED, "column_10": "comment"}
    answer = alice.post(address, said)
    assert answer.status_code == 422
    assert "Say that it names nobody, or leave it out." in answer.content.decode()
    assert alice.post(address, {**said, "sure_10": "1"}).status_code == 302
    assert plan_of(people)["columns"][10]["name"] == "comment"


def test_nothing_is_attested_that_nobody_ticked(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    page = page_of(alice, address)
    assert not re.search(r'name="all_exclusions_attested"[^>]* checked', page)
    answer = alice.post(address, chosen(page))
    assert answer.status_code == 422
    assert "Tick this if it is true" in answer.content.decode()
    assert newest(people).state == "held"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"column_0": ""}, "Say which column is the case id of your site."),
        ({"column_2": "local_case_id"}, "Two columns are said to be: Case id at your site."),
    ],
)
def test_what_is_wrong_is_said_at_its_column(
    change: dict[str, str], sentence: str, people: People, as_person: SignedIn
) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    answer = alice.post(address, {**chosen(page_of(alice, address)), **ATTESTED, **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    for anchor in re.findall(r'<li><a href="#([^"]+)">', page):
        assert f'id="{anchor}"' in page


def test_dates_that_can_be_read_in_two_ways_are_asked_and_never_guessed(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy(rows=tuple(row.replace("3/14/25", "3/4/25") for row in ROWS)))
    page = page_of(alice, address)
    assert "Every date could be month first or day first" in page
    said = {**chosen(page), **ATTESTED}
    assert said["conversion_4"] == ""
    answer = alice.post(address, said)
    assert answer.status_code == 422
    assert 'href="#id_conversion_4"' in answer.content.decode()
    assert alice.post(address, {**said, "conversion_4": "month_dmy"}).status_code == 302
    assert plan_of(people)["columns"][4]["conversion"] == "month_dmy"


def test_case_ids_like_record_numbers_are_warned_of_and_not_blocked(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy(rows=tuple(row.replace("C-100", "8812300") for row in ROWS)))
    page = page_of(alice, address)
    assert "These look like record numbers or days." in page
    assert alice.post(address, {**chosen(page), **ATTESTED}).status_code == 302


def test_a_choice_shows_the_conversions_that_fit_it(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    said = {**chosen(page_of(alice, address)), "column_4": "procedure_performed_month", "again": "1"}
    answer = alice.post(address, said)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert chosen(page)["column_4"] == "procedure_performed_month"
    assert chosen(page)["conversion_4"] == "month_mdy"
    assert "all_order_month" in page
    assert newest(people).state == "held"


def test_the_second_file_with_these_columns_skips_the_page_and_can_come_back_to_it(
    people: People, as_person: SignedIn
) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    first = {**chosen(page_of(alice, address)), **ATTESTED, "remember": "Lab log"}
    alice.post(address, first)
    with people.at_site():
        assert [row.name for row in ColumnMap.objects.all()] == ["Lab log"]
    once = plan_of(people)
    address = send(alice, messy(rows=(ROWS[1].replace("C-1002", "C-2001"),)), "cases_2026.csv")
    assert not address.endswith("/match/")
    assert newest(people).state == "waiting"
    assert plan_of(people) == once
    with people.at_site():
        Upload.objects.filter(pk=newest(people).pk).update(state="held", phase="import")
    assert "Change the matching" in page_of(alice, f"{address}rows/")
    assert "As in your matching “Lab log”." in page_of(alice, f"{address}match/")


def test_a_file_with_one_column_more_is_asked_for_that_one(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    said = {**chosen(page_of(alice, address)), **ATTESTED, "remember": "Lab log", "column_3": ""}
    alice.post(address, said)
    address = send(alice, messy(header=f"{HEADER},Shelf", rows=tuple(f"{row},B{n}" for n, row in enumerate(ROWS))))
    assert address.endswith("/match/")
    again = chosen(page_of(alice, address))
    assert (again["column_3"], again["column_4"]) == ("", "order_month")
    assert again["column_11"] == ""


def test_a_file_in_our_own_names_skips_the_page(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, csv_of([control(1, FASTER, 101).data]))
    assert address == f"{PAGE}{newest(people).public_id}/"
    assert newest(people).state == "waiting"


def test_the_matching_may_be_saved_and_left(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    said = {**chosen(page_of(alice, address)), "remember": "", "column_3": "", "leave": "1"}
    assert alice.post(address, said)["Location"] == PAGE
    assert newest(people).state == "held"
    with people.at_site():
        assert [row.name for row in ColumnMap.objects.all()] == ["cases"]
    assert chosen(page_of(alice, address))["column_3"] == ""
    assert address in page_of(alice, PAGE)


def test_a_matching_is_renamed_and_forgotten(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    plan = Plan((Taken("Nr", "local_case_id"),))
    with people.at_site():
        kept = column_maps.remember(people.site, "Old", plan, by=people.alice, via="form")
        column_maps.remember(people.site, "Other", plan, by=people.alice, via="form")
    path = f"{PAGE}matchings/{kept.public_id}/"
    assert "Old" in page_of(alice, f"{PAGE}matchings/")
    assert "Another matching has this name." in alice.post(path, {"name": "Other"}, follow=True).content.decode()
    assert "Give the matching a name" in alice.post(path, {"name": " "}, follow=True).content.decode()
    alice.post(path, {"name": "New"})
    with people.at_site():
        assert {row.name for row in ColumnMap.objects.all()} == {"New", "Other"}
    alice.post(path, {"forget": "1"})
    with people.at_site():
        assert {row.name for row in ColumnMap.objects.all()} == {"Other"}
        acts = [event.act for event in AuditEvent.objects.filter(object_type="columnmap").order_by("seq")]
    assert acts == ["column_map.remember", "column_map.remember", "column_map.rename", "column_map.forget"]


def test_another_sites_matching_is_none(people: People, as_person: SignedIn) -> None:
    with people.at_site():
        kept = column_maps.remember(
            people.site, "Ours", Plan((Taken("Nr", "local_case_id"),)), by=people.alice, via="form"
        )
    charlie = as_person(people.charlie)
    assert charlie.post(f"/s/CHARLIE/uploads/matchings/{kept.public_id}/", {"forget": "1"}).status_code == 404
    assert "Ours" not in page_of(charlie, "/s/CHARLIE/uploads/matchings/")


def test_charlie_of_another_site_does_not_find_the_file(people: People, as_person: SignedIn) -> None:
    address = send(as_person(people.alice), messy())
    charlie = as_person(people.charlie)
    for path in (address, address.replace("ALPHA", "CHARLIE")):
        assert charlie.get(path).status_code == 404
        assert charlie.post(path, {"leave": "1"}).status_code == 404


def test_a_reader_may_not_match(people: People, as_person: SignedIn) -> None:
    address = send(as_person(people.alice), messy())
    reader = person("Rosa")
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(reader, site=people.site, role="read_only", **HAND)
    assert as_person(reader).get(address).status_code == 403


def test_a_file_that_cannot_be_read_says_why(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    assert "This file cannot be read" in page_of(alice, send(alice, b"%PDF-1.7 nothing"), 422)


def test_a_file_without_rows_is_told_of_at_the_top(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, f"{HEADER}\n")
    answer = alice.post(address, {**chosen(page_of(alice, address)), **ATTESTED})
    assert answer.status_code == 422
    assert "no rows below it" in answer.content.decode()


def test_a_sheet_is_chosen_where_there_are_several(people: People, as_person: SignedIn, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        for name, title in (("Key", "Legend"), ("Log", "Case #")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, [title, "Dx"])
            page.write_row(1, 0, ["A-1", "C64.1"])
    alice = as_person(people.alice)
    address = send(alice, (tmp_path / "two.xlsx").read_bytes(), "two.xlsx")
    assert "<option selected>Key</option><option>Log</option>" in page_of(alice, address)
    page = page_of(alice, f"{address}?sheet=Log")
    assert chosen(page)["column_0"] == "local_case_id"
    assert alice.post(address, {**chosen(page), **ATTESTED}).status_code == 302
    assert plan_of(people)["sheet"] == "Log"


def test_a_workbook_of_one_sheet_offers_no_other(people: People, as_person: SignedIn, tmp_path: Path) -> None:
    alice = as_person(people.alice)
    book = xlsx_of(["Case #", "Dx"], [["A-1", "C64.1"]], tmp_path / "one.xlsx", sheet="Log")
    assert 'id="sheet"' not in page_of(alice, send(alice, book, "one.xlsx"))


def test_the_page_asks_the_database_alike_for_one_column_and_for_many(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    counts = []
    for width in (1, 3, 200):
        header = ",".join(["Case #", *(f"Field {number}" for number in range(1, width))])
        address = send(alice, messy(header=header, rows=(",".join(["C-1"] * width),)))
        alice.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page_of(alice, address)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_a_file_that_is_not_held_any_more_leads_to_its_own_page(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy())
    with people.at_site():
        uploads.cancel(newest(people), by=people.alice, via="form")
    assert alice.get(address)["Location"] == f"{PAGE}{newest(people).public_id}/"


def test_controls_need_no_attestation_of_a_print(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    header = "Case #,Procedure,Surgery date,OR time"
    address = send(alice, messy(header=header, rows=("C-1,TKA,3/14/25,120", "C-2,TKA,3/15/25,130")))
    said = chosen(page_of(alice, address))
    assert alice.post(address, {**said, "all_object_kind": "none"}).status_code == 302


WHOLE = (
    "Case #,Model or guide,Ordered,Age,Gender,Service,System,Purpose,Scan,Region,Structure,Side,Printer,Material,Scale,Volume (L),"
    "Print hrs,CPT,Dx,Seg hrs,MD consult (min),Surgery date,Procedure,Room in,Room out"
)
WHOLE_ROWS = (
    (
        '#1001,Model,3/14/24,62,F,"Ortho, Plastics",Ortho,Surgical planning,CT scan,Leg,Tibia,L,PolyJet,vero,1:1,0.112,9.5,0559T,'
        "c40.2,2.33,15,4/22/24,Total knee,7:31 AM,10:12 AM"
    ),
    (
        "#1002,Model,12/22/23,7 mo,M,Peds cardiac,Heart,Consent; planning,MRI,Chest,Whole heart,n/a,J750,Vero,0.5,0.045,12,0559T,"
        "Q21.3 - Tetralogy of Fallot,1.75,20,1/9/24,CHD repair,8:02 AM,1:40 PM"
    ),
)


def test_every_row_of_a_messy_file_is_believed_by_the_check(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = send(alice, messy(header=WHOLE, rows=WHOLE_ROWS))
    page = page_of(alice, address)
    assert "25 of 25 columns matched" in page
    assert alice.post(address, {**chosen(page), **ATTESTED}).status_code == 302
    upload = newest(people)
    with people.at_site():
        plan = read_plan(UploadReview.objects.get(upload=upload).plan)
        reports = list(case_file.survey(uploads.path_of(upload.file), plan).reports())
        verdicts = check(reports, site=people.site)
    problems = [(each.column, each.code) for judged in verdicts for each in judged.problems if each.severity == "error"]
    assert problems == []
    first, second = (judged.report.data for judged in verdicts)
    assert (first["local_case_id"], first["order_month"], first["ordering_services"]) == (
        "1001", "2024-03", ["orthopaedics", "plastics_craniofacial"],
    )  # fmt: skip
    assert [(row["activity"], row["staff"], row["minutes"]) for row in first["effort"]] == [
        ("consultation", "clinician", 15), ("segmentation", "non_clinician", 140),
    ]  # fmt: skip
    assert (first["prints"][0]["scale_percent"], second["prints"][0]["scale_percent"]) == (100, 50)
    assert (first["prints"][0]["printer"], first["prints"][0]["materials"]) == ("J750", ["Vero"])
    assert first["procedure"]["times"] == [{"clock": "in_room", "source": "or_log", "minutes": 161}]
    assert (second["age_years"], second["indication_code"]) == (0, "Q21.3")
