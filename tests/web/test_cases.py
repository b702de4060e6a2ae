"""The list of cases, one case with its history, and what may be done with it from there."""

import re
from typing import Any

import pytest
from django.test import Client

from registry.actions import cases, drafts, memberships
from registry.models import Case
from registry.models.scope import acting_for
from tests.case_files import csv_of, read
from tests.people import HAND, People, person
from tests.reports.registry import FASTER, SLOWER, control, printed, submitted
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
LIST = "/s/ALPHA/cases/"


def entered(people: People) -> dict[str, Case]:
    """A timed case, one that waits, one of another organ system, and a control, by their ids."""
    other = printed(3, SLOWER, 300, organ_system="cardiac", order_month="2025-01")
    submitted(
        people.site, people.alice, [printed(1, FASTER, 170), printed(2, FASTER, None), other, control(4, FASTER, 200)]
    )
    with people.at_site():
        return {case.local_case_id: case for case in Case.objects.all()}


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"P-par-1", "P-par-2", "P-con-3"}),
        ("?kind=none", {"C-par-4"}),
        ("?outcome=waiting", {"P-par-2"}),
        ("?outcome=timed", {"P-par-1", "P-con-3"}),
        ("?outcome=none", set()),
        ("?organ=cardiac", {"P-con-3"}),
        ("?id=p-PAR", {"P-par-1", "P-par-2"}),
        ("?first=2026-01", {"P-par-1", "P-par-2"}),
        ("?last=2025-12", {"P-con-3"}),
        ("?state=withdrawn", set()),
        ("?state=any&kind=any", {"P-par-1", "P-par-2", "P-con-3", "C-par-4"}),
        ("?id=c-par&kind=requests&state=submitted", {"C-par-4"}),
        ("?id=p-par-1&state=withdrawn", set()),
        ("?kind=nonsense&first=nonsense&page=nonsense", {"P-par-1", "P-par-2", "P-con-3"}),
        ("?id=%00", set()),
    ],
)
def test_the_list_shows_what_is_asked_for(query: str, found: set[str], people: People, as_person: SignedIn) -> None:
    entered(people)
    page = page_of(as_person(people.alice), LIST + query)
    body = page.partition("<tbody>")[2]
    ids = ("P-par-1", "P-par-2", "P-con-3", "C-par-4")
    if query != "?id=%00":
        assert {name for name in ids if f">{name}<" in body} == found


def test_an_id_finds_a_case_whatever_became_of_it(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-1"]
    with people.at_site():
        cases.withdraw(case, reason="entered twice", by=people.alice, via="form")
    alice = as_person(people.alice)
    for sought in ("P-par-1", case.public_id, f"%20{case.public_id.lower()}"):
        page = page_of(alice, f"{LIST}?id={sought}&kind=requests&state=submitted")
        assert ">P-par-1<" in page
        assert '<option value="any" selected>Any</option>' in page
    assert ">P-par-1<" not in page_of(alice, LIST)
    assert ">P-par-1<" in page_of(alice, f"{LIST}?state=any")


def test_a_case_says_all_it_says_in_words(people: People, as_person: SignedIn) -> None:
    waiting = entered(people)["P-par-2"]
    page = page_of(as_person(people.alice), f"{LIST}{waiting.public_id}/")
    assert "Waiting for the procedure and its OR time, overdue since" in page or "due by" in page
    for words in (
        "Genito-urinary",
        "Vat photopolymerization",
        "J750",
        "Vero",
        "not asked",
        "unknown",
        "Planning before",
    ):
        assert (words in page) is (words != "Vat photopolymerization"), words


def test_a_case_from_a_file_says_from_which_row(
    people: People, as_person: SignedIn, settings: Any, tmp_path: Any
) -> None:
    settings.STRATA_DATA = tmp_path
    with people.at_site():
        read(people, csv_of([control(1, FASTER, 100).data, control(2, FASTER, 100).data]))
        second = Case.objects.get(local_case_id="C-par-2")
    assert "Submitted, row 3 of a file" in page_of(as_person(people.alice), f"{LIST}{second.public_id}/")


def test_an_outcome_is_recorded_from_the_page_of_a_case(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-2"]
    alice = as_person(people.alice)
    address = f"{LIST}{case.public_id}/outcome/"
    body = {
        "seen": "1", "procedure_performed_month": "2026-03", "procedure_category": FASTER,
        "time_1_clock": "in_room", "time_1_minutes": "2:17", "time_1_source": "or_log",
    }  # fmt: skip
    refused = alice.post(address, body | {"time_1_minutes": "3"})
    assert refused.status_code == 422
    assert "Use a whole number from 5 to 1440." in refused.content.decode()
    done = alice.post(address, body)
    assert done.status_code == 302
    page = page_of(alice, done["Location"])
    assert "Recorded." in page
    assert "Complete" in page
    assert 'value="137"' in page_of(alice, address)


def test_a_form_of_an_outcome_that_says_nothing_says_what_to_do(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-2"]
    refused = as_person(people.alice).post(f"{LIST}{case.public_id}/outcome/", {})
    assert refused.status_code == 422
    assert "Record the procedure, or choose why there is none." in refused.content.decode()


def test_what_is_wrong_elsewhere_in_the_case_is_said_with_its_place(people: People, as_person: SignedIn) -> None:
    prints = [{"printer": "J750", "materials": ["Vero"], "parts": [1], "outcome": "success"}]
    submitted(people.site, people.alice, [printed(1, FASTER, None, prints=prints)])
    with people.at_site():
        case = Case.objects.get()
    body = {
        "procedure_performed_month": "2026-03",
        "procedure_category": FASTER,
        "procedure_used_in_or": "sterile_field",
    }
    page = as_person(people.alice).post(f"{LIST}{case.public_id}/outcome/", body).content.decode()
    assert "Print 1: Sterilisation: Use in the sterile field needs a sterilisation method." in page


def test_recording_the_same_again_changes_nothing(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-1"]
    alice = as_person(people.alice)
    body = {"time_1_clock": "in_room", "time_1_minutes": "170", "time_1_source": "or_log", "time_2_clock": ""}
    done = alice.post(f"{LIST}{case.public_id}/outcome/", body)
    assert "Nothing was changed." in page_of(alice, done["Location"])


CORRECTED = {"time_1_clock": "in_room", "time_1_minutes": "333", "time_1_source": "or_log"}


def test_an_outcome_that_somebody_corrected_meanwhile_is_not_taken_back_unasked(
    people: People, as_person: SignedIn
) -> None:
    case = entered(people)["P-par-1"]
    alice, bob = as_person(people.alice), as_person(people.bob)
    address = f"{LIST}{case.public_id}/outcome/"
    assert '<input type="hidden" name="seen" value="1">' in page_of(alice, address)
    assert bob.post(address, CORRECTED | {"seen": "1"}).status_code == 302
    unchanged = CORRECTED | {"time_1_minutes": "170"}
    refused = alice.post(address, unchanged | {"seen": "1"})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "This case was changed since you read it." in page
    assert '<th scope="row">Time 1: Minutes</th><td>170</td><td>333</td>' in page
    assert 'value="170"' in page
    assert '<input type="hidden" name="seen" value="2">' in page
    assert 'value="333"' in page_of(alice, address)
    assert alice.post(address, unchanged | {"seen": "2"}).status_code == 302
    assert 'value="170"' in page_of(alice, address)


@pytest.mark.parametrize("seen", ["", "0", "-1", "x", "9" * 5000])
def test_an_outcome_that_says_not_what_it_was_typed_over_changes_nothing(
    seen: str, people: People, as_person: SignedIn
) -> None:
    case = entered(people)["P-par-1"]
    assert (
        as_person(people.alice).post(f"{LIST}{case.public_id}/outcome/", CORRECTED | {"seen": seen}).status_code == 409
    )


def test_the_same_correction_by_two_at_once_is_no_contradiction(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-1"]
    alice, address = as_person(people.alice), f"{LIST}{case.public_id}/outcome/"
    answers = [alice.post(address, CORRECTED | {"seen": "1"}).status_code for _ in range(2)]
    assert answers == [302, 302]


def test_drafts_stand_above_the_list_with_whose_they_are_and_what_they_say(people: People, as_person: SignedIn) -> None:
    with people.at_site():
        drafts.begin(people.site, by=people.bob, data={"local_case_id": "RX-1", "effort_cad_clinician": "5"})
        drafts.begin(people.site, by=people.alice, data={"object_kind": "none"})
    page = page_of(as_person(people.alice), LIST)
    assert "Case RX-1" in page
    assert "Bob, just now: Case and imaging, Effort and codes" in page
    assert "Control case without an id yet" in page
    assert "nothing filled in yet" in page
    assert page.count("Discard the draft") == 2


def test_an_assessment_is_added_from_the_page_of_a_case(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-1"]
    alice = as_person(people.alice)
    address = f"{LIST}{case.public_id}/assessment/"
    refused = alice.post(address, {"assessment_1_q1_easy": "9"})
    assert refused.status_code == 422
    assert 'id="id_assessment_1_q1_easy_error"' in refused.content.decode()
    for score in ("4", "5"):
        body = {"assessment_1_respondent_role": "surgeon", "assessment_1_q1_easy": score}
        assert alice.post(address, body).status_code == 302
    with people.at_site():
        assert list(case.assessments.values_list("q1_easy", flat=True).order_by("number")) == [4, 5]


def test_an_assessment_sent_twice_from_one_form_counts_once_and_from_two_forms_twice(
    people: People, as_person: SignedIn
) -> None:
    case = entered(people)["P-par-1"]
    alice, address = as_person(people.alice), f"{LIST}{case.public_id}/assessment/"
    body = {
        "assessment_1_respondent_role": "surgeon",
        "assessment_1_q1_easy": "4",
        "assessment_1_q2_compatible": "unknown",
    }
    for count in (1, 2):
        seen = re.findall('name="seen" value="([^"]*)"', page_of(alice, address))
        answers = [alice.post(address, body | {"seen": seen[0]}) for _ in range(2)]
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [
            (302, f"{LIST}{case.public_id}/")
        ] * 2
        with people.at_site():
            assert case.assessments.count() == count
    assert "This assessment is recorded." in page_of(alice, f"{LIST}{case.public_id}/")


def test_a_case_is_withdrawn_only_with_a_reason(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-1"]
    alice = as_person(people.alice)
    address = f"{LIST}{case.public_id}/withdraw/"
    assert alice.post(address, {"reason": "  "}).status_code == 422
    assert alice.post(address, {"reason": "entered twice"}).status_code == 302
    with people.at_site():
        assert Case.objects.get(pk=case.pk).state == "withdrawn"
    assert "P-par-1" not in page_of(alice, LIST).partition("<tbody>")[2]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("\0", "Remove control and direction-changing characters."),
        ("entered\u202etwice", "Remove control and direction-changing characters."),
        ("long " * 17, "Use at most 80 characters."),
        ("  ", "Say in a few words why the case is withdrawn."),
    ],
)
def test_a_reason_that_is_none_withdraws_nothing_and_stays_as_typed(
    reason: str, said: str, people: People, as_person: SignedIn
) -> None:
    case = entered(people)["P-par-1"]
    refused = as_person(people.alice).post(f"{LIST}{case.public_id}/withdraw/", {"reason": reason})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert said in page
    assert f'value="{reason}"' in page
    with people.at_site():
        assert Case.objects.get(pk=case.pk).state == "submitted"


def test_a_withdrawn_case_is_reinstated_on_its_page_only_with_a_reason_and_the_history_tells(
    people: People, as_person: SignedIn
) -> None:
    case = entered(people)["P-par-1"]
    alice, page = as_person(people.alice), f"{LIST}{case.public_id}/"
    address = f"{page}reinstate/"
    assert address not in page_of(alice, page)
    alice.post(f"{page}withdraw/", {"reason": "wrong patient"})
    assert address in page_of(alice, page)
    assert "wrong patient" in page_of(alice, address)
    refused = alice.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert "Say in a few words why the case is reinstated." in refused.content.decode()
    assert alice.post(address, {"reason": "right after all"}).status_code == 302
    now = page_of(alice, page)
    assert "counts again." in now
    assert address not in now
    history = now.partition('class="history"')[2]
    assert history.index("<strong>Reinstated</strong>") < history.index("<strong>Withdrawn</strong>")
    assert "right after all" in history
    with people.at_site():
        assert Case.objects.get(pk=case.pk).state == "submitted"


def test_a_reader_sees_and_changes_nothing_and_an_assessor_only_assesses(people: People, as_person: SignedIn) -> None:
    case = entered(people)["P-par-1"]
    rosa, arno = person("Rosa"), person("Arno")
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(rosa, site=people.site, role="read_only", **HAND)
        memberships.admit(arno, site=people.site, role="assessor", **HAND)
    reader, assessor = as_person(rosa), as_person(arno)
    page = page_of(reader, f"{LIST}{case.public_id}/")
    assert "Amend" not in page
    assert "New case" not in page_of(reader, LIST)
    for name in ("outcome", "assessment", "withdraw", "reinstate"):
        assert reader.get(f"{LIST}{case.public_id}/{name}/").status_code == 403
    assert assessor.get(LIST).status_code == 403
    assert assessor.get(f"{LIST}{case.public_id}/assessment/").status_code == 200
