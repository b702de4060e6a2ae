"""What the mean over all would be, for what is supposed of those nobody reported: a line, the headline's interval, the tipping point."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    NARROW,
    PAPER,
    QUIET,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    framed,
    quantity,
)


@dataclass(frozen=True)
class Supposed:
    """The mean over all where the others saved `k` times as much, with an interval where there is one; `tipping`: the tipping point."""

    k: float
    mean: float
    low: float | None
    high: float | None
    said: str
    tipping: bool = False


def tipping(points: Sequence[Supposed], *, across: str, up: str) -> Figure:
    """The points by k; `across` and `up` name the axes."""
    ordered = sorted(points, key=lambda point: point.k)
    return Figure(*(_spec(layout, ordered, across, up) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, points: Sequence[Supposed], across: str, up: str) -> Spec:
    values = [
        {"k": each.k, "mean": each.mean, "low": each.low, "high": each.high, "said": each.said, "tipping": each.tipping}
        for each in points
    ]
    axis = {"title": across, "titleAnchor": "start", "tickCount": layout.width // 90, "grid": False}
    k = quantity("k", axis=axis, scale={"nice": False, "zero": False})
    beside = {
        "title": up,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": 0,
        "titleY": -14,
        "tickCount": 5,
    }
    layers: list[Spec] = [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
            "encoding": {"y": quantity("zero", axis=beside)},
        },
        {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "aria": False},
            "encoding": {"x": k, "y": quantity("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": INK, "strokeWidth": 2, "aria": False},
            "encoding": {"x": k, "y": quantity("mean")},
        },
        {
            "mark": {"type": "point", "filled": False, "size": 60, "stroke": INK, "strokeWidth": 2, "opacity": 1},
            "encoding": {
                "x": k,
                "y": quantity("mean"),
                "fill": {"condition": {"test": "datum.tipping", "value": PAPER}, "value": INK},
                "description": described(),
            },
        },
    ]
    return framed(layout, up, {"height": 230, "data": {"values": values}, "layer": layers})
