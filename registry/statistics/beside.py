"""One site beside the others: what it may learn of them, and where it stands among them.

The others leave as a few coarse figures (`Others`), made of their cases alone. All that is said of the site's own place is
computed from these coarse figures and its own cases, so that no change of its own cases can bring out a finer one. ADR 0013.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log10, sqrt
from statistics import NormalDist

from registry.statistics.across_sites import Across
from registry.statistics.benchmarks import Scale, effects_of
from registry.statistics.funnel import LEVELS, funnel, limits
from registry.statistics.ladder import Part, Rung, shown
from registry.statistics.pooling import Pooled, Shrunken, drawn_to, pool
from registry.statistics.ranks import FEWEST_CASES, TOO_FEW_CASES, may_be_placed, reliability
from registry.statistics.strata import SiteEstimate
from registry.statistics.two_arms import LEVEL, student_t

FEWEST_OTHERS = 5
MOST_OF_ONE = Fraction(60, 100)
TOO_FEW_OTHERS = f"fewer than {FEWEST_OTHERS} other sites have {FEWEST_CASES} cases or more in both arms"
ONE_PREVAILS = "one other site has more than 60% of the cases or of the weight of the others"
LEFT_OPEN = "the rounding of the others' figures leaves it open"
TOP = NormalDist().inv_cdf(0.75)
"""A quarter of a normal distribution lies further above its mean than so many SDs."""
NONE = shown(0)


@dataclass(frozen=True)
class Others:
    """The other sites together, in the unit of the effects, each figure coarse. Where `reason` has words there is nothing else.

    The mean is the nearest step of the scale; ends of intervals go outwards, so that they hold what they held.
    `tau` is the SD between them, `excess` the SD by which the funnel's limits are wider than chance, 0 where they are not.
    """

    sites: tuple[int, ...] = ()
    rung: Rung = NONE
    mean: float = 0.0
    low: float = 0.0
    high: float = 0.0
    new_low: float = 0.0
    new_high: float = 0.0
    tau: float = 0.0
    excess: float = 0.0
    reason: str = ""

    def may_say(self, part: Part) -> bool:
        return part in self.rung.parts

    @property
    def mean_variance(self) -> float:
        """Of the mean, as wide as its coarse interval says."""
        return ((self.high - self.low) / 2 / student_t(float((1 + LEVEL) / 2), len(self.sites) - 1)) ** 2


@dataclass(frozen=True)
class Standing:
    """Where a site stands among the others. `quarter` (1 = largest savings) is the most likely one; None where `reason` says why."""

    limits: tuple[tuple[float, float], ...]
    outside: float | None
    shrunken: Shrunken
    reliability: float
    quarter: int | None = None
    top_quarter: float | None = None
    reason: str = ""


def others_of(line: Across | None, scale: Scale) -> Others:
    """Those with eleven cases or more in both arms: five or more of them, none with most of the cases of an arm or of the weight."""
    found = [each for each in line.estimates if _has_enough(each)] if line else []
    if len(found) < FEWEST_OTHERS:
        return Others(reason=TOO_FEW_OTHERS)
    effects, variances = effects_of(found, scale)
    together = pool(effects, variances)
    if _prevails(found, together):
        return Others(reason=ONE_PREVAILS)
    spread = funnel(effects, [sqrt(v) for v in variances], target=together.estimate).dispersion
    lows, highs = (together.low, together.prediction_low), (together.high, together.prediction_high)
    low, new_low = (_coarse(low or 0.0, scale, floor) for low in lows)
    high, new_high = (_coarse(high or 0.0, scale, ceil) for high in highs)
    return Others(
        sites=tuple(int(each.site) for each in found),
        rung=shown(len(found)),
        mean=_coarse(together.estimate or 0.0, scale, _nearest),
        low=low,
        high=high,
        new_low=new_low,
        new_high=new_high,
        tau=_one_digit(sqrt(together.tau2 or 0.0)),
        excess=_one_digit(sqrt(spread.tau2 or 0.0)) if spread.acts else 0.0,
    )


def standing(own: SiteEstimate, others: Others, scale: Scale) -> Standing:
    """From the site's own cases and the coarse figures of the others, which have no reason to be withheld.

    The limits are those of the lowest and the highest mean that would be rounded to theirs: rounding alone puts no site outside.
    A quarter is said where both these means give the same one; its probability is that by the rounded mean.
    The site's true effect is taken as normal about its shrunken value; the others' as normal about their mean, with `tau`.
    """
    effect, variance = scale.effect_of(own)

    def by(mean: float) -> Shrunken:
        return drawn_to(mean, effect, variance, tau2=others.tau**2, mean_variance=others.mean_variance)

    low, high = (scale.read(scale.shown(others.mean) + side * scale.step / 2) for side in (-1, 1))
    found = reliability(others.tau**2, variance)
    wide, bounds = sqrt(variance + others.excess**2), tuple[tuple[float, float], ...]()
    if others.may_say(Part.FUNNEL):
        bounds = tuple((limits(low, wide, level)[0], limits(high, wide, level)[1]) for level in LEVELS)
    outside = [level for level, ends in zip(LEVELS, bounds, strict=False) if not ends[0] <= effect <= ends[1]]
    reason = "" if may_be_placed(own.saved.n_with, own.saved.n_without, found) else TOO_FEW_CASES
    if not others.may_say(Part.CATERPILLAR):
        reason = others.rung.sentence
    parts = [] if reason else [_quarters(by(mean), mean, others.tau) for mean in (others.mean, low, high)]
    if len({_likeliest(each) for each in parts}) > 1:
        reason = LEFT_OPEN
    return Standing(
        limits=bounds,
        outside=max(outside, default=None),
        shrunken=by(others.mean),
        reliability=found,
        quarter=None if reason else _likeliest(parts[0]),
        top_quarter=None if reason else parts[0][0],
        reason=reason,
    )


def _quarters(drawn: Shrunken, mean: float, tau: float) -> list[float]:
    """The probability that the site's true effect is in each quarter of the others' distribution, the largest savings first."""
    true = NormalDist(drawn.estimate, sqrt(drawn.variance))
    bounds = [mean + place * tau for place in (TOP, 0.0, -TOP)]
    below = [1.0, *(true.cdf(bound) for bound in bounds), 0.0]
    return [below[i] - below[i + 1] for i in range(4)]


def _likeliest(parts: Sequence[float]) -> int:
    """1 to 4. As the others' mean rises a site only falls, so that the two ends of a range of means speak for all of it."""
    return parts.index(max(parts)) + 1


def _has_enough(site: SiteEstimate) -> bool:
    return min(site.saved.n_with, site.saved.n_without) >= FEWEST_CASES


def _prevails(sites: Sequence[SiteEstimate], together: Pooled) -> bool:
    """Whether one site has most of the cases with a print, of those without, or of the weight: then their mean is its mean."""
    arms = ([each.saved.n_with for each in sites], [each.saved.n_without for each in sites])
    return max(together.shares) > MOST_OF_ONE or any(max(arm) > MOST_OF_ONE * sum(arm) for arm in arms)


def _coarse(effect: float, scale: Scale, to: Callable[[float], int]) -> float:
    """The effect that is written as a multiple of the scale's step."""
    return scale.read(to(scale.shown(effect) / scale.step) * scale.step)


def _nearest(value: float) -> int:
    return floor(value + 0.5)


def _one_digit(value: float) -> float:
    """The value to one significant digit."""
    return round(value, -floor(log10(value))) if value > 0 else 0.0
