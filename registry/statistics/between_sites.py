"""tau²: how much the true effects of sites differ, from each site's effect and its variance.

Of k sites, `effects` are y₁…y_k (minutes, or log ratios) and `variances` their squared standard errors v₁…v_k, in the
squared unit; tau² is in that squared unit. With w = 1/(v + tau²), W = Σ w and μ = Σ w y / W, each function here raises
ValueError for lists of different length, for a number that is not finite and for a variance below zero, and where
`why_not` has words.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

GRID = 120
# The grid begins this far below the smallest variance, where the likelihood is a straight line down to 0.
BELOW = 1e-3
# A likelihood this little higher than at 0 is no higher: sums of logarithms are rounded.
ROUNDING = 1e-12


def why_not(effects: Sequence[float], variances: Sequence[float]) -> str:
    """Why sites cannot be combined, in words; empty where they can. Raises ValueError for what is not a number."""
    _, v = _numbers(effects, variances)
    if not v.size:
        return "no site"
    if v.size == 1:
        return "one site: how much sites differ cannot be known"
    if not v.all():
        return "the effect of a site has no error (variance 0), so sites cannot be weighted"
    return ""


def common(effects: Sequence[float], variances: Sequence[float]) -> float:
    """0 whatever the effects: the assumption that every site has the same one."""
    _combinable(effects, variances)
    return 0.0


def dersimonian_laird(effects: Sequence[float], variances: Sequence[float]) -> float:
    """max(0, (Q − (k−1)) / (Σw − Σw²/Σw)) with w = 1/v (DerSimonian & Laird, Control Clin Trials 1986;7:177-188)."""
    y, v = _combinable(effects, variances)
    w = 1 / v
    excess = weighted_squares(effects, variances, 0.0) - (y.size - 1)
    return max(0.0, float(excess / (w.sum() - (w**2).sum() / w.sum())))


def paule_mandel(effects: Sequence[float], variances: Sequence[float]) -> float:
    """The tau² at which Q(tau²) = k − 1; 0 where Q(0) is below (Paule & Mandel, J Res Natl Bur Stand 1982;87:377-385)."""
    return tau2_at(len(effects) - 1, effects, variances) or 0.0


def reml(effects: Sequence[float], variances: Sequence[float]) -> float:
    """The tau² ≥ 0 of the highest restricted likelihood, searched globally (Viechtbauer, J Educ Behav Stat 2005;30:261-293).

    0 and 120 points of a log grid, a bounded search beside the best of them, then Fisher steps to the last digits.
    The likelihood may have several hills, and only falls beyond R² with R = max y − min y: |y − μ| ≤ R (1 − w/W)
    makes its slope negative as soon as w R² < 1.
    """
    import numpy as np  # noqa: PLC0415 - heavy; only where sites are combined
    from scipy.optimize import minimize_scalar  # noqa: PLC0415

    y, v = _combinable(effects, variances)
    top = float(y.max()) ** 2
    if not top:
        return 0.0

    def height(tau2: float) -> float:
        return float(_minus_log_likelihood(y, v, np.array([tau2]))[0])

    grid = np.concatenate(([0.0], np.geomspace(BELOW * min(top, float(v.min())), top, GRID)))
    best = int(_minus_log_likelihood(y, v, grid).argmin())
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, GRID)])
    found = minimize_scalar(height, bounds=(low, high), method="bounded", options={"xatol": 1e-12 * high})
    summit = min(float(grid[best]), float(found.x), key=height)
    if height(0.0) - height(summit) <= ROUNDING:
        return 0.0
    return _polished(summit, y, v)


def restricted_log_likelihood(effects: Sequence[float], variances: Sequence[float], tau2: float) -> float:
    """−½ [Σ ln(v + tau²) + ln W + Σ w (y − μ)² + (k−1) ln 2π − ln k]: what `reml` makes as high as it can."""
    import numpy as np  # noqa: PLC0415

    y, v = _combinable(effects, variances)
    constant = (y.size - 1) * np.log(2 * np.pi) - np.log(y.size)
    return float(-_minus_log_likelihood(y, v, np.array([tau2]))[0] - constant / 2)


def weighted_squares(effects: Sequence[float], variances: Sequence[float], tau2: float) -> float:
    """Q(tau²) = Σ w (y − μ)²: Cochran's Q at 0, and falling as tau² grows."""
    y, v = _combinable(effects, variances)
    return _q(y, v, tau2)


def tau2_at(squares: float, effects: Sequence[float], variances: Sequence[float]) -> float | None:
    """The tau² at which Q(tau²) = `squares`, which is above 0; None where Q(0) is below it already.

    Q(tau²) ≤ R² (k−1) / 2tau² with R = max y − min y, because Q is Σ w w′ (y − y′)² / W over pairs: there the search ends.
    """
    from scipy.optimize import brentq  # noqa: PLC0415

    y, v = _combinable(effects, variances)
    if _q(y, v, 0.0) < squares:
        return None
    top = float(y.max()) ** 2 * (y.size - 1) / squares
    return float(brentq(lambda tau2: _q(y, v, tau2) - squares, 0.0, top, xtol=1e-18 * top, maxiter=1000))


def _numbers(effects: Sequence[float], variances: Sequence[float]) -> "tuple[Numbers, Numbers]":
    import numpy as np  # noqa: PLC0415

    y, v = np.asarray(effects, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if y.ndim != 1 or y.shape != v.shape:
        raise ValueError("Give one variance for each effect.")
    if not (np.isfinite(y).all() and np.isfinite(v).all()):
        raise ValueError("Effects and variances are finite numbers.")
    if (v < 0).any():
        raise ValueError("A variance is below zero.")
    return y, v


def _combinable(effects: Sequence[float], variances: Sequence[float]) -> "tuple[Numbers, Numbers]":
    """Effects above the lowest, which is all that counts here and keeps equal effects equal, and their variances."""
    if words := why_not(effects, variances):
        raise ValueError(f"These sites cannot be combined: {words}.")
    y, v = _numbers(effects, variances)
    return y - y.min(), v


def _q(y: "Numbers", v: "Numbers", tau2: float) -> float:
    w = 1 / (v + tau2)
    return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())


def _minus_log_likelihood(y: "Numbers", v: "Numbers", tau2: "Numbers") -> "Numbers":
    """½ [Σ ln(v + tau²) + ln W + Σ w (y − μ)²] at each of m values of tau² (shape m; y and v have shape k)."""
    import numpy as np  # noqa: PLC0415

    w = 1 / (v + tau2[:, None])
    total = w.sum(axis=1)
    residual = y - ((w * y).sum(axis=1) / total)[:, None]
    half: Numbers = (np.log(total) - np.log(w).sum(axis=1) + (w * residual**2).sum(axis=1)) / 2
    return half


def _polished(tau2: float, y: "Numbers", v: "Numbers") -> float:
    """tau² after Fisher's steps, as long as they bring the slope nearer to zero.

    Near a summit the likelihood is too flat to tell two values of tau² apart beyond half the digits; its slope is not.
    """
    slope, information = _slope(tau2, y, v)
    while slope:
        further = tau2 + slope / information
        next_slope, information = _slope(further, y, v)
        if not abs(next_slope) < abs(slope):
            break
        tau2, slope = further, next_slope
    return tau2


def _slope(tau2: float, y: "Numbers", v: "Numbers") -> tuple[float, float]:
    """Twice the likelihood's slope, Σw²(y−μ)² − (W − Σw²/W), and its information Σw² − 2Σw³/W + (Σw²/W)²."""
    w = 1 / (v + tau2)
    total, squares, cubes = w.sum(), (w**2).sum(), (w**3).sum()
    slope = (w**2 * (y - (w * y).sum() / total) ** 2).sum() - (total - squares / total)
    return float(slope), float(squares - 2 * cubes / total + (squares / total) ** 2)
