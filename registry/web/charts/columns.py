"""Columns over time, one row of columns for each series, each with its own name above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import CONFIG, INK, NARROW, PAPER, WIDE, Figure, Layout, Spec, described, quantity, words

AXIS = 38


@dataclass(frozen=True)
class Column:
    """One column: its period, how many, whether the period is still going on, and the column in words."""

    period: str
    n: int
    unfinished: bool
    said: str


@dataclass(frozen=True)
class Series:
    """A row of columns. Series of one `scale` share their axis, so that heights compare."""

    name: str
    columns: tuple[Column, ...]
    scale: str = ""


def columns(series: Sequence[Series], *, title: str, ticks: Sequence[str]) -> Figure:
    """`ticks`: the periods that bear a label. A period still going on is drawn hollow and dashed."""
    return Figure(*(_spec(layout, series, title, ticks) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, series: Sequence[Series], title: str, ticks: Sequence[str]) -> Spec:
    tops = {
        scale: max((column.n for each in series if each.scale == scale for column in each.columns), default=1)
        for scale in {each.scale for each in series}
    }
    last = len(series) - 1
    rows = [_row(layout, each, tops[each.scale], ticks if number == last else []) for number, each in enumerate(series)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": title,
        "spacing": 8,
        "vconcat": rows,
        "config": CONFIG,
    }


def _row(layout: Layout, series: Series, top: int, ticks: Sequence[str]) -> Spec:
    values = [
        {"period": column.period, "n": column.n, "unfinished": column.unfinished, "said": column.said}
        for column in series.columns
        if column.n
    ]
    under: Spec = {
        "title": None,
        "values": list(ticks),
        "labelAngle": 0,
        "labelOverlap": True,
        "labelPadding": 10,
        "ticks": False,
    }
    if not ticks:
        under = {"title": None, "labels": False, "ticks": False}
    beside = {
        "title": None,
        "tickCount": 2,
        "minExtent": AXIS,
        "maxExtent": AXIS,
        "domain": False,
        "ticks": False,
        "format": ",d",
    }
    going = {"test": "datum.unfinished"}
    return {
        "title": series.name,
        "width": layout.width - AXIS - 10,
        "height": 54,
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": INK, "strokeWidth": 1},
        "encoding": {
            "x": {
                **words("period", axis=under),
                "type": "ordinal",
                "scale": {
                    "domain": [column.period for column in series.columns],
                    "paddingInner": 0.25,
                    "paddingOuter": 0.1,
                },
            },
            "y": quantity("n", axis=beside, scale={"domain": [0, max(top, 1)], "nice": True}),
            "fill": {"condition": {**going, "value": PAPER}, "value": INK},
            "strokeDash": {"condition": {**going, "value": [3, 3]}, "value": [1, 0]},
            "description": described(),
        },
    }
