"""Dots with intervals, and a dashed line at zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    NARROW,
    QUIET,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    framed,
    quantity,
    row_label,
    rows_axis,
    words,
)


@dataclass(frozen=True)
class Interval:
    """One row: estimate and 95 % interval in the unit of the axis; `said` is the row in words."""

    label: str
    estimate: float
    low: float
    high: float
    said: str


def intervals(rows: Sequence[Interval], *, title: str) -> Figure:
    """One row each in the order given; `title` names the axis."""
    return Figure(wide=_spec(WIDE, rows, title), narrow=_spec(NARROW, rows, title))


def _spec(layout: Layout, rows: Sequence[Interval], title: str) -> Spec:
    values = [
        {
            "label": row_label(layout, row.label),
            "estimate": row.estimate,
            "low": row.low,
            "high": row.high,
            "said": row.said,
        }
        for row in rows
    ]
    axis = rows_axis(layout, [row.label for row in rows]) | ({} if layout.beside else {"labelOffset": -15})
    across = {"title": title, "tickCount": layout.width // 90, "titleAnchor": "start", "grid": layout.beside}
    layers: list[Spec] = [
        # Lines are decoration to a screen reader: the dot carries the name, the table the numbers.
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
            "encoding": {"x": quantity("zero"), "y": None},
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "aria": False},
            "encoding": {"x": quantity("low", axis=across), "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "color": INK, "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": quantity("estimate"), "description": described()},
        },
    ]
    return framed(
        layout,
        title,
        {
            "height": {"step": 38 if layout.beside else 48},
            "data": {"values": values},
            "encoding": {"y": words("label", axis=axis)},
            "layer": layers,
        },
    )
