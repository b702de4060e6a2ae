"""Whether two cases may be one, entered twice: a sum of evidence, for a person to look at.

Source: Fellegi & Sunter, J Am Stat Assoc 1969;64:1183-1210. Pairs compared are of one site and one month.
"""

from dataclasses import dataclass
from datetime import date
from math import log2

REVIEW = 6.0


@dataclass(frozen=True)
class Evidence:
    """How often a field agrees in one case entered twice (m), and in two cases of one site and month (u)."""

    m: float
    u: float

    def bits(self, *, agree: bool | None) -> float:
        """log₂(m/u) where it agrees, log₂((1−m)/(1−u)) where not, 0 where a side does not know."""
        if agree is None:
            return 0.0
        return log2(self.m / self.u) if agree else log2((1 - self.m) / (1 - self.u))


DAY, PROCEDURE, MINUTES, VOLUME = Evidence(0.95, 0.1), Evidence(0.95, 0.2), Evidence(0.9, 0.02), Evidence(0.9, 0.02)
"""Chosen, not estimated: three days of thirty; five common procedures; times and volumes seldom equal by chance."""


@dataclass(frozen=True)
class Seen:
    """What is compared of a case; None is unknown. Minutes are whole, the volume in any one unit."""

    day: date | None
    procedure: str | None
    minutes: int | None
    volume: float | None


def evidence(one: Seen, other: Seen) -> float:
    """Σ bits over day (within one day), procedure, minutes (equal) and print volume (within 1 % of the larger)."""
    apart = None if one.day is None or other.day is None else abs((one.day - other.day).days)
    same = None if one.procedure is None or other.procedure is None else one.procedure == other.procedure
    equal = None if one.minutes is None or other.minutes is None else one.minutes == other.minutes
    return (
        DAY.bits(agree=None if apart is None else apart <= 1)
        + PROCEDURE.bits(agree=same)
        + MINUTES.bits(agree=equal)
        + VOLUME.bits(agree=_alike(one.volume, other.volume))
    )


def may_be_one(one: Seen, other: Seen) -> bool:
    """Whether the evidence is above 6 bits, which asks for a review and decides nothing."""
    return evidence(one, other) > REVIEW


def _alike(one: float | None, other: float | None) -> bool | None:
    if one is None or other is None:
        return None
    return abs(one - other) <= 0.01 * max(abs(one), abs(other))
