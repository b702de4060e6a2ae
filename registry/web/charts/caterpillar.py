"""A caterpillar: a shrunken value with its uncertainty for each site, the raw value as a faint tick, and what a new site may expect."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    NARROW,
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
    """One site: its shrunken value and interval, and its raw value, in the unit of the axis; `said` is the row in words."""

    label: str
    value: float
    low: float
    high: float
    raw: float
    said: str


def caterpillar(rows: Sequence[Segment], *, band: tuple[float, float] | None, title: str, format: str) -> Figure:
    """Rows from the largest value to the smallest; `band` is the prediction interval of a new site."""
    ordered = sorted(rows, key=lambda row: -row.value)
    # Labels are codes of a few letters: there is room for them beside the marks on a phone too.
    layouts = (WIDE, Layout(NARROW.width, beside=True))
    return Figure(*(_spec(layout, ordered, band, title, format) for layout in layouts))


def _spec(layout: Layout, rows: Sequence[Segment], band: tuple[float, float] | None, title: str, format: str) -> Spec:
    values = [
        {"label": row.label, "value": row.value, "low": row.low, "high": row.high, "raw": row.raw, "said": row.said}
        for row in rows
    ]
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
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "aria": False},
            "encoding": {"x": quantity("low"), "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "color": INK, "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": quantity("value"), "description": described()},
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
