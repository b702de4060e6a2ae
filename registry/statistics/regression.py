"""Least squares from sums that add: X'X, X'y and y'y of sites or months give the same line as all their cases together.

Sums of whole minutes are exact below 2⁵³. The design is the caller's: a row of numbers for each cell of cases alike, with a
column of ones if there is an intercept. Years and the like are best counted from a year nearby.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, log, sqrt
from typing import TYPE_CHECKING

from registry.statistics.histogram import Histogram
from registry.statistics.summary import Interval
from registry.statistics.two_arms import LEVEL, student_t

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]

Cell = tuple[Sequence[float], Histogram]
"""A row of the design, and the minutes of the cases it holds for."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Of n cases with p columns: X'X (p × p), X'y and X'1 (p), y'y and y'1."""

    n: int
    xx: "Array"
    xy: "Array"
    yy: float
    x1: "Array"
    y1: float

    @classmethod
    def of_minutes(cls, cells: Sequence[Cell]) -> "Sums":
        """y in minutes. Raises ValueError without cells."""
        return cls._of(cells, [(minutes.total, minutes.squares) for _, minutes in cells])

    @classmethod
    def of_logs(cls, cells: Sequence[Cell]) -> "Sums":
        """y in ln minutes. Raises ValueError without cells, or for minutes of 0 or less."""
        if any(minute <= 0 for _, minutes in cells for minute in minutes.counts):
            raise ValueError("Only minutes above 0 have a logarithm.")
        powers = [
            [fsum(count * log(minute) ** power for minute, count in minutes.counts.items()) for power in (1, 2)]
            for _, minutes in cells
        ]
        return cls._of(cells, powers)

    @classmethod
    def _of(cls, cells: Sequence[Cell], sums: Sequence[Sequence[float]]) -> "Sums":
        import numpy as np  # noqa: PLC0415 - heavy; only where a model is asked for

        if not cells:
            raise ValueError("A model needs cases.")
        rows = np.array([row for row, _ in cells], dtype=np.float64)
        counts = np.array([minutes.n for _, minutes in cells], dtype=np.float64)
        totals, squares = np.array(sums, dtype=np.float64).T
        return cls(
            int(counts.sum()),
            rows.T @ (counts[:, None] * rows),
            rows.T @ totals,
            float(squares.sum()),
            rows.T @ counts,
            float(totals.sum()),
        )

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.n + other.n,
            self.xx + other.xx,
            self.xy + other.xy,
            self.yy + other.yy,
            self.x1 + other.x1,
            self.y1 + other.y1,
        )


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (p), their covariance (p × p), and the variance about the line with its degrees of freedom, n − p."""

    n: int
    coefficients: "Array"
    covariance: "Array"
    variance: float
    df: int

    def interval(self, place: int, *, level: Fraction = LEVEL) -> Interval:
        """The coefficient of this column ± t(n − p) · SE."""
        return t_interval(float(self.coefficients[place]), float(self.covariance[place, place]), self.df, level)


def fit(sums: Sums) -> Fit:
    """b = (X'X)⁻¹X'y, s² = (y'y − b'X'y)/(n − p), V = s²(X'X)⁻¹.

    Raises ValueError where there are no more cases than columns, or where the columns do not determine the coefficients.
    """
    columns = len(sums.xy)
    if sums.n <= columns:
        raise ValueError("A model needs more cases than columns.")
    inverse = inverted(sums.xx)
    coefficients = inverse @ sums.xy
    df = sums.n - columns
    variance = max(0.0, float(sums.yy - coefficients @ sums.xy)) / df
    return Fit(sums.n, coefficients, variance * inverse, variance, df)


def inverted(matrix: "Array") -> "Array":
    """The inverse of a symmetric positive matrix, solved with its diagonal scaled to ones.

    Raises ValueError where it is singular: some column is nothing but a sum of others, or empty.
    """
    import numpy as np  # noqa: PLC0415 - as above

    diagonal = np.diag(matrix)
    if diagonal.min() > 0:
        scale = 1 / np.sqrt(diagonal)
        scaled = scale[:, None] * matrix * scale
        if np.linalg.matrix_rank(scaled, hermitian=True) == len(matrix):
            found: Array = scale[:, None] * np.linalg.solve(scaled, np.eye(len(matrix))) * scale
            return found
    raise ValueError("These cases do not determine the model: leave out the columns that no case tells apart.")


def t_interval(estimate: float, variance: float, df: float, level: Fraction) -> Interval:
    """estimate ± t(df) · √variance; no limits without variation."""
    if not variance:
        return Interval(estimate, reason="no variation, so no interval")
    half = student_t(float((1 + level) / 2), df) * sqrt(variance)
    return Interval(estimate, estimate - half, estimate + half, float(level))
