"""Two boxes a row, from the lower to the upper quartile with the median marked: with a print and without."""

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
    round_ticks,
    row_label,
    rows_axis,
    spans_decades,
    words,
)

WITH, WITHOUT = "With a print", "Without a print"
ARMS = [WITH, WITHOUT]


@dataclass(frozen=True)
class Box:
    """The quartiles of one arm (`WITH` or `WITHOUT`) of a row in minutes; `said` is the box in words."""

    label: str
    arm: str
    q1: float
    median: float
    q3: float
    said: str


def boxes(rows: Sequence[Box], *, title: str) -> Figure:
    """The arms are told apart by fill, outline and place, never by colour alone. The axis is logarithmic where the range is wide."""
    return Figure(wide=_spec(WIDE, rows, title), narrow=_spec(NARROW, rows, title))


def _spec(layout: Layout, rows: Sequence[Box], title: str) -> Spec:
    values = [
        {
            "label": row_label(layout, row.label),
            "arm": row.arm,
            "q1": row.q1,
            "median": row.median,
            "q3": row.q3,
            "text": f"{row.median:,.0f}",
            "tick": PAPER if row.arm == WITH else QUIET,
            "said": row.said,
        }
        for row in rows
    ]
    labels = list(dict.fromkeys(row.label for row in rows))
    axis = rows_axis(layout, labels) | ({} if layout.beside else {"labelOffset": -27})
    low, high = min(row.q1 for row in rows), max(row.q3 for row in rows)
    wide_range = spans_decades([row.q1 for row in rows] + [row.q3 for row in rows])
    across = {"title": title + (", logarithmic" if wide_range else ""), "titleAnchor": "start", "grid": layout.beside}
    if wide_range:
        scale: Spec = {"type": "log", "domain": [low / 1.1, high * 1.35], "nice": False}
        across |= {"values": round_ticks(low / 1.1, high * 1.35), "format": ",.0f"}
    else:
        scale = {"domain": [0, high * 1.12]}
        across |= {"tickCount": layout.width // 90}
    step = 42 if layout.beside else 62
    inner = 0.2 if layout.beside else 0.5
    arm = {"field": "arm", "type": "nominal"}
    legend = {"symbolStrokeWidth": 1.5, "symbolSize": 150}
    fill = {**arm, "scale": {"domain": ARMS, "range": [INK, PAPER]}, "legend": legend}
    stroke = {**arm, "scale": {"domain": ARMS, "range": [INK, QUIET]}, "legend": legend}
    return framed(
        layout,
        title,
        {
            "height": {"step": step, "for": "position"},
            "data": {"values": values},
            "encoding": {
                "y": words("label", axis=axis, scale={"paddingInner": inner, "paddingOuter": inner / 2}),
                "yOffset": {
                    "field": "arm",
                    "type": "nominal",
                    "sort": ARMS,
                    "scale": {"domain": ARMS, "paddingInner": 0.15},
                },
            },
            "layer": [
                {
                    "mark": {"type": "bar", "strokeWidth": 1.5},
                    "encoding": {
                        "x": quantity("q1", axis=across, scale=scale),
                        "x2": {"field": "q3"},
                        "fill": fill,
                        "stroke": stroke,
                        "description": described(),
                    },
                },
                {
                    "mark": {"type": "tick", "thickness": 3, "aria": False},
                    "encoding": {"x": quantity("median"), "color": {"field": "tick", "type": "nominal", "scale": None}},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 6, "aria": False},
                    "encoding": {"x": quantity("q3"), "text": words("text")},
                },
            ],
        },
    )
