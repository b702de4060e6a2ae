"""Tokens: bound to one site, expiring, revocable; people by session."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.actions import sites
from registry.models import ApiToken
from registry.models.scope import acting_for
from tests.api.conftest import Caller, issued, problem, signed_in
from tests.people import HAND


@pytest.fixture
def token(people):
    with acting_for(sites=[people.site.pk], administrator=True):
        return sites.issue_token(people.site, name="lab", scopes=["cases:read"], expires_in_days=5, **HAND)


def test_a_revoked_token_opens_nothing(people, token):
    row, text = token
    assert Caller(text).get("cases").status_code == 200
    with acting_for(sites=[people.site.pk], administrator=True):
        sites.revoke_token(row, **HAND)
    problem(Caller(text).get("cases"), 401, "token-revoked")


def test_an_expired_token_opens_nothing(people, token):
    row, text = token
    with acting_for(sites=[people.site.pk], administrator=True):
        ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    problem(Caller(text).get("cases"), 401, "token-expired")


def test_a_token_wins_over_the_session_beside_it(people, token):
    caller = signed_in(people.charlie)
    caller.token = token[1]
    assert caller.get("cases").status_code == 200
    caller.token = "reg_live_" + "A" * 43
    problem(caller.get("cases"), 401, "token-unknown")


def test_a_session_that_writes_needs_the_csrf_token(people, control):
    caller = Caller(None, Client(raise_request_exception=False, enforce_csrf_checks=True))
    caller.client.force_login(people.alice)
    problem(caller.post(f"cases?site={people.site.code}", control), 403, "csrf")
    assert caller.get(f"cases?site={people.site.code}").json()["data"] == []


def test_a_token_needs_no_csrf_token(people, control):
    caller = Caller(issued(people.site), Client(raise_request_exception=False, enforce_csrf_checks=True))
    assert caller.post("cases", control).status_code == 201


def test_a_sandbox_token_writes_to_the_sandbox_alone(people, alice, control):
    with acting_for(sites=[people.site.pk], administrator=True):
        twin = people.site.sandbox
    text = issued(twin)
    assert text.startswith("reg_test_")
    assert Caller(text).post("cases", control).status_code == 201
    assert alice.get("cases").json()["data"] == []
