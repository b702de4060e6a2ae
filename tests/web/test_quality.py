"""The pages of data quality and of sensitivity: the finding first, whatever is known, and a site's doubles for its own people alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.actions import memberships
from registry.models import Case
from registry.models.scope import acting_for
from registry.statistics.measures import BY_SLUG
from registry.statistics.results import Coverage, NoNumber, Row
from registry.web.topics import quality, sensitivity
from tests.people import HAND, People, person
from tests.reports.registry import FASTER, filled, printed, refreshed, submitted
from tests.web.conftest import SignedIn
from tests.web.test_topics import measured

pytestmark = pytest.mark.django_db
QUALITY, SENSITIVITY = "/s/ALPHA/statistics/quality/", "/s/ALPHA/statistics/sensitivity/"
PRINTS = [
    {"printer": "J750", "materials": ["Vero"], "outcome": "success", "sterilisation": "steam_134", "parts": [1, 2]}
]


@pytest.fixture
def registry(db: None) -> People:
    return filled()


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def twice(people: People, pairs: int, begin: int = 0) -> None:
    """So many pairs of Alice's cases that may be one; each pair has minutes of its own."""
    prints = [{**PRINTS[0], "volume_cm3": 90}]
    for number in range(begin, begin + pairs):
        cases = [printed(1000 + 2 * number + k, FASTER, 160 + number, prints=prints) for k in (0, 1)]
        submitted(people.site, people.alice, cases)
    refreshed()


@pytest.mark.parametrize("path", [QUALITY, SENSITIVITY])
def test_charlie_of_another_site_finds_no_such_page(path: str, registry: People, as_person: SignedIn) -> None:
    for stranger in (registry.charlie, registry.dana):
        assert as_person(stranger).get(path).status_code == 404


@pytest.mark.parametrize("path", [QUALITY, SENSITIVITY])
def test_with_nothing_reported_the_page_says_what_to_do_first(path: str, people: People, as_person: SignedIn) -> None:
    assert "first" in read(as_person(people.alice), path)


@pytest.mark.parametrize("slug", ["quality", "sensitivity"])
def test_of_cases_that_wait_alone_each_page_stands(slug: str, people: People, as_person: SignedIn) -> None:
    submitted(people.site, people.alice, [printed(1, FASTER, None)])
    refreshed()
    for who, path in ((people.alice, f"/s/ALPHA/statistics/{slug}/"), (people.dana, f"/registry/{slug}/")):
        page = read(as_person(who), path)
        assert "No case to show." in page or "0 of 1 cases that are due have an OR time (0.0%)" in page


def test_sensitivity_says_first_how_the_headline_holds(registry: People, as_person: SignedIn) -> None:
    for who, path in ((registry.alice, SENSITIVITY), (registry.dana, "/registry/sensitivity/")):
        page = read(as_person(who), path)
        assert "The headline is 5.0 minutes (95% interval" in page
        assert "Without the first five prints" in page
        assert "Had the other 3" in page or "Had the other 6" in page
        assert "The average over sites, pooled otherwise" in page or who is registry.alice
    assert "Two sites, side by side" in page


def test_a_site_sees_its_own_quality_and_no_other_site(registry: People, as_person: SignedIn) -> None:
    page = read(as_person(registry.alice), QUALITY)
    assert "24 of 27 cases that are due have an OR time (88.9%)." in page
    assert "CHARLIE" not in page
    assert "CHARLIE" in read(as_person(registry.dana), "/registry/quality/")


def test_a_pair_leads_to_both_cases_and_another_site_s_pair_is_not_listed(
    registry: People, as_person: SignedIn
) -> None:
    page = read(as_person(registry.alice), QUALITY)
    assert "No two printed cases are alike" in page
    theirs = [{**PRINTS[0], "volume_cm3": 5}]
    submitted(registry.other, registry.charlie, [printed(70 + k, FASTER, 99, prints=theirs) for k in (0, 1)])
    twice(registry, 1)
    page = read(as_person(registry.alice), QUALITY)
    assert "One pair of cases is alike in month, procedure, minutes and volume." in page
    with registry.at_site():
        ids = Case.objects.filter(local_case_id__in=["P-par-1000", "P-par-1001"]).values_list("public_id", flat=True)
    for public_id in ids:
        assert f'href="/s/ALPHA/cases/{public_id}/"' in page
    assert "P-par-70" not in page
    assert "1 pair of cases may be one case" in page


def test_who_may_not_read_cases_and_the_registry_s_administrator_see_no_pair(
    registry: People, as_person: SignedIn
) -> None:
    twice(registry, 1)
    assessor = person("Erin")
    with acting_for(sites=[registry.site.pk], administrator=True):
        memberships.admit(assessor, site=registry.site, role="assessor", **HAND)
    for who, path in ((assessor, QUALITY), (registry.dana, "/registry/quality/")):
        page = read(as_person(who), path)
        assert "P-par-1000" not in page
        assert "Cases that may be one" not in page
    assert "Cases that may be one" not in read(as_person(registry.alice), SENSITIVITY)


def test_three_pairs_cost_as_many_queries_as_one(registry: People, as_person: SignedIn) -> None:
    client = as_person(registry.alice)

    def asked() -> int:
        read(client, QUALITY)
        with CaptureQueriesContext(connection) as queries:
            read(client, QUALITY)
        return len(queries)

    twice(registry, 1)
    one = asked()
    twice(registry, 2, begin=1)
    assert asked() == one
    assert "3 pairs of cases are alike" in read(client, QUALITY)


def asked(way: str, saved: Any, flag: str = "", low: float = 1, high: float = 30) -> Row:
    numbers = {"saved": saved, "low": low, "high": high, "change": 0.0}
    if isinstance(saved, NoNumber):
        numbers = dict.fromkeys(numbers, saved)
    return {"asked": way, **numbers, "n": 9, "n_without": 9, "flag": flag, "sites": 1, "data": "real", "remark": ""}


def test_what_changes_the_headline_is_named_and_what_has_no_answer_is_counted() -> None:
    rows = [
        asked("headline", 12.0),
        asked("ratio", 14.0),
        asked("used", -3.0, "interval holds zero", -9.0, 4.0),
        asked("ehr", NoNumber("no printed case has such a time")),
    ]
    panel = sensitivity.otherwise(measured("sensitivity", rows))
    assert panel.table.finding.startswith(
        "The headline is 12.0 minutes (95% interval 1.0 to 30.0). 2 of 3 other ways of asking have an answer, from −3.0 to 14.0 "
        "minutes. 1 of them changes what it says: prints used in the room alone."
    )
    assert panel.figure is not None
    assert [value["estimate"] for value in panel.figure.wide["data"]["values"]] == [12, 14, -3]


def test_a_headline_that_cannot_be_stated_says_why() -> None:
    panel = sensitivity.otherwise(measured("sensitivity", [asked("headline", NoNumber("no case without a print"))]))
    assert panel.table.finding.startswith("There is no headline to ask otherwise: no case without a print.")
    assert panel.figure is None


def supposed(name: str, k: Any, saved: Any) -> Row:
    none = NoNumber("supposed minutes have no interval")
    limits = {"low": saved - 1, "high": saved + 1} if k == 1 else {"low": none, "high": none}
    rest = {"n": 4, "eligible": 16, "sites": 1, "data": "real", "remark": ""}
    return {"supposed": name, "k": k, "saved": saved, **limits, **rest}


def test_the_tipping_point_is_told_in_minutes_and_drawn_where_it_is_near() -> None:
    points = [supposed("", 0.0, 2.5), supposed("", 1.0, 10.0)]
    near = sensitivity.others_saved(measured("unreported-savings", [*points, supposed("tipping", -0.2, 1.0)]))
    assert near.table.finding.startswith(
        "4 of 16 printed cases are in the headline. Had the other 12 saved nothing, the average over all would be 2.5 minutes instead "
        "of 10.0. Had they lost 2.0 minutes each exactly, without any error, the interval would touch zero (k = −0.20)."
    )
    assert near.figure is not None
    assert [value["tipping"] for value in near.figure.wide["data"]["values"]] == [True, False, False]
    assert [value["low"] for value in near.figure.wide["data"]["values"]] == [None, None, 9.0]
    far = sensitivity.others_saved(measured("unreported-savings", [*points, supposed("tipping", -9.0, 1.0)]))
    assert "lost 90.0 minutes each" in far.table.finding
    assert far.reading.endswith("The tipping point lies far left of what is drawn.")
    why = NoNumber("every eligible case was reported")
    none = sensitivity.others_saved(measured("unreported-savings", [*points, supposed("tipping", why, why)]))
    assert "There is no tipping point: every eligible case was reported." in none.table.finding


def test_where_operations_took_longer_the_others_must_have_saved() -> None:
    rows = [supposed("", 0.0, -2.5), supposed("", 1.0, -10.0), supposed("tipping", -0.2, -1.0)]
    panel = sensitivity.others_saved(measured("unreported-savings", rows))
    assert "Had they saved 2.0 minutes each exactly" in panel.table.finding


def of_site(code: str, complete: Any, remark: str = "") -> Row:
    rest: Row = dict.fromkeys((column.name for column in BY_SLUG["data-quality"].columns), 0)
    return {**rest, "site": code, "complete": complete, "heaping": 1.0, "data": "real", "remark": remark, "n": 10}


def drawn(rows: list[Row], scope: str) -> Any:
    panel, *_ = quality.trusted(measured("data-quality", rows, scope=scope, coverage=Coverage(5, 10, "cases")))
    assert panel.figure is not None
    return panel, panel.figure.wide


def test_a_site_alone_sees_its_value_and_where_it_is_asked_and_no_band() -> None:
    panel, figure = drawn([of_site("ALPHA", 0.5, "times look recalled")], "ALPHA")
    assert panel.table.finding.startswith(
        "5 of 10 cases that are due have an OR time (50.0%). To look at: times look recalled."
    )
    assert [value["text"] for value in figure["data"]["values"]][:1] == ["50.0%"]
    _, band, threshold, *_ = figure["layer"]
    assert band["data"]["values"] == []
    assert [value["at"] for value in threshold["data"]["values"]] == [pytest.approx(0.8), pytest.approx(0.6)]
    assert panel.reading.startswith("Tick: this site's value.")


def test_the_registry_sees_a_tick_a_site_and_a_band_of_quartiles_from_four_sites_on() -> None:
    rows = [of_site(f"S{number}", number / 10) for number in range(1, 6)]
    panel, figure = drawn(rows, "registry")
    complete = [value for value in figure["data"]["values"] if value["label"] == "OR times known"]
    assert [value["at"] for value in complete] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert {value["text"] for value in complete} == {""}
    assert figure["layer"][1]["data"]["values"][0] == {"label": "OR times known", "from": 0.2, "to": 0.4}
    assert "Nothing asks for a second look." in panel.table.finding
    _, few = drawn(rows[:3], "registry")
    assert few["layer"][1]["data"]["values"] == []


def test_an_indicator_that_no_site_has_is_not_drawn() -> None:
    _, figure = drawn([of_site("ALPHA", NoNumber("no case is due yet"))], "ALPHA")
    assert "OR times known" not in {value["label"] for value in figure["data"]["values"]}
