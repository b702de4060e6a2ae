"""How strong something nobody measured would have to be to explain a saving away: the E-value, and the same in plain minutes.

Source: VanderWeele & Ding, Ann Intern Med 2017;167:268-274. The conversion of a difference to a risk ratio, RR ≈ exp(.91 d),
assumes a normal outcome with equal SD in both arms: ln OR ≈ 1.81 d (Chinn, Stat Med 2000;19:3127-3131), and RR ≈ √OR.
"""

from dataclasses import dataclass
from math import exp, sqrt

PER_SD, PER_SE = 0.91, 1.78


@dataclass(frozen=True)
class EValue:
    """A ratio with its limits, its E-value, and that of the limit nearer to 1 (1 where the interval holds 1).

    What could not be computed is None, and `reason` says why in words.
    """

    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    e: float | None = None
    e_limit: float | None = None
    reason: str = ""


def e_value(ratio: float) -> float:
    """RR + √(RR(RR−1)), of 1/RR below 1. Raises ValueError for a ratio that is not above 0."""
    if not ratio > 0:
        raise ValueError("A ratio is above 0.")
    away = max(ratio, 1 / ratio)
    return away + sqrt(away * (away - 1))


def of_ratio(ratio: float, low: float, high: float) -> EValue:
    """The E-value of a ratio and of its interval. Raises ValueError unless 0 < low ≤ ratio ≤ high."""
    if not 0 < low <= ratio <= high:
        raise ValueError("A ratio lies between its limits, and all are above 0.")
    limit = 1.0 if low <= 1 <= high else e_value(low if low > 1 else high)
    return EValue(ratio, low, high, e_value(ratio), limit)


def of_difference(difference: float, se: float | None, sd: float | None) -> EValue:
    """d = difference / pooled SD without print, RR = exp(.91 d), limits exp(.91 d ∓ 1.78 se/SD).

    Difference, SE and SD are in one unit, minutes or log minutes.
    """
    if sd is None or not sd > 0:
        return EValue(reason="the spread without a print is not known, so no E-value")
    d = difference / sd
    if se is None:
        return EValue(exp(PER_SD * d), e=e_value(exp(PER_SD * d)), reason="no standard error, so no limits")
    half = PER_SE * se / sd
    return of_ratio(exp(PER_SD * d), exp(PER_SD * d - half), exp(PER_SD * d + half))


def in_plain_words(low: float, high: float) -> str:
    """What would remove the effect, in minutes, from the interval of the minutes saved."""
    if low <= 0 <= high:
        return "The interval holds no difference already; no unmeasured imbalance is needed to explain it."
    nearest = low if low > 0 else -high
    return f"An unmeasured imbalance of {nearest:.1f} minutes between the arms would remove the effect."
