"""Minutes saved by kind of object and by specialty: the printed cases of the part, beside the same controls."""

from typing import Any

import pytest
from scipy.stats import ttest_ind

from registry.models import Site
from registry.statistics.results import NoNumber, Scope, Statistic
from tests import people
from tests.people import People, enrolled
from tests.statistics import reports
from tests.statistics.asking import baseline, fill, line, measured, refresh, submit

pytestmark = pytest.mark.django_db
MODELS, GUIDES, CONTROLS = [100, 120, 130, 95], [80, 85, 99], [140, 150, 128, 165, 171]


@pytest.fixture
def who() -> People:
    return people.gathered()


def printed(site: Site, kind: str, minutes: list[int], *, category: str = "tka", clock: str = "in_room") -> None:
    for place, value in enumerate(minutes):
        done = reports.procedure("2026-03", category, reports.time(value, clock))
        name = f"{category[:4]}-{clock[:4]}-{kind[-5:]}-{place}"
        submit(site, reports.asked(name, "2026-01", kind=kind, procedure=done))


def kinds(site: Site) -> None:
    fill(site, with_print=MODELS, without=CONTROLS)
    printed(site, "anatomic_guide", GUIDES)
    refresh()


def by_kind(scope: Scope) -> Statistic:
    return measured("minutes-saved-by-kind", scope)


def test_each_kind_is_compared_with_the_same_controls(who: People) -> None:
    kinds(who.site)
    result = by_kind(Scope.of(who.site))
    assert [row["object_kind"] for row in result.rows] == ["", "anatomic_model", "anatomic_guide"]
    for kind, minutes in {"anatomic_model": MODELS, "anatomic_guide": GUIDES}.items():
        row = line(result, object_kind=kind)
        expected = ttest_ind(CONTROLS, minutes, equal_var=False)
        assert row["saved"] == pytest.approx(sum(CONTROLS) / 5 - sum(minutes) / len(minutes), rel=1e-12)
        assert (row["low"], row["df"]) == pytest.approx((expected.confidence_interval().low, expected.df), rel=1e-9)
        assert (row["n"], row["n_without"], row["eligible"], row["coverage"]) == (len(minutes), 5, len(minutes), 1.0)
    assert "Kinds share their controls" in " ".join(result.caveats)


def test_the_line_over_all_kinds_is_that_of_minutes_saved(who: People) -> None:
    kinds(who.site)
    for scope in (Scope.of(who.site), Scope.registry()):
        whole, own = line(by_kind(scope), object_kind=""), measured("minutes-saved", scope)
        same = next(row for row in own.rows if row["category"] == "")
        names = ("saved", "se", "df", "low", "high", "n", "n_without", "eligible", "coverage", "comparator", "sites")
        assert {name: whole[name] for name in names} == {name: same[name] for name in names}
        assert (by_kind(scope).n, by_kind(scope).coverage) == (own.n, own.coverage)


def test_a_kind_without_a_time_has_no_line_and_clocks_are_apart(who: People) -> None:
    kinds(who.site)
    printed(who.site, "both", [60, 61, 62], clock="tourniquet")
    refresh()
    rows = {(row["clock"], row["object_kind"]): row for row in by_kind(Scope.of(who.site)).rows}
    assert ("in_room", "both") not in rows
    both = rows["tourniquet", "both"]
    assert isinstance(both["saved"], NoNumber)
    assert (both["comparator"], both["eligible"]) == ("none", 3)


def test_a_baseline_is_a_comparator_of_every_kind(who: People) -> None:
    printed(who.site, "anatomic_guide", GUIDES)
    baseline(who.site)
    refresh()
    row = line(by_kind(Scope.of(who.site)), object_kind="anatomic_guide")
    assert (row["comparator"], row["saved"], row["n_without"]) == ("B", 62.0, 20)


def test_the_average_over_sites_needs_three_of_them(who: People) -> None:
    for number in range(3):
        fill(enrolled(f"SITE{number}", f"Site {number}"), with_print=[x + number for x in MODELS], without=CONTROLS)
        refresh()
        row = line(by_kind(Scope.registry()), object_kind="anatomic_model")
        assert isinstance(row["average"], NoNumber) == (number < 2)
        assert isinstance(row["new_low"], NoNumber)
    assert row["average_low"] < row["average"] < row["average_high"]


def test_a_specialty_is_the_sum_of_its_procedures(who: People) -> None:
    fill(who.site, with_print=MODELS, without=CONTROLS)
    fill(who.site, with_print=[300, 310, 322], without=[290, 295, 300, 305], category="tha")
    fill(who.site, with_print=[200, 210, 220], without=[230, 240, 251], category="partial_nephrectomy")
    refresh()
    result = measured("minutes-saved-by-specialty", Scope.of(who.site))
    assert [row["specialty"] for row in result.rows] == ["orthopaedics", "urology"]
    saved: Any = measured("minutes-saved", Scope.of(who.site))
    parts = [line(saved, category=category) for category in ("tka", "tha")]
    bones = line(result, specialty="orthopaedics")
    assert bones["n"] == 7
    assert bones["saved"] * 7 == pytest.approx(sum(part["total"] for part in parts))
    kidneys, alone = line(result, specialty="urology"), line(saved, category="partial_nephrectomy")
    names = ("saved", "low", "high", "n", "eligible")
    assert [kidneys[name] for name in names] == [alone[name] for name in names]
    assert result.n == saved.n
