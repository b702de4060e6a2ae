"""Money = minutes × rate, computed when asked for and never stored. Rounded half up, and only to be shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_EXACT = Context(prec=28)
MINUTE_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Rate:
    """US dollars for one OR minute."""

    name: str
    label: str
    per_minute: Decimal


BALLARD2020 = (
    Rate("low", "Low", Decimal(22)),
    Rate("mean", "Mean", Decimal(62)),
    Rate("high", "High", Decimal(133)),
)
"""Ballard et al., Acad Radiol 2020;27(8):1103-1113: mean $62 an OR minute, range $22 to $133."""
BALLARD2020_SOURCE = "Ballard et al., Acad Radiol 2020;27(8):1103-1113 (PMC7078060)"


def decimal_of(exact: Fraction) -> Decimal:
    """The fraction as a decimal of 28 digits."""
    return _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def dollars(minutes: Fraction | Decimal | float, rate: Decimal) -> Decimal:
    """Minutes × rate in US dollars, unrounded (28 digits)."""
    return decimal_of(Fraction(minutes) * Fraction(rate))


def shown(amount: Decimal) -> str:
    """Whole dollars, rounded half up: "$3,844", "−$157"."""
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'−' if whole < 0 else ''}${abs(whole):,}"


def formula(minutes: Fraction | Decimal | float, rate: Decimal) -> str:
    """How the amount comes about, with minutes to four decimals so that the reader gets the same whole dollars."""
    rounded = decimal_of(Fraction(minutes)).quantize(MINUTE_PLACES, ROUND_HALF_UP)
    plain = f"{rounded.normalize():f}".replace("-", "−")
    return f"{plain} min × ${rate.normalize():f}/min = {shown(dollars(minutes, rate))}"


def as_published_by_ballard(minutes: Fraction | Decimal | int, rate: Decimal) -> Decimal:
    """Only to reproduce the paper's dollars: minutes go to hours of one decimal first, which the paper does not say.

    62 min → 1.0 h → $3,720 and 23 min → 0.4 h → $1,488, where minutes × rate give $3,844 and $1,426.
    """
    hours = decimal_of(Fraction(minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return hours * 60 * rate
