"""Every act takes its locks in one order and none it does not need, so that two acts of a site never wait in a ring."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Caller


def said_by(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return [query["sql"] for query in captured]


def first(statements: list[str], part: str) -> int:
    return next(place for place, statement in enumerate(statements) if part in statement)


def test_withdrawing_locks_the_case_and_not_its_site(alice: Caller, example: dict[str, Any]) -> None:
    case = alice.post("cases", example).json()["id"]
    said = said_by(lambda: alice.post(f"cases/{case}/withdraw", {"reason": "entered twice"}))
    locking = [statement for statement in said if "FOR UPDATE" in statement]
    assert locking
    assert all('OF "registry_case"' in statement for statement in locking)


def test_put_with_if_match_locks_the_id_before_the_row(alice: Caller, example: dict[str, Any]) -> None:
    alice.post("cases", example)
    said = said_by(lambda: alice.put("cases/by-local-id/EXAMPLE-001", {**example, "age_years": 35}, if_match='"1"'))
    assert first(said, "hashtext(id)") < first(said, "FOR UPDATE")


def test_months_are_marked_once_and_before_the_audit_event(alice: Caller, example: dict[str, Any]) -> None:
    alice.post("cases", example)
    said = said_by(lambda: alice.put("cases/by-local-id/EXAMPLE-001", {**example, "age_years": 35}))
    assert len([statement for statement in said if "INSERT INTO statistics_stalemonth" in statement]) == 1
    assert first(said, "statistics_stalemonth") < first(said, "registry_auditevent")
