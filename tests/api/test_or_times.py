"""OR times by minutes or by events, procedures and assessments."""

import pytest

from api.or_times import read_times
from tests.api.conftest import EXAMPLES, Caller, faults, issued, problem, written

IN = {"code": "patient_in_room", "at": "2026-03-02T08:14-05:00"}
OUT = {"code": "patient_out_of_room", "at": "2026-03-02T10:31-05:00"}


@pytest.fixture
def waiting(alice, example):
    """The id of a case whose operation is not recorded yet."""
    del example["procedure"], example["assessments"]
    return alice.post("cases", example).json()["id"]


def times_of(caller, case):
    return caller.get(f"cases/{case}").json()["procedure"]["times"]


def test_events_become_minutes_and_are_dropped(alice, waiting):
    body = {"events": [IN, OUT], "source": "or_log", "category": "orthognathic_two_jaw"}
    response = alice.post(f"cases/{waiting}/or-times", body)
    assert response.status_code == 200, response.content
    assert response.json()["revision"] == 2
    procedure = alice.get(f"cases/{waiting}").json()["procedure"]
    assert procedure["performed_month"] == "2026-03"
    assert [(time["clock"], time["minutes"], time["source"]) for time in procedure["times"]] == [
        ("in_room", 137, "or_log")
    ]
    assert "08:14" not in str(procedure)


@pytest.mark.parametrize("known", [True, False], ids=["with a procedure", "without one"])
@pytest.mark.parametrize(
    ("method", "path", "name"), [("PUT", "procedure", "late_outcome.json"), ("POST", "or-times", "or_time.json")]
)
def test_the_examples_serve_a_case_with_and_without_a_procedure(alice, example, known, method, path, name):
    if not known:
        del example["procedure"], example["assessments"]
    case = alice.post("cases", example).json()["id"]
    response = alice.send(method, f"cases/{case}/{path}", (EXAMPLES / name).read_bytes())
    assert response.status_code == 200, response.content
    assert response.json()["revision"] == 2
    assert ("anaesthesia", 340) in {(time["clock"], time["minutes"]) for time in times_of(alice, case)}


def test_minutes_are_taken_as_they_are_and_other_times_stay(alice, example):
    case = alice.post("cases", example).json()["id"]
    response = alice.post(f"cases/{case}/or-times", {"clock": "anaesthesia", "minutes": 340, "source": "ehr"})
    assert response.status_code == 200, response.content
    assert {(time["clock"], time["minutes"]) for time in times_of(alice, case)} == {
        ("in_room", 371), ("incision_closure", 296), ("anaesthesia", 340),
    }  # fmt: skip
    assert (
        alice.post(f"cases/{case}/or-times", {"clock": "anaesthesia", "minutes": 340, "source": "ehr"}).json()[
            "revision"
        ]
        == 2
    )


def test_a_key_makes_an_or_time_safe_to_send_again(alice, example):
    case = alice.post("cases", example).json()["id"]
    body = {"clock": "anaesthesia", "minutes": 340, "source": "ehr"}
    first, again = (alice.post(f"cases/{case}/or-times", body, idempotency_key="t-1") for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"minutes": 4, "clock": "in_room", "source": "or_log"}, {("out-of-range", "/minutes")}),
        ({"minutes": "137", "clock": "in_room", "source": "or_log"}, {("wrong-type", "/minutes")}),
        ({"minutes": 137, "clock": "wall", "source": "or_log"}, {("not-a-choice", "/clock")}),
        ({"minutes": 137, "clock": "in_room"}, {("required", "/source")}),
        ({}, {("required", "/clock"), ("required", "/minutes"), ("required", "/source")}),
        ({"minutes": 137, "clock": "in_room", "source": "or_log", "site": 1}, {("unknown-field", "/site")}),
        (
            {"minutes": 137, "clock": "incision_closure", "source": "or_log", "performed_month": "2025-01"},
            {("months-out-of-order", "/performed_month")},
        ),
        ({"events": [IN, OUT], "minutes": 5, "source": "or_log"}, {("unknown-field", "/minutes")}),
        ({"events": [], "source": "or_log"}, {("wrong-type", "/events")}),
        ({"events": "x", "source": "or_log"}, {("wrong-type", "/events")}),
        ({"events": [IN] * 21, "source": "or_log"}, {("too-many", "/events")}),
        ({"events": [IN, 5], "source": "or_log"}, {("wrong-type", "/events/1")}),
        ({"events": [IN, {**OUT, "who": "x"}], "source": "or_log"}, {("unknown-field", "/events/1/who")}),
        ({"events": [IN, {**OUT, "code": ["x"]}], "source": "or_log"}, {("not-a-choice", "/events/1/code")}),
        ({"events": [IN, {**OUT, "at": "2026-03-02T10:31"}], "source": "or_log"}, {("bad-time", "/events/1/at")}),
        ({"events": [IN, {**OUT, "at": "2026-02-30T10:31Z"}], "source": "or_log"}, {("bad-time", "/events/1/at")}),
        *(
            ({"events": [IN, {**OUT, "at": at}], "source": "or_log"}, {("bad-time", "/events/1/at")})
            for at in (
                "2026-W10-1T10:31Z",
                "20260302T103100Z",
                "2026-061T10:31Z",
                "2026-03-02T10Z",
                "2026-03-02T1031Z",
                "2026-03-02 10:31Z",
                "2026-03-02T10:31+05",
                "2026-03-02T10:31+99:99",
                "2026-03-02T10:31:00,5Z",
                "\uff12026-03-02T10:31Z",
                "2026-03-02T10:31+05:00:30",
                "0000-03-02T10:31Z",
                "2026-03-02T24:31Z",
                "2026-03-02T10:31Z\u2028",
            )
        ),
        ({"events": [IN, {**OUT, "at": None}], "source": "or_log"}, {("bad-time", "/events/1/at")}),
        ({"events": [IN, IN, OUT], "source": "or_log"}, {("event-twice", "/events/1/code")}),
        ({"events": [IN], "source": "or_log"}, {("event-alone", "/events")}),
        (
            {"events": [IN, {**OUT, "at": "2026-03-02T08:14-05:00"}], "source": "or_log"},
            {("end-before-start", "/events")},
        ),
        ({"events": [IN, {**OUT, "at": "2026-03-02T08:16-05:00"}], "source": "or_log"}, {("out-of-range", "/events")}),
        ({"events": [IN, OUT], "source": "hearsay"}, {("not-a-choice", "/source")}),
    ],
)
def test_an_or_time_that_cannot_be_is_refused_with_its_place(alice, people, example, body, found):
    case = alice.post("cases", example).json()["id"]
    before = written(people)
    response = alice.post(f"cases/{case}/or-times", body)
    problem(response, 422, "invalid-report")
    assert faults(response) == found
    assert written(people) == before


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-02T08:14:00-05:00", "2026-03-02T10:31:29-05:00", 137),
        ("2026-03-02T08:14:00-05:00", "2026-03-02T10:31:30-05:00", 138),
        ("2026-03-02T23:50:00-05:00", "2026-03-03T00:20:00-05:00", 30),
        ("2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00", 60),
        ("2026-03-02T13:14Z", "2026-03-02T10:31-05:00", 137),
        ("2026-03-02t13:14:00z", "2026-03-02T15:31:00.123456789Z", 137),
    ],
)
def test_minutes_count_real_time_across_midnight_and_daylight_saving(start, end, minutes):
    report, wrong = read_times(
        {"source": "ehr", "events": [{"code": "procedure_start", "at": start}, {"code": "procedure_end", "at": end}]}
    )
    assert wrong == []
    assert report["procedure"]["times"] == [{"clock": "incision_closure", "minutes": minutes, "source": "ehr"}]


def test_the_month_is_that_of_the_place_of_the_operation():
    events = [
        {"code": "patient_in_room", "at": "2026-03-31T22:00-05:00"},
        {"code": "patient_out_of_room", "at": "2026-04-01T01:00-05:00"},
    ]
    assert read_times({"events": events, "source": "ehr"})[0]["procedure"]["performed_month"] == "2026-03"


def test_a_procedure_or_the_reason_for_none_is_recorded(alice, waiting):
    report = {"procedure": {"performed_month": "2026-03", "category": "orthognathic_two_jaw", "approach": None}}
    assert alice.put(f"cases/{waiting}/procedure", report).status_code == 200
    assert alice.get(f"cases/{waiting}").json()["procedure"]["approach"] is None
    assert alice.put(f"cases/{waiting}/procedure", {"no_procedure_reason": "cancelled"}).json()["revision"] == 3
    read = alice.get(f"cases/{waiting}").json()
    assert "procedure" not in read
    assert read["no_procedure_reason"] == "cancelled"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"procedure": 5},
        {"procedure": {}},
        {"no_procedure_reason": "x"},
        {"sex": "male"},
        {"procedure": {"times": [5]}},
    ],
)
def test_a_procedure_that_cannot_be_is_refused(alice, people, waiting, body):
    before = written(people)
    problem(alice.put(f"cases/{waiting}/procedure", body), 422, "invalid-report")
    assert written(people) == before


def test_an_assessment_is_added_to_the_case(alice, waiting, example):
    body = {"respondent_role": "surgeon", "q1_easy": 5, "time_saved_minutes": -10}
    assert alice.post(f"cases/{waiting}/assessments", body).status_code == 200
    assert (
        alice.post(f"cases/{waiting}/assessments", {"respondent_role": "surgeon", "q2_compatible": None}).status_code
        == 200
    )
    assert alice.get(f"cases/{waiting}").json()["assessments"] == [
        body,
        {"respondent_role": "surgeon", "q2_compatible": None},
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, ("required", "/respondent_role")),
        ({"respondent_role": "surgeon", "q1_easy": 9}, ("out-of-range", "/q1_easy")),
    ],
)
def test_an_assessment_that_cannot_be_is_refused_with_its_place(alice, people, waiting, body, found):
    before = written(people)
    response = alice.post(f"cases/{waiting}/assessments", body)
    problem(response, 422, "invalid-report")
    assert faults(response) == {found}
    assert written(people) == before


def test_a_machine_of_the_operating_room_records_times_and_nothing_else(alice, people, example):
    case = alice.post("cases", example).json()["id"]
    clock = Caller(issued(people.site, ["or_times:write"]))
    assert (
        clock.post(f"cases/{case}/or-times", {"clock": "anaesthesia", "minutes": 340, "source": "ehr"}).status_code
        == 200
    )
    problem(clock.post("cases", example), 403, "not-permitted")
    problem(clock.get(f"cases/{case}"), 403, "not-permitted")
