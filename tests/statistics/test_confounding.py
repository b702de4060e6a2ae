"""What stands beside a saving is made of its own numbers."""

from dataclasses import replace
from datetime import date

import pytest

from registry.permissions import Operator
from registry.statistics.confounding import (
    GENERAL,
    NEW_SITE,
    OBSERVATIONAL,
    Circumstances,
    Window,
    in_a_new_site,
    sentences,
)
from registry.statistics.measures import MEASURES
from registry.statistics.published import published
from registry.statistics.results import Coverage, Scope, Statistic
from tests import people
from tests.people import People
from tests.statistics.asking import baseline, fill, line, measured, refresh
from tests.statistics.test_across_sites import registry

ALL_KNOWN = Circumstances(
    comparators=("A", "B"),
    baselines=(Window(date(2019, 1, 1), date(2020, 12, 1)), Window(date(2022, 1, 1), date(2023, 6, 1))),
    median_print=date(2025, 2, 1),
    coverage=Coverage(25, 40, "printed cases"),
    sites=4,
    clocks=("in_room",),
    intervals=12,
)
WITH, WITHOUT = [100, 120, 130, 95], [140, 150, 128, 165, 171]


def test_all_that_is_known_is_said_in_the_order_of_doubts() -> None:
    assert sentences(ALL_KNOWN) == (
        OBSERVATIONAL,
        (
            "Comparator: A, concurrent controls; B, the sites' baselines from 2019-01 to 2023-06. Times also fall with calendar time. "
            "1 baseline ended more than 24 months before the median print (2025-02), so part of the difference may be time itself."
        ),
        "25 of 40 printed cases with the procedure recorded (62.5%) had both times, their own and a comparator's.",
        "4 sites volunteered: not a sample of hospitals.",
        "Clock: In room (wheels in to wheels out).",
        GENERAL[5],
        "Of 12 intervals about 1 in 20 misses the truth, and some savings look striking by chance.",
    )


@pytest.mark.parametrize(("ended", "flagged"), [("2023-02-01", False), ("2023-01-01", True)])
def test_a_baseline_is_old_when_it_ended_more_than_24_months_before_the_median_print(ended: str, flagged: bool) -> None:
    window = Window(date(2020, 1, 1), date.fromisoformat(ended))
    said = " ".join(sentences(replace(ALL_KNOWN, baselines=(window,))))
    assert ("more than 24 months" in said) == flagged


def test_what_does_not_apply_is_not_said() -> None:
    bare = replace(ALL_KNOWN, comparators=(), baselines=(), median_print=None, coverage=None, sites=1, intervals=1)
    said = sentences(replace(bare, clocks=("in_room", "tourniquet")))
    assert said[1] == "No comparator: there is nothing to subtract from."
    assert said[2] == "1 site volunteered: not a sample of hospitals."
    assert said[3] == "Clocks, never mixed: In room (wheels in to wheels out), Tourniquet."
    assert len(said) == 5
    assert sentences(replace(ALL_KNOWN, clocks=())) == ()


def test_a_prediction_interval_is_of_an_average() -> None:
    said = in_a_new_site("−10.8", "57.4")
    assert said == "In a new, similar site the average saving would lie between −10.8 and 57.4."


@pytest.fixture
def who(db: None) -> People:
    return people.gathered()


def told(result: Statistic) -> str:
    return " ".join(result.caveats)


def test_every_saving_names_its_comparators_months_and_coverage(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    fill(who.site, with_print=[*WITH], without=[], category="tha")
    baseline(who.site, category="tha", period_start="2022-01", period_end="2023-06")
    refresh()
    of_one_line = ("value-of-a-print", "break-even", "sensitivity", "e-value", "coding-evidence")
    of_many = ("minutes-saved", "dollars-saved", "minutes-saved-by-kind", "minutes-saved-by-specialty")
    for slug in (*of_many, *of_one_line):
        said = told(measured(slug, Scope.of(who.site)))
        assert "B, the sites' baselines from 2022-01 to 2023-06. Times also fall" in said
        assert "8 of 8 printed cases with the procedure recorded (100.0%) had both times" in said
        assert "1 site volunteered" in said
        assert "whether or not the print was used in the room" in said
        assert "1 baseline ended more than 24 months before the median print (2026-03)" in said


def test_a_baseline_that_is_no_comparator_is_not_named(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    baseline(who.site)
    refresh()
    assert "Comparator: A, concurrent controls. Times" in told(measured("minutes-saved", Scope.of(who.site)))


NOT_SAVED = {
    "estimated-minutes-saved",
    "minutes-saved-weakly",
    "published-studies",
    "published-effects",
    "unreported-savings",
}
"""Guesses, weak comparators, what others published and suppositions say other things of themselves."""


def test_no_measure_of_savings_leaves_them_out(who: People) -> None:
    fill(who.site, with_print=WITH, without=WITHOUT)
    refresh()
    units = {"saved", "share_saved", "dollars", "money"}
    said = 0
    for measure in MEASURES:
        result = published(measure.slug, scope=Scope.registry(), for_user=Operator("tests"))
        if measure.unit in units and measure.slug not in NOT_SAVED and isinstance(result, Statistic):
            assert OBSERVATIONAL in result.caveats, measure.slug
            assert "sites volunteered" in told(result).replace("1 site ", "1 sites "), measure.slug
            said += 1
    assert said >= 8


@pytest.mark.django_db
def test_the_average_over_sites_says_where_a_new_one_would_lie() -> None:
    registry(5)
    share, minutes = (measured(f"{name}-saved-across-sites", Scope.registry()) for name in ("share", "minutes"))
    row = line(share, category="")
    assert in_a_new_site(f"{row['new_low']:.1%}", f"{row['new_high']:.1%}") in share.caveats
    assert NEW_SITE in minutes.caveats
    assert "5 sites volunteered: not a sample of hospitals." in share.caveats


def test_without_a_case_nothing_is_said_of_confounding(who: People) -> None:
    assert OBSERVATIONAL not in measured("minutes-saved", Scope.of(who.site)).caveats
