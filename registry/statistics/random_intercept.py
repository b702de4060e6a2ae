"""One line through the cases of all sites, each site with a height of its own: y = x'b + u(site) + e, by restricted maximum likelihood.

From sums for each site alone, so sites need not hand over cases. A cross-check of the pool over site estimates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import log, pi
from typing import TYPE_CHECKING

from registry.statistics.regression import Sums, inverted, t_interval
from registry.statistics.summary import Interval
from registry.statistics.two_arms import LEVEL

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]

POINTS = 120
LOWEST, HIGHEST = 1e-6, 1e4
"""Where the ratio of the variance between sites to that within is looked for, beside 0."""
NOTHING_WITHIN = 1e-10
"""A residual so small beside y'y is rounding."""


@dataclass(frozen=True, eq=False)
class RandomIntercept:
    """Coefficients (p) with covariance (p × p) and Satterthwaite's df (p); variances between and within sites; −2 log REML.

    `effects`: each site's own height above the line, shrunken, in the order of the sums given.
    """

    coefficients: "Array"
    covariance: "Array"
    df: tuple[float, ...]
    between: float
    within: float
    criterion: float
    effects: tuple[float, ...]

    def interval(self, place: int, *, level: Fraction = LEVEL) -> Interval:
        """The coefficient of this column ± t(df) · SE."""
        return t_interval(float(self.coefficients[place]), float(self.covariance[place, place]), self.df[place], level)


def random_intercept(sites: Sequence[Sums]) -> RandomIntercept:
    """The fit with the lowest REML criterion over r = τ²/σ² ≥ 0, found through its slope on a grid.

    Raises ValueError for fewer than two sites, no more cases than columns, columns that do not determine the coefficients,
    or minutes that do not vary within sites. τ² is exactly 0 where the sites differ no more than their cases let expect.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import brentq  # noqa: PLC0415 - heavy; only where a model is asked for

    if sum(site.n > 0 for site in sites) < 2:
        raise ValueError("A variance between sites needs two sites with cases.")
    if sum(site.n for site in sites) <= len(sites[0].xy):
        raise ValueError("A model needs more cases than columns.")
    if all(site.n < 2 for site in sites):
        raise ValueError("One case a site cannot tell the spread between sites from that within them.")
    grid = [0.0, *np.geomspace(LOWEST, HIGHEST, POINTS).tolist()]
    slopes = [_Profile(sites, r).slope for r in grid]
    candidates = [0.0] if slopes[0] >= 0 else []
    for low, high, before, after in zip(grid, grid[1:], slopes, slopes[1:], strict=False):
        if before < 0 <= after:
            candidates.append(brentq(lambda r: _Profile(sites, r).slope, low, high, xtol=1e-15))
    if not candidates:
        raise ValueError(_Profile.NO_VARIATION)
    best = min((_Profile(sites, r) for r in candidates), key=lambda profile: profile.criterion)
    return RandomIntercept(
        best.coefficients,
        best.within * best.inverse,
        best.satterthwaite(),
        best.r * best.within,
        best.within,
        best.criterion,
        tuple((best.shrinkage * best.residuals).tolist()),
    )


class _Profile:
    """The model at one r, all else profiled out. f = r/(1 + nr); A = Σ(X'X − f X'1 1'X); b = A⁻¹Σ(X'y − f X'1 y'1)."""

    NO_VARIATION = "The cases do not vary within their sites, or not beside the model's columns."

    def __init__(self, sites: Sequence[Sums], r: float) -> None:
        import numpy as np  # noqa: PLC0415

        self.r = r
        self.n = np.array([site.n for site in sites], dtype=np.float64)
        self.x1 = np.array([site.x1 for site in sites])
        y1 = np.array([site.y1 for site in sites])
        self.shrinkage = r / (1 + self.n * r)
        self.turn = 1 / (1 + self.n * r) ** 2  # the slope of the shrinkage in r
        matrix = sum(site.xx for site in sites) - self.x1.T @ (self.shrinkage[:, None] * self.x1)
        right = sum(site.xy for site in sites) - self.x1.T @ (self.shrinkage * y1)
        yy = sum(site.yy for site in sites)
        self.inverse = inverted(matrix)
        self.log_determinant = float(np.linalg.slogdet(matrix)[1])
        self.coefficients: Array = self.inverse @ right
        self.residuals: Array = y1 - self.x1 @ self.coefficients  # summed over each site
        rss = float(yy - self.shrinkage @ y1**2 - self.coefficients @ right)
        if rss <= NOTHING_WITHIN * yy:
            raise ValueError(self.NO_VARIATION)
        self.freedom = float(self.n.sum()) - len(right)
        self.within = rss / self.freedom

    @property
    def criterion(self) -> float:
        """Σ ln(1 + nr) + ln|A| + (N − p)[1 + ln(2π · rss/(N − p))], which is −2 log REML."""
        import numpy as np  # noqa: PLC0415

        spread = float(np.log1p(self.n * self.r).sum())
        return spread + self.log_determinant + self.freedom * (1 + log(2 * pi * self.within))

    @cached_property
    def leverage(self) -> "Array":
        """1'X A⁻¹ X'1, site by site."""
        found: Array = self.x1 @ self.inverse @ self.x1.T
        return found

    @property
    def slope(self) -> float:
        """The criterion's derivative in r; the coefficients are at their best, so theirs is nothing."""
        spread = self.n / (1 + self.n * self.r) - self.turn * self.leverage.diagonal()
        return float((spread - self.turn * self.residuals**2 / self.within).sum())

    def satterthwaite(self) -> tuple[float, ...]:
        """2v²/(g'(2H⁻¹)g) for each coefficient's variance v: H the criterion's second derivatives in (r, σ²), g those of v.

        At r = 0 only σ² is free, and the df are N − p (as lmerTest has them; Kuznetsova, Brockhoff, Christensen, J Stat
        Softw 2017;82(13)).
        """
        import numpy as np  # noqa: PLC0415

        if not self.r:
            return (self.freedom,) * len(self.coefficients)
        bend = -2 * self.n / (1 + self.n * self.r) ** 3  # the second derivative of the shrinkage
        pull = self.turn * self.residuals
        of_determinants = -((self.n / (1 + self.n * self.r)) ** 2).sum() - bend @ self.leverage.diagonal()
        of_determinants -= self.turn @ self.leverage**2 @ self.turn
        of_squares = bend @ self.residuals**2 + 2 * pull @ self.leverage @ pull
        hessian = np.array(
            [
                [of_determinants - of_squares / self.within, pull @ self.residuals / self.within**2],
                [pull @ self.residuals / self.within**2, self.freedom / self.within**2],
            ]
        )
        variances = self.within * self.inverse.diagonal()
        lever = self.inverse @ self.x1.T
        gradients = np.array([self.within * (lever**2 @ self.turn), self.inverse.diagonal()])
        spread = 2 * np.einsum("ip,ip->p", gradients, np.linalg.solve(hessian, gradients))
        return tuple((2 * variances**2 / spread).tolist())
