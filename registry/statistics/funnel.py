"""The funnel: which sites lie further from the target than their size explains.

Outside the 99.8 % limits means "look for a reason", never "worse". Values and standard errors are in one unit (minutes or log
ratio); tau² is in its square. Source: Spiegelhalter, Qual Saf Health Care 2005;14:347-351 and Stat Med 2005;24:1185-1202.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist
from typing import Literal

LEVELS = (0.95, 0.998)
FEWEST_SITES = 10
WINSORISED = 0.1

Form = Literal["additive", "multiplicative"]


@dataclass(frozen=True)
class Dispersion:
    """How much wider the sites spread than chance. phi ≈ 1 means: as chance does; tau2 is the additive form's variance.

    Only where `acts` do limits widen; otherwise `reason` says why not.
    """

    k: int
    phi: float | None = None
    threshold: float | None = None
    tau2: float | None = None
    acts: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Point:
    """A site: its value, its SE, z = (value − target) / the widened SE, its limits, and the widest level it lies outside of, if any."""

    value: float
    se: float
    z: float
    limits: tuple[tuple[float, float], ...]
    outside: float | None


@dataclass(frozen=True)
class Funnel:
    """Points in the order of the sites. `expected_flags` are the flags that chance alone brings, for each level."""

    target: float
    points: tuple[Point, ...]
    dispersion: Dispersion
    expected_flags: tuple[float, ...]


def effective_n(n_with: int, n_without: int) -> float:
    """n₁n₀/(n₁+n₀): the funnel's x. 0 where an arm is empty."""
    return n_with * n_without / (n_with + n_without) if n_with and n_without else 0.0


def common_effect(values: Sequence[float], ses: Sequence[float]) -> float:
    """Σ wy / Σ w with w = 1/se². Raises ValueError without sites, or for an SE that is not above 0."""
    _check(values, ses)
    weights = [se**-2 for se in ses]
    return fsum(w * y for w, y in zip(weights, values, strict=True)) / fsum(weights)


def dispersion(
    values: Sequence[float], ses: Sequence[float], target: float, *, winsorised: float = WINSORISED
) -> Dispersion:
    """phi = mean z_w², where z = (y − target)/se beyond the 10 % and 90 % quantiles (type 7) is set to them.

    tau² = max(0, (K·phi − (K−1)) / (Σw − Σw²/Σw)), w = 1/se². Acts only if phi > 1 + 2√(2/K), and with ten sites or more.
    Without winsorising and with the common-effect mean as target, K·phi is Cochran's Q and tau² DerSimonian and Laird's.
    """
    import numpy as np  # noqa: PLC0415 - heavy; only where a funnel is asked for

    _check(values, ses)
    k = len(values)
    if k < FEWEST_SITES:
        return Dispersion(k, reason=f"fewer than {FEWEST_SITES} sites: how widely they spread cannot be told")
    z = (np.array(values, float) - target) / np.array(ses, float)
    low, high = np.quantile(z, [winsorised, 1 - winsorised], method="linear")
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weights = [se**-2 for se in ses]
    total = fsum(weights)
    tau2 = max(0.0, (k * phi - (k - 1)) / (total - fsum(w * w for w in weights) / total))
    threshold = 1 + 2 * sqrt(2 / k)
    acts = phi > threshold
    return Dispersion(k, phi, threshold, tau2, acts, "" if acts else "the sites spread no wider than chance explains")


def widened(se: float, found: Dispersion, form: Form = "additive") -> float:
    """√(se² + tau²), or se·√phi in the multiplicative form; the SE itself where over-dispersion does not act."""
    if not found.acts or found.tau2 is None or found.phi is None:
        return se
    return sqrt(se**2 + found.tau2) if form == "additive" else se * sqrt(found.phi)


def limits(target: float, se: float, level: float) -> tuple[float, float]:
    """target ∓ z·se with z = 1.959964 at 95 % and 3.090232 at 99.8 %; `se` may be a widened one, and one point of a curve."""
    half = z_of(level) * se
    return target - half, target + half


def curve_se(variance: float, size: float) -> float:
    """√(S²/x): the SE of a site of effective n `size`, from the pooled variance. Raises ValueError for a size not above 0."""
    if not size > 0:
        raise ValueError("An effective n is above 0.")
    return sqrt(variance / size)


def funnel(
    values: Sequence[float],
    ses: Sequence[float],
    *,
    target: float | None = None,
    form: Form = "additive",
) -> Funnel:
    """Each site against the target (the common-effect mean, unless a release fixed another), limits widened where that acts.

    Raises ValueError without sites, or for an SE that is not above 0.
    """
    centre = common_effect(values, ses) if target is None else target
    found = dispersion(values, ses, centre)
    points = tuple(_point(value, se, centre, widened(se, found, form)) for value, se in zip(values, ses, strict=True))
    return Funnel(centre, points, found, tuple((1 - level) * len(points) for level in LEVELS))


def z_of(level: float) -> float:
    """The two-sided normal quantile of this level."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _point(value: float, se: float, target: float, wide: float) -> Point:
    bounds = tuple(limits(target, wide, level) for level in LEVELS)
    outside = [level for level, (low, high) in zip(LEVELS, bounds, strict=True) if not low <= value <= high]
    return Point(value, se, (value - target) / wide, bounds, max(outside, default=None))


def _check(values: Sequence[float], ses: Sequence[float]) -> None:
    if not values or len(values) != len(ses) or not all(se > 0 for se in ses):
        raise ValueError("A funnel needs sites, each with one standard error above 0.")
