"""A funnel: estimates by how many cases they rest on, between the limits that chance alone explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

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
    words,
)
from registry.web.charts.labels import Side, Spot, sides

HEIGHT = 280
AXIS_PIXELS = 40
"""Of the width, about what the upright axis takes."""
DASHES = {"95% limits": [5, 4], "99.8% limits": [1, 0]}


@dataclass(frozen=True)
class Point:
    """One estimate: effective n and value. `name` is written beside it where there is one, and it is then in the accent ink."""

    name: str
    size: float
    value: float
    said: str


@dataclass(frozen=True)
class Limits:
    """What chance explains at this effective n: from and to of the 95 % limits, and of the 99.8 % limits."""

    size: float
    inner: tuple[float, float]
    outer: tuple[float, float]


def funnel(
    points: Sequence[Point], curve: Sequence[Limits], *, target: float, title: str, across: str, format: str
) -> Figure:
    """`curve` in the order of sizes; `title` names the values, `across` the sizes; `format` is how values are written."""
    values = [point.value for point in points]
    # Near no case the limits go to infinity: room is made for the points, and for the limits at their middle size.
    at = min(curve, key=lambda each: abs(each.size - median(point.size for point in points)))
    low, high = min(*values, at.outer[0]), max(*values, at.outer[1])
    domain = [low - 0.08 * (high - low), high + 0.08 * (high - low)]
    return Figure(*(_spec(layout, points, curve, target, domain, (title, across, format)) for layout in (WIDE, NARROW)))


def _spec(
    layout: Layout,
    points: Sequence[Point],
    curve: Sequence[Limits],
    target: float,
    domain: list[float],
    said: tuple[str, str, str],
) -> Spec:
    title, across, written = said
    up = {"title": title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -14}
    axis = {**up, "format": written, "tickCount": 6}
    under = {"title": across, "titleAnchor": "start", "tickCount": layout.width // 90, "grid": False}
    size = quantity("size", axis=under, scale={"domain": [0, curve[-1].size], "nice": False})
    scale = {"domain": domain, "nice": False, "zero": False}
    lines = [
        {"size": each.size, "value": value, "level": level, "line": f"{level} {side}"}
        for each in curve
        for level, pair in zip(DASHES, (each.inner, each.outer), strict=True)
        for side, value in zip(("from", "to"), pair, strict=True)
    ]
    places = _sides(layout, points, curve, target, domain)
    dots = [
        {"name": each.name, "size": each.size, "value": each.value, "said": each.said, **vars(side)}
        for each, side in zip(points, places, strict=True)
    ]
    named = {"test": "datum.name != ''", "value": INK}
    dash = words(
        "level",
        scale={"domain": list(DASHES), "range": list(DASHES.values())},
        legend={"symbolType": "stroke", "symbolStrokeColor": QUIET, "symbolSize": 300, "offset": 34},
    )
    layers: list[Spec] = [
        {
            "data": {"values": lines},
            "mark": {"type": "line", "color": QUIET, "strokeWidth": 1.5, "clip": True, "aria": False},
            "encoding": {
                "x": size,
                "y": quantity("value", axis=axis, scale=scale),
                "strokeDash": dash,
                "detail": words("line"),
            },
        },
        {
            "data": {"values": [{"value": target}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5, "aria": False},
            "encoding": {"y": quantity("value")},
        },
        _names(size, {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}),
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {
                "x": size,
                "y": quantity("value"),
                "color": {"condition": named, "value": QUIET},
                "description": described(),
            },
        },
        _names(size, {}),
    ]
    return framed(layout, title, {"height": HEIGHT, "data": {"values": dots}, "layer": layers})


def _names(size: Spec, ink: Spec) -> Spec:
    """The names beside their dots, each on its own side; with a `stroke` they are the ground that hides the lines behind them."""
    side = {name: {"expr": f"datum.{name}"} for name in ("align", "dx", "dy")}
    return {
        "transform": [{"filter": "datum.name != ''"}],
        "mark": {"type": "text", **side, **ink, "aria": False},
        "encoding": {"x": size, "y": quantity("value"), "text": words("name")},
    }


def _sides(
    layout: Layout, points: Sequence[Point], curve: Sequence[Limits], target: float, domain: list[float]
) -> list[Side]:
    low, high = domain
    width = layout.width - AXIS_PIXELS

    def at(size: float, value: float) -> Spot:
        return width * size / curve[-1].size, HEIGHT * (high - value) / (high - low)

    drawn = [at(each.size, value) for each in curve for value in (*each.inner, *each.outer, target)]
    spots = [at(each.size, each.value) for each in points]
    return sides([each.name for each in points], spots, drawn, (width, HEIGHT))
