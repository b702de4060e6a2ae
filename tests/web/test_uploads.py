"""Sending files by pages: whole cases, and OR logs whose columns are matched by hand."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.actions import memberships, sites, upload_turns, uploads
from registry.models import AuditEvent, Case, Upload
from registry.models.scope import acting_for
from registry.reports.templates import TEMPLATES
from tests.case_files import csv_of, read
from tests.or_logs import HEADER, MAP, row
from tests.people import HAND, People, person
from tests.reports.registry import FASTER, control, printed
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
PAGE = "/s/ALPHA/uploads/"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.STRATA_DATA = tmp_path


def file(content: str, name: str = "cases.csv") -> io.BytesIO:
    made = io.BytesIO(content.encode())
    made.name = name
    return made


def worked(people: People) -> Upload:
    """The site's newest upload, read by a worker."""
    with people.at_site():
        upload = Upload.objects.order_by("-id").first()
    assert upload is not None
    upload_turns.work(upload)
    with people.at_site():
        upload.refresh_from_db()
    return upload


def imported(people: People, client: Client) -> Upload:
    """The newest upload, checked by a worker, let be imported and imported."""
    upload = worked(people)
    assert (upload.state, upload.phase) == ("held", "import")
    assert client.post(f"{PAGE}{upload.public_id}/rows/", {"act": "import"}).status_code == 302
    return worked(people)


def page_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def some(count: int) -> str:
    reports = [control(number, FASTER, 100 + number).data for number in range(count)]
    return csv_of(reports)


def test_a_file_of_cases_is_sent_read_and_told_of(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    answer = alice.post(PAGE, {"kind": "cases", "file": file(some(3) + "X,none,2026-03,tka,in_room,3,or_log\n")})
    assert answer.status_code == 302
    waiting = page_of(alice, answer["Location"])
    assert 'hx-trigger="every 2s"' in waiting
    assert "Nothing is recorded yet." in waiting
    checked = worked(people)
    assert alice.get(answer["Location"])["Location"] == f"{answer['Location']}rows/"
    assert alice.get(answer["Location"], headers={"HX-Request": "true"})["HX-Redirect"] == f"{answer['Location']}rows/"
    alice.post(f"{PAGE}{checked.public_id}/import/")
    assert "Stop the import" in page_of(alice, answer["Location"])
    upload = worked(people)
    assert (upload.name, upload.counts) == ("cases.csv", {"created": 3, "refused": 1})
    done = page_of(alice, answer["Location"])
    assert "4 rows read: 3 new, 1 refused." in done
    assert "Use a whole number from 5 to 1440." in done
    assert "hx-get" not in done.partition('id="progress"')[2].partition(">")[0]
    assert "cases.csv" in page_of(alice, PAGE)
    listed = alice.get(f"{PAGE}{upload.public_id}/problems.csv")
    assert listed.content.decode().splitlines()[1].replace('"', "").startswith("5,time_1_minutes,error,out-of-range,")


def test_problems_are_listed_by_row(people: People, as_person: SignedIn) -> None:
    alice, broken = as_person(people.alice), "none,2026-03,tka,in_room,3,or_log\n"
    with people.at_site():
        upload = read(people, some(1) + f"X,{broken}X,{broken}Y,{broken}")
    assert [problem["row"] for problem in upload.problems] == [3, 4, 5]
    listed = alice.get(f"{PAGE}{upload.public_id}/problems.csv").content.decode().replace('"', "")
    assert [line.partition(",")[0] for line in listed.splitlines()] == ["row", "3", "4", "5"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"kind": "cases"}, "Choose a file"),
        ({"kind": "poem", "file": "local_case_id\nA\n"}, "Select a valid choice"),
        ({"kind": "cases", "file": ""}, "The file is empty."),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field(
    body: dict[str, str], sentence: str, people: People, as_person: SignedIn
) -> None:
    data: dict[str, Any] = {**body, **({"file": file(body["file"])} if "file" in body else {})}
    answer = as_person(people.alice).post(PAGE, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with people.at_site():
        assert not Upload.objects.exists()


def test_a_file_above_the_limit_is_refused_at_the_file(people: People, as_person: SignedIn, settings: Any) -> None:
    settings.STRATA_MAX_UPLOAD_MB = 1
    answer = as_person(people.alice).post(PAGE, {"kind": "cases", "file": file("x" * 1_000_001)})
    assert answer.status_code == 422
    assert "A file may have 1 MB." in answer.content.decode()


def log(people: People, client: Client, header: str = HEADER) -> str:
    with people.at_site():
        sites.set_procedure_map(people.site, MAP, **HAND)
    answer = client.post(PAGE, {"kind": "or_log", "file": file(header + row(), "log.csv")})
    assert answer.status_code == 302
    return str(answer["Location"])


def chosen(page: str) -> dict[str, str]:
    """The roles that the page proposes, by the name of their input."""
    selects = re.findall(r'<select class="form-select" name="(column_\d+)".*?</select>', page, re.DOTALL)
    found = {}
    for name in selects:
        body = page.partition(f'name="{name}"')[2].partition("</select>")[0]
        marked = re.search(r'<option value="(\w+)" selected>', body)
        found[name] = marked[1] if marked else ""
    return found


def test_an_or_log_waits_until_its_columns_are_matched(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice)
    assert address.endswith("/columns/")
    page = page_of(alice, address)
    roles = chosen(page)
    assert {"encounter", "wheels_in", "wheels_out", "code"} <= set(roles.values())
    with people.at_site():
        held = Upload.objects.get()
    assert held.state == "held"
    upload_turns.work(held)
    months = {"controls_from": "2022-01", "controls_to": "2022-12"}
    answer = alice.post(address, {**roles, **months, "code_system": "cpt", "day_order": "mdy"})
    assert answer.status_code == 302, answer.content.decode()
    upload = imported(people, alice)
    assert (upload.state, upload.counts) == ("done", {"created": 1})
    assert alice.get(address).status_code == 302
    with people.at_site():
        assert Case.objects.get().object_kind == "none"
        assert [event.act for event in AuditEvent.objects.filter(object_type="upload").order_by("seq")] == [
            "upload.received", "upload.matched", "upload.import_begun", "or_log.read",
        ]  # fmt: skip


def test_what_the_file_does_not_settle_is_asked_at_its_field(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice)
    roles = chosen(page_of(alice, address))
    lost = {name: "" if role == "wheels_out" else role for name, role in roles.items()}
    answer = alice.post(address, {**lost, "code_system": "cpt", "day_order": "mdy"})
    assert answer.status_code == 422
    assert "There is a column for wheels in and none for wheels out.</li>" in answer.content.decode()
    twice = {name: "wheels_in" if role == "wheels_out" else role for name, role in roles.items()}
    answer = alice.post(address, {**twice, "code_system": "cpt", "day_order": "mdy"})
    assert "Two columns are said to hold wheels in." in answer.content.decode()
    assert answer.content.decode().count("Chosen twice") == 2
    with people.at_site():
        assert Upload.objects.get().state == "held"


def test_a_column_that_is_not_to_be_read_is_not(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice)
    roles = chosen(page_of(alice, address))
    without = {name: "" if role in ("code", "service") else role for name, role in roles.items()}
    months = {"controls_from": "2022-01", "controls_to": "2022-12"}
    alice.post(address, {**without, **months, "code_system": "cpt", "day_order": "mdy"})
    upload = worked(people)
    assert [problem["code"] for problem in upload.problems] == ["code-missing"]


def test_the_choice_of_last_time_is_proposed_again(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    header = HEADER.replace("Wheels In", "A").replace("Wheels Out", "B")
    address = log(people, alice, header)
    roles = chosen(page_of(alice, address))
    names = header.strip().split(",")
    roles[f"column_{names.index('A')}"], roles[f"column_{names.index('B')}"] = "wheels_in", "wheels_out"
    months = {"controls_from": "2022-01", "controls_to": "2022-12"}
    assert alice.post(address, {**roles, **months, "code_system": "cpt", "day_order": "mdy"}).status_code == 302
    worked(people)
    assert chosen(page_of(alice, log(people, alice, header))) == roles


def test_dates_that_can_be_read_in_two_ways_are_asked_at_their_field(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice, HEADER + row("5").replace("2022-01-31", "01/02/22"))
    roles = chosen(page_of(alice, address))
    answer = alice.post(address, {**roles, "code_system": "cpt", "day_order": ""})
    assert answer.status_code == 422
    assert "Every date could be month first or day first. Choose which." in answer.content.decode()
    assert re.search(r'<select name="day_order"[^>]* aria-invalid="true"', answer.content.decode())


def test_how_the_last_log_of_these_columns_was_read_is_proposed_again(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice)
    roles = chosen(page_of(alice, address))
    alice.post(address, {**roles, "code_system": "local", "day_order": "dmy", "next_day": "on"})
    worked(people)
    page = page_of(alice, log(people, alice))
    assert '<option value="local" selected>' in page
    assert '<option value="dmy" selected>' in page
    assert 'name="next_day" class="form-check-input" id="id_next_day" checked' in page.replace("aria-", "")
    other = page_of(alice, log(people, alice, HEADER.replace("Wheels In", "In room")))
    assert '<option value="cpt" selected>' in other


def test_the_page_speaks_to_people_and_names_no_address_of_the_machines(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice)
    alice.post(address, {**chosen(page_of(alice, address)), "code_system": "cpt", "day_order": "mdy"})
    upload = imported(people, alice)
    assert upload.counts == {"unmatched": 1}
    page = page_of(alice, f"{PAGE}{upload.public_id}/")
    assert "Encounters of no case of this site, left alone: 1." in page
    assert "controls_from" not in page
    with people.at_site():
        unknown = read(people, csv_of([printed(1, FASTER, None).data]).replace("J750", "Nobody"))
    for path in ("", "problems.csv"):
        said = page_of(alice, f"{PAGE}{unknown.public_id}/{path}")
        assert "under Settings" in said
        assert "/api/v1" not in said


def test_a_held_log_can_be_discarded_and_one_forgotten_is_dropped(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = log(people, alice)
    assert alice.post(address.replace("columns", "cancel")).status_code == 302
    with people.at_site():
        upload = Upload.objects.get()
        assert upload.state == "cancelled"
        path = uploads.path_of(upload.file)
        assert path.exists()
        upload_turns.drop_files()
        assert not path.exists()


def test_the_templates_are_given_with_the_sites_own_printers(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    header = alice.get(f"{PAGE}template.csv").content.decode()
    assert header.replace('"', "").startswith("local_case_id,object_kind,")
    book = alice.get(f"{PAGE}template.xlsx")
    assert book.content[:4] == b"PK\x03\x04"
    assert book.content == alice.get(f"{PAGE}template.xlsx").content
    with people.at_site():
        assert read(people, book.content).problems[0]["code"] == "example-row"


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_offered_on_the_page_and_given(people: People, as_person: SignedIn, name: str) -> None:
    alice = as_person(people.alice)
    assert f'href="{PAGE}{name}"' in page_of(alice, PAGE)
    answer = alice.get(f"{PAGE}{name}")
    assert answer.status_code == 200
    assert answer.content
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert as_person(people.charlie).get(f"{PAGE}{name}").status_code == 404


def test_a_reader_may_not_upload(people: People, as_person: SignedIn) -> None:
    reader = person("Rosa")
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(reader, site=people.site, role="read_only", **HAND)
    assert as_person(reader).get(PAGE).status_code == 403
