"""OR minutes with a print, month by month: does a month stand out from chance, and do times drift?

One series for each site, procedure category and clock, in minutes; and one over all procedures of a site, in standard errors from
what each of them usually takes there, so that neither the number nor the mix of the month's cases moves it. Months without a case
are absent, not zero.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import fsum, log, sqrt

from registry.statistics.control_charts import NO_VARIATION, Cusum, Ewma, Limits, RunChart, chart_of, cusum, ewma
from registry.statistics.histogram import Histogram, square_root
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT, Key, Reading, histogram_of
from registry.statistics.savings import ALL
from registry.statistics.strata import MIN_PER_ARM, pooled
from registry.statistics.two_arms import Arm

XMR, RUN = "xmr", "run"
NONE, ABOVE, BELOW = "none", "above", "below"
ROW_ABOVE, ROW_BELOW = "row_above", "row_below"
Months = Mapping[date, Histogram]


@dataclass(frozen=True)
class Judged:
    """What the charts say of points in time order: `signals` of the points themselves, of their EWMA and of their CUSUM.

    A plain run chart has a median for its centre and neither limits nor signals; `reason` says why.
    """

    kind: str
    reason: str
    centre: float
    limits: Limits | None = None
    signals: tuple[str, ...] = ()
    ewma: Ewma | None = None
    cusum: Cusum | None = None


@dataclass(frozen=True)
class Month:
    """One point: its printed cases with an observed time, and their figure in the unit of the series."""

    month: date
    n: int
    value: float


@dataclass(frozen=True)
class Series:
    """The points of one chart, oldest first; `saved`: minutes saved up to each, None without controls enough (or over all)."""

    site_id: int
    category: str
    clock: str
    months: tuple[Month, ...]
    judged: Judged
    saved: tuple[Fraction | None, ...]

    @property
    def n(self) -> int:
        return sum(each.n for each in self.months)


@dataclass(frozen=True)
class Usual:
    """What a procedure takes at a site: mean and SD of ln minutes."""

    mean: float
    sd: float


def judged(points: Sequence[float]) -> Judged:
    """XmR with EWMA and CUSUM from the same centre and sigma; a plain run chart where limits would mislead.

    Raises ValueError without points.
    """
    chart = chart_of(points)
    if isinstance(chart, RunChart):
        if chart.median is None:
            raise ValueError("A chart needs a point.")
        return Judged(RUN, chart.reason, chart.median)
    limits = chart.limits
    if limits is None:
        return Judged(RUN, NO_VARIATION, points[0])
    signals = tuple(
        _signal(point, limits, beyond=place in chart.beyond, in_a_row=place in chart.runs)
        for place, point in enumerate(points)
    )
    return Judged(
        XMR,
        "",
        limits.centre,
        limits,
        signals,
        ewma(points, centre=limits.centre, sigma=limits.sigma),
        cusum(points, target=limits.centre, sigma=limits.sigma),
    )


def _signal(point: float, limits: Limits, *, beyond: bool, in_a_row: bool) -> str:
    """One word, or two joined by a plus where both rules signal."""
    is_above = point > limits.centre
    words = [ABOVE if is_above else BELOW] * beyond + [ROW_ABOVE if is_above else ROW_BELOW] * in_a_row
    return "+".join(words) or NONE


def of_procedures(reading: Reading) -> list[Series]:
    """Mean OR minutes by month, for each site, procedure category and clock with a printed case."""
    return [_of_procedure(reading, key, months) for key, months in reading.printed_by_month.items()]


def _of_procedure(reading: Reading, key: Key, months: Months) -> Series:
    points = tuple(Month(month, each.n, each.total / each.n) for month, each in months.items())
    controls = histogram_of(reading.timed.get(key), WITHOUT_PRINT)
    return Series(*key, points, judged([each.value for each in points]), _saved(controls, list(months.values())))


def _saved(controls: Histogram, months: Sequence[Histogram]) -> tuple[Fraction | None, ...]:
    """Σ (m₀ − y) over the printed cases up to each month, m₀ the mean of all controls; the last is n₁(m₀ − m₁)."""
    if controls.mean is None or controls.n < MIN_PER_ARM:
        return (None,) * len(months)
    return tuple(accumulate(each.n * controls.mean - each.total for each in months))


def of_all_procedures(reading: Reading) -> list[Series]:
    """One series for each site and clock: Σr / √n of the month's cases, r = (ln y − usual mean) / usual SD of the procedure.

    A procedure without `usual` is left out.
    """
    residuals: dict[tuple[int, str], dict[date, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for key, months in reading.printed_by_month.items():
        what = usual(*(histogram_of(reading.timed.get(key), arm) for arm in (WITH_PRINT, WITHOUT_PRINT)))
        if what:
            site_id, _, clock = key
            for month, minutes in months.items():
                residuals[site_id, clock][month].append((minutes.n, _residuals(minutes, what)))
    return [_over_all(*place, by_month) for place, by_month in sorted(residuals.items())]


def usual(printed: Histogram, controls: Histogram) -> Usual | None:
    """The mean of the printed cases' ln minutes, and the SD pooled within the printed cases and the controls.

    The mean is not the controls': a print saves more in one procedure than in another, and a month with more cases stands
    farther from any other mean by that alone. None below three printed cases, or where nothing varies.
    """
    logs = Arm.of_logs(printed)
    variance = pooled([logs, Arm.of_logs(controls)]).variance
    if logs.mean is None or logs.n < MIN_PER_ARM or not variance:
        return None
    return Usual(float(logs.mean), square_root(variance))


def _residuals(minutes: Histogram, what: Usual) -> float:
    return fsum(count * (log(minute) - what.mean) for minute, count in minutes.counts.items()) / what.sd


def _over_all(site_id: int, clock: str, by_month: Mapping[date, Sequence[tuple[int, float]]]) -> Series:
    points = []
    for month, parts in sorted(by_month.items()):
        n = sum(cases for cases, _ in parts)
        points.append(Month(month, n, fsum(sum_of for _, sum_of in parts) / sqrt(n)))
    chart = judged([each.value for each in points])
    return Series(site_id, ALL, clock, tuple(points), chart, (None,) * len(points))
