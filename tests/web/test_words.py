"""The sentence on top says a saving, a loss and nothing known with the same plainness."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from registry.reports.tables import NotShown
from registry.statistics.measures import BY_SLUG
from registry.statistics.provenance import Provenance
from registry.statistics.results import NoNumber, Statistic, Suppressed
from registry.web.hyphens import hyphenated
from registry.web.numbers import dollars, minutes, share, written
from registry.web.words import finding

WORDS = ("Craniomaxillofacial", "Photopolymer", "Prostatectomy", "Spine", "Administrator")


def saved(**line: Any) -> Statistic:
    measure = BY_SLUG["minutes-saved"]
    row = {"site": "", "category": "", "clock": "in_room", "n": 47, "eligible": 60, "sites": 2, "data": "real", **line}
    return Statistic(
        measure.slug, measure.title, measure.unit, "registry", "all months", measure.columns, (row,), 47, 2, None,
        ("in_room",), ("A",), measure.method, measure.version, measure.source, datetime(2026, 3, 1, tzinfo=UTC), (),
        Provenance(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("estimate", "low", "high", "said"),
    [
        (24.06, 15.0, 33.2, "took 24.1 minutes less on average than those without one (95% interval 15.0 to 33.2)."),
        (-4.0, -9.5, -0.5, "took 4.0 minutes more on average than those without one (95% interval 0.5 to 9.5 more)."),
        (3.0, -2.0, 8.0, "(95% interval −2.0 to 8.0; no difference is possible too)."),
        (-3.0, -8.0, 2.0, "took 3.0 minutes more on average than those without one (95% interval −8.0 to 2.0; no difference"),
        (0.0, -2.0, 2.0, "took as long as those without one: 0.0 minutes difference"),
    ],
)  # fmt: skip
def test_the_finding_names_the_direction_and_the_uncertainty(
    estimate: float, low: float, high: float, said: str
) -> None:
    sentence = finding(saved(saved=estimate, low=low, high=high))
    assert said in sentence
    assert "This rests on 47 of 60 printed cases with the procedure recorded, at 2 sites" in sentence


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("real", "Operations with a print took 24.1"),
        ("synthetic", "Synthetic demonstration data: operations with a print took 24.1"),
        ("synthetic and real", "Partly synthetic: operations with a print took 24.1"),
    ],
)
def test_the_finding_says_first_that_its_data_are_synthetic(kind: str, said: str) -> None:
    assert finding(saved(saved=24.06, low=15.0, high=33.2, data=kind)).startswith(said)


def test_a_saving_that_cannot_be_computed_says_why() -> None:
    missing = NoNumber("no procedure of a site with 3 printed and 3 comparator cases")
    assert finding(saved(saved=missing, low=missing, high=missing)) == (
        "Minutes saved cannot be stated: no procedure of a site with 3 printed and 3 comparator cases."
    )


def test_a_saving_that_may_not_be_shown_says_why() -> None:
    hidden = Suppressed("minutes-saved", "OR minutes saved", "registry", "no release has been published yet")
    assert finding(hidden) == "Minutes saved are not shown: no release has been published yet."


def test_long_words_break_between_their_parts_and_nowhere_else() -> None:
    said = [hyphenated(word).replace("\N{SOFT HYPHEN}", "-") for word in WORDS]
    assert said == ["Cranio-maxillo-facial", "Photo-polymer", "Prostat-ectomy", "Spine", "Administrator"]


def test_numbers_are_rounded_half_up_with_a_true_minus() -> None:
    assert [minutes(value) for value in (2.25, -4.04, Fraction(-1, 100), 1234.5)] == ["2.3", "−4.0", "0.0", "1,234.5"]
    assert [dollars(value) for value in (1364.5, -157.2)] == ["$1,365", "−$157"]
    assert share(Fraction(57, 1000)) == "5.7%"
    assert [written(2.25, unit) for unit in ("hours", "months", "years")] == ["2.3", "2.3", "2.3"]


def test_nothing_is_a_dash_and_what_is_not_shown_says_why() -> None:
    assert written(None, "minutes") == "–"
    assert written(NotShown("fewer than 11 cases"), "minutes") == "not shown: fewer than 11 cases"
    assert written(0, "count") == "0"
