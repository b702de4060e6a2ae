"""The interval of a ratio of two estimates: observed to expected, cost of a minute saved, return on a dollar.

Source: Fieller, J R Stat Soc B 1954;16:175-185.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

NOT_ESTIMABLE = "not estimable: the denominator may be zero"


@dataclass(frozen=True)
class Ratio:
    """a/b with its interval, in units of a for one of b. None where the interval is unbounded, and `reason` says so."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def ratio(
    a: float, b: float, *, v_a: float, v_b: float, cov: float = 0.0, df: float | None = None, level: float = 0.95
) -> Ratio:
    """[ab − t²C ∓ √((ab − t²C)² − (b² − t²V_b)(a² − t²V_a))] / (b² − t²V_b), t of `df` degrees of freedom, normal without.

    v_a, v_b and cov are the variances and covariance of the two estimates. Not estimable where b² ≤ t²V_b.
    Raises ValueError where these cannot be variances and their covariance.
    """
    if v_a < 0 or v_b < 0 or cov**2 > v_a * v_b * (1 + 1e-12):
        raise ValueError("These are not two variances and their covariance.")
    t2 = _t(df, level) ** 2
    below = b * b - t2 * v_b
    if below <= 0:
        return Ratio(reason=NOT_ESTIMABLE)
    middle = a * b - t2 * cov
    # Never below zero but by rounding, as below > 0.
    half = sqrt(max(0.0, middle**2 - below * (a * a - t2 * v_a)))
    return Ratio(a / b, (middle - half) / below, (middle + half) / below)


def _t(df: float | None, level: float) -> float:
    if df is None:
        return NormalDist().inv_cdf((1 + level) / 2)
    from registry.statistics.two_arms import student_t  # noqa: PLC0415

    return student_t((1 + level) / 2, df)
