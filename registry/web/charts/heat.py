"""A table of numbers, shaded: rows and columns by name, a number in each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    GRID,
    LETTERS,
    NARROW,
    PAPER,
    STEPS,
    TEXT,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    framed,
    row_label,
    rows_axis,
    words,
)

BOUNDS = (0.5, 0.25)
"""Shares from which a cell has the darkest and the next shade; below them the lightest, and none at zero."""


@dataclass(frozen=True)
class Spot:
    """One cell: its row and column, the number as written, the share that shades it (0 to 1), and the cell in words."""

    row: str
    column: str
    text: str
    share: float
    said: str


def heat(spots: Sequence[Spot], *, rows: Sequence[str], columns: Sequence[str], title: str) -> Figure:
    """Rows and columns in the order given; a place without a spot is empty."""
    return Figure(*(_spec(layout, spots, rows, columns, title) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, spots: Sequence[Spot], rows: Sequence[str], columns: Sequence[str], title: str) -> Spec:
    values = [
        {
            "row": row_label(layout, spot.row),
            "column": spot.column,
            "text": spot.text,
            "shade": _shade(spot.share),
            "ink": PAPER if _shade(spot.share) == STEPS[0] else TEXT,
            "said": spot.said,
        }
        for spot in spots
    ]
    down = rows_axis(layout, list(rows)) | ({} if layout.beside else {"labelOffset": -22})
    across = {
        "title": None,
        "orient": "top",
        "labelAngle": 0,
        "ticks": False,
        "domain": False,
        "labelPadding": 6 if layout.beside else 22,
    }
    row = words(
        "row", axis=down, scale={"domain": [row_label(layout, name) for name in rows], "paddingInner": _gap(layout)}
    )
    column = words("column", axis=across, scale={"domain": list(columns), "paddingInner": 0.04})
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "stroke": GRID, "strokeWidth": 1},
            "encoding": {"fill": {"field": "shade", "type": "nominal", "scale": None}, "description": described()},
        },
        {
            "mark": {"type": "text", "fontSize": LETTERS, "aria": False},
            "encoding": {"text": words("text"), "color": {"field": "ink", "type": "nominal", "scale": None}},
        },
    ]
    body = {
        "height": {"step": 30 if layout.beside else 50},
        "data": {"values": values},
        "encoding": {"x": column, "y": row},
        "layer": layers,
    }
    return framed(layout, title, body)


def _gap(layout: Layout) -> float:
    """Room above each row for its label, where there is none beside it."""
    return 0.08 if layout.beside else 0.44


def _shade(share: float) -> str:
    if not share:
        return STEPS[3]
    return next((shade for shade, bound in zip(STEPS, BOUNDS, strict=False) if share >= bound), STEPS[2])
