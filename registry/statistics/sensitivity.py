"""Does the pooled number hang on one site, or on the weights? Computed beside the headline, never instead of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt

from registry.statistics.between_sites import why_not
from registry.statistics.pooling import Pooled, pool
from registry.statistics.two_arms import LEVEL, student_t

MOVES = 0.25
"""What moves the estimate by more than this part of it is named."""


@dataclass(frozen=True)
class LeaveOneOut:
    """The same pooling without each site in turn: `without[i]` is without site i, and `low` to `high` its estimates.

    `flipping` are the sites without which the interval is on another side of zero, `moving` those without which the
    estimate changes by more than 25 % of itself. Where nothing can be left out, `without` is empty and `reason` says why.
    """

    without: tuple[Pooled, ...] = ()
    low: float | None = None
    high: float | None = None
    flipping: tuple[int, ...] = ()
    moving: tuple[int, ...] = ()
    reason: str = ""

    @property
    def flagged(self) -> bool:
        """One site decides what the number says."""
        return bool(self.flipping or self.moving)


@dataclass(frozen=True)
class BySampleSize:
    """The mean of sites weighted by their effective sample size; what could not be computed is None, with a reason."""

    k: int
    estimate: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    weights: tuple[float, ...] = ()
    reason: str = ""


def leave_one_out(effects: Sequence[float], variances: Sequence[float], pooled: Pooled) -> LeaveOneOut:
    """Pool again without each site, by the method, interval and level of `pooled`, which is of these same sites.

    Raises ValueError for another number of sites, and as `pool` does.
    """
    if not len(effects) == len(variances) == pooled.k:
        raise ValueError("These are not the sites that were pooled.")
    if pooled.tau2 is None or pooled.estimate is None:
        return LeaveOneOut(reason=pooled.reason)
    if pooled.k < 3:
        return LeaveOneOut(reason="two sites: without one, nothing is left to combine")
    without = tuple(
        pool(
            [*effects[:site], *effects[site + 1 :]],
            [*variances[:site], *variances[site + 1 :]],
            method=pooled.method,
            interval=pooled.interval,
            level=pooled.level,
        )
        for site in range(pooled.k)
    )
    estimates = [each.estimate for each in without if each.estimate is not None]
    return LeaveOneOut(
        without,
        min(estimates),
        max(estimates),
        flipping=tuple(site for site, each in enumerate(without) if _flips(pooled.side, each.side)),
        moving=tuple(site for site, estimate in enumerate(estimates) if _moves(pooled.estimate, estimate)),
    )


def by_sample_size(
    effects: Sequence[float],
    variances: Sequence[float],
    arms: Sequence[tuple[int, int]],
    *,
    tau2: float,
    level: Fraction = LEVEL,
) -> BySampleSize:
    """Σ ñ y / Σ ñ with ñ = n₀ n₁ / (n₀ + n₁); SE² = Σ ñ² (v + tau²) / (Σ ñ)²; the interval by Student's t with k−1 df.

    `arms` are each site's (n without print, n with print). These weights do not hang on a site's own spread, which for
    skewed times goes with its own mean (Bakbergenuly, Hoaglin & Kulinskaya, BMC Med Res Methodol 2020;20:263).
    Raises ValueError as `pool` does, for another number of arms than effects, for an arm without cases, and for a
    tau² below zero.
    """
    if not 0 < level < 1:
        raise ValueError("A level lies between 0 and 1.")
    if len(arms) != len(effects) or any(n < 1 for pair in arms for n in pair):
        raise ValueError("Give both arms of each site, with at least one case in each.")
    if not tau2 >= 0:
        raise ValueError("tau² is not below zero.")
    k = len(effects)
    if words := why_not(effects, variances):
        return BySampleSize(k, float(effects[0]) if k == 1 else None, reason=words)
    weights = tuple(without * printed / (without + printed) for without, printed in arms)
    estimate = fsum(w * float(y) for w, y in zip(weights, effects, strict=True)) / fsum(weights)
    square = fsum(w**2 * (float(v) + tau2) for w, v in zip(weights, variances, strict=True)) / fsum(weights) ** 2
    half = student_t(float((1 + level) / 2), k - 1) * sqrt(square)
    return BySampleSize(k, estimate, sqrt(square), estimate - half, estimate + half, weights)


SIDES = {1: "interval above zero", 0: "interval holds zero", -1: "interval below zero"}


def what_changes(whole: float | None, whole_side: int | None, part: float | None, part_side: int | None) -> str:
    """In words, whether the interval is on another side of zero and whether the estimate moves by more than 25 %; else nothing.

    The sides are those of `pooling.side`. Nothing is said where one of the two has no estimate.
    """
    if whole is None or part is None:
        return ""
    turned = SIDES[part_side] if part_side is not None and _flips(whole_side, part_side) else ""
    moved = "moves by more than 25%" if _moves(whole, part) else ""
    return ", ".join(said for said in (turned, moved) if said)


def _flips(whole: int | None, part: int | None) -> bool:
    return whole is not None and part is not None and part != whole


def _moves(whole: float, part: float) -> bool:
    return abs(part - whole) > MOVES * abs(whole)
