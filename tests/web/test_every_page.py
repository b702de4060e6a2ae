"""What holds for every address of the pages, those of tomorrow included: strangers learn nothing, and rows cost no queries."""

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


OF_A_SITE = {str(entry.name): entry for entry in patterns() if "code" in entry.pattern.converters}


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
