"""Without print minus with print: Welch's difference of two arms, and its sum over strata weighted to the printed cases.

One sign everywhere: positive = faster with a print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import exp, fsum, inf, log

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


def att(strata: Sequence[tuple[Arm, Arm]], *, level: Fraction = LEVEL) -> Difference:
    """Σ w (m₀ − m₁) with w = n₁ / Σ n₁: the difference weighted to the printed cases, which is indirect standardisation.

    Each stratum is (without print, with print). A stratum without printed cases has no weight. The interval uses each
    stratum's own variances and Satterthwaite's df; a baseline shared by many cases enters with its own error, once.
    """
    used = [(without, with_print) for without, with_print in strata if with_print.n]
    n_without, n_with = sum(without.n for without, _ in used), sum(printed.n for _, printed in used)
    if not used:
        return Difference(sum(without.n for without, _ in strata), 0, reason="no case with a print")
    if any(not without.n for without, _ in used):
        return Difference(n_without, n_with, reason="no case without a print")
    estimate = sum((printed.n * (_mean(without) - _mean(printed)) for without, printed in used), Fraction(0)) / n_with
    unknown = why_no_spread(used)
    if unknown:
        return Difference(n_without, n_with, estimate, reason=unknown)
    terms = [term for without, printed in used for term in _terms(without, printed, Fraction(printed.n, n_with))]
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


def why_no_spread(used: Sequence[tuple[Arm, Arm]]) -> str:
    """In words, why these pairs of arms, each with cases, give no interval; nothing where they do."""
    for without, printed in used:
        for arm, words in ((without, "without"), (printed, "with")):
            if arm.n < 2:
                return f"one case {words} a print: no spread, so no interval"
            if arm.variance is None:
                return f"the spread {words} a print is not known, so no interval"
    return ""


def _terms(without: Arm, printed: Arm, weight: Fraction) -> list[tuple[Fraction, int]]:
    """Each arm's part of the squared standard error, with its degrees of freedom."""
    return [(weight**2 * arm.variance / arm.n, arm.n - 1) for arm in (without, printed) if arm.variance is not None]
