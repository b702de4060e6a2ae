"""A caller at the REST door: a token, JSON in, JSON out."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.actions import sites
from registry.models import AuditEvent, Case, Site, Submission, User
from registry.models.scope import acting_for
from registry.permissions import SCOPES
from tests.people import HAND, People, gathered

EXAMPLES = Path(__file__).parent.parent / "examples"


@dataclass
class Caller:
    """Sends requests with one token; never raises, so that a 500 is seen as a 500."""

    token: str | None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`body` is JSON unless it is bytes; headers are named as in META or plainly (`if_match="…"`)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            named.setdefault("authorization", f"Bearer {self.token}")
        kind = named.pop("content-type", "application/json")
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, f"/api/v1/{path}", data, content_type=kind, headers=named)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)


@pytest.fixture
def people(db: None) -> People:
    """Alice's site also has the printer and material of the example case."""
    found = gathered()
    with acting_for(sites=[found.site.pk], administrator=True):
        sites.add_printer(
            found.site,
            label="SLA bench",
            manufacturer="Formlabs",
            model="Form 4B",
            process="vat_photopolymerization",
            **HAND,
        )
        sites.add_material(
            found.site, name="Surgical resin", material_class="photopolymer_rigid", biocompatible="yes", **HAND
        )
    return found


def issued(site: Site, scopes: list[str] | None = None) -> str:
    """The text of a token of this site, with every scope unless told."""
    with acting_for(sites=[site.pk], administrator=True):
        return sites.issue_token(site, name="tests", scopes=scopes or list(SCOPES), expires_in_days=30, **HAND)[1]


def signed_in(person: User) -> Caller:
    """A person with a session instead of a token."""
    caller = Caller(None)
    caller.client.force_login(person)
    return caller


@pytest.fixture
def alice(people: People) -> Caller:
    """A machine of Alice's site."""
    return Caller(issued(people.site))


@pytest.fixture
def charlie(people: People) -> Caller:
    """A machine of another site."""
    return Caller(issued(people.other))


@pytest.fixture
def example() -> dict[str, Any]:
    """The example case: every section filled."""
    return deepcopy(json.loads((EXAMPLES / "case.json").read_text()))


@pytest.fixture
def control() -> dict[str, Any]:
    return deepcopy(json.loads((EXAMPLES / "control.json").read_text()))


def written(people: People) -> dict[str, int]:
    """How many cases, submissions and audit events Alice's site has: what a refused request must leave as it was."""
    with people.at_site():
        return {
            model.__name__: model.objects.filter(site=people.site).count() for model in (Case, Submission, AuditEvent)
        }


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of this response, which is complete."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"] == f"/problems/{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response["X-Request-ID"]
    return body


def faults(response: Any) -> set[tuple[str, str | None]]:
    """(code, pointer) of every fault, each of which says what to do."""
    errors = response.json().get("errors", [])
    assert all(error["detail"] and error["see"] == f"/problems/{error['code']}" for error in errors)
    return {(error["code"], error.get("pointer")) for error in errors}
