"""A share over time: points on a line, and the share over all as a dashed line."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import INK, NARROW, PAPER, QUIET, WIDE, Figure, Layout, Spec, described, framed, quantity
from registry.web.charts.time_axis import time, unbroken


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1 of the period that begins on `day` (YYYY-MM-DD); one that does not count yet is hollow and off the line."""

    day: str
    share: float
    counts: bool
    said: str


def shares(points: Sequence[Share], *, overall: float | None, title: str, by_year: bool) -> Figure:
    """The points in the order of their days; `overall` is the share over all that count."""
    return Figure(*(_spec(layout, points, overall, title, by_year=by_year) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, points: Sequence[Share], overall: float | None, title: str, *, by_year: bool) -> Spec:
    days = [each.day for each in points]
    values = [
        {"day": each.day, "share": each.share, "counts": each.counts, "said": each.said, "run": run}
        for each, run in zip(points, unbroken(days, by_year=by_year), strict=True)
    ]
    day = time(layout, days, by_year=by_year)
    up = {
        "title": title,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": 0,
        "titleY": -14,
        "format": ".0%",
    }
    share = quantity("share", axis={**up, "tickCount": 5}, scale={"domain": [0, 1]})
    only = [{"filter": "datum.counts"}]
    layers: list[Spec] = [
        {
            "transform": only,
            "mark": {"type": "line", "color": INK, "strokeWidth": 2, "aria": False},
            "encoding": {"x": day, "y": share, "detail": {"field": "run", "type": "nominal"}},
        },
        {
            "mark": {"type": "point", "filled": False, "size": 46, "stroke": INK, "strokeWidth": 2, "opacity": 1},
            "encoding": {
                "x": day,
                "y": share,
                "fill": {"condition": {"test": "datum.counts", "value": INK}, "value": PAPER},
                "description": described(),
            },
        },
    ]
    if overall is not None:
        layers.insert(
            0,
            {
                "data": {"values": [{"share": overall}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "strokeWidth": 1.5, "aria": False},
                "encoding": {"y": quantity("share")},
            },
        )
    return framed(layout, title, {"height": 230, "data": {"values": values}, "layer": layers})
