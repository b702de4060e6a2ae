"""An exact histogram {whole minute: number of cases}: it adds, and every mean, SD and quantile of any union is exact.

Packed form, as a cell keeps it: per minute, ascending, six bytes little endian: the minute as uint16 and the count as uint32.
`numpy.frombuffer(packed, dtype=[("minute", "<u2"), ("count", "<u4")])` reads it.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from types import MappingProxyType
from typing import Self

ENTRY = struct.Struct("<HI")
HIGHEST_MINUTE = 0xFFFF
HIGHEST_COUNT = 0xFFFFFFFF
# Below this many bytes the loop costs less than loading numpy.
LARGE = 200_000
QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


@dataclass(frozen=True, eq=True)
class Histogram:
    """How many cases took how many minutes. Keys ascend; counts are positive."""

    counts: Mapping[int, int]

    @classmethod
    def of(cls, minutes: Iterable[int]) -> Self:
        """The histogram of single values."""
        counts: dict[int, int] = {}
        for value in minutes:
            counts[value] = counts.get(value, 0) + 1
        return cls.counted(counts)

    @classmethod
    def counted(cls, counts: Mapping[int, int]) -> Self:
        """The histogram of these counts. Raises ValueError for a count below zero; counts of zero are dropped."""
        if any(count < 0 for count in counts.values()):
            raise ValueError("A count is below zero.")
        return cls(MappingProxyType({minute: counts[minute] for minute in sorted(counts) if counts[minute]}))

    @classmethod
    def unpacked(cls, packed: Iterable[bytes | memoryview]) -> Self:
        """The union of packed histograms. Raises ValueError for bytes that are not whole entries."""
        blob = b"".join(packed)
        if len(blob) % ENTRY.size:
            raise ValueError("These bytes are not a packed histogram.")
        return cls.counted(_added_by_numpy(blob) if len(blob) > LARGE else _added(blob))

    def pack(self) -> bytes:
        """The packed form. Raises ValueError for a minute or a count that does not fit."""
        for minute, count in self.counts.items():
            if not (0 <= minute <= HIGHEST_MINUTE and count <= HIGHEST_COUNT):
                raise ValueError(f"{count} × {minute} min does not fit a packed histogram.")
        return b"".join(ENTRY.pack(minute, count) for minute, count in self.counts.items())

    def __add__(self, other: "Histogram") -> "Histogram":
        counts = dict(self.counts)
        for minute, count in other.counts.items():
            counts[minute] = counts.get(minute, 0) + count
        return Histogram.counted(counts)

    def __hash__(self) -> int:
        return hash(tuple(self.counts.items()))

    @cached_property
    def n(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def total(self) -> int:
        """The sum of all minutes."""
        return sum(minute * count for minute, count in self.counts.items())

    @cached_property
    def squares(self) -> int:
        """The sum of all squared minutes."""
        return sum(minute * minute * count for minute, count in self.counts.items())

    @property
    def mean(self) -> Fraction | None:
        """Minutes, exact; None without cases."""
        return Fraction(self.total, self.n) if self.n else None

    @property
    def variance(self) -> Fraction | None:
        """In square minutes, exact; None below two cases."""
        return variance(self.n, self.total, self.squares)

    @property
    def sd(self) -> float | None:
        """Minutes, rounded once; None below two cases."""
        variance = self.variance
        return None if variance is None else square_root(variance)

    def quantile(self, p: Fraction) -> Fraction | None:
        """Type 7 (R's default, `percentile_cont`): h = (n − 1)p, between the two nearest ranks. Exact; None without cases."""
        if not 0 <= p <= 1:
            raise ValueError("A quantile lies between 0 and 1.")
        if not self.n:
            return None
        rank = (self.n - 1) * p
        below = int(rank)
        low, high = self.ranked(below), self.ranked(min(below + 1, self.n - 1))
        return low + (rank - below) * (high - low)

    @property
    def median(self) -> Fraction | None:
        return self.quantile(Fraction(1, 2))

    def ranked(self, rank: int) -> int:
        """The value at this rank, counted from 0. Raises IndexError for a rank that no case has."""
        seen = 0
        for minute, count in self.counts.items():
            seen += count
            if 0 <= rank < seen:
                return minute
        raise IndexError(rank)


EMPTY = Histogram.counted({})


def variance(n: int, total: Fraction | int, squares: Fraction | int) -> Fraction | None:
    """(nQ − S²) / (n(n − 1)) from the sum S and the sum of squares Q of n values, exact; None below two values."""
    return Fraction(n * squares - total**2) / (n * (n - 1)) if n >= 2 else None


def square_root(value: Fraction) -> float:
    """√value, rounded once: the integer root carries at least 54 significant bits, and a sticky last bit for the rest."""
    numerator, denominator = value.numerator, value.denominator
    shift = (numerator.bit_length() - denominator.bit_length() - 109) // 2
    if shift >= 0:
        return float(_root_to_odd(numerator, denominator << 2 * shift) << shift)
    return _root_to_odd(numerator << -2 * shift, denominator) / (1 << -shift)


def _root_to_odd(numerator: int, denominator: int) -> int:
    root = isqrt(numerator // denominator)
    return root | (root * root * denominator != numerator)


def _added(blob: bytes) -> dict[int, int]:
    counts: dict[int, int] = {}
    for minute, count in ENTRY.iter_unpack(blob):
        counts[minute] = counts.get(minute, 0) + count
    return counts


def _added_by_numpy(blob: bytes) -> dict[int, int]:
    import numpy as np  # noqa: PLC0415 - not for a request that adds few cells

    entries = np.frombuffer(blob, dtype=[("minute", "<u2"), ("count", "<u4")])
    # Weights are doubles, which hold every sum of counts below 2^53 exactly.
    sums = np.bincount(entries["minute"], weights=entries["count"])
    return {int(minute): int(sums[minute]) for minute in np.flatnonzero(sums)}
