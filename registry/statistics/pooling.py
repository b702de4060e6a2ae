"""One number from many sites: the mean effect of sites, its interval, and what a new site may expect.

Two stages: each site gives an effect y (minutes, or a log ratio) and its variance v; here they are combined with
w = 1/(v + tau²). Every weight is in the result, so that each number can be checked by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import fsum, sqrt

from registry.statistics.between_sites import (
    common,
    dersimonian_laird,
    paule_mandel,
    reml,
    weighted_squares,
    why_not,
)
from registry.statistics.two_arms import LEVEL, student_t


class Method(StrEnum):
    """How tau², the variance between sites, is estimated."""

    REML = "REML"
    PAULE_MANDEL = "PM"
    DERSIMONIAN_LAIRD = "DL"
    COMMON = "common effect"


class Interval(StrEnum):
    """How the interval of the mean is made."""

    WALD = "Wald"
    HARTUNG_KNAPP = "HK"
    MODIFIED_KNAPP_HARTUNG = "mKH"


TAU2 = {
    Method.REML: reml,
    Method.PAULE_MANDEL: paule_mandel,
    Method.DERSIMONIAN_LAIRD: dersimonian_laird,
    Method.COMMON: common,
}


def side(low: float | None, high: float | None) -> int | None:
    """1 where the interval lies above zero, −1 where below, 0 where it holds zero; None without an interval."""
    return None if low is None or high is None else (low > 0) - (high < 0)


@dataclass(frozen=True)
class Pooled:
    """The mean effect of k sites, in the unit of the effects. What could not be computed is None; `reason` says why.

    `weights` are w = 1/(v + tau²) in the order of the sites: estimate = Σ w y / Σ w, and se² = `factor` / Σ w.
    `df` is None where the interval rests on the normal distribution.
    """

    k: int
    method: Method
    interval: Interval
    level: Fraction
    estimate: float | None = None
    se: float | None = None
    tau2: float | None = None
    weights: tuple[float, ...] = ()
    factor: float | None = None
    df: int | None = None
    low: float | None = None
    high: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    reason: str = ""

    @property
    def has_interval(self) -> bool:
        return self.low is not None

    @property
    def shares(self) -> tuple[float, ...]:
        """Each site's part of the estimate; together 1."""
        return tuple(weight / fsum(self.weights) for weight in self.weights)

    @property
    def side(self) -> int | None:
        return side(self.low, self.high)


@dataclass(frozen=True)
class Shrunken:
    """One site's own effect, drawn to the mean of all: `own` is the part its own value keeps, from 0 to 1."""

    estimate: float
    variance: float
    own: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """First minus second. What could not be computed is None, and `reason` says why in words."""

    difference: float | None = None
    se: float | None = None
    z: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def pool(
    effects: Sequence[float],
    variances: Sequence[float],
    *,
    method: Method = Method.REML,
    interval: Interval = Interval.MODIFIED_KNAPP_HARTUNG,
    level: Fraction = LEVEL,
) -> Pooled:
    """μ = Σ w y / W ± quantile · SE over k sites, and the prediction interval of a new one.

    Wald: SE² = 1/W, normal. Hartung–Knapp: SE² = q/W with q = Σ w (y − μ)² / (k−1), Student's t with k−1 df (Hartung &
    Knapp, Stat Med 2001;20:3875-3889). Modified Knapp–Hartung: max(1, q) for q (Röver et al., BMC Med Res Methodol
    2015;15:99). Prediction, by metafor's convention: μ ± the same quantile · √(tau² + SE²), so k−1 df, not the k−2 of
    Higgins, Thompson & Spiegelhalter; a common effect has none, as it leaves nothing to predict.
    Raises ValueError for lists of different length, for a number that is not finite, for a variance below zero, and
    for a level outside (0, 1).
    """
    _within(level)
    k = len(effects)
    if words := why_not(effects, variances):
        return Pooled(k, method, interval, level, float(effects[0]) if k == 1 else None, reason=words)
    tau2 = TAU2[method](effects, variances)
    weights = tuple(1 / (float(v) + tau2) for v in variances)
    mean = fsum(w * float(y) for w, y in zip(weights, effects, strict=True)) / fsum(weights)
    q = weighted_squares(effects, variances, tau2) / (k - 1)
    return _with_interval(Pooled(k, method, interval, level, tau2=tau2, weights=weights), mean, q)


def shrunken(effects: Sequence[float], variances: Sequence[float], pooled: Pooled) -> tuple[Shrunken, ...]:
    """Each site's θ = B y + (1−B) μ with B = tau² / (tau² + v), its variance B v + (1−B)² / W and a normal interval.

    Best linear unbiased prediction (Raudenbush 2009; metafor's `blup`). It takes tau² as known, so the intervals are a
    little too short. `pooled` is of these same sites; where it has no tau² the tuple is empty, and its reason says why.
    Raises ValueError for another number of sites.
    """
    _same_sites(effects, variances, pooled)
    if pooled.tau2 is None or pooled.estimate is None:
        return ()
    mean, tau2, mean_variance = pooled.estimate, pooled.tau2, 1 / fsum(pooled.weights)
    return tuple(
        drawn_to(mean, y, v, tau2=tau2, mean_variance=mean_variance, level=pooled.level)
        for y, v in zip(effects, variances, strict=True)
    )


def drawn_to(
    mean: float, effect: float, variance: float, *, tau2: float, mean_variance: float, level: Fraction = LEVEL
) -> Shrunken:
    """One site's θ = B y + (1−B) μ, as in `shrunken`; the mean μ, with its variance, may be of other sites alone.

    Raises ValueError for a variance that is not above zero.
    """
    if not variance > 0:
        raise ValueError("A site's effect is drawn to a mean by its variance, which is above zero.")
    own = tau2 / (tau2 + float(variance))
    estimate = own * float(effect) + (1 - own) * mean
    spread = own * float(variance) + (1 - own) ** 2 * mean_variance
    half = normal(level) * sqrt(spread)
    return Shrunken(estimate, spread, own, estimate - half, estimate + half)


def compare(first: Pooled, second: Pooled, *, level: Fraction = LEVEL) -> Comparison:
    """Two subgroups pooled apart: z = difference / √(SE₁² + SE₂²); z² is Cochran's Q between them, with 1 df.

    Approximate where a site is in both groups, because then their errors are not independent. Raises ValueError for a
    level outside (0, 1).
    """
    _within(level)
    if first.estimate is None or second.estimate is None:
        return Comparison(reason=first.reason if first.estimate is None else second.reason)
    difference = first.estimate - second.estimate
    if first.se is None or second.se is None:
        return Comparison(difference, reason=first.reason if first.se is None else second.reason)
    se = sqrt(first.se**2 + second.se**2)
    half = normal(level) * se
    return Comparison(difference, se, difference / se, difference - half, difference + half)


def normal(level: Fraction) -> float:
    """The quantile of the normal distribution that leaves `level` in the middle: 1.96 for 95 %."""
    from scipy.special import ndtri  # noqa: PLC0415 - heavy; only where an interval is asked for

    return float(ndtri(float((1 + level) / 2)))


def _with_interval(found: Pooled, mean: float, q: float) -> Pooled:
    """The same with its mean and the interval it was asked for. `q` is Σ w (y − μ)² / (k−1)."""
    tau2, total = found.tau2 or 0.0, fsum(found.weights)
    if not q and found.interval is Interval.HARTUNG_KNAPP:
        return replace(found, estimate=mean, reason="all sites have the same effect: no Hartung–Knapp interval")
    factor = {Interval.WALD: 1.0, Interval.HARTUNG_KNAPP: q, Interval.MODIFIED_KNAPP_HARTUNG: max(1.0, q)}
    used = factor[found.interval]
    df = None if found.interval is Interval.WALD else found.k - 1
    quantile = normal(found.level) if df is None else student_t(float((1 + found.level) / 2), df)
    se = sqrt(used / total)
    pooled = replace(
        found, estimate=mean, se=se, factor=used, df=df, low=mean - quantile * se, high=mean + quantile * se
    )
    if found.method is Method.COMMON:
        return pooled
    further = quantile * sqrt(tau2 + se**2)
    return replace(pooled, prediction_low=mean - further, prediction_high=mean + further)


def _same_sites(effects: Sequence[float], variances: Sequence[float], pooled: Pooled) -> None:
    if not len(effects) == len(variances) == pooled.k:
        raise ValueError("These are not the sites that were pooled.")


def _within(level: Fraction) -> None:
    if not 0 < level < 1:
        raise ValueError("A level lies between 0 and 1.")
