"""The case form: sections saved as they were typed, checked as a whole, submitted as a report like any other."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.actions import cases, memberships
from registry.intake import flat
from registry.intake.restate import PREFETCH, report_of
from registry.models import Case, Draft
from registry.models.scope import acting_for
from registry.web.case_form import PRINTED, rows_of
from registry.web.judged import COMPLETE, NEEDS_YOU, judged
from tests.people import HAND, People, equipped_for_the_example, person
from tests.reports.registry import FASTER, control, submitted
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
EXAMPLE = json.loads((Path(__file__).parents[1] / "examples" / "case.json").read_text())
LISTED = {"intended_uses", "ordering_services", "print_1_materials"}


@pytest.fixture
def equipped(people: People) -> People:
    """Alice's site has the printer and the material of the example."""
    equipped_for_the_example(people.site)
    return people


def begun(client: Client, kind: str = "print") -> str:
    """The address of a new draft, without its section."""
    answer = client.post("/s/ALPHA/cases/new/", {"kind": kind})
    assert answer.status_code == 302
    return str(answer["Location"]).rsplit("/", 2)[0] + "/"


def draft_of(people: People) -> Draft:
    with people.at_site():
        found = Draft.objects.order_by("-id").first()
    assert found is not None
    return found


def post(client: Client, people: People, section: str, texts: dict[str, str], **more: str) -> Any:
    draft = draft_of(people)
    body: dict[str, Any] = {name: text.split("; ") if name in LISTED else text for name, text in texts.items()}
    address = f"/s/ALPHA/drafts/{draft.public_id}/{section}/"
    return client.post(address, {**body, "version": str(draft.version), **more})


def filled(client: Client, people: People, report: dict[str, Any]) -> None:
    """Every section says what the report says."""
    said = flat.said_of(report)
    for section in PRINTED:
        names = set(section.names(rows_of(said)))
        assert post(client, people, section.key, {n: t for n, t in said.items() if n in names}).status_code == 302


def recorded(people: People) -> dict[str, Any]:
    with people.at_site():
        report = json.loads(json.dumps(report_of(Case.objects.prefetch_related(*PREFETCH).get())))
    for time in report["procedure"]["times"]:
        del time["confirmed"]
    return dict(report)


def test_the_example_typed_into_the_form_is_the_example(equipped: People, as_person: SignedIn) -> None:
    alice = as_person(equipped.alice)
    address = begun(alice)
    filled(alice, equipped, EXAMPLE)
    page = alice.get(f"{address}check/").content.decode()
    assert "Nothing is missing." in page
    answer = alice.post(f"{address}check/")
    assert answer.status_code == 302
    assert recorded(equipped) == EXAMPLE
    assert "Case EXAMPLE-001 submitted." in alice.get(answer["Location"]).content.decode()
    with equipped.at_site():
        assert not Draft.objects.exists()


def test_what_cannot_be_believed_is_kept_and_said_at_its_field(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    page = alice.get(f"{address}case/").content.decode()
    assert "error-summary" not in page
    assert "Not started" in page
    answer = post(alice, people, "case", {"local_case_id": "A 1", "age_years": "135", "sex": "unknown"}, go="stay")
    page = alice.get(answer["Location"]).content.decode()
    assert 'value="135"' in page
    assert "Write ages over 89 as 90+." in page
    assert "null" not in page
    assert "Needs you" in page
    refused = alice.post(f"{address}check/")
    assert refused.status_code == 422
    with people.at_site():
        assert not Case.objects.exists()
        assert Draft.objects.get().data["age_years"] == "135"


def test_three_values_stay_three_in_the_form(equipped: People, as_person: SignedIn) -> None:
    alice = as_person(equipped.alice)
    begun(alice)
    effort = {
        "effort_cad_clinician": "0",
        "effort_cad_non_clinician": "unknown",
        "effort_consultation_clinician": "2:30",
    }
    post(alice, equipped, "effort", effort)
    report = flat.read(draft_of(equipped).data).data
    said = {(row["activity"], row["staff"]): row["minutes"] for row in report["effort"]}
    assert said == {("cad", "clinician"): 0, ("cad", "non_clinician"): None, ("consultation", "clinician"): 150}


def test_a_row_is_added_and_removed_without_script(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    begun(alice)
    texts = {"part_1_region": "head", "part_2_region": "neck", "part_3_region": "chest"}
    answer = post(alice, people, "model", texts, add="parts")
    assert answer["Location"].endswith("/model/?more=parts#list-parts")
    assert 'name="part_4_region"' in alice.get(answer["Location"]).content.decode()
    post(alice, people, "model", texts, remove="parts:2")
    kept = {name: text for name, text in draft_of(people).data.items() if name.startswith("part")}
    assert kept == {"part_1_region": "head", "part_2_region": "chest"}


@pytest.mark.parametrize(("remove", "parts"), [("parts:" + "9" * 5000, ""), ("parts:1", "1" * 5000), ("parts:²", "²")])
def test_a_number_that_no_row_bears_removes_nothing_and_stays_as_typed(
    remove: str, parts: str, people: People, as_person: SignedIn
) -> None:
    alice = as_person(people.alice)
    begun(alice)
    texts = {"part_1_region": "head", "part_2_region": "neck", "print_1_parts": parts}
    assert post(alice, people, "model", texts, remove=remove).status_code == 302
    assert draft_of(people).data.get("print_1_parts", "") == parts[:4000]


def test_what_is_emptied_is_gone_and_other_sections_stay(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    begun(alice)
    post(alice, people, "case", {"local_case_id": "A1", "intended_uses": "preop_planning"})
    post(alice, people, "effort", {"effort_cad_clinician": "5"})
    post(alice, people, "case", {"local_case_id": "A2"})
    data = draft_of(people).data
    assert (data["local_case_id"], "intended_uses" in data, data["effort_cad_clinician"]) == ("A2", False, "5")


@pytest.mark.parametrize("htmx", [False, True])
def test_a_draft_changed_elsewhere_is_not_overwritten(htmx: bool, people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    post(alice, people, "case", {"local_case_id": "HERE"})
    headers = {"HX-Request": "true"} if htmx else {}
    stale = alice.post(f"{address}case/", {"local_case_id": "THERE", "version": "1"}, headers=headers)
    assert stale.status_code == 409
    assert ("HERE" in stale.content.decode()) is not htmx
    assert draft_of(people).data["local_case_id"] == "HERE"


def test_typing_saves_by_itself_and_tells_the_version(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    body = {"local_case_id": "A1", "version": "1"}
    answer = alice.post(f"{address}case/", body, headers={"HX-Request": "true"})
    assert "Draft saved" in answer.content.decode()
    assert 'value="2" hx-swap-oob="true"' in answer.content.decode()


def test_what_saved_itself_is_in_progress_and_nobody_is_told_off_yet(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    body = {"age_years": "135", "version": "1"}
    assert alice.post(f"{address}case/", body, headers={"HX-Request": "true"}).status_code == 200
    page = alice.get(f"{address}case/").content.decode()
    assert 'value="135"' in page
    assert "In progress" in page
    assert "error-summary" not in page
    assert "error-summary" in alice.get(f"{address}case/?problems=1").content.decode()


def test_a_section_gone_through_with_nothing_in_it_is_not_called_complete(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    post(alice, people, "assessment", {"assessment_1_respondent_role": ""})
    post(alice, people, "effort", {"effort_cad_clinician": "0"})
    page = alice.get(f"{address}case/").content.decode()
    assert "1 of 5 sections complete" in page
    assert (page.count("Completed"), page.count("Nothing entered")) == (1, 1)


def test_an_id_that_is_taken_is_told_before_the_case_is_submitted(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [control(1, "tka", 120)])
    with people.at_site():
        taken = Case.objects.get()
    alice = as_person(people.alice)
    address = begun(alice, "control")
    post(alice, people, "control", {"local_case_id": taken.local_case_id, "procedure_performed_month": "2026-03"})
    told = "A case with this id is recorded already."
    assert told in alice.get(f"{address}check/").content.decode()
    assert told in alice.get(f"{address}control/").content.decode()
    amending = alice.post(f"/s/ALPHA/cases/{taken.public_id}/amend/")["Location"].replace("control/", "check/")
    assert "Nothing is missing." in alice.get(amending).content.decode()


def test_the_id_of_a_withdrawn_case_is_told_to_be_reinstated(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [control(1, "tka", 120)])
    with people.at_site():
        taken = cases.withdraw(Case.objects.get(), reason="wrong patient", by=people.alice, via="form")
    alice = as_person(people.alice)
    address = begun(alice, "control")
    post(alice, people, "control", {"local_case_id": taken.local_case_id, "procedure_performed_month": "2026-03"})
    assert "reinstate it on its page, with a reason." in alice.get(f"{address}check/").content.decode()


def test_a_statement_that_is_missing_is_told_once(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    post(alice, people, "case", {"object_kind": "both", "exclusions_attested": ""})
    assert alice.get(f"{address}check/").content.decode().count("#id_exclusions_attested") == 1
    post(alice, people, "case", {"object_kind": "both", "exclusions_attested": "unknown"})
    assert alice.get(f"{address}check/").content.decode().count("#id_exclusions_attested") == 1


def test_nobody_is_in_conflict_with_what_saved_itself_a_moment_ago(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    body = {"local_case_id": "A1", "version": "1"}
    alice.post(f"{address}case/", body, headers={"HX-Request": "true"})
    assert alice.post(f"{address}case/", {**body, "go": "on"})["Location"] == f"{address}model/"


def test_both_values_stand_side_by_side_in_words_and_either_can_be_kept(people: People, as_person: SignedIn) -> None:
    alice, bob = as_person(people.alice), as_person(people.bob)
    address = begun(alice)
    post(bob, people, "case", {"sex": "female"})
    stale = alice.post(f"{address}case/", {"sex": "male", "version": "1"})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert '<th scope="row">Sex</th><td>Male</td><td>Female</td>' in page
    version = str(draft_of(people).version)
    assert f'name="version" value="{version}"' in page
    assert alice.post(f"{address}case/", {"sex": "male", "version": version, "go": "stay"}).status_code == 302
    assert draft_of(people).data["sex"] == "male"


def test_prints_name_parts_by_their_new_numbers_once_a_part_is_gone(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    begun(alice)
    texts = {"part_1_region": "head", "part_2_region": "neck", "part_3_region": "chest", "print_1_parts": "1; 2; 3"}
    post(alice, people, "model", texts, remove="parts:2")
    assert draft_of(people).data["print_1_parts"] == "1; 2"
    assert draft_of(people).data["part_2_region"] == "chest"


def test_an_empty_row_between_times_is_closed_up_by_a_button_alone(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    body = {"time_1_clock": "", "time_2_clock": "in_room", "version": "1"}
    alice.post(f"{address}outcome/", body, headers={"HX-Request": "true"})
    assert draft_of(people).data == {"time_2_clock": "in_room"}
    post(alice, people, "outcome", {"time_1_clock": "", "time_2_clock": "in_room"})
    assert draft_of(people).data["time_1_clock"] == "in_room"


def test_problems_stand_in_the_order_of_the_form_with_a_link_to_their_input(
    people: People, as_person: SignedIn
) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    page = alice.get(f"{address}check/").content.decode()
    links = ("#id_local_case_id", "#id_order_month", "#id_sex", "#id_ordering_services_0", "#id_intended_uses_0")
    places = [page.index(link) for link in links]
    assert places == sorted(places)


def test_the_return_key_goes_on_and_removes_no_row(people: People, as_person: SignedIn) -> None:
    page = (alice := as_person(people.alice)).get(f"{begun(alice)}model/").content.decode()
    form = page.partition('class="section-form"')[2]
    assert form.index('name="go" value="on"') < form.index('name="remove"')


def test_what_every_case_must_say_is_marked_before_anything_is_saved(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    page = alice.get(f"{begun(alice)}case/").content.decode()
    assert page.count('<span class="must">required</span>') == len(Case.REQUIRED)
    assert 'for="id_order_month">Month of the order <span class="must">required</span></label>' in page


def test_a_control_has_one_section(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice, "control")
    texts = {
        "local_case_id": "C1", "procedure_performed_month": "2026-03", "procedure_category": "tka",
        "time_1_clock": "in_room", "time_1_from": "08:14", "time_1_to": "10:31", "time_1_source": "or_log",
    }  # fmt: skip
    assert post(alice, people, "control", texts)["Location"].endswith("/check/")
    assert alice.post(f"{address}check/").status_code == 302
    assert recorded(people)["procedure"]["times"][0]["minutes"] == 137


def test_an_amendment_begins_with_what_is_recorded_and_is_refused_when_that_changed(
    equipped: People, as_person: SignedIn
) -> None:
    alice = as_person(equipped.alice)
    address = begun(alice)
    filled(alice, equipped, EXAMPLE)
    case = alice.post(f"{address}check/")["Location"]
    for expected in (302, 409):
        first = alice.post(f"{case}amend/")["Location"]
        assert 'value="EXAMPLE-001"' in alice.get(first).content.decode()
        said = {name: text for name, text in draft_of(equipped).data.items() if PRINTED[0].has(name)}
        post(alice, equipped, "case", {**said, "local_case_id": "OTHER", "age_years": "35"})
        if expected == 409:
            with equipped.at_site():
                cases.amend(Case.objects.get(), {"age_years": 36}, by=equipped.bob, via="rest")
        answer = alice.post(f"/s/ALPHA/drafts/{draft_of(equipped).public_id}/check/")
        assert answer.status_code == expected
    page = answer.content.decode()
    assert "This case was changed since you began to amend it." in page
    assert '<th scope="row">Age in years</th><td>36</td><td>35</td>' in page
    assert "Begin again from the case as it is now" in page
    assert recorded(equipped) == {**EXAMPLE, "age_years": 36}


def test_whoever_amends_sees_what_changes_and_may_say_why(equipped: People, as_person: SignedIn) -> None:
    alice = as_person(equipped.alice)
    address = begun(alice)
    filled(alice, equipped, EXAMPLE)
    case = alice.post(f"{address}check/")["Location"]
    address = alice.post(f"{case}amend/")["Location"].removesuffix("case/")
    assert "Nothing changes." in alice.get(f"{address}check/").content.decode()
    said = {name: text for name, text in draft_of(equipped).data.items() if PRINTED[0].has(name)}
    post(alice, equipped, "case", {**said, "age_years": "35"})
    page = alice.get(f"{address}check/").content.decode()
    assert '<th scope="row">Age in years</th><td>34</td><td>35</td>' in page
    assert page.index("What changes") < page.index("What it says")
    for reason in ("\0", "Read\u202eagain", "x" * 201):
        answer = alice.post(f"{address}check/", {"reason": reason})
        assert answer.status_code == 422
        assert 'aria-describedby="reason-hint reason-error"' in answer.content.decode()
    alice.post(f"{address}check/", {"reason": "Read from the order again"})
    assert "Read from the order again" in alice.get(case).content.decode()


def test_an_amendment_that_says_what_is_recorded_in_other_words_changes_nothing(
    equipped: People, as_person: SignedIn
) -> None:
    alice = as_person(equipped.alice)
    address = begun(alice)
    filled(alice, equipped, EXAMPLE)
    case = alice.post(f"{address}check/")["Location"]
    address = alice.post(f"{case}amend/")["Location"].removesuffix("case/")
    said = {name: text for name, text in draft_of(equipped).data.items() if PRINTED[1].has(name)}
    post(alice, equipped, "model", {**said, "print_1_print_hours": "7:30"})
    assert "Nothing changes." in alice.get(f"{address}check/").content.decode()
    answer = alice.post(f"{address}check/")
    assert "Nothing was changed." in alice.get(answer["Location"]).content.decode()


def test_amending_twice_goes_on_with_the_one_draft(people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [control(1, "tka", 120)])
    with people.at_site():
        case = Case.objects.get()
    first, again = (
        as_person(who).post(f"/s/ALPHA/cases/{case.public_id}/amend/")["Location"] for who in (people.alice, people.bob)
    )
    assert first == again


def test_another_person_of_the_site_may_go_on_and_a_reader_may_not(people: People, as_person: SignedIn) -> None:
    address = begun(as_person(people.alice))
    assert as_person(people.bob).get(f"{address}case/").status_code == 200
    reader = person("Rosa")
    with acting_for(sites=[people.site.pk], administrator=True):
        memberships.admit(reader, site=people.site, role="read_only", **HAND)
    assert as_person(reader).get(f"{address}case/").status_code == 403
    assert as_person(people.charlie).get(f"{address}case/").status_code == 404


def test_a_discarded_draft_is_gone(people: People, as_person: SignedIn) -> None:
    alice = as_person(people.alice)
    address = begun(alice)
    assert alice.post(f"{address}discard/").status_code == 302
    assert alice.get(f"{address}case/").status_code == 404


def test_a_section_that_is_only_warned_of_is_completed(equipped: People, as_person: SignedIn) -> None:
    submitted(equipped.site, equipped.alice, [control(number, FASTER, 190 + number) for number in range(20)])
    alice = as_person(equipped.alice)
    begun(alice)
    said = {"procedure_performed_month": "2026-03", "procedure_category": FASTER, "time_1_clock": "in_room"}
    for minutes, state in (("12", COMPLETE), ("2", NEEDS_YOU)):
        post(alice, equipped, "outcome", {**said, "time_1_minutes": minutes, "time_1_source": "or_log"})
        with equipped.at_site():
            verdict = judged(draft_of(equipped), equipped.site)
        assert {task.section.key: task.state for task in verdict.tasks}["outcome"] == state
