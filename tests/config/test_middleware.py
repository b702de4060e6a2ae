"""What surrounds every request: scope, nothing written by a refusal, headers, the database away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from registry.models import User


def _write(request: HttpRequest, status: int) -> HttpResponse:
    User.objects.create(email=f"{status}@example.org", name="Written")
    return HttpResponse(status=status)


def _fail(request: HttpRequest) -> HttpResponse:
    User.objects.create(email="fail@example.org", name="Written")
    raise ZeroDivisionError


def _lose(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection unexpectedly")


def _transaction(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(connection.in_atomic_block))


def _log_in(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse("seen")


urlpatterns = [
    path("write/<int:status>", _write),
    path("fail", _fail),
    path("lose", _lose),
    path("api/v1/lose", _lose),
    path("transaction", _transaction),
    path("session", _log_in),
    *urls.urlpatterns,
]
handler500 = urls.handler500
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def without_database(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """The connection leads to a folder without a socket, as when the server is down."""
    with django_db_blocker.unblock():
        held = connection.settings_dict["HOST"]
        connection.close()
        connection.settings_dict["HOST"] = str(tmp_path)
        yield
        connection.close()
        connection.settings_dict["HOST"] = held


def _emails() -> list[str]:
    return list(User.objects.values_list("email", flat=True))


def test_what_an_accepted_request_wrote_is_kept(committed_db: None, browser: Client) -> None:
    assert browser.post("/write/201").status_code == 201
    assert _emails() == ["201@example.org"]


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_a_refused_request_writes_nothing(committed_db: None, browser: Client, status: int) -> None:
    assert browser.post(f"/write/{status}").status_code == status
    assert _emails() == []


def test_a_refused_request_inside_an_open_transaction_leaves_that_one_usable(db: None, browser: Client) -> None:
    browser.post("/write/422")
    assert _emails() == []


def test_an_error_of_ours_writes_nothing_and_answers_500(committed_db: None, browser: Client) -> None:
    assert browser.post("/fail").status_code == 500
    assert _emails() == []


def test_a_view_runs_in_one_transaction(committed_db: None, browser: Client) -> None:
    assert browser.get("/transaction").content == b"True"


@pytest.mark.parametrize("address", ["/lose", "/transaction", "/"])
def test_with_the_database_away_a_page_says_so(without_database: None, browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"].startswith("text/html")
    assert b"cannot be reached at the moment" in answer.content


def test_with_the_database_away_a_machine_gets_a_problem_document(without_database: None, browser: Client) -> None:
    answer = browser.get("/api/v1/lose")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/database-away"


def test_a_session_that_cannot_be_read_is_a_503_too(without_database: None, browser: Client) -> None:
    browser.cookies["sessionid"] = "a" * 32
    assert browser.get("/transaction").status_code == 503


def test_a_view_that_loses_the_database_answers_503(db: None, browser: Client) -> None:
    answer = browser.get("/lose")
    assert (answer.status_code, "Retry-After" in answer) == (503, True)


def test_a_cookie_with_a_nul_is_no_cookie(db: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies.load('sessionid="abcdefgh\\000"')
    assert client.get("/").status_code in (200, 302)


def test_the_request_id_of_the_caller_comes_back_if_harmless(db: None, browser: Client) -> None:
    assert browser.get("/transaction", headers={"X-Request-ID": "theirs-1"})["X-Request-ID"] == "theirs-1"
    made = browser.get("/transaction", headers={"X-Request-ID": "two\nlines"})["X-Request-ID"]
    assert made.isalnum()


def test_answers_carry_the_security_headers(db: None, browser: Client) -> None:
    answer = browser.get("/transaction")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_what_a_person_or_token_is_shown_is_not_stored(db: None, browser: Client) -> None:
    assert browser.get("/session")["Cache-Control"] == "no-store"
    assert browser.get("/transaction")["Cache-Control"] == "no-store"
    token = {"Authorization": "Bearer reg_live_x"}
    assert Client().get("/transaction", headers=token)["Cache-Control"] == "no-store"


def test_the_process_answers_without_its_database_and_for_any_host_name(
    without_database: None, browser: Client
) -> None:
    assert browser.get("/livez", headers={"Host": "10.1.2.3"}).status_code == 200


def test_readiness_is_that_of_the_database(without_database: None, browser: Client) -> None:
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert "Retry-After" in answer


def test_a_migrated_database_is_ready(db: None, browser: Client) -> None:
    assert browser.get("/readyz").json() == {"status": "ok", "database": "ok", "migrations_missing": 0}


def test_a_worker_that_never_struck_is_not_healthy(db: None, browser: Client) -> None:
    assert browser.get("/healthz/worker").status_code == 503
