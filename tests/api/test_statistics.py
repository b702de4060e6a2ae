"""Statistics by REST: a site's own in full, the registry's for its administrators, everything else suppressed."""

import pytest

from registry.statistics import refresh_due
from registry.statistics.published import definitions, shared
from tests.api.conftest import Caller, issued, problem, signed_in


def counted(caller, control, minutes):
    for number, value in enumerate(minutes):
        control["procedure"]["times"][0]["minutes"] = value
        assert caller.post("cases", {**control, "local_case_id": f"C-{number}"}).status_code == 201
    refresh_due(100)


def test_the_measures_are_declared(alice):
    data = alice.get("statistics").json()["data"]
    assert {"cases-by-kind", "or-minutes", "minutes-saved", "dollars-saved"} <= {row["slug"] for row in data}
    assert all(row["method"] and row["columns"] for row in data)


def test_the_declarations_say_all_that_the_page_of_methods_says(alice):
    answer = alice.get("statistics").json()
    assert answer["data"] == definitions()
    for row in answer["data"]:
        assert {
            "why_it_matters",
            "unit",
            "numerator",
            "denominator",
            "strata",
            "method",
            "version",
            "source",
        } <= row.keys()
        assert all(column["meaning"] for column in row["columns"])
    assert answer["pipeline"] == shared()
    assert len(answer["pipeline"]["decisions"]) == 10


def test_a_result_names_the_pipeline_it_comes_of(alice, control):
    counted(alice, control, [400])
    assert alice.get("statistics/or-minutes").json()["pipeline_version"] == shared()["version"]


def test_a_site_reads_its_own_or_minutes(alice, control):
    counted(alice, control, [400, 420, 410])
    answer = alice.get("statistics/or-minutes").json()
    assert (answer["suppressed"], answer["scope"], answer["n"]) == (False, "ALPHA", 3)
    [row] = [row for row in answer["rows"] if row.get("clock") == "in_room"]
    assert 410 in row.values()
    assert answer["data"] == {"kind": "real", "synthetic": [], "real": ["ALPHA"], "notes": []}
    assert row["data"] == "real"
    assert alice.get("statistics/or-minutes?scope=site&from=2026-03&to=2026-03").json()["n"] == 3
    assert alice.get("statistics/or-minutes?from=2025-01&to=2025-12").json()["n"] == 0


def test_every_measure_answers_for_a_site_with_and_without_cases(alice, example):
    slugs = [row["slug"] for row in alice.get("statistics").json()["data"]]
    for slug in slugs:
        assert alice.get(f"statistics/{slug}").status_code == 200
    alice.post("cases", example)
    refresh_due(100)
    for slug in slugs:
        assert alice.get(f"statistics/{slug}").status_code == 200


def test_the_registry_s_live_figures_are_for_its_administrators(people, alice, control):
    counted(alice, control, [400, 420])
    hidden = alice.get("statistics/or-minutes?scope=registry").json()
    assert hidden["suppressed"] is True
    assert hidden["reason"]
    assert "rows" not in hidden
    assert signed_in(people.alice).get("statistics/or-minutes").json()["suppressed"] is True
    shown = signed_in(people.dana).get("statistics/or-minutes").json()
    assert (shown["suppressed"], shown["scope"], shown["n"]) == (False, "registry", 2)


def test_a_person_reads_the_site_named(people, alice, control):
    counted(alice, control, [400, 420])
    assert signed_in(people.alice).get("statistics/or-minutes?site=ALPHA").json()["n"] == 2
    problem(signed_in(people.charlie).get("statistics/or-minutes?site=ALPHA"), 404, "not-found")
    assert Caller(issued(people.other)).get("statistics/or-minutes").json()["n"] == 0


def test_a_token_without_the_scope_sees_nothing(people, alice, control):
    counted(alice, control, [400, 420])
    answer = Caller(issued(people.site, ["cases:read"])).get("statistics/or-minutes").json()
    assert answer["suppressed"] is True


def test_a_measure_that_is_not_declared_is_404(alice):
    problem(alice.get("statistics/none-such"), 404, "not-found")


@pytest.mark.parametrize(
    "query",
    ["scope=all", "from=2026-01", "from=2026-02&to=2026-01", "from=2026-13&to=2027-01", "from=x&to=y", "period=1"],
)
def test_a_parameter_that_is_not_understood_is_refused(alice, query):
    assert alice.get(f"statistics/or-minutes?{query}").status_code == 400


def test_statistics_need_a_token_or_a_session(db):
    problem(Caller(None).get("statistics"), 401, "not-signed-in")
    problem(Caller(None).get("statistics/or-minutes"), 401, "not-signed-in")
