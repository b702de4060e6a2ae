"""One arm in a few numbers: mean, median and geometric mean, each with its interval, and arms known by n, mean and SD.

An interval that does not exist is None, and `reason` says why in words; it is never replaced by a number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Protocol

from registry.statistics.histogram import Histogram, square_root
from registry.statistics.two_arms import LEVEL, Arm, exponential, student_t

SKEWED = Fraction(13, 10)
"""A mean so many times the median is shown with a flag: a few long cases carry it."""
NO_CASES = "no cases"
ONE_CASE = "one case: no spread, so no interval"
NO_SPREAD = "the spread is not known, so no interval"
NO_VARIATION = "no variation, so no interval"


class Spread(Protocol):
    """What a mean's interval needs; a Histogram and an Arm have it."""

    @property
    def n(self) -> int: ...
    @property
    def mean(self) -> Fraction | None: ...
    @property
    def variance(self) -> Fraction | None: ...


@dataclass(frozen=True)
class Interval:
    """An estimate between two limits, in the estimate's unit.

    `confidence` is what the limits really have: of a median more than was asked for, because ranks are whole.
    """

    estimate: Fraction | float | None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    reason: str = ""

    @property
    def has_limits(self) -> bool:
        return self.low is not None


@dataclass(frozen=True)
class Geometric:
    """Geometric mean with its interval (minutes), and the geometric SD, a factor of 1 or more; None below two cases."""

    mean: Interval
    sd: float | None


def mean_interval(of: Spread, *, level: Fraction = LEVEL) -> Interval:
    """The mean ± t(n − 1) · s/√n, in minutes (Student, Biometrika 1908;6:1-25)."""
    reason = why_no_interval(of)
    if reason or of.mean is None or of.variance is None:
        return Interval(of.mean, reason=reason)
    half = student_t(float((1 + level) / 2), of.n - 1) * square_root(of.variance / of.n)
    return Interval(of.mean, float(of.mean) - half, float(of.mean) + half, float(level))


def why_no_interval(of: Spread) -> str:
    """In words, why these cases give no interval of a mean; nothing where they do."""
    if not of.n:
        return NO_CASES
    if of.n == 1:
        return ONE_CASE
    if of.variance is None:
        return NO_SPREAD
    return "" if of.variance else NO_VARIATION


def median_ranks(n: int, *, level: Fraction = LEVEL) -> tuple[int, int, float] | None:
    """The ranks l and n + 1 − l, counted from 1, of the cases between which the median lies, and their confidence.

    l = max{r: P(Bin(n, ½) ≤ r − 1) ≤ α/2}; confidence 1 − 2 P(Bin(n, ½) ≤ l − 1) (Conover, Practical nonparametric
    statistics). None where even the shortest and the longest case are not enough: at 95 % for n of 5 or less.
    """
    from scipy.special import bdtr  # noqa: PLC0415 - heavy; only where an interval is asked for

    tail = float((1 - level) / 2)
    if n < 1 or bdtr(0, n, 0.5) > tail:
        return None
    low, above = 1, n
    while above - low > 1:
        middle = (low + above) // 2
        low, above = (middle, above) if bdtr(middle - 1, n, 0.5) <= tail else (low, middle)
    return low, n + 1 - low, 1 - 2 * float(bdtr(low - 1, n, 0.5))


def median_interval(histogram: Histogram, *, level: Fraction = LEVEL) -> Interval:
    """The median (type 7) between two recorded minutes, whatever the shape of the distribution; see `median_ranks`."""
    reason = why_no_interval(histogram)
    if reason:
        return Interval(histogram.median, reason=reason)
    ranks = median_ranks(histogram.n, level=level)
    if ranks is None:
        return Interval(histogram.median, reason=f"{histogram.n} cases are too few for an interval of the median")
    low, high, confidence = ranks
    return Interval(histogram.median, float(histogram.ranked(low - 1)), float(histogram.ranked(high - 1)), confidence)


def geometric(histogram: Histogram, *, level: Fraction = LEVEL) -> Geometric:
    """exp(m) between exp(m ± t(n − 1) · s/√n), and exp(s), with m and s the mean and SD of ln minutes.

    The natural middle of times that are log-normal, as operating times are (Strum, May, Vargas, Anesthesiology
    2000;92:1160-7). Raises ValueError for minutes of 0 or less.
    """
    logs = Arm.of_logs(histogram)
    inner = mean_interval(logs, level=level)
    middle = None if inner.estimate is None else exponential(inner.estimate)
    sd = None if logs.variance is None else exponential(square_root(logs.variance))
    if inner.low is None or inner.high is None:
        return Geometric(Interval(middle, reason=inner.reason), sd)
    return Geometric(Interval(middle, exponential(inner.low), exponential(inner.high), inner.confidence), sd)


def cox_interval(histogram: Histogram, *, level: Fraction = LEVEL) -> Interval:
    """The mean of a log-normal distribution, in minutes: exp(m + s²/2 ± t(n − 1) · √(s²/n + s⁴/(2(n − 1)))).

    The modified Cox method, with t in place of z (Olsson, Journal of Statistics Education 2005;13(1)). To be held beside
    `mean_interval`, not shown instead of it. Raises ValueError for minutes of 0 or less.
    """
    logs = Arm.of_logs(histogram)
    reason = why_no_interval(logs)
    if logs.mean is None or logs.variance is None:
        return Interval(None, reason=reason)
    square = float(logs.variance)
    middle = float(logs.mean) + square / 2
    if reason:
        return Interval(exponential(middle), reason=reason)
    error = sqrt(square / logs.n + square**2 / (2 * (logs.n - 1)))
    half = student_t(float((1 + level) / 2), logs.n - 1) * error
    return Interval(exponential(middle), exponential(middle - half), exponential(middle + half), float(level))


def is_skewed(histogram: Histogram) -> bool | None:
    """Whether the mean is more than 1.3 times the median; None without cases."""
    mean, median = histogram.mean, histogram.median
    return None if mean is None or median is None else mean > SKEWED * median


def merged(arms: Iterable[Arm]) -> Arm:
    """The arm of all cases of these, exact, from n, mean and variance alone.

    (n − 1)s² = (n₁ − 1)s₁² + (n₂ − 1)s₂² + (m₂ − m₁)² n₁n₂/n (Chan, Golub, LeVeque 1979; Cochrane Handbook 6.5.2.10).
    One arm of two cases or more with an unknown variance leaves the whole variance unknown.
    """
    whole = Arm(0, None, None)
    for arm in arms:
        whole = _both(whole, arm)
    return whole


def _both(first: Arm, second: Arm) -> Arm:
    if first.mean is None or second.mean is None:
        return second if first.mean is None else first
    n = first.n + second.n
    apart = second.mean - first.mean
    mean = first.mean + apart * second.n / n
    inside = [_squares(arm) for arm in (first, second)]
    known = [square for square in inside if square is not None]
    if len(known) < len(inside):
        return Arm(n, mean, None)
    return Arm(n, mean, (sum(known, Fraction(0)) + apart**2 * first.n * second.n / n) / (n - 1))


def _squares(arm: Arm) -> Fraction | None:
    """The sum of squares about the arm's own mean; a single case has none, whatever is known of its spread."""
    if arm.n == 1:
        return Fraction(0)
    return None if arm.variance is None else (arm.n - 1) * arm.variance
