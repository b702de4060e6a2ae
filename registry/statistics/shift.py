"""Two arms without means in minutes: the Hodges-Lehmann shift, ratios with / without print, and what a ratio is in minutes.

A shift is positive and a ratio below 1 where a print is faster.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, log, sqrt
from statistics import NormalDist

from registry.statistics.histogram import Histogram
from registry.statistics.two_arms import LEVEL, Arm, Difference, exponential, welch, why_no_spread

WHOLE_RANGE = "so few cases that the interval is the whole range of the differences"
NO_VARIATION = "no variation in either arm, so no interval"


@dataclass(frozen=True)
class Ratio:
    """With print / without print. `se` and `df` are those of its logarithm; df is None where the interval is a normal one."""

    n_without: int
    n_with: int
    estimate: float | None = None
    se: float | None = None
    df: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @classmethod
    def of(cls, logs: Difference) -> "Ratio":
        """exp(−d) of a difference d = ln without − ln with, its limits changing places."""
        return cls(
            logs.n_without,
            logs.n_with,
            None if logs.estimate is None else exponential(-logs.estimate),
            logs.se,
            logs.df,
            None if logs.high is None else exponential(-logs.high),
            None if logs.low is None else exponential(-logs.low),
            logs.reason,
        )


def differences(without: Histogram, with_print: Histogram) -> Histogram:
    """All n₀ · n₁ differences without − with print, in minutes: the cross-correlation of the two histograms. Exact."""
    import numpy as np  # noqa: PLC0415 - heavy; only where a shift is asked for

    if not without.n or not with_print.n:
        return Histogram.counted({})
    low, high = min(without.counts), max(with_print.counts)
    first = np.zeros(max(without.counts) - low + 1, dtype=np.int64)
    second = np.zeros(high - min(with_print.counts) + 1, dtype=np.int64)
    for minute, count in without.counts.items():
        first[minute - low] = count
    for minute, count in with_print.counts.items():
        second[high - minute] = count
    counts = np.convolve(first, second)
    return Histogram.counted({int(place) + low - high: int(counts[place]) for place in np.flatnonzero(counts)})


def hodges_lehmann(without: Histogram, with_print: Histogram, *, level: Fraction = LEVEL) -> Difference:
    """The median of all differences without − with print, in minutes, between two of those differences.

    Of the ordered differences the limits are number C and n₁n₀ + 1 − C, C = ceil(n₁n₀/2 − zσ − ½), by the normal
    approximation with σ² = n₁n₀/12 · [N + 1 − Σ(t³ − t)/(N(N − 1))], t the ties among all N cases (Hodges and Lehmann,
    Ann Math Stat 1963;34:598-611; Hollander, Wolfe, Nonparametric statistical methods). C below 1 becomes 1, and
    `reason` says so. It has no SE and no df.
    """
    n_without, n_with = without.n, with_print.n
    if not n_without or not n_with:
        return welch(Arm.of(without), Arm.of(with_print))
    all_differences = differences(without, with_print)
    estimate = all_differences.median
    reason = why_no_spread([(Arm.of(without), Arm.of(with_print))])
    if reason or len(all_differences.counts) == 1:
        return Difference(n_without, n_with, estimate, reason=reason or NO_VARIATION)
    rank = _rank(without, with_print, level)
    return Difference(
        n_without,
        n_with,
        estimate,
        low=float(all_differences.ranked(max(rank, 1) - 1)),
        high=float(all_differences.ranked(n_without * n_with - max(rank, 1))),
        reason=WHOLE_RANGE if rank < 1 else "",
    )


def _rank(without: Histogram, with_print: Histogram, level: Fraction) -> int:
    """C, which may be below 1."""
    pairs, everybody = without.n * with_print.n, without + with_print
    n = everybody.n
    ties = Fraction(sum(t**3 - t for t in everybody.counts.values()), n * (n - 1))
    z = NormalDist().inv_cdf(float((1 + level) / 2))
    return ceil(pairs / 2 - z * sqrt(Fraction(pairs, 12) * (n + 1 - ties)) - 0.5)


def ratio_of_geometric_means(without: Histogram, with_print: Histogram, *, level: Fraction = LEVEL) -> Ratio:
    """exp(mean ln with − mean ln without), with Welch's interval of the logarithms (Bland and Altman, BMJ 1996;312:1153).

    It is the ratio of the means too if both arms have the same variance of logarithms. Raises ValueError for minutes of
    0 or less.
    """
    return Ratio.of(welch(Arm.of_logs(without), Arm.of_logs(with_print), level=level))


def ratio_of_means(without: Arm, with_print: Arm, *, level: Fraction = LEVEL) -> Ratio:
    """m₁/m₀ from n, mean and SD alone, for an arm whose cases nobody can list.

    ln(m₁/m₀) ± z · √v, v = s₁²/(n₁m₁²) + s₀²/(n₀m₀²), the delta method (Hedges, Gurevitch, Curtis, Ecology
    1999;80:1150-6; `ROM` in metafor). Raises ValueError for a mean of 0 or less.
    """
    if without.mean is None or with_print.mean is None:
        return Ratio.of(welch(without, with_print))
    if without.mean <= 0 or with_print.mean <= 0:
        raise ValueError("A ratio needs means above 0.")
    middle = log(with_print.mean / without.mean)
    reason = why_no_spread([(without, with_print)])
    known = [arm.variance / (arm.n * (arm.mean or 1) ** 2) for arm in (without, with_print) if arm.variance is not None]
    square = sum(known, Fraction(0))
    if reason or not square:
        return Ratio(without.n, with_print.n, exp(middle), reason=reason or NO_VARIATION)
    se = sqrt(square)
    half = NormalDist().inv_cdf(float((1 + level) / 2)) * se
    return Ratio(without.n, with_print.n, exp(middle), se, None, exp(middle - half), exp(middle + half))


def minutes_equivalent(ratio: Ratio, reference: Fraction | int) -> Difference:
    """Minutes saved where an operation without a print takes `reference` minutes: M(1 − ratio), limits alike.

    The reference is to be stated beside the number; its own error is not in the limits. Raises ValueError for a reference
    of 0 or less.
    """
    if reference <= 0:
        raise ValueError("A reference takes more than 0 minutes.")
    if ratio.estimate is None:
        return Difference(ratio.n_without, ratio.n_with, reason=ratio.reason)
    return Difference(
        ratio.n_without,
        ratio.n_with,
        reference * (1 - Fraction(ratio.estimate)),
        low=None if ratio.high is None else float(reference) * (1 - ratio.high),
        high=None if ratio.low is None else float(reference) * (1 - ratio.low),
        reason=ratio.reason,
    )
