"""A caterpillar: a shrunken value with its uncertainty for each site, the raw value as a faint tick, and what a new site may expect."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    NARROW,
    PAPER,
    QUIET,
    STEPS,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    framed,
    quantity,
    rows_axis,
    words,
)


@dataclass(frozen=True)
class Segment:
    """One site: its shrunken value and interval, and its raw value, in the unit of the axis; `said` is the row in words.

    `placed`: whether its cases are enough to tell it from others; where they are not, it is hollow and its line is faint.
    """

    label: str
    value: float
    low: float
    high: float
    raw: float
    said: str
    placed: bool = True


def caterpillar(rows: Sequence[Segment], *, band: tuple[float, float] | None, title: str, format: str) -> Figure:
    """Rows that are placed from the largest value to the smallest, the others after them as they come; `band`: of a new site."""
    ordered = sorted(rows, key=lambda row: (not row.placed, -row.value if row.placed else 0.0))
    # Labels are codes of a few letters: there is room for them beside the marks on a phone too.
    layouts = (WIDE, Layout(NARROW.width, beside=True))
    return Figure(*(_spec(layout, ordered, band, title, format) for layout in layouts))


def _spec(layout: Layout, rows: Sequence[Segment], band: tuple[float, float] | None, title: str, format: str) -> Spec:
    values = [vars(row) for row in rows]
    unplaced = {"test": "!datum.placed"}
    axis = rows_axis(layout, [row.label for row in rows])
    across = {"title": title, "titleAnchor": "start", "tickCount": layout.width // 90, "format": format}
    ends = [number for row in rows for number in (row.low, row.high, row.raw)] + list(band or ())
    scale = {"domain": [min(0.0, *ends), max(0.0, *ends)], "nice": True}
    layers: list[Spec] = [
        {
            "data": {"values": [{"from": low, "to": high} for low, high in ([band] if band else [])]},
            "mark": {"type": "rect", "fill": STEPS[2], "aria": False},
            "encoding": {"x": quantity("from", axis=across, scale=scale), "x2": {"field": "to"}, "y": None},
        },
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
            "encoding": {"x": quantity("zero"), "y": None},
        },
        {
            "mark": {"type": "tick", "color": QUIET, "thickness": 2, "size": 14, "aria": False},
            "encoding": {"x": quantity("raw")},
        },
        {
            "mark": {"type": "rule", "aria": False},
            "encoding": {
                "x": quantity("low"),
                "x2": {"field": "high"},
                "color": {"condition": {**unplaced, "value": QUIET}, "value": INK},
                "strokeWidth": {"condition": {**unplaced, "value": 1}, "value": 2},
            },
        },
        {
            "mark": {"type": "point", "size": 60, "opacity": 1, "strokeWidth": 1.5},
            "encoding": {
                "x": quantity("value"),
                "fill": {"condition": {**unplaced, "value": PAPER}, "value": INK},
                "stroke": {"condition": {**unplaced, "value": QUIET}, "value": INK},
                "description": described(),
            },
        },
    ]
    return framed(
        layout,
        title,
        {
            "height": {"step": 24},
            "data": {"values": values},
            "encoding": {"y": words("label", axis=axis)},
            "layer": layers,
        },
    )
