"""How far recorded times can be trusted: strange times, a spread that is a standard error, times said from memory, gaps.

Each rule asks; none deletes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import log
from statistics import median
from typing import Literal

from registry.statistics.histogram import Histogram

CONSISTENT = 1.4826
"""Makes the median absolute deviation of a normal distribution its standard deviation."""
FLOOR = 0.15
"""Of the spread of ln minutes: times are rounded, and where nearly all are the same a little more is no news."""
FEWEST = 20
QUERY, BLOCK = 3.5, 5.0
SPREADS = (Fraction(5, 100), Fraction(1))
RECALLED = 3

Verdict = Literal["", "query", "block"]


@dataclass(frozen=True)
class Usual:
    """Median and spread of ln minutes of `n` times."""

    n: int
    middle: float
    spread: float

    def z(self, minutes: float) -> float:
        """(ln minutes − median) / spread. Raises ValueError for minutes that are not above 0."""
        return (log(minutes) - self.middle) / self.spread


@dataclass(frozen=True)
class Heaping:
    """5 × the share of times divisible by 5: 1 by chance, 5 where all are. None without times."""

    n: int
    index: Fraction | None

    @property
    def looks_recalled(self) -> bool:
        return self.index is not None and self.index > RECALLED


@dataclass(frozen=True)
class Field:
    """A fact a case should have: its weight, whether it applies to the case, whether it holds a valid value, whether times need it."""

    name: str
    weight: int
    applies: bool
    valid: bool
    essential: bool = False


@dataclass(frozen=True)
class Completeness:
    """Score from 0 to 1 (None where nothing applies), and the essential fields that are missing."""

    score: Fraction | None
    missing: tuple[str, ...]

    @property
    def is_analysable(self) -> bool:
        return not self.missing


def absolute_deviation(values: Sequence[float]) -> float:
    """The raw median absolute deviation, median |x − median|, in the unit of x. Raises ValueError without values."""
    if not values:
        raise ValueError("A median needs values.")
    middle = median(values)
    return median(abs(value - middle) for value in values)


def robust_spread(values: Sequence[float]) -> float:
    """1.4826·MAD (Leys et al., J Exp Soc Psychol 2013;49:764-766). Raises ValueError without values."""
    return CONSISTENT * absolute_deviation(values)


def usual(own: Sequence[float], specialty: Sequence[float] = ()) -> Usual | None:
    """What is usual for a procedure on a clock: from its own minutes, below 20 of them from its specialty's, else None.

    The spread of ln minutes is max(1.4826·MAD, .15). Raises ValueError for minutes that are not above 0.
    """
    minutes = own if len(own) >= FEWEST else specialty
    if len(minutes) < FEWEST:
        return None
    logs = [log(value) for value in minutes]
    return Usual(len(logs), median(logs), max(robust_spread(logs), FLOOR))


def usual_of(own: Histogram, specialty: Histogram) -> Usual | None:
    """`usual` of whole minutes, without listing them. Raises ValueError for minutes that are not above 0."""
    minutes = own if own.n >= FEWEST else specialty
    if minutes.n < FEWEST:
        return None
    logs = [(log(minute), count) for minute, count in minutes.counts.items()]
    middle = _middle(logs)
    away = _middle(sorted((abs(value - middle), count) for value, count in logs))
    return Usual(minutes.n, middle, max(CONSISTENT * away, FLOOR))


def _middle(ascending: Sequence[tuple[float, int]]) -> float:
    """The median of values, each as often as its count."""
    sums = list(accumulate(count for _, count in ascending))
    low, high = (ascending[bisect_right(sums, rank)][0] for rank in ((sums[-1] - 1) // 2, sums[-1] // 2))
    return (low + high) / 2


def verdict(z: float) -> Verdict:
    """Beyond 3.5 a query, beyond 5 blocked until confirmed (Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993)."""
    return "block" if abs(z) > BLOCK else "query" if abs(z) > QUERY else ""


def asks_about_spread(mean: Fraction | float, sd: Fraction | float) -> str:
    """A question where SD/mean of operating times lies outside [.05, 1], else nothing. Raises ValueError for a mean not above 0."""
    if not mean > 0:
        raise ValueError("Operating times have a mean above 0.")
    low, high = SPREADS
    # Decimal figures typed by people arrive as floats: 5/100 must not depend on how .05 is stored.
    share = Fraction(str(sd)) / Fraction(str(mean))
    if share < low:
        return "SE typed as SD?"
    return "" if share <= high else "The SD is larger than the mean: is it in the same unit?"


def heaping(times: Histogram) -> Heaping:
    """The heaping index of whole minutes; above 3, times look recalled."""
    fives = sum(count for minute, count in times.counts.items() if minute % 5 == 0)
    return Heaping(times.n, Fraction(5 * fives, times.n) if times.n else None)


def completeness(fields: Iterable[Field]) -> Completeness:
    """Σ weight of valid fields / Σ weight of those that apply; essential fields decide whether a case is analysable."""
    asked = [field for field in fields if field.applies]
    total = sum(field.weight for field in asked)
    valid = sum(field.weight for field in asked if field.valid)
    missing = tuple(field.name for field in asked if field.essential and not field.valid)
    return Completeness(Fraction(valid, total) if total else None, missing)
