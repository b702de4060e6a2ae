"""Points in time order with their centre and, where there are any, dashed limits; a point that signals differs in shape and bears words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
    LETTER_PIXELS,
    LETTERS,
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
HEIGHT = 260
BEHIND = 84
"""Pixels behind the points, for the names of the lines."""
BEFORE = 40
"""Pixels of the axis before them."""
ABOVE, BENEATH = -14, 16
"""Pixels from a point to its words."""


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
    """A line across the figure, what it is called, and its number as it is written; limits are dashed."""

    at: float
    name: str
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
    day["scale"] |= {"range": [0, {"expr": f"width - {BEHIND}"}]}
    up = {"title": title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -14}
    value = quantity("value", axis={**up, "tickCount": 5}, scale={"zero": False, "padding": 16})
    shape = {"domain": list(SHAPES), "range": list(SHAPES.values())}
    signals = {"test": "datum.mark !== ''"}
    layers: list[Spec] = [
        *_levels(levels),
        {
            "mark": {"type": "line", "color": INK, "strokeWidth": 1.5, "strokeJoin": "round", "aria": False},
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
    return framed(layout, title, {"height": HEIGHT, "data": {"values": values}, "layer": layers})


def _levels(levels: Sequence[Level]) -> list[Spec]:
    """Each line over the whole width, and in the room behind the points its name above it and its number beneath."""
    drawn: list[Spec] = []
    for each in levels:
        data = {"values": [{"at": each.at, "name": each.name, "text": each.text}]}
        dashes = {"strokeDash": [5, 4]} if each.is_limit else {}
        drawn.append(
            {
                "data": data,
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1.5, "aria": False, **dashes},
                "encoding": {"y": quantity("at")},
            }
        )
        drawn += [
            {
                "data": data,
                "mark": {"type": "text", "align": "right", "dy": dy, "aria": False},
                "encoding": {"x": {"value": "width"}, "y": quantity("at"), "text": words(field)},
            }
            for field, dy in (("name", -8), ("text", 10))
        ]
    return drawn


def _notes(layout: Layout, points: Sequence[Point], day: Spec, value: Spec) -> list[Spec]:
    """The words of the points that have some: beneath a low one, above any other; those that would run into others are left out."""
    places: dict[tuple[str, int], list[Spec]] = defaultdict(list)
    values = [each.value for each in points]
    line = (max(values) - min(values)) * LETTERS / HEIGHT
    taken: list[tuple[float, float]] = []
    for place, each in enumerate(points):
        align, start, end = _span(place / max(len(points) - 1, 1), each.text, layout)
        is_free = all(start > behind or abs(each.value - at) > 2 * line for behind, at in taken)
        if each.text and is_free:
            taken.append((end, each.value))
            dy = BENEATH if each.mark == "below" else ABOVE
            places[align, dy].append({"day": each.day, "value": each.value, "text": each.text})
    return [
        {
            "data": {"values": noted},
            "mark": {"type": "text", "align": align, "dy": dy, "aria": False},
            "encoding": {"x": day, "y": value, "text": words("text")},
        }
        for (align, dy), noted in places.items()
    ]


def _span(share: float, text: str, layout: Layout) -> tuple[str, float, float]:
    """How words stand to their point, and from where to where they reach: centred, unless half of them has no room beside it."""
    room, length = layout.width - BEFORE - BEHIND, len(text) * LETTER_PIXELS
    at = room * share
    if at < length / 2:
        return "left", at, at + length
    if at + length / 2 > room + BEHIND / 2:
        return "right", at - length, at
    return "center", at - length / 2, at + length / 2
