"""What holds for every address of the pages, those of tomorrow included: strangers learn nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, reverse

from registry.web import urls
from tests.people import People
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db

SAMPLES: dict[str, str] = {"code": "ALPHA", "key": "or-minutes", "public_id": "cas_0123456789ABCDEF"}


def patterns(entries: list[Any] | None = None) -> Iterator[URLPattern]:
    for entry in urls.urlpatterns if entries is None else entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry


def _found(begin: str) -> dict[str, URLPattern]:
    return {str(entry.name): entry for entry in patterns() if str(entry.pattern).startswith(begin)}


OF_A_SITE = _found("s/<str:code>/")
OF_THE_OFFICE = _found("sites/")
EVERY = _found("")


def address(entry: URLPattern) -> str:
    return reverse(str(entry.name), kwargs={name: SAMPLES.get(name, "1") for name in entry.pattern.converters})


@pytest.mark.parametrize("name", sorted(OF_A_SITE))
@pytest.mark.parametrize("verb", ["get", "post"])
def test_charlie_of_another_site_finds_no_such_page(name: str, verb: str, people: People, as_person: SignedIn) -> None:
    for stranger in (people.charlie, people.dana):
        answer = getattr(as_person(stranger), verb)(address(OF_A_SITE[name]))
        assert answer.status_code == 404, stranger


@pytest.mark.parametrize("name", sorted(OF_A_SITE))
def test_whoever_is_not_signed_in_is_asked_to(name: str, people: People, client: Any) -> None:
    answer = client.get(address(OF_A_SITE[name]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("name", sorted(OF_THE_OFFICE))
def test_the_registrys_office_answers_others_alike_for_every_code(
    name: str, people: People, as_person: SignedIn
) -> None:
    entry = OF_THE_OFFICE[name]
    for verb in ("get", "post"):
        known, unknown = address(entry), address(entry).replace("ALPHA", "NOSUCH")
        answers = [getattr(as_person(people.charlie), verb)(path).status_code for path in (known, unknown)]
        assert answers[0] == answers[1]
        assert answers[0] in {403, 404, 405}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_the_head_of_a_page_is_answered_as_the_page_is(name: str, people: People, as_person: SignedIn) -> None:
    for person in (people.alice, people.dana):
        client, path = as_person(person), address(EVERY[name])
        assert client.head(path).status_code == client.get(path).status_code, person


def test_every_address_with_a_site_in_it_is_of_a_site_or_of_the_office() -> None:
    coded = {str(entry.name) for entry in patterns() if "code" in entry.pattern.converters}
    assert coded <= OF_A_SITE.keys() | OF_THE_OFFICE.keys()
