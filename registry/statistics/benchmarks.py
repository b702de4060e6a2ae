"""Sites beside each other: each one's estimate, its place in the funnel, its shrunken value, and where it stands if that can be told.

Within a procedure category in minutes; over all categories in logarithms, which are written as a share of the minutes without
a print. Effects are "without minus with": above zero is faster with a print. No site has a bare rank.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log1p, sqrt

from registry.statistics.across_sites import Across, Effect, across, in_logs, in_minutes, share_saved
from registry.statistics.funnel import Funnel, Point, curve_se, funnel
from registry.statistics.ladder import Part
from registry.statistics.pooling import Shrunken, shrunken
from registry.statistics.ranks import DETECTABLE, Place, SiteValue, places, reliability
from registry.statistics.reading import Reading
from registry.statistics.savings import ALL
from registry.statistics.strata import SiteEstimate, Stratum, pooled
from registry.statistics.two_arms import Difference, Pair

LARGEST = 0.95
"""Of a share that was rounded; a whole has no logarithm."""


@dataclass(frozen=True)
class Scale:
    """What effects are measured in, and how they are written.

    `shown` gives an effect as it is written and `read` the effect back; `step` is what other sites' figures are rounded to,
    in what is written. `over_all`: of all categories together, or of each one alone.
    """

    effect_of: Effect
    own_of: Callable[[SiteEstimate], Difference]
    arms_of: Callable[[Stratum], Pair]
    shown: Callable[[float], float]
    read: Callable[[float], float]
    step: float
    over_all: bool

    def is_for(self, line: Across) -> bool:
        return (line.category == ALL) == self.over_all


MINUTES = Scale(
    in_minutes, lambda site: site.saved, lambda stratum: stratum.minutes, float, float, step=5.0, over_all=False
)
SHARES = Scale(
    in_logs,
    lambda site: site.log_saved,
    lambda stratum: stratum.logs,
    share_saved,
    lambda share: -log1p(-min(share, LARGEST)),
    step=0.025,
    over_all=True,
)


@dataclass(frozen=True)
class SiteBenchmark:
    """One site. `own`: its estimate with its own interval; `se`: by the variance a pool weighs it by; `size`: its effective n.

    What so few sites do not allow to be said is None.
    """

    site: int
    own: Difference
    se: float
    size: float
    point: Point | None
    shrunken: Shrunken | None
    reliability: float
    place: Place | None


@dataclass(frozen=True)
class Benchmark:
    """The sites of one category, or of all, by one clock; sites in the order of their ids."""

    line: Across
    sites: tuple[SiteBenchmark, ...]
    funnel: Funnel | None


def lines(reading: Reading, scale: Scale) -> list[Across]:
    """Each category by each clock, and before them, where the scale is for it, all categories together."""
    return across(reading, scale.effect_of, over_all=scale.over_all)


def benchmark(line: Across, scale: Scale) -> Benchmark:
    """The funnel's target is the mean over the sites; limits widen by additive over-dispersion where that acts."""
    effects, variances = effects_of(line.estimates, scale)
    found = (
        funnel(effects, [sqrt(v) for v in variances], target=line.pooled.estimate) if _may(line, Part.FUNNEL) else None
    )
    drawn = shrunken(effects, variances, line.pooled) if _may(line, Part.TAU) else ()
    placed = _placed(line, variances, drawn) if _may(line, Part.CATERPILLAR) else ()
    sites = tuple(
        SiteBenchmark(
            site=int(each.site),
            own=scale.own_of(each),
            se=sqrt(variances[i]),
            size=effective_size([stratum for stratum in line.strata if stratum.site == each.site]),
            point=found.points[i] if found else None,
            shrunken=drawn[i] if drawn else None,
            reliability=reliability(line.pooled.tau2 or 0.0, variances[i]),
            place=placed[i] if placed else None,
        )
        for i, each in enumerate(line.estimates)
    )
    return Benchmark(line, sites, found)


def effects_of(estimates: Sequence[SiteEstimate], scale: Scale) -> tuple[list[float], list[float]]:
    """The effects of these sites and their variances, each list in their order."""
    pairs = [scale.effect_of(each) for each in estimates]
    return [effect for effect, _ in pairs], [variance for _, variance in pairs]


def effective_size(strata: Sequence[Stratum]) -> float:
    """1 / Σ w² (1/n₀ + 1/n₁), w = n₁ / Σ n₁: n₁n₀/(n₁+n₀) of one stratum, and what several weighted to their prints amount to.

    Were all variances S², the variance of the site's estimate would be S² by it. The strata have cases in both arms.
    """
    printed = sum(stratum.minutes[1].n for stratum in strata)
    sizes = [(without.n, with_print.n) for without, with_print in (stratum.minutes for stratum in strata)]
    return float(1 / sum(Fraction(n1, printed) ** 2 * (Fraction(1, n0) + Fraction(1, n1)) for n0, n1 in sizes))


def detectable(strata: Sequence[Stratum], scale: Scale) -> float | None:
    """2.80·SD·√(1/n₁ + 1/n₀), SD within the strata and arms of these cases: what they can just tell from chance.

    None where no arm has a spread.
    """
    square = pooled(arm for stratum in strata for arm in scale.arms_of(stratum)).variance
    return None if square is None else DETECTABLE * curve_se(float(square), effective_size(strata))


def _placed(line: Across, variances: Sequence[float], drawn: Sequence[Shrunken]) -> tuple[Place, ...]:
    values = [
        SiteValue(each.saved.n_with, each.saved.n_without, value.estimate, sqrt(value.variance), variance)
        for each, value, variance in zip(line.estimates, drawn, variances, strict=True)
    ]
    return places(values, line.pooled.tau2 or 0.0)


def _may(line: Across, part: Part) -> bool:
    return line.may_say(part) and line.pooled.estimate is not None
