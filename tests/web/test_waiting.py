"""The work-list: who waits, for how long, and what typing two times does."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from registry.actions import memberships
from registry.models import AuditEvent, Case, ProcedureTime
from registry.models.case import due_on, first_not_overdue
from registry.models.scope import acting_for
from registry.web.waiting import waiting_cases
from tests.people import HAND, People, person
from tests.reports.registry import FASTER, control, printed, submitted
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
TIMES = {"from": "08:14", "to": "10:31", "minutes": "", "source": "or_log"}


def wait(people: People, count: int, **changes: Any) -> list[Case]:
    """So many cases of Alice's site without an OR time, and one with."""
    submitted(people.site, people.alice, [printed(n, FASTER, None, **changes) for n in range(count)])
    submitted(people.site, people.alice, [printed(100, FASTER, 170), control(1, FASTER, 200)])
    with people.at_site():
        return list(Case.objects.filter(local_case_id__in=[f"P-par-{n}" for n in range(count)]).order_by("id"))


def without_time(report: Any) -> Any:
    report.data["procedure"] = {"performed_month": "2026-03", "category": FASTER}
    return report


def read(client: Client, path: str = "/s/ALPHA/waiting/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("month", "due"), [(date(2026, 3, 1), date(2026, 4, 14)), (date(2025, 12, 1), date(2026, 1, 14))]
)
def test_an_or_time_is_due_fourteen_days_after_its_month(month: date, due: date) -> None:
    assert due_on(month) == due
    assert month >= first_not_overdue(due)
    assert month < first_not_overdue(date.fromordinal(due.toordinal() + 1))


def test_where_years_alone_are_kept_it_is_due_after_the_year() -> None:
    assert due_on(date(2025, 1, 1), by_year=True) == date(2026, 1, 14)
    assert first_not_overdue(date(2026, 1, 14), by_year=True) == date(2025, 1, 1)
    assert first_not_overdue(date(2026, 1, 15), by_year=True) == date(2026, 1, 1)


def test_the_list_shows_who_waits_and_the_bar_how_many(people: People, as_person: SignedIn) -> None:
    wait(people, 3)
    page = read(as_person(people.alice))
    assert "P-par-0" in page
    assert "P-par-100" not in page
    assert 'Waiting for OR time <span class="count" id="count-waiting">3</span>' in page
    assert "overdue" in page


def test_what_is_saved_counts_down_at_once_wherever_the_number_stands(people: People, as_person: SignedIn) -> None:
    first, last = wait(people, 2)
    headers = {"HX-Request": "true", "HX-Current-URL": "https://strata.example/s/ALPHA/waiting/?show=overdue&id=P-par-"}
    alice, said = as_person(people.alice), {"reason": "cancelled"}
    part = alice.post(f"/s/ALPHA/waiting/{first.public_id}/not-done/", said, headers=headers).content.decode()
    assert '<span class="count" id="count-waiting" hx-swap-oob="true">1</span>' in part
    assert '<div id="waiting-counts" hx-swap-oob="true">' in part
    assert "1 case." in part
    assert '<a href="?show=overdue&amp;id=P-par-" aria-current="true">Overdue 1</a>' in part
    part = alice.post(f"/s/ALPHA/waiting/{last.public_id}/not-done/", said, headers=headers).content.decode()
    assert 'hx-swap-oob="true" hidden>0</span>' in part


def test_a_case_is_found_in_the_list_by_its_id_and_leads_to_its_page(people: People, as_person: SignedIn) -> None:
    cases = wait(people, 3)
    alice = as_person(people.alice)
    for sought in ("p-PAR-1", cases[1].public_id):
        page = read(alice, f"/s/ALPHA/waiting/?show=overdue&id={sought}")
        assert f'<a href="/s/ALPHA/cases/{cases[1].public_id}/">P-par-1</a>' in page
        assert "P-par-2" not in page
        assert '<input type="hidden" name="show" value="overdue">' in page
    assert "No case with such an id waits here." in read(alice, "/s/ALPHA/waiting/?id=none%00such")


def test_an_empty_list_says_so(people: People, as_person: SignedIn) -> None:
    assert "No case waits for its OR time." in read(as_person(people.alice))


def test_two_clock_times_become_minutes_and_the_procedure_is_asked_where_it_is_not_known(
    people: People, as_person: SignedIn
) -> None:
    case = wait(people, 1)[0]
    alice = as_person(people.alice)
    answer = alice.post(
        f"/s/ALPHA/waiting/{case.public_id}/", TIMES | {"category": "Partial nephrectomy", "month": "2026-03"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/s/ALPHA/waiting/?done={case.public_id}")
    with people.at_site():
        time = ProcedureTime.objects.get(procedure__case=case)
        assert (time.clock, time.minutes, time.source) == ("in_room", 137, "or_log")
        assert time.procedure.category == FASTER
        assert AuditEvent.objects.filter(object_id=str(case.pk), act="case.amend", via="form").count() == 1
    assert "Saved." in read(alice, answer["Location"])


def test_a_recorded_procedure_is_kept_whatever_is_sent(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [without_time(printed(0, FASTER, None))])
    with people.at_site():
        case = waiting_cases(people.site).get()
    as_person(people.alice).post(
        f"/s/ALPHA/waiting/{case.public_id}/", TIMES | {"category": "Knee replacement", "month": "2026-05"}
    )
    with people.at_site():
        time = ProcedureTime.objects.get(procedure__case=case)
        assert (time.procedure.category, time.procedure.performed_month) == (FASTER, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"to": ""}, "Give both clock times, or the minutes."),
        ({"from": "", "to": ""}, "Type both clock times, or the minutes."),
        ({"from": "10:31", "to": "08:14"}, "write it as 01:20+1"),
        ({"minutes": "3"}, "Use a whole number from 5 to 1440."),
        ({"category": "Nonsense"}, "Choose one of the list."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_wrong_is_said_in_the_row_and_nothing_is_written(
    typed: dict[str, str], sentence: str, htmx: bool, people: People, as_person: SignedIn
) -> None:
    case = wait(people, 1)[0]
    body = TIMES | {"category": "Partial nephrectomy", "month": "2026-03"} | typed
    headers = {"HX-Request": "true"} if htmx else {}
    answer = as_person(people.alice).post(f"/s/ALPHA/waiting/{case.public_id}/", body, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert ("<!DOCTYPE html>" in page) is not htmx
    with people.at_site():
        assert waiting_cases(people.site).filter(pk=case.pk).exists()


@pytest.mark.parametrize("htmx", [False, True])
def test_not_done_is_recorded_only_with_a_reason(htmx: bool, people: People, as_person: SignedIn) -> None:
    case = wait(people, 1)[0]
    alice, headers = as_person(people.alice), {"HX-Request": "true"} if htmx else {}
    address = f"/s/ALPHA/waiting/{case.public_id}/not-done/"
    assert f'href="{address}"' in read(alice)
    asked = alice.get(address, headers=headers).content.decode()
    refused = alice.post(address, {"reason": "nonsense"}, headers=headers)
    assert refused.status_code == 422
    for page in (asked, refused.content.decode()):
        assert "Record that it was not done" in page
        assert "Whether one took place is not known" in page
        assert ("<!DOCTYPE html>" in page) is not htmx
    assert "Choose why there was no procedure." in refused.content.decode()
    with people.at_site():
        assert waiting_cases(people.site).filter(pk=case.pk).exists()
    done = alice.post(address, {"reason": "cancelled"}, headers=headers)
    said = done.content.decode() if htmx else read(alice, done["Location"])
    assert f'href="/s/ALPHA/cases/{case.public_id}/">P-par-0</a>' in said
    assert ("saved: the procedure was cancelled" in said) is htmx
    with people.at_site():
        assert Case.objects.get(pk=case.pk).no_procedure_reason == "cancelled"
        assert not waiting_cases(people.site).exists()


def test_a_row_that_was_not_meant_comes_back_as_it_was(people: People, as_person: SignedIn) -> None:
    case = wait(people, 1)[0]
    row = as_person(people.alice).get(f"/s/ALPHA/waiting/{case.public_id}/", headers={"HX-Request": "true"})
    assert f'id="row-{case.public_id}"' in row.content.decode()
    assert "Record the OR time" in read(as_person(people.alice), f"/s/ALPHA/waiting/{case.public_id}/")


def test_of_a_case_that_waits_no_more_it_is_said_so(people: People, as_person: SignedIn) -> None:
    wait(people, 1)
    alice = as_person(people.alice)
    with people.at_site():
        timed = Case.objects.get(local_case_id="P-par-100")
    for address in (f"/s/ALPHA/waiting/{timed.public_id}/", f"/s/ALPHA/waiting/{timed.public_id}/not-done/"):
        for answer in (alice.get(address), alice.post(address, TIMES)):
            assert answer.status_code == 409
            assert "P-par-100 waits no more" in answer.content.decode()
    in_place = alice.post(f"/s/ALPHA/waiting/{timed.public_id}/", TIMES, headers={"HX-Request": "true"})
    assert in_place.status_code == 409
    assert in_place.content.decode().startswith('<p class="field-error" role="alert">P-par-100 waits no more')
    assert alice.post("/s/ALPHA/waiting/x%00y/", TIMES).status_code == 404


def test_a_reader_may_not_record(people: People, as_person: SignedIn) -> None:
    reader = person("Rosa")
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(reader, site=people.site, role="read_only", **HAND)
    assert as_person(reader).get("/s/ALPHA/waiting/").status_code == 403
