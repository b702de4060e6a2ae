"""What is gained, what is taken from it piece by piece, and what is left: one bar a row, each beginning where the last one ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    LETTER_PIXELS,
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
    row_label,
    rows_axis,
    words,
)


@dataclass(frozen=True)
class Step:
    """What a row adds (above zero) or takes, how it is written, and the row in words."""

    label: str
    amount: float
    text: str
    said: str


@dataclass(frozen=True)
class Rest:
    """What is left: its row, with the 95 % interval where there is one."""

    label: str
    text: str
    said: str
    low: float | None = None
    high: float | None = None


def waterfall(steps: Sequence[Step], rest: Rest, *, title: str) -> Figure:
    """Full: what is gained; pale: what is taken; the last row is the rest from zero, hollow where it is a loss."""
    return Figure(*(_spec(layout, steps, rest, title) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, steps: Sequence[Step], rest: Rest, title: str) -> Spec:
    values = _values(layout, steps, rest)
    limits = [limit for limit in (rest.low, rest.high) if limit is not None]
    ends = [0.0, *limits, *(float(value[end]) for value in values for end in ("from", "to"))]
    low, high = min(ends), max(ends)
    room = (high - low or 1.0) * (max(len(value["text"]) for value in values) + 2) * LETTER_PIXELS / layout.width
    axis = rows_axis(layout, [value["plain"] for value in values]) | ({} if layout.beside else {"labelOffset": -19})
    across = {"title": title, "titleAnchor": "start", "tickCount": layout.width // 110, "grid": layout.beside}
    scale = {"domain": [low, high + room], "nice": False}
    layers: list[Spec] = [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
            "encoding": {"x": quantity("zero"), "y": None},
        },
        {
            "mark": {"type": "bar", "height": 18, "stroke": INK, "strokeWidth": 1.5},
            "encoding": {
                "x": quantity("from", axis=across, scale=scale),
                "x2": {"field": "to"},
                "fill": {"field": "ink", "type": "nominal", "scale": None},
                "description": described(),
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 7, "aria": False},
            "encoding": {"x": quantity("end"), "text": words("text")},
        },
    ]
    if len(limits) == 2:
        layers.append(_interval(layout, rest))
    return framed(
        layout,
        title,
        {
            "height": {"step": 36 if layout.beside else 54},
            "data": {"values": values},
            "encoding": {"y": words("label", axis=axis)},
            "layer": layers,
        },
    )


def _values(layout: Layout, steps: Sequence[Step], rest: Rest) -> list[Spec]:
    values, at = [], 0.0
    for step in steps:
        values.append(_value(layout, step, at, at + step.amount, INK if step.amount > 0 else STEPS[1]))
        at += step.amount
    values.append(_value(layout, rest, 0.0, at, INK if at > 0 else PAPER))
    return values


def _value(layout: Layout, row: Step | Rest, start: float, end: float, ink: str) -> Spec:
    return {
        "label": row_label(layout, row.label),
        "plain": row.label,
        "from": start,
        "to": end,
        "end": max(start, end),
        "text": row.text,
        "ink": ink,
        "said": row.said,
    }


def _interval(layout: Layout, rest: Rest) -> Spec:
    """Beneath the bar of the rest, where it is seen on light and dark fill alike."""
    return {
        "data": {"values": [{"label": row_label(layout, rest.label), "low": rest.low, "high": rest.high}]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "yOffset": 14, "aria": False},
        "encoding": {"x": quantity("low"), "x2": {"field": "high"}},
    }
