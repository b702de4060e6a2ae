"""Charts over time: is this series moving only by chance? XmR, EWMA, CUSUM, and a plain run chart where limits would mislead.

Points are numbers in time order, in any one unit; a chart has that unit. A new printer or surgeon is a break: give each phase by
itself, so that its limits are its own. Sources: NIST/SEMATECH e-Handbook 6.3.2.2-6.3.2.4; Montgomery & Runger, 3rd ed., ch. 16.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, inf, sqrt
from statistics import median

FEWEST, TO_FREEZE = 12, 20
SIGMAS, IN_A_ROW = 3.0, 8
D2, MR_WIDTH = 1.128, 3.267
"""d₂ and D₄ of ranges of two: MRbar/1.128 estimates sigma, and 3.267 MRbar is the limit of a moving range."""
EWMA_WEIGHT, EWMA_WIDTH = 0.2, 2.962
"""A false signal every 500 points; with L = 2.7 it would be every 369."""
CUSUM_ALLOWANCE, CUSUM_DECISION = 0.5, 5.0
"""In sigmas: a false signal every 465 points, and a shift of one sigma found after 10.4."""
NO_VARIATION = "no variation from point to point, so no limits"


@dataclass(frozen=True)
class Limits:
    """Centre, sigma (MRbar/1.128), centre ± 3 sigma, the mean moving range and its upper limit, of the `n` first points."""

    n: int
    centre: float
    sigma: float
    low: float
    high: float
    mr_bar: float
    mr_high: float


@dataclass(frozen=True)
class RunChart:
    """The points with their median only, and why there are no limits."""

    points: tuple[float, ...]
    median: float | None
    reason: str


@dataclass(frozen=True)
class XmR:
    """Points and moving ranges (one fewer) with limits. `beyond` and `runs` are indices of signalling points, from 0.

    `frozen`: the limits come from the first 20 points and do not move any more.
    """

    points: tuple[float, ...]
    moving_ranges: tuple[float, ...]
    limits: Limits | None
    frozen: bool = False
    beyond: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Ewma:
    """z at each point with its own limits, and the indices of signalling points, from 0."""

    z: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    signals: tuple[int, ...]


@dataclass(frozen=True)
class Cusum:
    """S⁺ (`rise`) and S⁻ (`fall`) at each point, the decision limit, and the indices of signalling points, from 0."""

    rise: tuple[float, ...]
    fall: tuple[float, ...]
    decision: float
    signals: tuple[int, ...]


def chart_of(points: Sequence[float]) -> XmR | RunChart:
    """XmR, or a plain run chart below 12 points and where neighbouring points of the limits' base are alike (|r₁| > 2/√n)."""
    if len(points) < FEWEST:
        return run_chart(points, f"fewer than {FEWEST} points, so no limits")
    base = points[: _base(points)]
    alike = autocorrelation(base)
    if alike is not None and abs(alike) > 2 / sqrt(len(base)):
        return run_chart(points, f"neighbouring points depend on each other (r = {alike:.2f}), so no limits")
    return xmr(points)


def run_chart(points: Sequence[float], reason: str) -> RunChart:
    """The points with their median; None without points."""
    return RunChart(tuple(points), median(points) if points else None, reason)


def autocorrelation(points: Sequence[float]) -> float | None:
    """r₁ = Σ (xₜ − m)(xₜ₊₁ − m) / Σ (xₜ − m)²; None where nothing varies."""
    mean = fsum(points) / len(points) if points else 0.0
    apart = [point - mean for point in points]
    total = fsum(value * value for value in apart)
    return fsum(a * b for a, b in pairwise(apart)) / total if total else None


def limits_of(points: Sequence[float]) -> Limits:
    """Limits of individual values, whatever their number: mean ± 3 MRbar/1.128. Raises ValueError below two points."""
    if len(points) < 2:
        raise ValueError("A moving range needs two points.")
    centre = fsum(points) / len(points)
    mr_bar = fsum(abs(b - a) for a, b in pairwise(points)) / (len(points) - 1)
    sigma = mr_bar / D2
    low, high = centre - SIGMAS * sigma, centre + SIGMAS * sigma
    return Limits(len(points), centre, sigma, low, high, mr_bar, MR_WIDTH * mr_bar)


def xmr(points: Sequence[float]) -> XmR:
    """Individual values and moving ranges; the limits are those of all points, from 20 on those of the first 20, for good.

    Signals: a point beyond 3 sigma; the eighth and every further point in a row on one side of the centre, where a point on
    the line ends the row. Without limits `reason` says why.
    """
    ranges = tuple(abs(b - a) for a, b in pairwise(points))
    if len(points) < FEWEST:
        return XmR(tuple(points), ranges, None, reason=f"fewer than {FEWEST} points, so no limits")
    limits = limits_of(points[: _base(points)])
    if not limits.sigma:
        return XmR(tuple(points), ranges, None, reason=NO_VARIATION)
    beyond = tuple(i for i, point in enumerate(points) if not limits.low <= point <= limits.high)
    runs = tuple(i for i, row in enumerate(_rows(points, limits.centre)) if row >= IN_A_ROW)
    return XmR(tuple(points), ranges, limits, len(points) >= TO_FREEZE, beyond, runs)


def ewma(
    points: Sequence[float], *, centre: float, sigma: float, weight: float = EWMA_WEIGHT, width: float = EWMA_WIDTH
) -> Ewma:
    """zₜ = λxₜ + (1−λ)zₜ₋₁ from z₀ = centre, limits centre ± Lσ√(λ/(2−λ)·[1−(1−λ)²ᵗ]): exact at each t, narrow at first.

    Raises ValueError unless sigma > 0 and 0 < λ ≤ 1.
    """
    if not (sigma > 0 and 0 < weight <= 1):
        raise ValueError("Sigma must be above 0, and the weight above 0 and at most 1.")
    z, halves, last = [], [], centre
    for t, point in enumerate(points, 1):
        last = weight * point + (1 - weight) * last
        z.append(last)
        halves.append(width * sigma * sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * t))))
    signals = tuple(i for i, half in enumerate(halves) if abs(z[i] - centre) > half)
    return Ewma(tuple(z), tuple(centre - half for half in halves), tuple(centre + half for half in halves), signals)


def cusum(
    points: Sequence[float],
    *,
    target: float,
    sigma: float,
    allowance: float = CUSUM_ALLOWANCE,
    decision: float = CUSUM_DECISION,
) -> Cusum:
    """S⁺ₜ = max(0, S⁺ₜ₋₁ + xₜ − target − K), S⁻ₜ = max(0, S⁻ₜ₋₁ + target − K − xₜ), K = allowance·σ, H = decision·σ.

    A sum above H is a signal; both sums then start from 0 again. A decision of infinity never signals, and so never restarts.
    Raises ValueError unless sigma > 0.
    """
    if not sigma > 0:
        raise ValueError("Sigma must be above 0.")
    slack, limit = allowance * sigma, decision * sigma if decision < inf else inf
    rise, fall, signals = [], [], []
    up = down = 0.0
    for i, point in enumerate(points):
        up, down = max(0.0, up + point - target - slack), max(0.0, down + target - slack - point)
        rise.append(up)
        fall.append(down)
        if max(up, down) > limit:
            signals.append(i)
            up = down = 0.0
    return Cusum(tuple(rise), tuple(fall), limit, tuple(signals))


def _base(points: Sequence[float]) -> int:
    """How many of the first points make the limits."""
    return min(TO_FREEZE, len(points))


def _rows(points: Sequence[float], centre: float) -> Iterator[int]:
    """For each point, how many in a row up to it lie on its side of the centre; 0 on the line."""
    row = last = 0
    for point in points:
        side = (point > centre) - (point < centre)
        row = row + 1 if side and side == last else abs(side)
        last = side
        yield row
