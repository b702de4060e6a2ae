"""Unsafe settings are refused, each by its id, with what to do."""

from typing import Any

import pytest
from django.db import connection

from config import checks

LONG = "k" * 50
SAFE = {
    "ALLOWED_HOSTS": ["localhost"],
    "DEBUG": False,
    "SECRET_KEY": LONG,
    "STRATA_ENCOUNTER_KEY": LONG,
    "STRATA_PUBLIC_URL": "https://registry.example.org",
}


def _ids(settings: Any, changes: dict[str, Any]) -> list[str]:
    for name, value in (SAFE | changes).items():
        setattr(settings, name, value)
    return [str(found.id) for found in checks.check_settings(None)]


def test_safe_settings_pass(settings: Any) -> None:
    assert _ids(settings, {}) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, "strata.E001"),
        ({"DEBUG": True, "ALLOWED_HOSTS": ["registry.example.org"]}, "strata.E002"),
        ({"SECRET_KEY": "short"}, "strata.E003"),
        ({"STRATA_ENCOUNTER_KEY": ""}, "strata.E004"),
        ({"STRATA_PUBLIC_URL": "registry.example.org"}, "strata.E005"),
        ({"STRATA_PUBLIC_URL": "https://registry.example.org/strata"}, "strata.E005"),
        ({"STRATA_PUBLIC_URL": "http://registry.example.org"}, "strata.E006"),
    ],
)
def test_each_unsafe_setting_is_refused(settings: Any, changes: dict[str, Any], expected: str) -> None:
    assert _ids(settings, changes) == [expected]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_plain_http_is_for_this_machine(settings: Any, address: str) -> None:
    assert _ids(settings, {"STRATA_PUBLIC_URL": address, "DEBUG": True}) == []


@pytest.mark.django_db
def test_a_server_that_may_lose_commits_is_refused() -> None:
    # The throw-away server of the tests is such a server.
    assert [found.id for found in checks.check_database(None, databases=["default"])] == ["strata.E008"]


def test_a_superuser_is_refused(committed_db: None, superuser_dsn: str) -> None:
    held = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "postgres"
    try:
        found = checks.check_database(None, databases=["default"])
    finally:
        connection.close()
        connection.settings_dict["USER"] = held
    assert [problem.id for problem in found] == ["strata.E007", "strata.E008"]


def test_refusing_names_every_problem_and_its_cure(settings: Any, committed_db: None) -> None:
    _ids(settings, {"ALLOWED_HOSTS": ["*"]})
    with pytest.raises(SystemExit, match=r"(?s)strata\.E001.*Name the hosts.*strata\.E008"):
        checks.refuse_unsafe()
