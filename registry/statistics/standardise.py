"""Indirect standardisation with a model, for strata too thin to stand alone: what the controls' line expects of printed cases.

Fit on controls only, ln y = x'b with variance s²; each printed case is expected to take E = exp(x'b + s²/2) minutes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist

from registry.statistics.histogram import Histogram
from registry.statistics.regression import Cell, Fit
from registry.statistics.shift import Ratio
from registry.statistics.two_arms import LEVEL


@dataclass(frozen=True)
class Standardised:
    """Of the printed cases: Σ O and Σ E in minutes, their ratio with its interval, and minutes saved in all with their SE."""

    n: int
    observed: int
    expected: float
    ratio: Ratio
    saved_se: float | None

    @property
    def saved(self) -> float:
        """Σ E − Σ O, in minutes over all n cases."""
        return self.expected - self.observed


def expected_minutes(controls: Fit, row: Sequence[float]) -> float:
    """exp(x'b + s²/2), the mean of the log-normal distribution that controls like this have; `controls` is a fit of logs."""
    return exp(sum(x * float(b) for x, b in zip(row, controls.coefficients, strict=True)) + controls.variance / 2)


def standardised(controls: Fit, printed: Iterable[Cell], *, level: Fraction = LEVEL) -> Standardised:
    """SR = Σ O / Σ E, exp(ln SR ± z · SE), SE² = Var(Σ O)/(Σ O)² + Var(Σ E)/(Σ E)², the delta method.

    Var(Σ E) = g'Vg with g = Σ E x and V the covariance of the controls' coefficients; the error of s² itself is left out.
    Var(Σ O) = n/(n − 1) · Σ(O − SR · E)², the spread of the printed cases about what the ratio expects of them.
    The rows must be in the columns of `controls`, whose cases must tell them apart. Raises ValueError without printed cases.
    """
    cells = [(row, minutes, expected_minutes(controls, row)) for row, minutes in printed if minutes.n]
    if not cells:
        raise ValueError("A standardised ratio needs printed cases.")
    n = sum(minutes.n for _, minutes, _ in cells)
    observed = sum(minutes.total for _, minutes, _ in cells)
    expected = sum(minutes.n * each for _, minutes, each in cells)
    ratio = observed / expected
    if n < 2:
        reason = "one case with a print: no spread, so no interval"
        return Standardised(n, observed, expected, Ratio(controls.n, n, ratio, reason=reason), None)
    of_observed = n / (n - 1) * sum(_squares(minutes, ratio * each) for _, minutes, each in cells)
    of_expected = _variance_of_expected(controls, cells)
    se = sqrt(of_observed / observed**2 + of_expected / expected**2)
    half = NormalDist().inv_cdf(float((1 + level) / 2)) * se
    low, high = exp(log(ratio) - half), exp(log(ratio) + half)
    return Standardised(
        n, observed, expected, Ratio(controls.n, n, ratio, se, None, low, high), sqrt(of_observed + of_expected)
    )


def _squares(minutes: Histogram, about: float) -> float:
    """Σ(O − about)² of one cell, without losing digits: its squares about its own mean, and its mean's distance."""
    own = Fraction(minutes.squares) - Fraction(minutes.total**2, minutes.n)
    return float(own) + minutes.n * (minutes.total / minutes.n - about) ** 2


def _variance_of_expected(controls: Fit, cells: Sequence[tuple[Sequence[float], Histogram, float]]) -> float:
    import numpy as np  # noqa: PLC0415 - heavy; only where a model is asked for

    gradient = np.zeros(len(controls.coefficients))
    for row, minutes, each in cells:
        gradient += minutes.n * each * np.asarray(row, dtype=np.float64)
    return float(gradient @ controls.covariance @ gradient)


def calibration(controls: Fit, cells: Iterable[tuple[str, Sequence[float], Histogram]]) -> dict[str, float]:
    """Σ O / Σ E of the controls themselves for each procedure; about 1 where the model fits.

    Each cell is a procedure, a row of the design and the controls' minutes.
    """
    observed: dict[str, int] = defaultdict(int)
    expected: dict[str, float] = defaultdict(float)
    for procedure, row, minutes in cells:
        if minutes.n:
            observed[procedure] += minutes.total
            expected[procedure] += minutes.n * expected_minutes(controls, row)
    return {procedure: observed[procedure] / expected[procedure] for procedure in observed}
