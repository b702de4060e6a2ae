"""Where a site stands among the others, said as a quarter with its probability, and only where chance does not decide it.

Rank 1 is the largest saving. Means are shrunken values in minutes (or log ratios), each with the SD of its uncertainty.
Source of the closed form: Laird & Louis, J Educ Stat 1989;14:29-46, for independent normal posteriors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist

FEWEST_CASES, FEWEST_PLACED = 11, 5
TO_PLACE, GOOD = 0.5, 0.7
DRAWS, SEED = 10_000, 20_190_701
TOO_FEW_CASES = "too few cases to place"
_NORMAL = NormalDist()
DETECTABLE = _NORMAL.inv_cdf(0.975) + _NORMAL.inv_cdf(0.8)
"""z₀.₉₇₅ + z₀.₈₀ = 2.80: a two-sided test at 5 % with a power of 80 %."""


@dataclass(frozen=True)
class SiteValue:
    """A site's cases in both arms, its shrunken mean with its SD, and the sampling variance of its own estimate."""

    n_with: int
    n_without: int
    mean: float
    sd: float
    variance: float


@dataclass(frozen=True)
class Place:
    """Among `of` placed sites: expected rank with its 95 % interval, quarter (1 = largest savings), probability of the top quarter.

    A site that is not placed has None, and `reason` says why.
    """

    reliability: float
    of: int
    expected_rank: float | None = None
    low: int | None = None
    high: int | None = None
    quarter: int | None = None
    top_quarter: float | None = None
    reason: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the site's own cases decide its place well: reliability of .7 or more."""
        return self.reliability >= GOOD


@dataclass(frozen=True)
class Drawn:
    """Of `DRAWS` seeded draws: mean rank, its 2.5 % and 97.5 % quantiles, and the share of draws in the top quarter."""

    mean: float
    low: int
    high: int
    top_quarter: float


def reliability(tau2: float, variance: float) -> float:
    """tau²/(tau² + v): the share of the spread between sites that is not chance. 0 where sites do not differ."""
    return tau2 / (tau2 + variance) if tau2 > 0 else 0.0


def may_be_placed(n_with: int, n_without: int, found: float) -> bool:
    """Eleven cases or more in both arms and a reliability of .5 or more."""
    return min(n_with, n_without) >= FEWEST_CASES and found >= TO_PLACE


def places(sites: Sequence[SiteValue], tau2: float, *, seed: int = SEED) -> tuple[Place, ...]:
    """The place of each site, in their order, among those that may be placed; nobody is placed where these are fewer than five."""
    found = [reliability(tau2, site.variance) for site in sites]
    able = [i for i, site in enumerate(sites) if may_be_placed(site.n_with, site.n_without, found[i])]
    empty = [Place(value, len(able), reason="" if i in able else TOO_FEW_CASES) for i, value in enumerate(found)]
    if len(able) < FEWEST_PLACED:
        few = f"fewer than {FEWEST_PLACED} sites have enough cases to be placed"
        return tuple(replace(place, reason=place.reason or few) for place in empty)
    means, sds = [sites[i].mean for i in able], [sites[i].sd for i in able]
    told = zip(able, expected_ranks(means, sds), quarters(means), drawn_ranks(means, sds, seed=seed), strict=True)
    for i, rank, quarter, drawn in told:
        empty[i] = Place(found[i], len(able), rank, drawn.low, drawn.high, quarter, drawn.top_quarter)
    return tuple(empty)


def expected_ranks(means: Sequence[float], sds: Sequence[float]) -> list[float]:
    """E[Rᵢ] = 1 + Σⱼ Φ((mⱼ − mᵢ)/√(sᵢ² + sⱼ²)); two known and equal values share their ranks.

    Raises ValueError unless each mean has an SD of 0 or more.
    """
    if len(means) != len(sds) or any(sd < 0 for sd in sds):
        raise ValueError("Each mean needs one SD, of 0 or more.")
    sites = range(len(means))
    return [1 + sum(_above(means[j] - means[i], sds[i], sds[j]) for j in sites if j != i) for i in sites]


def drawn_ranks(means: Sequence[float], sds: Sequence[float], *, seed: int = SEED, draws: int = DRAWS) -> list[Drawn]:
    """Ranks of independent normal draws: the same seed gives the same figures."""
    import numpy as np  # noqa: PLC0415 - heavy; only where ranks are asked for

    values = np.random.default_rng(seed).normal(means, sds, size=(draws, len(means)))
    ranks = (-values).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf")
    top, mean = (4 * ranks <= len(means)).mean(axis=0), ranks.mean(axis=0)
    return [Drawn(float(mean[i]), int(low[i]), int(high[i]), float(top[i])) for i in range(len(means))]


def quarters(means: Sequence[float]) -> list[int]:
    """1 to 4 by ⌈4r/K⌉, r the rank of each mean; ties share their middle rank."""
    k = len(means)
    # Twice the rank is whole: 2·(those above) + (those equal, itself among them) + 1.
    twice = [2 * sum(other > mean for other in means) + means.count(mean) + 1 for mean in map(float, means)]
    return [-(-2 * rank // k) for rank in twice]


def detectable_difference(sd: float, n_with: int, n_without: int) -> float | None:
    """2.80·SD·√(1/n₁ + 1/n₀), in the unit of the SD: what these cases can just tell from chance. None where an arm is empty."""
    return DETECTABLE * sd * sqrt(1 / n_with + 1 / n_without) if n_with and n_without else None


def _above(difference: float, sd: float, other: float) -> float:
    """The probability that the other lies above."""
    spread = sqrt(sd**2 + other**2)
    if spread:
        return _NORMAL.cdf(difference / spread)
    return 0.5 if not difference else float(difference > 0)
