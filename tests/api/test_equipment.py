"""Printers, materials and the procedure map: read by who reads cases, changed by who manages the site."""

import json

import pytest

from tests.api.conftest import EXAMPLES, Caller, faults, issued, problem, signed_in, written


def example_of(name):
    return json.loads((EXAMPLES / name).read_text())


ADDRESSES = [
    ("POST", "printers", "printer.json"),
    ("POST", "materials", "material.json"),
    ("PUT", "procedure-map", "procedure_map.json"),
]
ENTRY = {"code_system": "cpt", "code": "1", "category": "tka"}


@pytest.mark.parametrize(("method", "path", "example"), ADDRESSES)
def test_only_who_manages_the_site_changes_them(people, method, path, example):
    without = Caller(issued(people.site, ["cases:read", "cases:write", "uploads:write"]))
    body, before = example_of(example), written(people)
    problem(without.send(method, path, body), 403, "not-permitted")
    problem(signed_in(people.alice).send(method, f"{path}?site={people.site.code}", body), 403, "not-permitted")
    problem(signed_in(people.bob).send(method, f"{path}?site={people.other.code}", body), 404, "not-found")
    assert written(people) == before
    answer = signed_in(people.bob).send(method, f"{path}?site={people.site.code}", body)
    assert answer.status_code == (201 if method == "POST" else 200), answer.content


@pytest.mark.parametrize(
    ("path", "example", "name", "code"),
    [
        ("printers", "printer.json", "label", "printer-exists"),
        ("materials", "material.json", "name", "material-exists"),
    ],
)
def test_what_was_added_is_listed_at_that_site_alone_and_not_added_twice(people, charlie, path, example, name, code):
    manager, body = Caller(issued(people.site, ["cases:read", "site:manage"])), example_of(example)
    added = manager.post(path, body)
    assert added.status_code == 201, added.content
    assert added.json() in manager.get(path).json()["data"]
    assert body[name] not in {row[name] for row in charlie.get(path).json()["data"]}
    problem(manager.post(path, body), 409, code)


def test_a_material_that_no_list_could_name_is_refused(alice):
    faults = problem(alice.post("materials", {**example_of("material.json"), "name": "PA; 12"}), 422, "invalid-report")[
        "errors"
    ]
    assert [fault["detail"] for fault in faults] == ["Leave ; and | out of the name: they part the names of a list."]


def test_a_case_may_name_a_printer_and_a_material_just_added(alice, example):
    alice.post("printers", example_of("printer.json"))
    alice.post("materials", example_of("material.json"))
    example["prints"][0] |= {"printer": "Jetting room 1", "materials": ["Rigid photopolymer, white"]}
    assert alice.post("cases", example).status_code == 201


def test_the_map_is_laid_over_what_was_there(alice, control):
    said = alice.put("procedure-map", example_of("procedure_map.json")).json()
    assert said["version"] == 1
    again = alice.put("procedure-map", {"entries": [{"code_system": "local", "code": "KNEE-01", "category": "tha"}]})
    found = {row["code"]: (row["category"], row["version"]) for row in again.json()["data"]}
    assert found == {"KNEE-01": ("tha", 2), "Maxillofacial": ("orthognathic_two_jaw", 1)}
    assert alice.get("procedure-map").json()["data"] == again.json()["data"]
    del control["procedure"]["category"]
    control["procedure"] |= {"procedure_code_system": "local", "procedure_code": "KNEE-01"}
    assert alice.post("cases", control).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body", "found"),
    [
        ("POST", "printers", {}, ("required", "/label")),
        ("POST", "printers", {"process": "magic"}, ("not-a-choice", "/process")),
        ("POST", "printers", {"label": 7}, ("wrong-type", "/label")),
        ("POST", "printers", {"colour": "red"}, ("unknown-field", "/colour")),
        ("POST", "materials", {"name": "x" * 81}, ("too-long", "/name")),
        ("PUT", "procedure-map", {}, ("required", "/entries")),
        ("PUT", "procedure-map", {"entries": {}}, ("required", "/entries")),
        ("PUT", "procedure-map", {"entries": [7]}, ("wrong-type", "/entries/0")),
        ("PUT", "procedure-map", {"entries": [{"code": "a"}] * 2001}, ("too-many", "/entries")),
        ("PUT", "procedure-map", {"entries": [ENTRY | {"category": "x"}]}, ("not-a-choice", "/entries/0/category")),
        ("PUT", "procedure-map", {"entries": [ENTRY] * 2}, ("said-twice", "/entries/1")),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(people, alice, method, path, body, found):
    before = written(people)
    response = alice.send(method, path, body)
    problem(response, 422, "invalid-report")
    assert found in faults(response)
    assert written(people) == before


@pytest.mark.parametrize(
    ("field", "value", "code", "address"),
    [
        ("printer", "Secret 9", "unknown-printer", "printers"),
        ("materials", ["Secret 9"], "unknown-material", "materials"),
    ],
)
def test_an_unknown_printer_or_material_says_where_they_are_listed_and_who_adds_them(
    alice, example, field, value, code, address
):
    example["prints"][0][field] = value
    response = alice.post("cases", example)
    [told] = [error for error in response.json()["errors"] if error["code"] == code]
    assert f"GET /api/v1/{address} lists them" in told["detail"]
    assert "facility administrator" in told["detail"]
    assert b"Secret" not in response.content
