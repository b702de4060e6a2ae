"""The page of methods is made of the declarations, and every figure leads to its own place on it."""

import re

import pytest
from django.test import Client

from registry.statistics import confounding, pipeline
from registry.statistics.measures import MEASURES
from registry.statistics.published import definitions
from tests.people import People
from tests.reports.registry import filled
from tests.web.conftest import SignedIn
from tests.web.test_overview import read

pytestmark = pytest.mark.django_db


def text(page: str) -> str:
    for code, letter in (("&#x27;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        page = page.replace(code, letter)
    return page


def test_every_measure_says_all_of_its_declaration_under_its_own_anchor(people: People, as_person: SignedIn) -> None:
    page = text(read(as_person(people.charlie), "/methods/"))
    for said in definitions():
        assert f'id="{said["slug"]}"' in page
        assert f'href="#{said["slug"]}"' in page
        names = ("title", "why_it_matters", "numerator", "denominator", "method", "source")
        assert all(said[name] in page for name in names), said["slug"]
        assert all(f"<code>{column['name']}</code>" in page for column in said["columns"])
    assert page.count('class="panel declared"') == len(MEASURES)


def test_the_decisions_and_what_stands_beside_every_saving_are_on_it(people: People, as_person: SignedIn) -> None:
    page = text(read(as_person(people.alice), "/methods/"))
    assert len(pipeline.DECISIONS) == 10
    for decision in pipeline.DECISIONS:
        assert decision.text in page
    for sentence in confounding.GENERAL:
        assert sentence in page
    assert f"pipeline version {pipeline.VERSION}" in page


def test_every_figure_and_the_foot_lead_to_it(as_person: SignedIn) -> None:
    people = filled()
    for person, address in ((people.dana, "/registry/evidence/"), (people.alice, "/s/ALPHA/statistics/time/")):
        page = read(as_person(person), address)
        slugs = re.findall(r'href="/methods/#([\w-]+)"', page)
        assert len(slugs) == page.count("How this is calculated")
        assert set(slugs) <= {measure.slug for measure in MEASURES}
        assert 'href="/methods/"' in page


def test_whoever_is_not_signed_in_is_asked_to_and_sees_no_link(db: None, client: Client) -> None:
    assert client.get("/methods/")["Location"].startswith("/sign-in/?next=")
    assert "/methods/" not in read(client, "/sign-in/")
