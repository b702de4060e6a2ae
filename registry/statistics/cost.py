"""Money = minutes × rate, computed when asked for and never stored. Rounded half up, and only to be shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_EXACT = Context(prec=28)
MINUTE_PLACES = Decimal("0.0001")
DOLLAR = "USD"


@dataclass(frozen=True)
class Rate:
    """What one OR minute costs; `full`: overhead is in it."""

    name: str
    label: str
    per_minute: Decimal
    full: bool = True


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
    """Minutes × rate, unrounded (28 digits)."""
    return decimal_of(Fraction(minutes) * Fraction(rate))


def shown(amount: Decimal, currency: str = DOLLAR) -> str:
    """Whole units of the currency, rounded half up: "$3,844", "−$157", "CAD 3,844"."""
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'−' if whole < 0 else ''}{sign(currency)}{abs(whole):,}"


def sign(currency: str) -> str:
    """What stands before an amount: "$" for US dollars alone, "CAD " for the Canadian ones."""
    return "$" if currency == DOLLAR else f"{currency} "


def formula(minutes: Fraction | Decimal | float, rate: Decimal, currency: str = DOLLAR) -> str:
    """How the amount comes about, with minutes to four decimals so that the reader gets the same whole amount."""
    rounded = decimal_of(Fraction(minutes)).quantize(MINUTE_PLACES, ROUND_HALF_UP)
    plain = f"{rounded.normalize():f}".replace("-", "−")
    return f"{plain} min × {sign(currency)}{rate.normalize():f}/min = {shown(dollars(minutes, rate), currency)}"


def as_published_by_ballard(minutes: Fraction | Decimal | int, rate: Decimal) -> Decimal:
    """Only to reproduce the paper's dollars: minutes go to hours of one decimal first, which the paper does not say.

    62 min → 1.0 h → $3,720 and 23 min → 0.4 h → $1,488, where minutes × rate give $3,844 and $1,426.
    """
    hours = decimal_of(Fraction(minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return hours * 60 * rate
