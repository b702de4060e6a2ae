"""The pages of sites beside each other: what an administrator reads of all, and a site of itself, to whom, and at what cost."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import Site
from registry.models.scope import acting_for
from registry.web.topics.benchmarks import CATERPILLAR
from tests.people import People
from tests.statistics.drawn_sites import draw, drawn, minutes
from tests.web.conftest import SignedIn

pytestmark = pytest.mark.django_db
CODES = [f"OTHER{letter}" for letter in "ABCDEFGHIJKL"]
BESIDE = "/s/ALPHA/statistics/beside/"
BENCHMARKS = "/registry/benchmarks/"
FIGURES = ("site-benchmarks", "site-benchmarks-share", CATERPILLAR)


@pytest.fixture
def registry(people: People) -> People:
    """Alice's site and twelve others with cases enough."""
    draw(people.site, minutes(77, n_with=60, n_without=90, saved=55))
    drawn(CODES)
    return people


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_administrator_reads_which_sites_lie_outside_and_what_that_means(
    registry: People, as_person: SignedIn
) -> None:
    page = read(as_person(registry.dana), BENCHMARKS)
    assert "sites outside the 95% limits" in page
    assert "chance alone would put 0.7 sites" in page
    assert "Outside the 99.8% limits means: look for a reason." in page
    assert "sites have cases enough to be placed" in page
    assert "This is no league table" in page
    assert page.count('<figure class="plot"') == 3
    for key in FIGURES:
        assert f'href="/figures/{key}.svg"' in page


def test_a_site_reads_where_it_stands_and_what_its_cases_can_tell(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.alice), BESIDE)
    assert "The mean of 12 other sites is about" in page
    assert "from chance." in page
    assert "without the cases of any site you belong to" in page
    assert page.count('<figure class="plot"') == 1


def test_nothing_of_another_site_is_in_the_page_the_table_or_the_figure(registry: People, as_person: SignedIn) -> None:
    alice = as_person(registry.alice)
    names = ("beside-other-sites-share", "beside-other-sites")
    said = [read(alice, BESIDE), read(alice, f"/s/ALPHA/figures/{names[0]}.svg")]
    said += [read(alice, f"/s/ALPHA/tables/{name}.csv") for name in names]
    spec = alice.get(f"/s/ALPHA/figures/{names[0]}.json").json()
    assert all("OTHER" not in text for text in (*said, json.dumps(spec)))
    assert [point["name"] for point in spec["data"]["values"]] == ["This site"]


def test_a_sites_page_is_no_one_elses(registry: People, as_person: SignedIn) -> None:
    for person in (registry.charlie, registry.dana):
        client = as_person(person)
        assert client.get(BESIDE).status_code == 404
        for path in ("tables/beside-other-sites.csv", "figures/beside-other-sites-share.json"):
            assert client.get(f"/s/ALPHA/{path}").status_code == 404


def test_a_page_is_for_the_registry_or_for_a_site_alone(registry: People, as_person: SignedIn) -> None:
    alice, dana = as_person(registry.alice), as_person(registry.dana)
    assert alice.get(BENCHMARKS).status_code == 403
    assert alice.get("/s/ALPHA/statistics/benchmarks/").status_code == 404
    assert dana.get("/registry/beside/").status_code == 404
    for key in FIGURES:
        assert alice.get(f"/s/ALPHA/figures/{key}.json").status_code == 404
    own = list(csv.DictReader(io.StringIO(alice.get("/s/ALPHA/tables/site-benchmarks.csv").content.decode())))
    assert [row["site"] for row in own] == ["ALPHA"]


def test_where_others_are_too_few_the_page_says_so_and_shows_the_own_figures(
    people: People, as_person: SignedIn
) -> None:
    draw(people.site, minutes(77))
    drawn(CODES[:4])
    page = read(as_person(people.alice), BESIDE)
    assert "Other sites are not shown: fewer than 5 other sites have 11 cases or more in both arms." in page
    assert "<figure" not in page
    assert as_person(people.alice).get("/s/ALPHA/figures/beside-other-sites-share.svg").status_code == 404


def test_a_period_shows_no_other_site(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.alice), f"{BESIDE}?period=2026")
    assert page.count("other sites are shown over all months alone") == 2
    assert "<figure" not in page


def test_that_the_others_are_synthetic_is_said(registry: People, as_person: SignedIn) -> None:
    with acting_for(sites=(), administrator=True):
        Site.objects.filter(code__in=CODES).update(is_synthetic=True, data_note="synthetic demonstration data")
    page = read(as_person(registry.alice), BESIDE)
    assert "Data: synthetic and real." in page
    assert "synthetic demonstration data: other sites" in page


def test_three_sites_more_cost_no_query_more(registry: People, as_person: SignedIn) -> None:
    def asked() -> dict[str, int]:
        found = {}
        for person, path in (
            (registry.dana, BENCHMARKS), *((registry.dana, f"/figures/{key}.json") for key in FIGURES),
            (registry.alice, BESIDE), (registry.alice, "/s/ALPHA/figures/beside-other-sites-share.json"),
        ):  # fmt: skip
            client: Any = as_person(person)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                read(client, path)
            found[path] = len(queries)
        return found

    before = asked()
    drawn([*CODES, "OTHERX", "OTHERY", "OTHERZ"])
    drawn([*CODES, "OTHERX"], "tha")
    assert asked() == before
    assert max(before.values()) <= 50
