"""Two arms without means in minutes: the Hodges-Lehmann shift, ratios with / without print, and what a ratio is in minutes.

A shift is positive and a ratio below 1 where a print is faster.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
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


def stratified_shift(strata: Sequence[tuple[Histogram, Histogram]], *, level: Fraction = LEVEL) -> Difference:
    """The Hodges-Lehmann shift over strata (without print, with print), each printed case counting the same.

    The weighted median of all differences within strata, a pair of stratum s weighing c = 1/n₀. Its limits are where the
    weighted Mann-Whitney statistic Σ c U leaves its mean by z · √(Σ c² σ²), with the σ² and the correction for continuity of
    `hodges_lehmann`, to which it comes down in one stratum (van Elteren, Bull Int Stat Inst 1960;37:351-361; Mehrotra, Lu, Li,
    Am Stat 2010;64:121-130).
    """
    used = [(without, printed) for without, printed in strata if without.n and printed.n]
    n_without, n_with = sum(without.n for without, _ in used), sum(printed.n for _, printed in used)
    if not used:
        return Difference(n_without, n_with, reason="no stratum with cases in both arms")
    weights: dict[int, float] = defaultdict(float)
    for without, printed in used:
        for minutes, pairs in differences(without, printed).counts.items():
            weights[minutes] += pairs / without.n
    ordered = sorted(weights.items())
    mirrored = [(-minutes, weight) for minutes, weight in reversed(ordered)]
    estimate = Fraction(_reached(ordered, n_with / 2) - _reached(mirrored, n_with / 2), 2)
    if len(ordered) == 1:
        return Difference(n_without, n_with, estimate, reason=NO_VARIATION)
    square = sum(_rank_variance(without, printed) / without.n**2 for without, printed in used)
    z = NormalDist().inv_cdf(float((1 + level) / 2))
    out = n_with / 2 - z * sqrt(square) - max(1 / without.n for without, _ in used) / 2
    return Difference(
        n_without,
        n_with,
        estimate,
        low=float(_reached(ordered, out)),
        high=-float(_reached(mirrored, out)),
        reason="" if out > 0 else WHOLE_RANGE,
    )


def _reached(ordered: Sequence[tuple[int, float]], weight: float) -> int:
    """The first difference at which the weights up to it add up to so much; sums of floats may lack their last digits."""
    sums = accumulate(each for _, each in ordered)
    return next(minutes for (minutes, _), seen in zip(ordered, sums, strict=True) if seen >= weight - 1e-9)


def _rank(without: Histogram, with_print: Histogram, level: Fraction) -> int:
    """C, which may be below 1."""
    z = NormalDist().inv_cdf(float((1 + level) / 2))
    return ceil(without.n * with_print.n / 2 - z * sqrt(_rank_variance(without, with_print)) - 0.5)


def _rank_variance(without: Histogram, with_print: Histogram) -> Fraction:
    """σ² of the Mann-Whitney statistic, with ties."""
    everybody = without + with_print
    n = everybody.n
    ties = Fraction(sum(t**3 - t for t in everybody.counts.values()), n * (n - 1))
    return Fraction(without.n * with_print.n, 12) * (n + 1 - ties)


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
