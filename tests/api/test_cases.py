"""Cases by REST: submit, replay, replace, read, list, check without writing, withdraw, reinstate."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Case
from tests.api.conftest import Caller, faults, issued, problem, signed_in, written


def test_a_case_is_created_with_its_address_and_etag(alice, people, example):
    response = alice.post("cases", example)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert answer["id"].startswith("cas_")
    assert answer["revision"] == 1
    assert response["ETag"] == '"1"'
    assert response["Location"] == f"/api/v1/cases/{answer['id']}"
    assert alice.get(f"cases/{answer['id']}").status_code == 200


def test_the_same_case_again_changes_nothing(alice, people, example):
    first = alice.post("cases", example).json()
    before = written(people)["Case"]
    again = alice.post("cases", example)
    assert again.status_code == 200
    assert (again.json()["id"], again.json()["revision"]) == (first["id"], 1)
    assert written(people)["Case"] == before


def test_other_content_under_a_known_local_id_is_a_conflict(alice, people, example):
    case = alice.post("cases", example).json()["id"]
    before = written(people)
    example["complexity"] = "complex"
    problem(alice.post("cases", example), 409, "case-exists")
    assert written(people) == before
    assert alice.get(f"cases/{case}").json()["complexity"] == "intermediate"


@pytest.mark.parametrize("which", ["example", "control"])
def test_what_is_read_can_be_sent_back_unchanged(alice, which, request):
    report = request.getfixturevalue(which)
    case = alice.post("cases", report).json()["id"]
    read = alice.get(f"cases/{case}").json()
    back = alice.put(f"cases/by-local-id/{report['local_case_id']}", read)
    assert back.status_code == 200, back.content
    assert back.json()["revision"] == 1
    assert alice.get(f"cases/{case}").json() == read


def test_a_case_goes_out_in_the_shape_it_came_in(alice, example):
    case = alice.post("cases", example).json()["id"]
    read = alice.get(f"cases/{case}").json()
    added = read.pop("registry")
    assert added["id"] == case
    assert added["state"] == "submitted"
    for time in example["procedure"]["times"]:
        time["confirmed"] = False
    read["procedure"]["times"].sort(key=lambda time: time["minutes"], reverse=True)
    assert read == example


def test_put_creates_then_amends_then_does_nothing(alice, example):
    address = f"cases/by-local-id/{example['local_case_id']}"
    created = alice.put(address, example)
    assert created.status_code == 201, created.content
    example["complexity"] = "basic" if example["complexity"] != "basic" else "complex"
    amended = alice.put(address, example)
    assert (amended.status_code, amended.json()["revision"]) == (200, 2)
    assert alice.get(address).json()["complexity"] == example["complexity"]
    same = alice.put(address, example)
    assert (same.status_code, same.json()["revision"]) == (200, 2)


def test_put_takes_away_what_is_not_said_any_more(alice, example):
    address = f"cases/by-local-id/{example['local_case_id']}"
    alice.put(address, example)
    del example["complexity"]
    del example["prints"][0]["qa_result"]
    assert alice.put(address, example).json()["revision"] == 2
    read = alice.get(address).json()
    assert "complexity" not in read
    assert "qa_result" not in read["prints"][0]
    assert alice.put(address, read).json()["revision"] == 2


def test_the_address_says_the_local_id_when_the_body_does_not(alice, control):
    del control["local_case_id"]
    response = alice.put("cases/by-local-id/C-77", control)
    assert response.status_code == 201
    assert alice.get("cases/by-local-id/C-77").json()["local_case_id"] == "C-77"


def test_another_local_id_in_the_body_than_in_the_address_is_refused(alice, people, control):
    before = written(people)
    response = alice.put("cases/by-local-id/C-77", control)
    problem(response, 422, "invalid-report")
    assert faults(response) == {("id-differs", "/local_case_id")}
    assert written(people) == before


def test_if_match_refuses_a_case_that_changed_meanwhile(alice, control):
    address = f"cases/by-local-id/{control['local_case_id']}"
    alice.put(address, control)
    control["complexity"] = "basic"
    assert alice.put(address, control, if_match='"1"').json()["revision"] == 2
    control["complexity"] = "complex"
    problem(alice.put(address, control, if_match='"1"'), 412, "revision-changed")
    problem(alice.put(address, control, if_match="1"), 400, "bad-header")
    problem(
        alice.put("cases/by-local-id/NEW-1", {**control, "local_case_id": "NEW-1"}, if_match="*"),
        412,
        "revision-changed",
    )
    assert alice.get(address).json()["complexity"] == "basic"


def test_checking_a_case_writes_nothing(alice, people, example):
    before = written(people)
    assert alice.post("cases:validate", example).json() == {"valid": True, "errors": [], "warnings": []}
    example["age_years"] = 93
    example["codes"][1]["units"] = 3
    response = alice.post("cases:validate", example)
    assert response.status_code == 200
    verdict = response.json()
    assert verdict["valid"] is False
    assert [(error["code"], error["pointer"]) for error in verdict["errors"]] == [("age-over-89", "/age_years")]
    assert ("units-differ", "/codes/1/units") in {(found["code"], found["pointer"]) for found in verdict["warnings"]}
    assert written(people) == before


def test_a_warning_is_told_and_does_not_refuse(alice, example):
    example["codes"][1]["units"] = 3
    response = alice.post("cases", example)
    assert response.status_code == 201
    assert ("units-differ", "/codes/1/units") in {
        (found["code"], found["pointer"]) for found in response.json()["warnings"]
    }


def test_withdrawing_takes_a_reason_and_may_be_repeated(alice, control):
    case = alice.post("cases", control).json()["id"]
    problem(alice.post(f"cases/{case}/withdraw", {}), 422, "invalid-report")
    first = alice.post(f"cases/{case}/withdraw", {"reason": "entered twice"})
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert alice.post(f"cases/{case}/withdraw", {"reason": "entered twice"}).json()["revision"] == 2
    assert alice.get(f"cases/{case}").json()["registry"]["state"] == "withdrawn"


def test_a_withdrawn_case_sent_again_is_409_and_writes_nothing(alice, people, control):
    case = alice.post("cases", control).json()["id"]
    alice.post(f"cases/{case}/withdraw", {"reason": "wrong patient"})
    before = written(people)
    address = f"cases/by-local-id/{control['local_case_id']}"
    for answer in (alice.post("cases", control), alice.put(address, control)):
        assert "reinstate it with a reason" in problem(answer, 409, "case-withdrawn")["detail"]
    assert written(people) == before
    assert alice.get(f"cases/{case}").json()["registry"]["state"] == "withdrawn"


def test_reinstating_takes_a_reason_and_may_be_repeated(alice, control):
    case = alice.post("cases", control).json()["id"]
    alice.post(f"cases/{case}/withdraw", {"reason": "wrong patient"})
    problem(alice.post(f"cases/{case}/reinstate", {}), 422, "invalid-report")
    for _ in range(2):
        answer = alice.post(f"cases/{case}/reinstate", {"reason": "withdrawn by mistake"})
        assert (answer.status_code, answer.json()["revision"]) == (200, 3)
    assert alice.get(f"cases/{case}").json()["registry"]["state"] == "submitted"
    assert alice.post("cases", control).status_code == 200


def test_the_list_walks_every_case_once_while_others_are_added(alice, control):
    ids = [alice.post("cases", {**control, "local_case_id": f"C-{number}"}).json()["id"] for number in range(5)]
    seen, address, pages = [], "cases?limit=2", 0
    while address:
        response = alice.get(address)
        body = response.json()
        seen += [row["registry"]["id"] for row in body["data"]]
        alice.post("cases", {**control, "local_case_id": f"LATE-{pages}"})
        pages += 1
        address = body["next"] and body["next"].removeprefix("/api/v1/")
        assert ("Link" in response) == bool(address)
    assert seen == ids[::-1]
    assert pages == 3


def test_the_list_is_filtered(alice, control, example):
    alice.post("cases", control)
    case = alice.post("cases", example).json()["id"]
    found = alice.get("cases?object_kind=both&state=submitted").json()["data"]
    assert [row["registry"]["id"] for row in found] == [case]
    assert len(alice.get(f"cases?local_case_id={control['local_case_id']}").json()["data"]) == 1
    assert alice.get("cases?local_case_id=none%00such").json()["data"] == []


QUERIES = (
    "limit=0 limit=201 limit=-1 limit=x limit=%D9%A5 limit=1&limit=2 cursor=cas_0000000000000000 cursor=1%00 state=gone "
    "object_kind=x%00 order=name;select site=CHARLIE %00=1 offset=10000000000000000000000000"
).split()


@pytest.mark.parametrize("query", QUERIES)
def test_a_parameter_that_is_not_understood_is_refused(alice, query):
    response = alice.get(f"cases?{query}")
    assert response.status_code == 400, response.content
    assert response.json()["type"] in ("/problems/unknown-parameter", "/problems/bad-parameter")
    assert response.json()["errors"]


def test_a_person_names_the_site(people, control):
    caller = signed_in(people.alice)
    problem(caller.get("cases"), 400, "site-required")
    assert caller.post(f"cases?site={people.site.code}", control).status_code == 201
    assert len(caller.get(f"cases?site={people.site.code}").json()["data"]) == 1
    problem(caller.get(f"cases?site={people.other.code}"), 404, "not-found")
    problem(caller.get("cases?site=NOWHERE%00"), 400, "bad-parameter")


def test_a_registry_administrator_reads_no_site_s_cases(people):
    problem(signed_in(people.dana).get(f"cases?site={people.site.code}"), 403, "not-permitted")


def test_a_token_does_only_what_its_scopes_say(people, control):
    reader = Caller(issued(people.site, ["cases:read"]))
    before = written(people)
    problem(reader.post("cases", control), 403, "not-permitted")
    problem(reader.post("cases:validate", control), 403, "not-permitted")
    assert written(people) == before
    assert reader.get("cases").status_code == 200


def test_a_key_sent_twice_acts_once(alice, people, control):
    first = alice.post("cases", control, idempotency_key="k-1")
    again = alice.post("cases", json.dumps(control, indent=3).encode(), idempotency_key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert again.json() == first.json()
    problem(alice.post("cases", {**control, "local_case_id": "OTHER"}, idempotency_key="k-1"), 422, "key-reused")
    with people.at_site():
        assert Case.objects.count() == 1


def test_a_refused_request_leaves_its_key_unused(alice, control):
    problem(alice.post("cases", {**control, "object_kind": "x"}, idempotency_key="k-2"), 422, "invalid-report")
    assert alice.post("cases", control, idempotency_key="k-2").status_code == 201


@pytest.mark.parametrize("key", ["", "with space", "é", "x" * 256])
def test_a_key_that_is_none_is_refused(alice, people, control, key):
    before = written(people)
    problem(alice.post("cases", control, idempotency_key=key), 400, "bad-header")
    assert written(people) == before


def queries(act, status):
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == status
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_children_or_cases(alice, example):
    small = {**example, "local_case_id": "SMALL", "parts": example["parts"][:1], "imaging": example["imaging"][:1]}
    small["codes"] = example["codes"][:1] + example["codes"][2:3]
    small["guides"] = [{**example["guides"][0], "count": 1}]
    small["prints"] = [{**example["prints"][0], "parts": [1]}]
    large = {**example, "local_case_id": "LARGE", "prints": [{**example["prints"][0], "copies": n} for n in (1, 2, 3)]}
    large["parts"] = example["parts"] + example["parts"][:1]
    alice.get("cases")  # the first use of a token in a day is noted
    one, three = (queries(lambda report=report: alice.post("cases", report), 201) for report in (small, large))
    assert one == three <= 40
    rows = alice.get("cases").json()["data"]
    one, three = (queries(lambda row=row: alice.get(f"cases/{row['registry']['id']}"), 200) for row in rows)
    assert one == three <= 24
    listed = queries(lambda: alice.get("cases"), 200)
    for number in range(3):
        alice.post("cases", {**large, "local_case_id": f"L-{number}"})
    assert queries(lambda: alice.get("cases"), 200) == listed <= 24


def test_head_takes_what_get_takes_and_answers_without_a_body(alice, control):
    alice.post("cases", control)
    asked = alice.send("HEAD", "cases?limit=1&state=submitted")
    assert (asked.status_code, asked.content) == (200, b"")
    problem_of_head = alice.send("HEAD", "cases?colour=red")
    assert problem_of_head.status_code == 400


@pytest.mark.parametrize("name", ["A%00", "%00", "A%0A", "with%20space", "x" * 33])
def test_an_address_that_no_case_can_have_is_404(alice, name):
    for method in ("GET", "PUT"):
        problem(alice.send(method, f"cases/by-local-id/{name}", {}), 404, "not-found")
