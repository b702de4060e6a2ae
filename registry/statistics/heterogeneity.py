"""How much sites differ beyond their own errors: Q, I², H², and the interval of tau²."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.statistics.between_sites import tau2_at, weighted_squares
from registry.statistics.pooling import Method, Pooled


@dataclass(frozen=True)
class Heterogeneity:
    """Of k pooled sites. What could not be computed is None, and `reason` says why in words.

    `q` is Cochran's Q with `df`; `i2` is in percent; `h2` is a ratio; tau² is in the squared unit of the effects.
    I² is the part of the spread that is not the sites' own error: no measure of how much they differ, which is tau.
    """

    k: int
    q: float | None = None
    df: int | None = None
    i2: float | None = None
    h2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    i2_low: float | None = None
    i2_high: float | None = None
    reason: str = ""


def heterogeneity(effects: Sequence[float], variances: Sequence[float], pooled: Pooled) -> Heterogeneity:
    """Q = Σ w (y − μ)² with w = 1/v; I² = 100 tau² / (tau² + s²); H² = (tau² + s²) / s².

    s² = (k−1) Σw / ((Σw)² − Σw²) is the typical variance of a site (Higgins & Thompson, Stat Med 2002;21:1539-1558). With
    a common effect, which has no tau²: H² = Q / (k−1) and I² = 100 max(0, Q − (k−1)) / Q.
    The interval of tau² holds every value whose Q(tau²) lies between the χ² quantiles with k−1 df (Q-profile; Viechtbauer,
    Stat Med 2007;26:37-52): it begins at 0 where Q is below the higher one, and is empty, with a reason, where Q is below
    the lower one. `pooled` is of these same sites; its tau², method and level are used.
    Raises ValueError for another number of sites, and as `pool` does.
    """
    if not len(effects) == len(variances) == pooled.k:
        raise ValueError("These are not the sites that were pooled.")
    if pooled.tau2 is None:
        return Heterogeneity(pooled.k, reason=pooled.reason)
    df, q, typical = pooled.k - 1, weighted_squares(effects, variances, 0.0), _typical(variances)
    if pooled.method is Method.COMMON:
        h2 = q / df
        i2 = _percent(max(0.0, q - df), df)
    else:
        h2, i2 = 1 + pooled.tau2 / typical, _percent(pooled.tau2, typical)
    lower, higher = _chi_square(float((1 - pooled.level) / 2), df), _chi_square(float((1 + pooled.level) / 2), df)
    high = tau2_at(lower, effects, variances)
    if high is None:
        reason = "the sites differ less than their own errors let expect: no interval of tau²"
        return Heterogeneity(pooled.k, q, df, i2, h2, reason=reason)
    low = tau2_at(higher, effects, variances) or 0.0
    return Heterogeneity(pooled.k, q, df, i2, h2, low, high, _percent(low, typical), _percent(high, typical))


def _typical(variances: Sequence[float]) -> float:
    weights = [1 / float(v) for v in variances]
    total = sum(weights)
    return (len(weights) - 1) * total / (total**2 - sum(weight**2 for weight in weights))


def _percent(part: float, rest: float) -> float:
    return 100 * part / (part + rest)


def _chi_square(p: float, df: int) -> float:
    """The quantile p of χ² with df degrees of freedom."""
    from scipy.special import chdtri  # noqa: PLC0415 - heavy; only where an interval is asked for

    return float(chdtri(df, 1 - p))
