"""Points in time order with their centre and, where there are any, dashed limits; a point that signals differs in shape and bears words."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    LETTER_PIXELS,
    NARROW,
    QUIET,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    framed,
    quantity,
    words,
)
from registry.web.charts.time_axis import time, unbroken

SHAPES = {"": "circle", "above": "triangle-up", "below": "triangle-down", "row": "diamond"}
"""What a point's `mark` is drawn as."""


@dataclass(frozen=True)
class Point:
    """The value of the period that begins on `day` (YYYY-MM-DD); `mark` is its signal, `text` stands beside it."""

    day: str
    value: float
    mark: str
    text: str
    said: str


@dataclass(frozen=True)
class Level:
    """A line across the figure and what it is called; limits are dashed."""

    at: float
    text: str
    is_limit: bool


def run(points: Sequence[Point], levels: Sequence[Level], *, title: str, by_year: bool) -> Figure:
    """The points in the order of their days."""
    return Figure(*(_spec(layout, points, levels, title, by_year=by_year) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, points: Sequence[Point], levels: Sequence[Level], title: str, *, by_year: bool) -> Spec:
    days = [each.day for each in points]
    values = [
        {"day": each.day, "value": each.value, "mark": each.mark, "said": each.said, "run": part}
        for each, part in zip(points, unbroken(days, by_year=by_year), strict=True)
    ]
    day = time(layout, days, by_year=by_year)
    up = {"title": title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -14}
    value = quantity("value", axis={**up, "tickCount": 5}, scale={"zero": False, "padding": 16})
    shape = {"domain": list(SHAPES), "range": list(SHAPES.values())}
    signals = {"test": "datum.mark !== ''"}
    layers: list[Spec] = [
        *_levels(levels),
        {
            "mark": {"type": "line", "color": INK, "strokeWidth": 1.5, "aria": False},
            "encoding": {"x": day, "y": value, "detail": {"field": "run", "type": "nominal"}},
        },
        {
            "mark": {"type": "point", "filled": True, "color": INK, "opacity": 1},
            "encoding": {
                "x": day,
                "y": value,
                "shape": {"field": "mark", "type": "nominal", "scale": shape, "legend": None},
                "size": {"condition": {**signals, "value": 150}, "value": 34},
                "description": described(),
            },
        },
        *_notes(layout, points, day, value),
    ]
    return framed(layout, title, {"height": 260, "data": {"values": values}, "layer": layers})


def _levels(levels: Sequence[Level]) -> list[Spec]:
    """Each line with its name above its left end."""
    drawn: list[Spec] = []
    for each in levels:
        data = {"values": [{"at": each.at, "text": each.text}]}
        dashes = {"strokeDash": [5, 4]} if each.is_limit else {}
        drawn += [
            {
                "data": data,
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1.5, "aria": False, **dashes},
                "encoding": {"y": quantity("at")},
            },
            {
                "data": data,
                "mark": {"type": "text", "align": "left", "dx": 3, "dy": -8, "aria": False},
                "encoding": {"x": {"value": 0}, "y": quantity("at"), "text": words("text")},
            },
        ]
    return drawn


def _notes(layout: Layout, points: Sequence[Point], day: Spec, value: Spec) -> list[Spec]:
    """The words of the points that have some: above a high one, beneath a low one, and always within the figure."""
    noted = [
        {
            "day": each.day,
            "value": each.value,
            "text": each.text,
            "dy": -14 if each.mark != "below" else 16,
            "align": align,
        }
        for place, each in enumerate(points)
        for align in [_align(place, len(points), each.text, layout)]
        if each.text
    ]
    if not noted:
        return []
    return [
        {
            "data": {"values": [note for note in noted if (note["align"], note["dy"]) == where]},
            "mark": {"type": "text", "align": where[0], "dy": where[1], "aria": False},
            "encoding": {"x": day, "y": value, "text": words("text")},
        }
        for where in sorted({(str(note["align"]), int(str(note["dy"]))) for note in noted})
    ]


def _align(place: int, count: int, text: str, layout: Layout) -> str:
    """Centred on its point, unless half the text would not fit before or behind it."""
    half = len(text) * LETTER_PIXELS / 2
    before = layout.width * 0.85 * place / max(count - 1, 1)
    if before < half:
        return "left"
    return "right" if layout.width * 0.85 - before < half else "center"
