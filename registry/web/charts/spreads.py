"""A dot at the median and a line from the lower to the upper quartile, one row each."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    NARROW,
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
class Spread:
    """The quartiles of a row; `said` is the row in words."""

    label: str
    q1: float
    median: float
    q3: float
    said: str


def spreads(rows: Sequence[Spread], *, title: str) -> Figure:
    """Rows in the order given; `title` names the axis, which begins at zero."""
    return Figure(*(_spec(layout, rows, title) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, rows: Sequence[Spread], title: str) -> Spec:
    values = [
        {
            "label": row_label(layout, row.label),
            "q1": row.q1,
            "median": row.median,
            "q3": row.q3,
            "text": f"{row.median:,.1f}",
            "said": row.said,
        }
        for row in rows
    ]
    axis = rows_axis(layout, [row.label for row in rows]) | ({} if layout.beside else {"labelOffset": -15})
    across = {"title": title, "titleAnchor": "start", "tickCount": layout.width // 90, "grid": layout.beside}
    scale = {"domain": [0, max(row.q3 for row in rows) * 1.12 or 1]}
    return framed(
        layout,
        title,
        {
            "height": {"step": 38 if layout.beside else 48},
            "data": {"values": values},
            "encoding": {"y": words("label", axis=axis)},
            "layer": [
                {
                    "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "aria": False},
                    "encoding": {"x": quantity("q1", axis=across, scale=scale), "x2": {"field": "q3"}},
                },
                {
                    "mark": {"type": "point", "color": INK, "filled": True, "size": 70, "opacity": 1},
                    "encoding": {"x": quantity("median"), "description": described()},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 7, "aria": False},
                    "encoding": {"x": quantity("q3"), "text": words("text")},
                },
            ],
        },
    )
