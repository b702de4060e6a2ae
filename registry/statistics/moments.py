"""n, sum and sum of squares of exact amounts: they add, and mean and SD of any union are exact. No quantiles."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from registry.statistics.histogram import square_root, variance


@dataclass(frozen=True)
class Moments:
    """Of `n` amounts: their sum, and the sum of their squares."""

    n: int
    total: Fraction
    squares: Fraction

    @classmethod
    def stated(cls, n: int, total: Decimal, squares: Decimal) -> Self:
        """From exact decimals."""
        return cls(n, Fraction(total), Fraction(squares))

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> Fraction | None:
        """Exact; None without amounts."""
        return self.total / self.n if self.n else None

    @property
    def sd(self) -> float | None:
        """Rounded once; None below two amounts."""
        exact = variance(self.n, self.total, self.squares)
        return None if exact is None else square_root(exact)


NOTHING = Moments(0, Fraction(0), Fraction(0))
