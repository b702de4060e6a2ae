"""Printers, baselines, vocabulary, problems."""

import ast
from pathlib import Path

import pytest

from api.catalogue import kinds
from tests.api.conftest import Caller, faults, issued, problem, signed_in

ROOT = Path(__file__).parent.parent.parent
BASELINE = {
    "category": "orthognathic_two_jaw",
    "clock": "in_room",
    "n": 40,
    "mean": 402.5,
    "sd": 61,
    "period_start": "2024-01",
    "period_end": "2024-12",
}


def test_printers_are_those_of_the_site(alice, charlie):
    assert [row["label"] for row in alice.get("printers").json()["data"]] == ["J750", "SLA bench"]
    assert [row["label"] for row in charlie.get("printers").json()["data"]] == ["J750"]


def test_a_baseline_is_set_as_a_new_version_by_who_may(people, alice):
    bob, address = signed_in(people.bob), f"baselines?site={people.site.code}"
    answer = bob.put(address, BASELINE)
    assert answer.status_code == 200, answer.content
    assert answer.json()["version"] == 1
    assert bob.put(address, {**BASELINE, "n": 41}).json()["version"] == 2
    assert [row["n"] for row in alice.get("baselines").json()["data"]] == [41]
    reader = Caller(issued(people.site, ["cases:read"]))
    problem(reader.put("baselines", BASELINE), 403, "not-permitted")
    assert len(reader.get("baselines").json()["data"]) == 1


def test_a_standard_error_typed_as_sd_is_pointed_out(people):
    answer = signed_in(people.bob).put(f"baselines?site={people.site.code}", {**BASELINE, "sd": 2}).json()
    assert [found["code"] for found in answer["warnings"]] == ["sd-looks-like-se"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("n", 0, "out-of-range"),
        ("mean", None, "required"),
        ("category", "x", "not-a-choice"),
        ("period_end", "2023-01", "months-out-of-order"),
    ],
)
def test_a_baseline_that_cannot_be_is_refused(people, field, value, code):
    response = signed_in(people.bob).put(f"baselines?site={people.site.code}", {**BASELINE, field: value})
    problem(response, 422, "invalid-report")
    assert (code, f"/{field}") in faults(response)


def test_the_vocabulary_is_told_to_everybody(db):
    data = Caller(None).get("vocabulary").json()["data"]
    assert {"code": "none", "label": "Control (no print)"} in data["object_kind"]
    assert len(data["procedure_category"]) >= 60
    assert {"clock", "time_source", "modality", "region", "process", "role"} <= data.keys()


def test_every_problem_has_its_page(db):
    listed = Caller(None).get("problems").json()["data"]
    assert [row["code"] for row in listed] == sorted(kinds())
    for row in listed:
        page = Caller(None).get(f"problems/{row['code']}").json()
        assert page == row
        assert page["title"]
        assert page["fix"].endswith((".", "…`."))
    problem(Caller(None).get("problems/none-such"), 404, "not-found")


def said_codes():
    """Every code that the registry's own source names in a problem or a conflict."""
    first = {
        "refuse",
        "warn",
        "Refused",
        "Problem",
        "_problem",
        "_column_problem",
        "refused",
        "Fault",
        "ApiProblem",
        "answer",
    }
    second = {"Conflict", "IllegalTransition", "StrataError"}
    for path in [*(ROOT / "registry").rglob("*.py"), *(ROOT / "api").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                place = 1 if name in second or name == "answer" else 0 if name in first else None
                arguments = [] if place is None else node.args[place : place + 1]
                yield from (
                    found.value
                    for found in arguments
                    if isinstance(found, ast.Constant) and isinstance(found.value, str)
                )


def test_every_code_the_source_names_is_in_the_catalogue():
    codes = set(said_codes())
    assert len(codes) > 80
    assert codes - kinds().keys() == set()
