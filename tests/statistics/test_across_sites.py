"""Sites combined from their cases: the numbers of plain loops over the same minutes, and what few sites do not allow."""

from math import exp, log
from statistics import fmean, variance
from typing import Any

import pytest

from registry.models import Site
from registry.models.scope import acting_for
from registry.statistics.heterogeneity import heterogeneity
from registry.statistics.pooling import pool
from registry.statistics.results import NoNumber, Scope
from tests.people import enrolled
from tests.statistics.asking import baseline, fill, line, measured, refresh

pytestmark = pytest.mark.django_db
NUMBERS = ("saved", "low", "high", "tau", "new_low", "new_high", "i2", "drop_low", "drop_high")
SPREAD = (-30, -12, -4, 3, 9, 21)
Minutes = dict[str, tuple[list[int], list[int]]]
"""By site: without a print, and with one."""


def minutes_of(number: int) -> tuple[list[int], list[int]]:
    without = [200 + 15 * number + off for off in SPREAD]
    return without, [round(minute * (0.95 - 0.04 * number)) for minute in without[: 4 + number % 3]]


def registry(count: int, *, category: str = "tka") -> Minutes:
    """So many sites with cases of one procedure."""
    found = {}
    for number in range(count):
        code = f"SITE{number}"
        with acting_for(sites=(), administrator=True):
            site = Site.objects.filter(code=code).first()
        site = site or enrolled(code, code)
        without, with_print = minutes_of(number + len(category))
        fill(site, with_print=with_print, without=without, category=category)
        found[code] = (without, with_print)
    refresh()
    return found


def effects(sites: Minutes, change: Any = float) -> tuple[list[float], list[float]]:
    """Each site's mean difference, and its variance from variances pooled within the arm over all sites; plain loops."""
    arms = [[[change(minute) for minute in arm] for arm in site] for site in sites.values()]
    pooled = [
        sum((len(site[arm]) - 1) * variance(site[arm]) for site in arms) / sum(len(site[arm]) - 1 for site in arms)
        for arm in (0, 1)
    ]
    return (
        [fmean(without) - fmean(printed) for without, printed in arms],
        [pooled[0] / len(without) + pooled[1] / len(printed) for without, printed in arms],
    )


def test_minutes_are_those_of_plain_loops_over_the_cases_pooled() -> None:
    sites = registry(5)
    wanted = pool(*effects(sites))
    row = line(measured("minutes-saved-across-sites", Scope.registry()), category="tka")
    assert wanted.estimate is not None
    assert (row["sites"], row["n"], row["n_without"]) == (5, sum(len(w) for _, w in sites.values()), 30)
    for name, value in {
        "saved": wanted.estimate, "low": wanted.low, "high": wanted.high,
        "new_low": wanted.prediction_low, "new_high": wanted.prediction_high, "tau": (wanted.tau2 or 0) ** 0.5,
    }.items():  # fmt: skip
        assert row[name] == pytest.approx(value, rel=1e-9), name
    alone = [
        pool(*([every[:place] + every[place + 1 :] for every in effects(sites)])).estimate
        for place in range(len(sites))
    ]
    assert (row["drop_low"], row["drop_high"]) == pytest.approx((min(alone), max(alone)), rel=1e-9)  # type: ignore[type-var]


def test_how_sites_were_combined_is_kept_in_the_row() -> None:
    sites = registry(5)
    values, variances = effects(sites)
    wanted = pool(values, variances)
    spread = heterogeneity(values, variances, wanted)
    row = line(measured("minutes-saved-across-sites", Scope.registry()), category="tka")
    assert (row["comparator"], row["method"], row["df"]) == ("A", "REML + mKH", 4)
    assert (row["eligible"], row["coverage"]) == (row["n"], 1.0)
    assert [row[name] for name in ("se", "tau2", "tau2_low", "tau2_high", "q")] == pytest.approx(
        [wanted.se, wanted.tau2, spread.tau2_low, spread.tau2_high, spread.q], rel=1e-9
    )
    assert (row["tau"], row["tau_high"]) == pytest.approx((row["tau2"] ** 0.5, row["tau2_high"] ** 0.5), rel=1e-12)
    shares = dict(part.split() for part in row["weights"].split(", "))
    assert list(shares) == list(sites)
    by_hand = sum(float(weight) * effect for weight, effect in zip(shares.values(), values, strict=True))
    assert by_hand == pytest.approx(row["saved"], abs=0.01)


def test_shares_are_those_of_the_logarithms_and_put_procedures_together() -> None:
    sites = registry(4)
    wanted = pool(*effects(sites, log))
    result = measured("share-saved-across-sites", Scope.registry())
    one, all_of_them = (line(result, category=category) for category in ("tka", ""))
    assert wanted.estimate is not None
    assert wanted.low is not None
    assert one["saved"] == all_of_them["saved"] == pytest.approx(1 - exp(-wanted.estimate), rel=1e-9)
    assert one["low"] == pytest.approx(1 - exp(-wanted.low), rel=1e-9)
    registry(4, category="tha")
    mixed = line(measured("share-saved-across-sites", Scope.registry()), category="")
    assert (mixed["sites"], mixed["n"]) == (4, 2 * one["n"])
    assert 0 < mixed["saved"] < 1


@pytest.mark.parametrize(
    ("count", "numbers", "words"),
    [
        (1, set(), "One site; says nothing about other sites."),
        (2, set(), "Two sites, side by side"),
        (3, {"saved", "low", "high", "tau"}, "what a new site may expect cannot be said"),
        (5, {*NUMBERS}, "5 sites"),
    ],
)
def test_few_sites_say_little_and_why(count: int, numbers: set[str], words: str) -> None:
    registry(count)
    row = line(measured("minutes-saved-across-sites", Scope.registry()), category="tka")
    told = {name for name in NUMBERS if not isinstance(row[name], NoNumber)}
    assert told == numbers
    assert words in row["remark"]
    assert {row[name].reason for name in {"saved", "new_low", "i2"} - numbers} <= {row["remark"]}


def test_a_site_with_too_few_cases_an_arm_is_not_in_the_pool_and_a_baseline_is_an_arm_like_controls() -> None:
    registry(3)
    few, based = enrolled("FEW", "Few"), enrolled("BASED", "Based")
    fill(few, with_print=[150, 160], without=[200, 210, 220])
    fill(based, with_print=[150, 160, 170], without=[])
    baseline(based)
    refresh()
    result = measured("minutes-saved-across-sites", Scope.registry())
    assert line(result, category="tka")["sites"] == 4
    assert result.comparators == ("A", "B")


def test_a_site_whose_minutes_do_not_vary_is_none_of_the_sites_counted() -> None:
    registry(2)
    still = enrolled("STILL", "Still")
    fill(still, with_print=[90] * 11, without=[], category="tha")
    baseline(still, category="tha", n=11, mean=100, sd=0)
    refresh()
    result = measured("share-saved-across-sites", Scope.registry())
    row = line(result, category="")
    assert row["sites"] == 2
    assert "Two sites, side by side" in row["remark"]
    assert result.comparators == ("A",)


def test_one_sites_own_view_combines_nothing() -> None:
    registry(3)
    with acting_for(sites=(), administrator=True):
        site = Site.objects.get(code="SITE0")
    row = line(measured("minutes-saved-across-sites", Scope.of(site)), category="tka")
    assert (row["sites"], isinstance(row["saved"], NoNumber)) == (1, True)


def test_without_cases_there_is_no_line() -> None:
    for slug in ("minutes-saved-across-sites", "share-saved-across-sites"):
        result = measured(slug, Scope.registry())
        assert (result.rows, result.n, result.sites) == ((), 0, 0)
