"""Another site's object answers exactly as a missing one: same status, same body."""

import pytest

from tests.api.conftest import Caller, problem, written

MISSING = {"cas": "cas_0000000000000000", "upl": "upl_0000000000000000", "exp": "exp_0000000000000000"}
BODIES = {
    "procedure": {"no_procedure_reason": "unknown"},
    "or-times": {"clock": "in_room", "minutes": 60, "source": "ehr"},
}


def addresses(alice, control):
    case = alice.post("cases", control).json()["id"]
    log = b"encounter,wheels in,wheels out,cpt\nE1,2022-01-03 08:00,2022-01-03 09:00,1\n"
    upload = alice.post("uploads?kind=or_log", log, content_type="text/csv").json()["id"]
    export = alice.post("exports", {"kind": "cases", "format": "csv"}).json()["id"]
    return [
        ("GET", "cases/{}", case, None),
        ("POST", "cases/{}/withdraw", case, {"reason": "mine now"}),
        ("POST", "cases/{}/reinstate", case, {"reason": "mine now"}),
        ("PUT", "cases/{}/procedure", case, BODIES["procedure"]),
        ("POST", "cases/{}/or-times", case, BODIES["or-times"]),
        ("POST", "cases/{}/assessments", case, {"respondent_role": "surgeon"}),
        ("GET", "uploads/{}", upload, None),
        ("GET", "exports/{}", export, None),
        ("GET", "exports/{}/file", export, None),
    ]


def said(response, name):
    body = response.json()
    return response.status_code, {**body, "request_id": None, "instance": body["instance"].replace(name, "…")}


def test_charlie_gets_404_everywhere_and_nothing_is_written(alice, charlie, people, control):
    tried = addresses(alice, control)
    before = written(people)
    for method, path, name, body in tried:
        theirs = charlie.send(method, path.format(name), body)
        missing = charlie.send(method, path.format(MISSING[name[:3]]), body)
        problem(theirs, 404, "not-found")
        assert said(theirs, name) == said(missing, MISSING[name[:3]])
    assert written(people) == before


def test_charlie_sees_no_case_of_another_site_in_any_list(alice, charlie, control):
    case = alice.post("cases", control).json()["id"]
    assert charlie.get("cases").json()["data"] == []
    problem(charlie.get(f"cases?cursor={case}"), 400, "bad-parameter")
    problem(charlie.get(f"cases/by-local-id/{control['local_case_id']}"), 404, "not-found")
    assert charlie.get("cases?local_case_id=" + control["local_case_id"]).json()["data"] == []


def test_the_same_local_id_at_another_site_is_another_case(alice, charlie, control):
    ours, theirs = (caller.put(f"cases/by-local-id/{control['local_case_id']}", control) for caller in (alice, charlie))
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert ours.json()["id"] != theirs.json()["id"]


@pytest.mark.parametrize("name", ["site", "site_id"])
def test_another_site_s_id_in_the_body_is_refused(alice, people, control, name):
    before = written(people)
    problem(alice.post("cases", {**control, name: people.other.pk}), 422, "invalid-report")
    assert written(people) == before


def test_nobody_reads_without_a_token(alice, people, control):
    for method, path, name, body in addresses(alice, control):
        problem(Caller(None).send(method, path.format(name), body), 401, "not-signed-in")
