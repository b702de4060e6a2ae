"""Without print minus with print: Welch's difference of two arms, and its sum over strata weighted to the printed cases.

One sign everywhere: positive = faster with a print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import exp, fsum, inf, log

from registry.statistics.fieller import Ratio, ratio
from registry.statistics.histogram import Histogram, square_root

LEVEL = Fraction(95, 100)


@dataclass(frozen=True)
class Arm:
    """n, mean (minutes) and variance (square minutes) of one arm; the variance is None where nobody can know it."""

    n: int
    mean: Fraction | None
    variance: Fraction | None

    @classmethod
    def of(cls, histogram: Histogram) -> "Arm":
        return cls(histogram.n, histogram.mean, histogram.variance)

    @classmethod
    def stated(cls, n: int, mean: Decimal | Fraction, sd: Decimal | Fraction | None) -> "Arm":
        """An arm known by its summary alone, such as a site's baseline."""
        return cls(n, Fraction(mean), None if sd is None else Fraction(sd) ** 2)

    @classmethod
    def of_logs(cls, histogram: Histogram) -> "Arm":
        """The arm of ln minutes: mean and variance (n − 1) of the logarithms, summed without loss over ascending minutes.

        Raises ValueError for minutes of 0 or less, which have no logarithm.
        """
        if any(minute <= 0 for minute in histogram.counts):
            raise ValueError("Only minutes above 0 have a logarithm.")
        if not histogram.n:
            return cls(0, None, None)
        logs = [(log(minute), count) for minute, count in histogram.counts.items()]
        mean = fsum(count * value for value, count in logs) / histogram.n if len(logs) > 1 else logs[0][0]
        if histogram.n < 2:
            return cls(1, Fraction(mean), None)
        squares = fsum(count * (value - mean) ** 2 for value, count in logs)
        return cls(histogram.n, Fraction(mean), Fraction(squares) / (histogram.n - 1))


Pair = tuple[Arm, Arm]
"""Without print, with print."""


@dataclass(frozen=True)
class Difference:
    """Minutes saved for each printed case. What could not be computed is None, and `reason` says why in words."""

    n_without: int
    n_with: int
    estimate: Fraction | None = None
    se: float | None = None
    df: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @property
    def has_interval(self) -> bool:
        return self.low is not None


def welch(without: Arm, with_print: Arm, *, level: Fraction = LEVEL) -> Difference:
    """Mean without minus mean with print, with Welch's interval.

    D ± t(df) · SE, SE² = s₀²/n₀ + s₁²/n₁, df by Satterthwaite (Welch, Biometrika 1947;34:28-35).
    """
    return att([(without, with_print)], level=level)


def att(strata: Sequence[Pair], *, level: Fraction = LEVEL) -> Difference:
    """Σ w (m₀ − m₁) with w = n₁ / Σ n₁: the difference weighted to the printed cases, which is indirect standardisation.

    Each stratum is (without print, with print). A stratum without printed cases has no weight. The interval uses each
    stratum's own variances and Satterthwaite's df; a baseline shared by many cases enters with its own error, once.
    """
    return att_of_groups([[stratum] for stratum in strata], level=level)


def att_of_groups(groups: Sequence[Sequence[Pair]], *, level: Fraction = LEVEL) -> Difference:
    """`att` of all the strata, where those of a group (one procedure) vary alike within each arm.

    The variance of an arm is pooled over the strata of its group, Σ(n − 1)s² / Σ(n − 1), so that strata of one or two cases,
    as complexity makes them, do not bring variances of their own.
    """
    kept = [used for group in groups if (used := [pair for pair in group if pair[1].n])]
    used = [pair for group in kept for pair in group]
    n_without, n_with = sum(without.n for without, _ in used), sum(printed.n for _, printed in used)
    if not used:
        return Difference(sum(pair[0].n for group in groups for pair in group), 0, reason="no case with a print")
    if any(not without.n for without, _ in used):
        return Difference(n_without, n_with, reason="no case without a print")
    estimate = sum((printed.n * (_mean(without) - _mean(printed)) for without, printed in used), Fraction(0)) / n_with
    unknown = next(filter(None, map(why_no_spread, kept)), "")
    if unknown:
        return Difference(n_without, n_with, estimate, reason=unknown)
    terms = [term for group in kept for term in _terms(group, n_with)]
    square = sum((size for size, _ in terms), Fraction(0))
    if not square:
        return Difference(n_without, n_with, estimate, se=0.0, reason="no variation in either arm, so no interval")
    df = square**2 / sum((size**2 / freedom for size, freedom in terms), Fraction(0))
    se = square_root(square)
    half = student_t(float((1 + level) / 2), float(df)) * se
    return Difference(n_without, n_with, estimate, se, float(df), float(estimate) - half, float(estimate) + half)


def student_t(p: float, df: float) -> float:
    """The quantile p of Student's t with df degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - heavy; only where an interval is asked for

    return float(stdtrit(df, p))


def exponential(value: Fraction | float) -> float:
    """e to this power; infinity where it is too large for a float, as the limit of two cases far apart can be."""
    try:
        return exp(value)
    except OverflowError:
        return inf


def _mean(arm: Arm) -> Fraction:
    if arm.mean is None:
        raise ValueError("An arm with cases has a mean.")
    return arm.mean


def why_no_spread(group: Sequence[Pair]) -> str:
    """In words, why the arms of a group, each with cases, give no interval; nothing where they do."""
    for arms, words in zip(zip(*group, strict=True), ("without", "with"), strict=True):
        spread = [arm for arm in arms if arm.n > 1]
        if not spread:
            return f"{'one case' if len(arms) == 1 else 'no complexity has two cases'} {words} a print: no spread, so no interval"
        if any(arm.variance is None for arm in spread):
            return f"the spread {words} a print is not known, so no interval"
    return ""


def _terms(group: Sequence[Pair], n_with: int) -> list[tuple[Fraction, int]]:
    """Each arm's part of the squared standard error, with its degrees of freedom."""
    weights = [Fraction(printed.n, n_with) ** 2 for _, printed in group]
    terms = []
    for arms in zip(*group, strict=True):
        freedom = sum(arm.n - 1 for arm in arms)
        known = [(arm.n - 1) * arm.variance for arm in arms if arm.n > 1 and arm.variance is not None]
        shares = sum((weight / arm.n for weight, arm in zip(weights, arms, strict=True)), Fraction(0))
        terms.append((sum(known, Fraction(0)) / freedom * shares, freedom))
    return terms


def observed_over_expected(groups: Sequence[Sequence[Pair]], difference: Difference) -> Ratio:
    """ΣO/ΣE of the printed cases, E the mean without a print in their stratum; below 1 = faster with a print.

    `difference` is `att_of_groups` of the same groups; the interval is Fieller's, with its degrees of freedom.
    """
    kept = [used for group in groups if (used := [pair for pair in group if pair[1].n])]
    pairs = [pair for group in kept for pair in group]
    if difference.estimate is None or not pairs:
        return Ratio(reason=difference.reason)
    expected, observed = (
        float(sum((pair[1].n * _mean(pair[arm]) for pair in pairs), Fraction(0)) / difference.n_with) for arm in (0, 1)
    )
    if difference.df is None:
        return Ratio(observed / expected, reason=difference.reason)
    terms = [_terms(group, difference.n_with) for group in kept]
    v_expected, v_observed = (float(sum(arms[place][0] for arms in terms)) for place in (0, 1))
    return ratio(observed, expected, v_a=v_observed, v_b=v_expected, df=difference.df)
