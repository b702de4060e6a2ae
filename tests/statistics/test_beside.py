"""One site beside the others: what it learns of them is coarse, rests on enough of them, and never on its own cases."""

import json
from collections.abc import Iterable
from math import ceil, floor, log10, sqrt
from statistics import NormalDist
from typing import Any

import pytest

from registry.actions import memberships
from registry.models import Site, User
from registry.models.scope import acting_for
from registry.statistics.beside import LEFT_OPEN, ONE_PREVAILS, TOO_FEW_OTHERS
from registry.statistics.measures import BY_SLUG
from registry.statistics.pooling import pool
from registry.statistics.published import published
from registry.statistics.results import NoNumber, Period, Scope, Statistic, Suppressed, plain
from registry.statistics.two_arms import student_t
from tests.people import HAND, person
from tests.statistics.asking import line, measured
from tests.statistics.drawn_sites import MONTH, Arms, draw, drawn, minutes, site_of
from tests.statistics.test_benchmarks import effects, excess

pytestmark = pytest.mark.django_db
CODES = [f"OTHER{letter}" for letter in "ABCDEFGHIJKL"]
OTHERS = ("others", "target", "others_low", "others_high", "new_low", "new_high")
LIMITS = ("limit_95_low", "limit_95_high", "limit_998_low", "limit_998_high")
OWN = minutes(77, n_with=60, n_without=90, saved=55)


def mine(arms: Arms = OWN) -> Site:
    """A site of one's own, with these cases."""
    site = site_of("MINE")
    draw(site, arms)
    return site


def beside(site: Site, slug: str = "beside-other-sites", viewer: Any = None) -> dict[str, Any]:
    return line(measured(slug, Scope.of(site), viewer), clock="in_room")


def nearest(value: float, step: float = 5) -> float:
    return floor(value / step + 0.5) * step


def one_digit(value: float) -> float:
    return round(value, -floor(log10(value))) if value else 0.0


def test_the_others_are_those_of_plain_loops_without_one_s_own_cases_and_rounded() -> None:
    site = mine()
    together = pool(*effects(drawn(CODES)))
    row = beside(site)
    assert row["others"] == len(CODES)
    assert row["target"] == nearest(together.estimate or 0)
    for name, end, to in (
        ("others_low", together.low, floor), ("others_high", together.high, ceil),
        ("new_low", together.prediction_low, floor), ("new_high", together.prediction_high, ceil),
    ):  # fmt: skip
        assert row[name] == to((end or 0) / 5) * 5, name


def test_one_s_own_figures_are_full_and_its_place_is_computed_from_the_rounded_ones() -> None:
    site = mine()
    y, v = effects(drawn(CODES))
    (own,), (own_v,) = effects({"MINE": OWN})
    together = pool(y, v)
    tau, wide = one_digit(sqrt(together.tau2 or 0)), one_digit(sqrt(excess(y, v, together.estimate or 0)))
    row = beside(site)
    assert row["saved"] == pytest.approx(own, rel=1e-12)
    assert row["se"] == pytest.approx(sqrt(own_v), rel=1e-9)
    b = tau**2 / (tau**2 + own_v)
    assert row["reliability"] == pytest.approx(b, rel=1e-9)
    se = (row["others_high"] - row["others_low"]) / 2 / student_t(0.975, len(CODES) - 1)
    theta, sd = b * own + (1 - b) * row["target"], sqrt(b * own_v + (1 - b) ** 2 * se**2)
    found = [row[name] for name in ("shrunken", "shrunken_low", "shrunken_high")]
    assert found == pytest.approx([theta, theta - 1.959964 * sd, theta + 1.959964 * sd], rel=1e-6)
    for name, z in zip(LIMITS, (-1.959964, 1.959964, -3.090232, 3.090232), strict=True):
        half = 2.5 if z > 0 else -2.5  # so much may the target have been rounded
        assert row[name] == pytest.approx(row["target"] + half + z * sqrt(own_v + wide**2), rel=1e-6), name
    top = 1 - NormalDist(theta, sd).cdf(row["target"] + 0.6744898 * tau)
    assert row["top_quarter"] == pytest.approx(top, rel=1e-6)
    assert row["quarter"] == "1"


def test_a_quarter_is_said_where_every_mean_that_is_so_rounded_gives_the_same_one() -> None:
    y, v = effects(drawn(CODES))
    tau, said = one_digit(sqrt(pool(y, v).tau2 or 0)), set()
    for saved in range(10, 80, 8):
        arms = minutes(77, n_with=60, n_without=90, saved=saved)
        (own,), (own_v,) = effects({"MINE": arms})
        row = beside(mine(arms))
        b = tau**2 / (tau**2 + own_v)
        se = (row["others_high"] - row["others_low"]) / 2 / student_t(0.975, len(CODES) - 1)
        found = set()
        for mean in (row["target"] - 2.5 + step / 10 for step in range(51)):
            true = NormalDist(b * own + (1 - b) * mean, sqrt(b * own_v + (1 - b) ** 2 * se**2))
            below = [1, *(true.cdf(mean + z * tau) for z in (0.6744898, 0, -0.6744898)), 0]
            parts = [below[i] - below[i + 1] for i in range(4)]
            found.add(str(parts.index(max(parts)) + 1))
        assert row["quarter"] == (found.pop() if len(found) == 1 else NoNumber(LEFT_OPEN))
        assert isinstance(row["top_quarter"], NoNumber) == isinstance(row["quarter"], NoNumber)
        said.add(row["quarter"])
    assert NoNumber(LEFT_OPEN) in said
    assert len(said) > 2


def test_the_difference_that_the_own_cases_can_just_tell_is_that_of_their_sd() -> None:
    without, printed = OWN
    squares = sum((x - sum(arm) / len(arm)) ** 2 for arm in OWN for x in arm)
    sd = sqrt(squares / (len(without) + len(printed) - 2))
    row = beside(mine())
    assert row["detectable"] == pytest.approx(2.801585 * sd * sqrt(1 / len(without) + 1 / len(printed)), rel=1e-6)


def test_over_all_procedures_shares_are_rounded_to_two_and_a_half_per_cent() -> None:
    site = mine()
    drawn(CODES)
    row = beside(site, "beside-other-sites-share")
    for name in OTHERS[1:]:
        assert row[name] / 0.025 == pytest.approx(round(row[name] / 0.025), abs=1e-9), name
    assert -0.2 < row["target"] < 0.5


@pytest.mark.parametrize("count", [0, 4])
def test_of_four_others_nothing_is_said(count: int) -> None:
    site = mine()
    drawn(CODES[:count])
    row = beside(site)
    assert {row[name] for name in (*OTHERS, *LIMITS, "shrunken", "reliability", "quarter")} == {
        NoNumber(TOO_FEW_OTHERS)
    }
    assert isinstance(row["saved"], float)


def test_of_five_others_their_mean_is_said_and_of_ten_where_one_stands() -> None:
    site = mine()
    drawn(CODES[:5])
    row = beside(site)
    assert [isinstance(row[name], NoNumber) for name in OTHERS] == [False] * len(OTHERS)
    assert {row[name].reason for name in (*LIMITS, "quarter")} == {
        "5 sites: enough to say what a new, similar site may expect, too few to compare sites."
    }
    drawn(CODES[:10])
    assert not any(isinstance(beside(site)[name], NoNumber) for name in (*OTHERS, *LIMITS, "quarter"))


def test_a_site_with_ten_cases_in_an_arm_is_none_of_the_others() -> None:
    site = mine()
    drawn(CODES[:5])
    draw(site_of(CODES[0]), minutes(5, n_with=10, n_without=60))
    assert beside(site)["target"] == NoNumber(TOO_FEW_OTHERS)
    drawn(CODES[:6])
    draw(site_of(CODES[0]), minutes(5, n_with=10, n_without=60))
    assert beside(site)["others"] == 5


@pytest.mark.parametrize("arms", [{"n_with": 400}, {"n_without": 2000}, {"n_with": 400, "n_without": 2000}])
def test_where_one_of_the_others_has_most_of_the_cases_of_an_arm_nothing_is_said(arms: dict[str, int]) -> None:
    site = mine()
    drawn(CODES[:6])
    draw(site_of(CODES[2]), minutes(5, **arms))
    assert beside(site)["target"] == NoNumber(ONE_PREVAILS)


def test_one_s_own_cases_change_nothing_of_the_others() -> None:
    drawn(CODES)
    before = beside(mine())
    after = beside(mine(minutes(5, n_with=700, n_without=30, saved=-150)))
    assert before["saved"] != after["saved"]
    assert [before[name] for name in OTHERS] == [after[name] for name in OTHERS]


def member(*sites: Site) -> User:
    someone = person("Erin")
    for site in sites:
        with acting_for(sites=[site.pk], administrator=True):
            memberships.admit(someone, site=site, role="read_only", **HAND)
    return someone


def test_who_belongs_to_two_sites_sees_neither_among_the_others() -> None:
    site = mine()
    drawn(CODES)
    assert beside(site, viewer=member(site, site_of(CODES[11])))["others"] == 11


def test_no_code_and_no_figure_of_another_site_leaves() -> None:
    site = mine()
    drawn(CODES)
    registry = measured("site-benchmarks", Scope.registry())
    theirs = [row for row in registry.rows if row["site"] != "MINE"]
    secret = {row[name] for row in theirs for name in ("saved", "se", "low", "shrunken") if float(str(row[name])) % 5}
    assert len(secret) > 40
    for slug in ("beside-other-sites", "beside-other-sites-share"):
        result = measured(slug, Scope.of(site), member(site) if slug.endswith("sites") else None)
        said = json.dumps(plain(result))
        assert "OTHER" not in said
        assert not {value for row in result.rows for value in row.values() if isinstance(value, float)} & secret
        assert result.data.real == ("MINE", "other sites")


def test_whose_data_the_others_are_is_said_without_their_names() -> None:
    site = mine()
    drawn(CODES)
    for code in CODES[:2]:
        with acting_for(sites=(), administrator=True):
            Site.objects.filter(code=code).update(
                is_synthetic=True, data_note="synthetic demonstration data: of Harbor"
            )
    result = measured("beside-other-sites", Scope.of(site))
    assert result.data.kind == "synthetic and real"
    assert "synthetic demonstration data: other sites" in str(result.data)
    assert "Harbor" not in str(result.data)
    assert line(result, clock="in_room")["data"] == "synthetic and real"


def test_the_permission_comes_first_and_a_registry_is_no_site_and_months_are_not_chosen() -> None:
    site = mine()
    drawn(CODES)
    slug = "beside-other-sites"

    def reason(scope: Scope, viewer: Any, period: Period | None = None) -> str:
        found = published(slug, scope=scope, for_user=viewer, period=period)
        assert isinstance(found, Suppressed)
        return found.reason

    own, stranger = member(site), person("Mallory")
    assert reason(Scope.of(site), stranger) == "no release has been published yet"
    assert reason(Scope.registry(), own) == "no release has been published yet"
    assert "all months alone" in reason(Scope.of(site), own, Period(MONTH, MONTH))
    with acting_for(sites=[], administrator=True):
        twin = Site.objects.get(of=site)
    assert reason(Scope.of(twin), own) == "a sandbox has no statistics"
    with pytest.raises(AssertionError, match="the registry is no site"):
        measured(slug, Scope.registry())


def test_no_other_measure_can_read_the_others() -> None:
    assert {slug for slug, measure in BY_SLUG.items() if measure.beside} == set(_named("beside-other-sites"))
    drawn(CODES[:6])
    result = published("minutes-saved-across-sites", scope=Scope.of(mine()), for_user=member(mine()))
    assert isinstance(result, Statistic)
    assert [row["sites"] for row in result.rows] == [1]


def _named(slug: str) -> Iterable[str]:
    return (slug, f"{slug}-share")
