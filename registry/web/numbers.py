"""How a value is written for a person: one decimal for time, whole dollars, a true minus sign, words for what is missing."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from registry.reports.tables import NotShown, Unit, Value
from registry.statistics.cost import sign

MINUS = "\N{MINUS SIGN}"
Number = int | float | Decimal | Fraction


def rounded(value: Number, places: int) -> Decimal:
    """`value` rounded half up to `places` decimals, exact for fractions."""
    exact = (
        Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    )
    result = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _signed(number: Decimal, before: str = "", after: str = "") -> str:
    return f"{MINUS if number < 0 else ''}{before}{abs(number):,}{after}"


def minutes(value: Number) -> str:
    """Minutes with one decimal: -4.04 gives "−4.0"."""
    return _signed(rounded(value, 1))


def dollars(value: Number) -> str:
    """Whole US dollars: -1364.2 gives "−$1,364"."""
    return _signed(rounded(value, 0), before="$")


def money(value: Number, currency: str) -> str:
    """Whole units of a currency: -1364.2 gives "−$1,364" in US dollars and "−CAD 1,364" in Canadian ones."""
    return _signed(rounded(value, 0), before=sign(currency))


def share(value: Number) -> str:
    """A share between 0 and 1 as a percentage with one decimal: 0.057 gives "5.7%"."""
    return _signed(rounded(value * 100, 1), after="%")


def written(value: Value, unit: Unit) -> str:
    """`value` as a page shows it; nothing at all is a dash."""
    if value is None:
        return "–"
    if isinstance(value, NotShown | str):
        return str(value)
    if isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool):
        return _number(value, unit)
    return str(value)


def _number(value: Number, unit: Unit) -> str:
    if unit in {"minutes", "saved", "hours", "months", "years"}:
        return minutes(value)
    if unit == "dollars":
        return dollars(value)
    if unit in {"share", "share_saved"}:
        return share(value)
    return _signed(rounded(value, 0 if unit in {"count", "money"} else 2))
