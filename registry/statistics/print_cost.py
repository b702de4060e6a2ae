"""What one print costs a site: labour by role, material, what was bought outside, and its share of the equipment.

US dollars, unrounded (28 digits). Unknown is not zero: one unknown part leaves no total, and the reason names it. Equipment is
spread over all prints, used or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.statistics.cost import decimal_of

FEWEST_MONTHS = 6


@dataclass(frozen=True)
class Labour:
    """Minutes of one role for one print, and the wage of an hour; None is unknown."""

    role: str
    minutes: Decimal | None
    wage: Decimal | None

    @property
    def cost(self) -> Decimal | None:
        """minutes/60 × wage."""
        if self.minutes is None or self.wage is None:
            return None
        return decimal_of(Fraction(self.minutes) / 60 * Fraction(self.wage))


@dataclass(frozen=True)
class Running:
    """What the equipment costs a year beside its price."""

    maintenance: Decimal = Decimal(0)
    software: Decimal = Decimal(0)
    space: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.maintenance + self.software + self.space


@dataclass(frozen=True)
class Equipment:
    """Equipment cost of one print; None where it cannot be told, and `reason` says why."""

    per_print: Decimal | None
    reason: str = ""


@dataclass(frozen=True)
class PrintCost:
    """The parts and their total. Without equipment the total is that of the other parts, and `reason` says so."""

    labour: Decimal | None
    material: Decimal | None
    outsourced: Decimal | None
    equipment: Decimal | None
    total: Decimal | None
    reason: str = ""


def straight_line(price: Decimal, years: int) -> Decimal:
    """P/L a year. Raises ValueError for a life below one year."""
    return decimal_of(Fraction(price) / _life(years))


def annuity(price: Decimal, years: int, interest: Decimal) -> Decimal:
    """P·r/(1 − (1+r)⁻ᴸ) a year, the straight line where r is 0. Raises ValueError for a life below one year or r below 0."""
    rate, life = Fraction(interest), _life(years)
    if rate < 0:
        raise ValueError("An interest rate is 0 or more.")
    return decimal_of(Fraction(price) * rate / (1 - (1 + rate) ** -life)) if rate else straight_line(price, years)


def equipment_per_print(capital: Decimal, running: Running, *, prints: int, months: int) -> Equipment:
    """(Capital of a year + running cost) over the prints of a year, from the last `months`, twelve at most, as if they went on.

    None below six months of history, or without prints. Raises ValueError for more than twelve months.
    """
    if months > 12:
        raise ValueError("Prints are counted over the last twelve months at most.")
    if months < FEWEST_MONTHS:
        return Equipment(None, f"fewer than {FEWEST_MONTHS} months of prints")
    if prints <= 0:
        return Equipment(None, f"no prints in the last {months} months")
    return Equipment(decimal_of(Fraction(capital + running.total) * Fraction(months, 12) / prints))


def print_cost(
    labour: Sequence[Labour], material: Decimal | None, outsourced: Decimal | None, equipment: Equipment
) -> PrintCost:
    """Σ minutes/60 × wage + material + outsourced + equipment, of one print."""
    hands = [part.cost for part in labour]
    worked = None if None in hands else sum((cost for cost in hands if cost is not None), Decimal(0))
    parts = {"labour": worked, "material": material, "outsourced printing": outsourced}
    unknown = [name for name, cost in parts.items() if cost is None]
    if unknown:
        reason = f"the cost of {' and '.join(unknown)} is not known"
        return PrintCost(worked, material, outsourced, equipment.per_print, None, reason)
    known = [cost for cost in (*parts.values(), equipment.per_print) if cost is not None]
    without = f"without equipment: {equipment.reason}" if equipment.per_print is None else ""
    return PrintCost(worked, material, outsourced, equipment.per_print, sum(known, Decimal(0)), without)


def _life(years: int) -> int:
    if years < 1:
        raise ValueError("Equipment lasts one year or more.")
    return years
