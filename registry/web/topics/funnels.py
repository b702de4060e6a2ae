"""From the rows of a benchmark to its figures: which line is drawn, its limits as curves, its caterpillar."""

from collections import Counter
from math import sqrt
from statistics import median

from registry.statistics.benchmarks import MINUTES, SHARES
from registry.statistics.benchmarks_tables import INSIDE
from registry.statistics.funnel import LEVELS, z_of
from registry.statistics.results import Row, Statistic
from registry.web.charts.caterpillar import Segment, caterpillar
from registry.web.charts.frame import Figure
from registry.web.charts.funnel import Limits, Point, funnel
from registry.web.numbers import minutes, share
from registry.web.panels import main_clock, number

ACROSS = "Effective number of cases"
SITE = "This site"
STEPS = 60
ROOM = 1.3
"""Of the axis beyond the largest site, for its name."""
AXES = {"share_saved": ("Share of minutes saved", ".0%"), "saved": ("Minutes saved a case", "d")}
SCALES = {"share_saved": SHARES, "saved": MINUTES}
INNER, OUTER = (z_of(level) for level in LEVELS)


def drawn_rows(result: Statistic) -> list[Row]:
    """By the main clock, those of the category with the most sites that have limits; all categories together are one."""
    main, _ = main_clock(result.rows)
    limited = [row for row in main if number(row, "limit_95_low") is not None]
    sites = Counter(str(row["category"]) for row in limited)
    most = max(sites, key=sites.__getitem__, default=None)
    return [row for row in limited if row["category"] == most]


def funnel_figure(result: Statistic) -> Figure | None:
    """The sites that have limits, those outside with their names; on a site's page its own point alone."""
    rows = drawn_rows(result)
    if not rows:
        return None
    title, written = AXES[result.unit]
    points = [
        Point(_named(row), _float(row, "effective_n"), _float(row, "saved"), said(result, row, "saved", "low", "high"))
        for row in rows
    ]
    return funnel(
        points, _curve(result, rows), target=_float(rows[0], "target"), title=title, across=ACROSS, format=written
    )


def caterpillar_figure(result: Statistic) -> Figure | None:
    """The shrunken values of the sites that have limits; those that cannot be placed in the order of their codes."""
    rows = drawn_rows(result)
    if not rows:
        return None
    title, written = AXES[result.unit]
    names = ("shrunken", "shrunken_low", "shrunken_high")
    segments = [
        Segment(
            str(row["site"]),
            value,
            low,
            high,
            _float(row, "saved"),
            f"{said(result, row, *names)}{why}",
            placed=not why,
        )
        for row in rows
        for why in ["" if number(row, "top_quarter") is not None else f"; {row['quarter']}"]
        for value, low, high in [tuple(_float(row, name) for name in names)]
    ]
    band = (_float(rows[0], "new_low"), _float(rows[0], "new_high"))
    return caterpillar(segments, band=band, title=title, format=written)


def said(result: Statistic, row: Row, *names: str) -> str:
    """The site, its value and the interval in words; a row that names no site is this site's."""
    return f"{row.get('site', SITE)}: {span(result, row, *names)}"


def span(result: Statistic, row: Row, *names: str) -> str:
    """A value with its two ends, where it has them: "4.3% (1.0% to 7.6%)"; without a value, why there is none."""
    value, *ends = (row[name] if number(row, name) is None else written_in(result, _float(row, name)) for name in names)
    known = all(isinstance(end, str) for end in ends)
    return f"{value} ({' to '.join(map(str, ends))})" if ends and known else str(value)


def written_in(result: Statistic, value: float) -> str:
    """A value as the measure's unit is written."""
    return share(value) if result.unit == "share_saved" else minutes(value)


def _named(row: Row) -> str:
    """A name beside a point: this site's on its own page, else those of the sites outside."""
    if "site" not in row:
        return SITE
    return "" if row["outside"] == INSIDE else str(row["site"])


def _curve(result: Statistic, rows: list[Row]) -> list[Limits]:
    """The limits over all sizes, for the typical variance S² = se²·n of the rows.

    A row's limits are e ∓ z·w with w² = se² + excess²: two levels give w, and w the edges e of the target.
    """
    scale, row = SCALES[result.unit], rows[0]
    low, high, lowest = (scale.read(_float(row, name)) for name in ("limit_95_low", "limit_95_high", "limit_998_low"))
    wide = (low - lowest) / (OUTER - INNER)
    edges = (low + INNER * wide, high - INNER * wide)
    excess = max(0.0, wide**2 - _float(row, "se") ** 2)
    typical = median(_float(each, "se") ** 2 * _float(each, "effective_n") for each in rows)
    largest = ROOM * max(_float(each, "effective_n") for each in rows)

    def at(size: float, z: float) -> tuple[float, float]:
        half = z * sqrt(typical / size + excess)
        return scale.shown(edges[0] - half), scale.shown(edges[1] + half)

    sizes = [largest * step / STEPS for step in range(1, STEPS + 1)]
    return [Limits(size, at(size, INNER), at(size, OUTER)) for size in sizes]


def _float(row: Row, name: str) -> float:
    """A number of a row that has limits. Raises ValueError where there is none."""
    found = number(row, name)
    if found is None:
        raise ValueError(f"A row that is drawn has a number under {name}.")
    return found
