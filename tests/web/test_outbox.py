"""The outbox: letters of an installation that sends none."""

import pytest
from django.test import override_settings

from registry.models import Mail
from registry.models.scope import acting_for
from tests.people import People
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db


def letter(subject: str) -> None:
    with acting_for(sites=(), administrator=True):
        Mail.objects.create(
            to="alice@example.org", subject=subject, body="Follow https://strata.example.org/x <b>now</b>"
        )


@override_settings(STRATA_OUTBOX=True)
def test_a_registry_administrator_reads_the_letters(people: People, as_person: SignedIn) -> None:
    letter("First")
    letter("Second")
    page = as_person(people.dana).get("/outbox/").content.decode()
    assert page.index("Second") < page.index("First")
    assert "&lt;b&gt;now&lt;/b&gt;" in page


@override_settings(STRATA_OUTBOX=True)
def test_nobody_else_reads_them(people: People, as_person: SignedIn) -> None:
    assert as_person(people.bob).get("/outbox/").status_code == 403


@override_settings(STRATA_OUTBOX=False)
def test_there_is_no_outbox_where_letters_really_leave(people: People, as_person: SignedIn) -> None:
    assert as_person(people.dana).get("/outbox/").status_code == 404
