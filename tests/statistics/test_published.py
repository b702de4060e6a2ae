"""What each person may see, and that the figures are those of the cases."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from statistics import geometric_mean, mean, median, stdev, variance

import pytest
from django.contrib.auth.models import AnonymousUser
from scipy.stats import ttest_1samp, ttest_ind

from registry.actions import sites
from registry.errors import NotFound
from registry.models import Site
from registry.models.scope import acting_as, acting_for
from registry.permissions import Operator
from registry.statistics.measures import MEASURES, Measure
from registry.statistics.published import definitions, published, published_together
from registry.statistics.results import NoNumber, Period, Scope, Statistic, Suppressed, plain
from tests import people
from tests.people import HAND, People
from tests.statistics import reports
from tests.statistics.asking import baseline, fill, line, measured, refresh, submit

pytestmark = pytest.mark.django_db
WITH = [100, 120, 130, 95]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WITHOUT = [140, 150, 128, 165, 171]


@pytest.fixture
def who() -> People:
    return people.gathered()


def test_a_member_sees_the_own_site_and_nobody_else_s(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    scope = Scope.of(who.site)
    with acting_as(who.alice):
        assert measured("cases-by-kind", scope, who.alice).n == len(WITH)
    for stranger in (who.charlie, who.dana):
        with acting_as(stranger):
            found = published("cases-by-kind", scope=scope, for_user=stranger)
        assert found == Suppressed(
            "cases-by-kind", "Cases by kind of object", "ALPHA", "no release has been published yet"
        )
    assert isinstance(published("cases-by-kind", scope=scope, for_user=AnonymousUser()), Suppressed)


def test_the_registry_s_live_figures_are_for_administrators_alone(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.other, with_print=WITH, without=WITHOUT)
    refresh()
    with acting_as(who.dana):
        found = measured("cases-by-kind", Scope.registry(), who.dana)
        assert (found.n, found.sites) == (2 * len(WITH), 2)
    for member in (who.alice, who.charlie, AnonymousUser()):
        with acting_as(member):
            assert isinstance(published("cases-by-kind", scope=Scope.registry(), for_user=member), Suppressed)


def test_a_token_sees_its_own_site_if_it_may_read_statistics(who: People) -> None:
    with acting_for(sites=[who.site.pk]):
        reader, _ = sites.issue_token(who.site, name="reader", scopes=["statistics:read"], expires_in_days=1, **HAND)
        writer, _ = sites.issue_token(who.site, name="writer", scopes=["cases:write"], expires_in_days=1, **HAND)
        assert isinstance(published("effort", scope=Scope.of(who.site), for_user=reader), Statistic)
        assert isinstance(published("effort", scope=Scope.of(who.site), for_user=writer), Suppressed)
        assert isinstance(published("effort", scope=Scope.of(who.other), for_user=reader), Suppressed)
        assert isinstance(published("effort", scope=Scope.registry(), for_user=reader), Suppressed)


def test_asking_leaves_the_scope_as_it_was(who: People) -> None:
    with who.at_site():
        published("effort", scope=Scope.of(who.other), for_user=who.alice)
        published("effort", scope=Scope.registry(), for_user=Operator("tests"))
        assert list(Site.objects.filter(kind="live").values_list("code", flat=True)) == ["ALPHA"]


def test_a_sandbox_says_that_it_has_no_statistics(who: People) -> None:
    with acting_for(sites=[], administrator=True):
        twin = Site.objects.get(of=who.site)
    found = published("effort", scope=Scope.of(twin), for_user=who.alice)
    assert isinstance(found, Suppressed)
    assert found.reason == "a sandbox has no statistics"


def _undated(results: dict[str, Statistic | Suppressed]) -> list[Statistic | Suppressed]:
    return [replace(each, cut_off=NOW) if isinstance(each, Statistic) else each for each in results.values()]


def test_measures_asked_for_together_are_those_asked_for_one_by_one(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    slugs = [measure.slug for measure in MEASURES]
    for viewer in (Operator("tests"), who.alice, who.charlie):
        for scope in (Scope.registry(), Scope.of(who.site)):
            together = published_together(slugs, scope=scope, for_user=viewer)
            assert list(together) == slugs
            alone = {slug: published(slug, scope=scope, for_user=viewer) for slug in slugs}
            assert _undated(together) == _undated(alone)
    with pytest.raises(NotFound):
        published_together(["effort", "share-of-luck"], scope=Scope.registry(), for_user=Operator("tests"))


def test_an_undeclared_measure_is_not_found(who: People) -> None:
    with pytest.raises(NotFound):
        published("share-of-luck", scope=Scope.registry(), for_user=Operator("tests"))


def test_or_minutes_are_those_of_the_cases(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    submit(who.site, reports.control("R-1", "2026-03", "tka", reports.time(999, source="recall")))
    refresh()
    statistic = measured("or-minutes", Scope.of(who.site))
    row = line(statistic, arm="without_print")
    assert (row["n"], row["eligible"], row["recalled"]) == (len(WITHOUT), len(WITHOUT) + 1, 1)
    assert (row["mean"], row["median"]) == (mean(WITHOUT), median(WITHOUT))
    assert row["sd"] == stdev(WITHOUT)
    wanted = ttest_1samp(WITHOUT, 0).confidence_interval()
    assert (row["mean_low"], row["mean_high"]) == pytest.approx((wanted.low, wanted.high))
    assert row["median_low"] == NoNumber(f"{len(WITHOUT)} cases are too few for an interval of the median")
    assert row["geometric_mean"] == pytest.approx(geometric_mean(WITHOUT))
    assert row["geometric_low"] < row["geometric_mean"] < row["geometric_high"]
    assert row["skewed"] == ""
    assert line(statistic, arm="with_print")["mean"] == mean(WITH)


def test_minutes_saved_are_welch_s(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    expected = ttest_ind(WITHOUT, WITH, equal_var=False)
    interval = expected.confidence_interval()
    assert row["saved"] == 39.55
    assert row["low"] == pytest.approx(interval.low, rel=1e-12)
    assert row["high"] == pytest.approx(interval.high, rel=1e-12)
    assert row["df"] == pytest.approx(expected.df, rel=1e-12)
    assert (row["comparator"], row["n"], row["n_without"], row["coverage"]) == ("A", 4, 5, 1.0)


def test_clocks_are_never_mixed(who: People) -> None:
    fill(who.site, with_print=WITH, without=[], clock="tourniquet")
    fill(who.site, with_print=[], without=WITHOUT, clock="in_room")
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    assert (row["clock"], row["comparator"]) == ("tourniquet", "none")
    assert isinstance(row["saved"], NoNumber)
    assert row["saved"].reason == "no control case with an observed time, and no baseline of the site"


def test_recalled_minutes_never_enter_a_saving(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    done = reports.procedure("2026-03", "tka", reports.time(6, source="recall"))
    submit(who.site, reports.asked("R-1", "2026-01", procedure=done))
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    assert (row["saved"], row["recalled"], row["eligible"]) == (39.55, 1, 5)
    assert line(measured("or-time-coverage", Scope.of(who.site)), object_kind="anatomic_model")["recalled"] == 1


def test_without_controls_the_site_s_baseline_is_the_comparator(who: People) -> None:
    fill(who.site, with_print=WITH, without=[])
    baseline(who.site)
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    assert (row["comparator"], row["saved"], row["n_without"]) == ("B", 150 - mean(WITH), 20)
    assert row["low"] < row["saved"] < row["high"]
    assert row["remark"] == "baseline from 2024-01 to 2024-12, version 1"


def test_controls_go_before_a_baseline(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    baseline(who.site)
    refresh()
    assert line(measured("minutes-saved", Scope.of(who.site)), category="tka")["comparator"] == "A"


def test_a_baseline_without_sd_or_out_of_a_book_is_no_comparator(who: People) -> None:
    fill(who.site, with_print=WITH, without=[])
    baseline(who.site, kind="literature", citation="A book, 2019")
    refresh()
    row = line(measured("minutes-saved", Scope.of(who.site)), category="tka")
    assert row["comparator"] == "none"
    assert "literature is no comparator" in row["remark"]
    baseline(who.site, sd=None)
    assert "has no SD" in line(measured("minutes-saved", Scope.of(who.site)), category="tka")["remark"]


def test_a_registry_line_is_the_sum_of_the_sites_weighted_to_their_prints(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.other, with_print=[80, 90, 85], without=[100, 110, 120])
    refresh()
    statistic = measured("minutes-saved", Scope.registry())
    alpha, charlie = (line(statistic, category="tka", site=code) for code in ("ALPHA", "CHARLIE"))
    whole = line(statistic, category="tka", site="")
    total = 4 * Fraction(alpha["saved"]) + 3 * Fraction(charlie["saved"])
    assert whole["total"] == pytest.approx(float(total), rel=1e-12)
    assert whole["saved"] == pytest.approx(float(total / 7), rel=1e-12)
    arms = ([WITHOUT, [100, 110, 120]], [WITH, [80, 90, 85]])
    pooled = [
        sum((len(arm) - 1) * variance(arm) for arm in sites) / sum(len(arm) - 1 for arm in sites) for sites in arms
    ]
    square = sum(
        (n / 7) ** 2 * pooled[arm] / len(sites[place])
        for arm, sites in enumerate(arms)
        for place, n in enumerate((4, 3))
    )
    assert whole["se"] ** 2 == pytest.approx(square, rel=1e-12)
    assert (whole["n"], whole["sites"], whole["coverage"]) == (7, 2, 1.0)
    assert whole["mean_without"] - whole["mean_with"] == pytest.approx(whole["saved"])
    assert (statistic.n, statistic.sites, statistic.comparators) == (7, 2, ("A",))


def test_a_total_over_categories_never_subtracts_mixed_means(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.site, with_print=[300, 310, 320], without=[290, 295, 300, 305] * 3, category="tha")
    refresh()
    statistic = measured("minutes-saved", Scope.of(who.site))
    parts = [line(statistic, category=category) for category in ("tka", "tha")]
    whole = line(statistic, category="")
    assert whole["total"] == pytest.approx(sum(part["total"] for part in parts))
    assert whole["n"] == 7


def test_a_line_is_withheld_where_most_prints_have_no_comparator(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.site, with_print=[300] * 5, without=[], category="tha")
    refresh()
    whole = line(measured("minutes-saved", Scope.of(who.site)), category="")
    assert isinstance(whole["saved"], NoNumber)
    assert whole["saved"].reason == "only 4 of 9 printed cases with a time can be compared"


def test_dollars_are_minutes_times_the_rate_with_the_formula(who: People) -> None:
    fill(who.site, with_print=[100, 101, 102], without=[162, 163, 164])
    refresh()
    statistic = measured("dollars-saved", Scope.of(who.site))
    published = [row for row in statistic.rows if row["scenario"] == "ballard2020"]
    values = {row["rate"]: row["value"] for row in published if row["category"] == "tka"}
    assert values == {"low": Decimal(1364), "mean": Decimal(3844), "high": Decimal(8246)}
    assert line(statistic, category="tka", rate="mean")["formula"] == "62 min × $62/min = $3,844"
    assert line(statistic, category="tka", rate="mean")["total"] == 3 * 3844


def test_effort_tells_unknown_from_unasked_from_zero(who: People) -> None:
    for place, minutes in enumerate([0, 30, None]):
        effort = [{"activity": "segmentation", "staff": "clinician", "minutes": minutes}]
        submit(who.site, reports.asked(f"P-{place}", "2026-01", effort=effort))
    submit(who.site, reports.asked("P-9", "2026-01"))
    refresh()
    row = line(measured("effort", Scope.of(who.site)), activity="segmentation")
    assert (row["n"], row["unknown"], row["not_asked"], row["mean"]) == (2, 1, 1, 15.0)


def test_case_mix_counts_no_controls(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    submit(who.site, reports.asked("D-1", "2026-02", decision="digital_only", kind="digital_only"))
    refresh()
    kinds = measured("cases-by-kind", Scope.of(who.site))
    assert {row["object_kind"]: row["n"] for row in kinds.rows} == {"anatomic_model": 4, "digital_only": 1}
    assert sum(row["share"] for row in kinds.rows if isinstance(row["share"], float)) == pytest.approx(1)
    assert [row["process"] for row in measured("cases-by-process", Scope.of(who.site)).rows] == ["material_jetting"]
    coverage = measured("or-time-coverage", Scope.of(who.site))
    assert (coverage.n, coverage.coverage and coverage.coverage.covered) == (5, 4)
    assert line(coverage, object_kind="digital_only")["awaiting"] == 1


def test_a_period_counts_its_own_months(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT, month="2026-03")
    fill(who.site, with_print=[70], without=[], month="2026-04")
    refresh()
    april = Period(date(2026, 4, 1), date(2026, 4, 1))
    assert measured("cases-by-kind", Scope.of(who.site), period=april).n == 1
    with pytest.raises(ValueError, match="first day"):
        Period(date(2026, 4, 2), date(2026, 4, 2))


def test_what_waits_at_another_site_does_not_date_the_figures_of_this_one(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    fill(who.other, with_print=WITH, without=WITHOUT)
    waiting = measured("cases-by-kind", Scope.registry()).cut_off
    assert waiting < measured("cases-by-kind", Scope.of(who.site)).cut_off
    assert measured("cases-by-kind", Scope.of(who.other)).cut_off == waiting


def test_the_cut_off_is_the_oldest_change_not_yet_counted(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    stale = measured("cases-by-kind", Scope.of(who.site))
    assert (stale.n, stale.rows) == (0, ())
    refresh()
    assert measured("cases-by-kind", Scope.of(who.site)).cut_off > stale.cut_off


def scopes(measure: Measure, site: Site) -> list[Scope]:
    return [Scope.of(site)] if measure.beside else [Scope.registry(), Scope.of(site)]


def test_an_empty_registry_has_empty_statistics_and_no_error(who: People) -> None:
    for measure in MEASURES:
        for scope in scopes(measure, who.site):
            assert measured(measure.slug, scope).n == 0


def test_every_measure_fits_its_columns_and_is_plain_json(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.site, with_print=[300], without=[], category="tha")
    baseline(who.site, kind="literature", citation="A book, 2019", category="tha")
    coded = {
        "effort": [{"activity": "cad", "staff": "clinician", "minutes": 5}],
        "codes": [{"code": "0559T", "units": 1, "claim": "billed", "claim_status": "paid"}],
    }
    submit(who.site, reports.asked("E-1", "2026-01", **coded))
    guess = {"respondent_role": "surgeon", "time_saved_minutes": 30}
    submit(
        who.site, reports.asked("E-2", "2026-01", procedure=reports.procedure("2026-03", "tka"), assessments=[guess])
    )
    refresh()
    for measure in MEASURES:
        for scope in scopes(measure, who.site):
            statistic = measured(measure.slug, scope)
            assert statistic.rows
            for row in statistic.rows:
                assert list(row) == [column.name for column in measure.columns]
            as_json = json.loads(json.dumps(plain(statistic)))
            assert as_json["rows"][0].keys() == {*(column.name for column in measure.columns), "reasons"}
            assert (
                not {"method", "version", "cut_off", "coverage", "n", "sites", "clocks", "comparators"} - as_json.keys()
            )


def test_every_measure_says_what_it_is() -> None:
    assert len({measure.slug for measure in MEASURES}) == len(MEASURES)
    for said in definitions():
        assert all(said.values()), said
        json.dumps(said)
