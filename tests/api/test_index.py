"""The list of addresses, what is said where there is none, and the pages of problem codes."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from api.catalogue import kinds
from registry.permissions import SCOPES
from tests.api.conftest import Caller, issued, problem

ROOT = Path(__file__).parents[2]
SOMETHING = {
    "public_id": "cas_0000000000000000",
    "local_case_id": "X-1",
    "measure": "minutes-saved",
    "code": "conflict",
}


def listed():
    return Caller(None).get("").json()["data"]


def test_every_method_of_every_address_is_listed_without_a_token(db):
    found = {(entry["method"], entry["path"]) for entry in listed()}
    served = {
        (method.upper(), "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern)))
        for entry in get_resolver("api.urls").url_patterns
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(getattr(entry.callback, "view_class", None), method)
    }
    assert len(served) > 25
    assert found == served


def test_every_entry_says_its_purpose_and_names_a_file_that_exists(db):
    for entry in listed():
        assert entry["purpose"].endswith((".", ":")), entry
        assert entry["example"] is None or (ROOT / entry["example"]).is_file()
        assert entry["example"] or entry["method"] == "GET"


def test_a_token_with_one_of_the_scopes_is_let_in_and_one_without_them_is_not(people):
    for entry in listed():
        if not entry["scopes"]:
            continue
        path = entry["path"].removeprefix("/api/v1/").format(**SOMETHING)
        body = {"kind": "cases", "format": "csv"} if path == "exports" else {"x": 1}
        lacking = issued(people.site, [scope for scope in SCOPES if scope not in entry["scopes"]])
        refused = Caller(lacking).send(entry["method"], path, body)
        if path.startswith("statistics/"):
            assert refused.json()["suppressed"], entry
        else:
            problem(refused, 403, "not-permitted")
        for scope in entry["scopes"]:
            assert Caller(issued(people.site, [scope])).send(entry["method"], path, body).status_code != 403, entry


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "cases/",
        "uploads/../cases",
    ],
)
def test_an_address_that_is_not_there_is_404_and_says_where_the_addresses_are(alice, path):
    for method in ("GET", "POST"):
        assert "GET /api/v1/ lists the addresses." in problem(alice.send(method, path), 404, "not-found")["detail"]


@pytest.mark.parametrize("name", ["1", "cas_NOPE", "cas_0000%00000000000000", "%D9%A5%0A", "9" * 5000, ".."])
@pytest.mark.parametrize("path", ["cases/{}", "uploads/{}", "exports/{}", "exports/{}/file"])
def test_an_id_that_cannot_be_one_is_answered_as_an_unknown_one(alice, path, name):
    unknown = problem(alice.get(path.format("cas_0000000000000000")), 404, "not-found")
    assert problem(alice.get(path.format(name)), 404, "not-found")["detail"] == unknown["detail"]


def test_a_slash_too_many_is_pointed_out(alice):
    assert "end without a slash" in problem(alice.get("cases/"), 404, "not-found")["detail"]


def test_an_unknown_measure_is_404(alice):
    problem(alice.get("statistics/x%00"), 404, "not-found")


def test_an_address_that_is_not_there_needs_no_token(db):
    problem(Caller(None).get("nothing"), 404, "not-found")


@pytest.mark.parametrize("code", ["unknown-printer", "times-kept"])
def test_what_type_and_see_name_can_be_opened_from_the_root_of_the_site(db, code):
    page = Client().get(f"/problems/{code}", headers={"accept": "text/html,*/*"})
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/html")
    for words in (kinds()[code].title, code):
        assert words in page.content.decode()
    said = Client().get(f"/problems/{code}", headers={"accept": "application/json"}).json()
    assert said["fix"] == kinds()[code].fix
    assert said == Caller(None).get(f"problems/{code}").json()


def test_a_code_there_is_not_is_404_at_the_root(db):
    assert Client().get("/problems/none-such").status_code == 404
    assert Client().get("/problems/none-such", headers={"accept": "text/html"}).status_code == 404
