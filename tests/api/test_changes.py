"""Changes that others may have overtaken, times that stay, and refusals that say one thing once."""

import pytest

from tests.api.conftest import Caller, faults, problem, written

TIME = {"clock": "anaesthesia", "minutes": 340, "source": "ehr"}
ANSWERS = {
    "respondent_role": "surgeon",
    "q1_easy": 5,
    "q2_compatible": 4,
    "q3_plan_changed": 4,
    "q4_important": 5,
    "q5_quality": 5,
}


@pytest.mark.parametrize(
    ("method", "act", "body"),
    [
        ("PUT", "procedure", {"procedure": {"approach": "open"}}),
        ("POST", "or-times", TIME),
        ("POST", "assessments", ANSWERS),
        ("POST", "withdraw", {"reason": "Entered twice"}),
        ("POST", "reinstate", {"reason": "Withdrawn by mistake"}),
    ],
)
def test_a_change_meant_for_another_revision_is_412_and_writes_nothing(people, alice, example, method, act, body):
    case = alice.post("cases", example).json()["id"]
    before = written(people)
    problem(alice.send(method, f"cases/{case}/{act}", body, if_match='"7"'), 412, "revision-changed")
    problem(alice.send(method, f"cases/{case}/{act}", body, if_match="7"), 400, "bad-header")
    assert written(people) == before
    assert alice.send(method, f"cases/{case}/{act}", body, if_match='"1"').status_code == 200


def test_a_replayed_answer_is_given_although_the_case_has_moved_on(alice, example):
    case = alice.post("cases", example).json()["id"]
    headers = {"if_match": '"1"', "idempotency_key": "k1"}
    first = alice.post(f"cases/{case}/or-times", TIME, **headers)
    again = alice.post(f"cases/{case}/or-times", TIME, **headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotency-Replayed"] == "true"


def test_a_known_case_with_other_content_is_told_where_to_put_it(alice, control):
    alice.post("cases", control)
    control["procedure"]["times"][0]["minutes"] = 99
    said = problem(alice.post("cases", control), 409, "case-exists")
    assert "/api/v1/cases/by-local-id/<your case id>" in said["detail"]
    assert control["local_case_id"] not in said["detail"]


def test_recorded_times_that_a_replacement_does_not_send_stay_and_it_says_so(alice, example):
    address = "cases/by-local-id/EXAMPLE-001"
    assert "times-kept" not in codes_of(alice.put(address, example))
    example["procedure"]["times"].pop()
    assert "times-kept" in codes_of(alice.put(address, example))
    del example["procedure"]
    assert "times-kept" in codes_of(alice.put(address, example))
    whole = alice.get(address).json()
    assert len(whole["procedure"]["times"]) == 2
    assert "times-kept" not in codes_of(alice.put(address, whole))


def codes_of(answer):
    assert answer.status_code in (200, 201), answer.content
    return [warning["code"] for warning in answer.json()["warnings"]]


def test_a_category_that_is_none_is_one_problem_and_names_the_vocabulary(alice, control):
    control["procedure"]["category"] = "nonsense"
    response = alice.post("cases", control)
    assert faults(response) == {("not-a-choice", "/procedure/category")}
    assert "which the vocabulary lists" in response.json()["errors"][0]["detail"]
    del control["procedure"]["category"]
    assert faults(alice.post("cases", control)) == {("unmapped-code", "/procedure/category")}


def test_a_missing_kind_names_the_choices(alice):
    upload = alice.post("uploads", b"x", content_type="text/csv")
    assert "or_log" in upload.json()["errors"][0]["detail"]
    export = alice.post("exports", {"x": 1}).json()["errors"]
    assert [(error["pointer"], error["code"]) for error in export] == [
        ("/kind", "required"),
        ("/format", "required"),
        ("/x", "unknown-field"),
    ]
    assert "registry_report, cases" in export[0]["detail"]


def test_an_unknown_field_of_a_form_is_named(alice):
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\nx\r\n'
    body = (part.format("colour") + part.format("Jane Doe") + "--b--\r\n").encode()
    response = alice.post("uploads", body, content_type="multipart/form-data; boundary=b")
    assert {("unknown-field", "/colour"), ("unknown-field", "")} <= faults(response)
    assert b"Jane" not in response.content


def test_another_scheme_is_told_to_be_bearer(alice):
    said = problem(Caller(None).get("cases", authorization=f"Token {alice.token}"), 401, "token-broken")
    assert "must be Bearer" in said["detail"]
