"""The nightly call: an OR-log extract, as a file or as events, straight to the cases that wait."""

import json
from io import BytesIO
from typing import Any

import pytest

from registry.actions import sites, upload_turns, uploads
from registry.models import Case, Deployment, ProcedureTime, Upload
from registry.permissions import SCOPES
from tests.api.conftest import EXAMPLES, Caller, faults, issued, problem, signed_in, written
from tests.or_logs import HEADER, MAP, printed, row, times
from tests.people import HAND, People

PATH = "or-times:match"
IN = {"code": "patient_in_room", "at": "2022-01-31T07:05-05:00"}
OUT = {"code": "patient_out_of_room", "at": "2022-01-31T09:17-05:00"}
OPERATION = {"or_log_number": "77", "events": [IN, OUT]}
MAY = ("or_times:write", "uploads:write")


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Any) -> None:
    settings.STRATA_DATA = tmp_path


@pytest.fixture
def waiting(people):
    """A case that waits for the time of its operation, whose category it says itself."""
    with people.at_site():
        sites.set_procedure_map(people.site, MAP, **HAND)
        return printed(people, "77")


def csv(caller: Caller, content: str = HEADER + row()) -> Any:
    return caller.put(PATH, content.encode(), content_type="text/csv")


def lines(*operations: Any) -> bytes:
    return "\n".join(json.dumps(operation) for operation in operations).encode()


def read_out(response: Any, caller: Caller, people: People) -> dict[str, Any]:
    """The upload once it is read."""
    assert response.status_code == 202, response.content
    with people.at_site():
        upload = Upload.objects.get(public_id=response.json()["id"])
    upload_turns.work(upload)
    body: dict[str, Any] = caller.get(f"uploads/{response.json()['id']}").json()
    return body


def minutes_of(people: Any, case: Case) -> int | None:
    with people.at_site():
        return times(case).get(("in_room", "or_log"))


def test_a_log_is_accepted_with_the_address_of_its_state_and_goes_straight_to_the_cases(alice, people, waiting):
    response = csv(alice)
    assert response["Location"] == f"/api/v1/uploads/{response.json()['id']}"
    assert response["Retry-After"]
    assert (response.json()["kind"], response.json()["state"]) == ("or_log", "waiting")
    assert read_out(response, alice, people)["counts"] == {"completed": 1}
    assert minutes_of(people, waiting) == 132


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps([{**OPERATION, "procedure_code": "27130"}]).encode(), "application/json"),
        (lines({**OPERATION, "procedure_code": "27130", "source": "or_log"}), "application/x-ndjson"),
    ],
)
def test_events_become_minutes_however_they_are_sent(alice, people, waiting, body, kind):
    assert read_out(alice.put(PATH, body, content_type=kind), alice, people)["counts"] == {"completed": 1}
    assert minutes_of(people, waiting) == 132


def test_a_case_is_named_by_the_sites_own_id_too(alice, people):
    with people.at_site():
        sites.set_procedure_map(people.site, MAP, **HAND)
        case = printed(people, None)
    said = {"site_case_id": case.local_case_id, "procedure_code": "27130", "events": [IN, OUT]}
    assert read_out(alice.put(PATH, [said]), alice, people)["counts"] == {"completed": 1}
    assert minutes_of(people, case) == 132


def test_the_same_body_again_is_the_same_upload_while_it_waits_and_once_it_is_read(alice, people, waiting):
    first, again = csv(alice), csv(alice)
    read_out(first, alice, people)
    assert first.json()["id"] == again.json()["id"] == csv(alice).json()["id"]
    with people.at_site():
        assert Upload.objects.count() == 1
        assert len([*uploads.path_of("uploads").iterdir()]) == 0
    assert csv(alice, HEADER + row("78")).json()["id"] != first.json()["id"]


@pytest.mark.parametrize("state", ["failed", "cancelled", "held"])
def test_an_upload_that_came_to_nothing_is_no_answer_to_the_same_body(alice, people, state):
    first = csv(alice).json()["id"]
    with people.at_site():
        Upload.objects.update(state=state)
    assert csv(alice).json()["id"] != first


def test_a_log_of_another_site_is_another_upload(alice, charlie):
    assert csv(alice).json()["id"] != csv(charlie).json()["id"]


def test_a_log_is_read_as_its_columns_were_last_matched_and_makes_no_control(alice, people, waiting):
    header = HEADER.replace("Wheels In", "Von").replace("Wheels Out", "Bis")
    columns = {"encounter": "Encounter ID", "code": "CPT Code", "wheels_in": "Von", "wheels_out": "Bis"}
    options = {"columns": columns, "only_these": True, "controls_from": "2022-01", "controls_to": "2022-12"}
    with people.at_site():
        said = {"site": people.site, "by": people.alice, "via": "form"}
        held = uploads.hold("or_log", stream=BytesIO((header + row("1")).encode()), **said)
        uploads.match_log(held, options, by=people.alice, via="form")
    told = read_out(csv(alice, header + row() + row("78")), alice, people)
    assert told["counts"] == {"completed": 1, "unmatched": 1}
    with people.at_site():
        assert Case.objects.count() == 1


def test_only_waiting_cases_are_touched(alice, people, waiting):
    read_out(csv(alice), alice, people)
    assert read_out(csv(alice, HEADER + row(out="10:17")), alice, people)["counts"] == {"unchanged": 1}
    assert minutes_of(people, waiting) == 132


def test_a_row_that_cannot_be_believed_is_named_and_stops_no_other(alice, people, waiting):
    late = {"or_log_number": "78", "events": [{**IN, "at": OUT["at"]}, {**OUT, "at": IN["at"]}]}
    told = read_out(alice.put(PATH, [late, {**OPERATION, "procedure_code": "27130"}]), alice, people)
    assert told["counts"] == {"refused": 1, "completed": 1}
    assert [(each["row"], each["code"]) for each in told["problems"]] == [(2, "end-before-start")]


@pytest.mark.parametrize("scope", MAY)
def test_either_scope_is_enough_and_reads_the_state(people, waiting, scope):
    caller = Caller(issued(people.site, [scope]))
    assert read_out(csv(caller), caller, people)["counts"] == {"completed": 1}


def test_whoever_sends_or_times_sees_no_file_of_cases(alice, people):
    sent = alice.post("uploads?kind=cases", b"local_case_id\nX\n", content_type="text/csv").json()["id"]
    problem(Caller(issued(people.site, ["or_times:write"])).get(f"uploads/{sent}"), 404, "not-found")


def test_without_a_token_or_its_scope_nothing_is_taken(people):
    before = written(people)
    problem(csv(Caller(None)), 401, "not-signed-in")
    problem(csv(Caller("reg_live_nonsense")), 401, "token-broken")
    problem(csv(Caller(issued(people.site, [scope for scope in SCOPES if scope not in MAY]))), 403, "not-permitted")
    with people.at_site():
        assert written(people)["AuditEvent"] == before["AuditEvent"] + 1  # the token
        assert not Upload.objects.exists()


def test_a_person_names_their_site_and_no_other(people):
    problem(signed_in(people.charlie).put(f"{PATH}?site=ALPHA", b"x", content_type="text/csv"), 404, "not-found")
    problem(signed_in(people.alice).put(PATH, b"x", content_type="text/csv"), 400, "site-required")


def test_the_example_is_taken(alice, people):
    told = read_out(alice.put(PATH, (EXAMPLES / "or_times_match.json").read_bytes()), alice, people)
    assert told["counts"] == {"unmatched": 2}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"x": 1}, {("wrong-type", "")}),
        ([], {("wrong-type", "")}),
        ([7], {("wrong-type", "/0")}),
        ([{"events": [IN, OUT]}], {("required", "/0/or_log_number")}),
        ([OPERATION, {"or_log_number": "78"}], {("wrong-type", "/1/events")}),
        ([{**OPERATION, "or_log_number": [1]}], {("wrong-type", "/0/or_log_number")}),
        ([{**OPERATION, "name": "x"}], {("unknown-field", "/0/name")}),
        ([{**OPERATION, "source": "recall"}], {("not-a-choice", "/0/source")}),
        ([{**OPERATION, "events": [IN, {**OUT, "code": "anesthesia_end"}]}], {("not-a-choice", "/0/events/1/code")}),
        ([{**OPERATION, "events": [IN, {**OUT, "at": "09:17"}]}], {("bad-time", "/0/events/1/at")}),
    ],
)
def test_events_that_cannot_be_are_refused_with_their_places_and_nothing_is_kept(alice, people, body, found):
    response = alice.put(PATH, body)
    problem(response, 422, "invalid-report")
    assert faults(response) == found
    with people.at_site():
        assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"", "text/csv", 400, "empty-body"),
        (b"", "application/x-ndjson", 400, "empty-body"),
        (b"\n \n", "application/x-ndjson", 400, "empty-body"),
        (b'{"a": 1}\n{"a"', "application/x-ndjson", 400, "malformed-json"),
        (b"x", "image/png", 415, "unsupported-media-type"),
        (b"a,b", "text/csv; charset=latin-1", 415, "unsupported-media-type"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(alice, body, kind, status, code):
    problem(alice.put(PATH, body, content_type=kind), status, code)


def test_a_file_that_is_no_log_is_taken_and_told_of_by_its_state(alice, people):
    told = read_out(csv(alice, "a,b\n1,2\n"), alice, people)
    assert (told["state"], told["problems"][0]["code"]) == ("failed", "column-missing")


def test_in_safe_harbor_mode_no_log_is_taken(alice, people):
    with people.at_site():
        Deployment.objects.update(privacy_mode="safe_harbor")
    problem(csv(alice), 422, "invalid-report")
    with people.at_site():
        assert not ProcedureTime.objects.exists()
