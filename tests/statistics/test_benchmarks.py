"""Sites beside each other: the numbers of plain loops over the same minutes, and what few sites or few cases do not allow."""

from math import exp, log, sqrt
from statistics import NormalDist, fmean, variance
from typing import Any

import numpy as np
import pytest

from registry.statistics.benchmarks_tables import INSIDE, OUTSIDE_95, OUTSIDE_998
from registry.statistics.pooling import Pooled, pool
from registry.statistics.ranks import drawn_ranks
from registry.statistics.results import NoNumber, Scope
from tests.statistics.asking import line, measured
from tests.statistics.drawn_sites import Arms, draw, drawn, minutes, site_of

pytestmark = pytest.mark.django_db
CODES = [f"SITE{letter}" for letter in "ABCDEFGHIJKL"]
LIMITS = ("limit_95_low", "limit_95_high", "limit_998_low", "limit_998_high")
PLACE = ("expected_rank", "rank_low", "rank_high", "quarter", "top_quarter")


def effects(sites: dict[str, Arms], change: Any = float) -> tuple[list[float], list[float]]:
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


def excess(effects: list[float], variances: list[float], target: float) -> float:
    """tau² of additive over-dispersion; 0 where the sites spread no wider than chance."""
    k, w = len(effects), np.array([1 / v for v in variances])
    z = (np.array(effects) - target) * np.sqrt(w)
    phi = float(np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2))
    if phi <= 1 + 2 * sqrt(2 / k):
        return 0.0
    return max(0.0, float((k * phi - (k - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def shrunk(effect: float, v: float, pooled: Pooled) -> tuple[float, float]:
    """θ and its SD."""
    assert pooled.tau2 is not None
    assert pooled.estimate is not None
    own = pooled.tau2 / (pooled.tau2 + v)
    spread = own * v + (1 - own) ** 2 / sum(pooled.weights)
    return own * effect + (1 - own) * pooled.estimate, sqrt(spread)


def test_minutes_are_those_of_plain_loops_over_the_cases() -> None:
    sites = drawn(CODES)
    y, v = effects(sites)
    together = pool(y, v)
    target = together.estimate
    assert target is not None
    assert together.tau2 is not None
    wide = excess(y, v, target)
    values = [shrunk(*pair, together) for pair in zip(y, v, strict=True)]
    result = measured("site-benchmarks", Scope.registry())
    for place, (code, (without, printed)) in enumerate(sites.items()):
        row = line(result, site=code, category="tka")
        assert (row["n"], row["n_without"]) == (len(printed), len(without))
        assert row["saved"] == pytest.approx(y[place], rel=1e-12)
        assert row["se"] == pytest.approx(sqrt(v[place]), rel=1e-9)
        assert row["effective_n"] == pytest.approx(len(printed) * len(without) / (len(printed) + len(without)))
        assert row["target"] == pytest.approx(target, rel=1e-9)
        for name, z in zip(LIMITS, (-1.959964, 1.959964, -3.090232, 3.090232), strict=True):
            assert row[name] == pytest.approx(target + z * sqrt(v[place] + wide), rel=1e-6), name
        theta, sd = values[place]
        found = [row[name] for name in ("shrunken", "shrunken_low", "shrunken_high")]
        assert found == pytest.approx([theta, theta - 1.959964 * sd, theta + 1.959964 * sd], rel=1e-6)
        assert row["reliability"] == pytest.approx(together.tau2 / (together.tau2 + v[place]), rel=1e-9)
        assert (row["new_low"], row["new_high"]) == pytest.approx((together.prediction_low, together.prediction_high))
        z = abs(y[place] - target) / sqrt(v[place] + wide)
        assert row["outside"] == (INSIDE if z <= 1.959964 else OUTSIDE_95 if z <= 3.090232 else OUTSIDE_998)


def test_places_are_those_of_plain_loops_over_the_sites_that_can_be_placed() -> None:
    sites = drawn(CODES, step=3)
    y, v = effects(sites)
    together = pool(y, v)
    assert together.tau2 is not None
    able = [i for i in range(len(y)) if together.tau2 / (together.tau2 + v[i]) >= 0.5]
    values = {i: shrunk(y[i], v[i], together) for i in able}
    draws = dict(zip(able, drawn_ranks(*map(list, zip(*values.values(), strict=True))), strict=True))
    result = measured("site-benchmarks", Scope.registry())
    assert 5 <= len(able) < len(y)
    for i, code in enumerate(sites):
        row = line(result, site=code)
        if i not in able:
            assert {row[name].reason for name in PLACE} == {"too few cases to place"}
            continue
        mean, sd = values[i]
        others = [values[j] for j in able if j != i]
        expected = 1 + sum(NormalDist().cdf((m - mean) / sqrt(sd**2 + s**2)) for m, s in others)
        rank = 1 + sum(m > mean for m, _ in others)
        assert row["expected_rank"] == pytest.approx(expected, rel=1e-9)
        assert row["quarter"] == str(-(-4 * rank // len(able)))
        assert (row["rank_low"], row["rank_high"]) == (draws[i].low, draws[i].high)
        assert (row["top_quarter"], row["placed"]) == (draws[i].top_quarter, len(able))


def test_shares_are_those_of_logarithms_over_all_procedures() -> None:
    first, second = drawn(CODES), drawn(CODES, "tha", seed=1, mean=120)
    y, v, sizes = [], [], []
    pairs = [effects(part, log) for part in (first, second)]
    for i, code in enumerate(CODES):
        printed = [len(part[code][1]) for part in (first, second)]
        weights = [n / sum(printed) for n in printed]
        y.append(sum(w * pair[0][i] for w, pair in zip(weights, pairs, strict=True)))
        v.append(sum(w**2 * pair[1][i] for w, pair in zip(weights, pairs, strict=True)))
        parts = [
            w**2 * sum(1 / len(arm) for arm in part[code]) for w, part in zip(weights, (first, second), strict=True)
        ]
        sizes.append(1 / sum(parts))
    together = pool(y, v)
    assert together.estimate is not None
    wide = excess(y, v, together.estimate)
    result = measured("site-benchmarks-share", Scope.registry())
    assert (result.n, result.sites) == (sum(len(arms[1]) for part in (first, second) for arms in part.values()), 12)
    assert len(result.rows) == 12
    for i, code in enumerate(CODES):
        row = line(result, site=code, category="")
        assert row["saved"] == pytest.approx(1 - exp(-y[i]), rel=1e-9)
        assert row["effective_n"] == pytest.approx(sizes[i], rel=1e-9)
        assert row["limit_95_high"] == pytest.approx(
            1 - exp(-together.estimate - 1.959964 * sqrt(v[i] + wide)), rel=1e-5
        )
        assert row["shrunken"] == pytest.approx(1 - exp(-shrunk(y[i], v[i], together)[0]), rel=1e-9)


@pytest.mark.parametrize(
    ("count", "told", "words"),
    [
        (2, set(), "Two sites, side by side"),
        (4, {"target", "shrunken", "reliability"}, "4 sites"),
        (9, {"target", "shrunken", "reliability", "new_low"}, "too few to compare sites"),
        (10, {"target", "shrunken", "reliability", "new_low", "limit_95_low", "outside"}, ""),
    ],
)
def test_few_sites_say_little_and_why(count: int, told: set[str], words: str) -> None:
    drawn(CODES[:count])
    row = line(measured("site-benchmarks", Scope.registry()), site="SITEA")
    names = ("target", "shrunken", "reliability", "new_low", "limit_95_low", "outside")
    assert {name for name in names if not isinstance(row[name], NoNumber)} == told
    assert words in str(row["remark"])
    assert {row[name].reason for name in {*names} - told} <= {row["remark"]}
    assert isinstance(row["saved"], float)


def test_a_site_with_ten_cases_an_arm_is_in_the_funnel_and_is_not_placed() -> None:
    drawn(CODES)
    draw(site_of("SITEL"), minutes(9, n_with=10, n_without=400, saved=300))
    row = line(measured("site-benchmarks", Scope.registry()), site="SITEL")
    assert isinstance(row["limit_95_low"], float)
    assert row["quarter"] == NoNumber("too few cases to place")


def test_rows_are_in_the_order_of_the_codes_and_never_of_the_savings() -> None:
    drawn(list(reversed(CODES)))
    result = measured("site-benchmarks", Scope.registry())
    assert [row["site"] for row in result.rows] == CODES
    assert any("look for a reason" in caveat for caveat in result.caveats)


def test_a_site_that_asks_sees_itself_alone() -> None:
    drawn(CODES)
    (row,) = measured("site-benchmarks", Scope.of(site_of("SITEC"))).rows
    assert row["site"] == "SITEC"
    assert row["target"] == NoNumber("One site; says nothing about other sites.")
