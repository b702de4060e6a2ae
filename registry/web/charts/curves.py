"""Straight lines over one quantity, told apart by their dashes, with the place where each crosses zero and where one stands oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

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

DASHES = ([1, 0], [7, 4], [2, 3])


@dataclass(frozen=True)
class Curve:
    """A line by its height at 0 and its rise for one of the quantity; `said` is it in words."""

    label: str
    at_zero: float
    rise: float
    said: str

    def at(self, x: float) -> float:
        return self.at_zero + self.rise * x


@dataclass(frozen=True)
class Own:
    """Where one stands: on the quantity, at which height, how that is called, and in words."""

    at: float
    height: float
    text: str
    said: str


def curves(lines: Sequence[Curve], *, across: str, up: str, most: float, own: Own) -> Figure:
    """`across` and `up` name the axes; the lines go from 0 to `most`. At most three lines, which are dashed each in its own way."""
    return Figure(*(_spec(layout, lines, across, up, most, own) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, lines: Sequence[Curve], across: str, up: str, most: float, own: Own) -> Spec:
    low, high = _heights(lines, own)
    x = quantity("x", axis=_axis(across, layout) | {"grid": False}, scale={"domain": [0, most], "nice": False})
    upright = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": -46, "titleY": -12}
    y = quantity(
        "y",
        axis={**_axis(up, layout), **upright, "format": "~s", "minExtent": 46, "maxExtent": 46, "tickCount": 5},
        scale={"domain": [low, high], "nice": False},
    )
    level: Spec = {
        "data": {"values": [{"y": 0}]},
        "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
        "encoding": {"x": None},
    }
    leaving = _leaving(lines, most, low, high)
    layers = [level, _lines(lines, most), *_crossings(lines, most), *leaving, *_where(own, most)]
    return framed(layout, up, {"height": 260, "encoding": {"x": x, "y": y}, "layer": layers})


def _heights(lines: Sequence[Curve], own: Own) -> tuple[float, float]:
    """From below the deepest beginning to above one's own place; a steeper line runs out of the drawing and does not flatten it."""
    deepest = min(0.0, own.height, *(line.at_zero for line in lines))
    top = max(-deepest, own.height, 1.0)
    highest = max(own.height, *(line.at(own.at) for line in lines))
    return min(1.25 * deepest, -0.1 * top), max(1.25 * min(highest, top), 0.15 * top)


def _axis(title: str, layout: Layout) -> Spec:
    return {"title": title, "titleAnchor": "start", "tickCount": layout.width // 90, "format": ",.0f"}


def _lines(lines: Sequence[Curve], most: float) -> Spec:
    labels = [line.label for line in lines]
    values = [{"label": line.label, "x": x, "y": line.at(x), "said": line.said} for line in lines for x in (0.0, most)]
    legend = {
        "symbolType": "stroke",
        "symbolSize": 500,
        "columnPadding": 14,
        "symbolStrokeWidth": 2,
        "symbolStrokeColor": INK,
        "offset": 34,
    }
    return {
        "data": {"values": values},
        "mark": {"type": "line", "color": INK, "strokeWidth": 2, "clip": True},
        "encoding": {
            "strokeDash": {
                "field": "label",
                "type": "nominal",
                "sort": None,
                "scale": {"domain": labels, "range": [list(dash) for dash in DASHES[: len(labels)]]},
                "legend": legend,
            },
            "description": described(),
        },
    }


def _crossings(lines: Sequence[Curve], most: float) -> list[Spec]:
    """A dot where a line reaches zero, and how far out that is, where two such numbers do not stand in each other's way."""
    found = [-line.at_zero / line.rise for line in lines if line.rise > 0 and line.at_zero < 0]
    found = [x for x in found if x <= most]
    named: list[float] = []
    for x in found:
        if all(abs(x - other) > most / 8 for other in named):
            named.append(x)
    dot = {"type": "point", "color": INK, "filled": True, "size": 60, "opacity": 1, "aria": False}
    text = {"type": "text", "align": "left", "dx": 6, "dy": 12, "aria": False}
    return [
        {"data": {"values": [{"x": x, "y": 0} for x in found]}, "mark": dot, "encoding": {}},
        {
            "data": {"values": [{"x": x, "y": 0, "text": f"{ceil(x):,}"} for x in named]},
            "mark": text,
            "encoding": {"text": words("text")},
        },
    ]


def _leaving(lines: Sequence[Curve], most: float, low: float, high: float) -> list[Spec]:
    """The name of each line that runs out of the drawing, where it does: of a steep one there is too little to see its dashes."""
    named: dict[float, list[tuple[float, str]]] = {high: [], low: []}
    for line in lines:
        edge = high if line.rise > 0 else low
        if not low <= line.at(most) <= high:
            named[edge].append(((edge - line.at_zero) / line.rise, line.label))
    return [mark for edge, found in named.items() for mark in _named_at(edge, found, most, down=edge == high)]


def _named_at(edge: float, found: Sequence[tuple[float, str]], most: float, *, down: bool) -> list[Spec]:
    """Names at an edge, from left to right; those that would stand in each other's way are one."""
    places: list[tuple[float, str]] = []
    for x, label in sorted(found):
        if places and x - places[-1][0] < most / 4:
            places[-1] = (places[-1][0], f"{places[-1][1]}, {label}")
        else:
            places.append((x, label))
    marks: list[Spec] = []
    for x, label in places:
        side: Spec = {"align": "right", "dx": -8} if x > most / 2 else {"align": "left", "dx": 8}
        text = {"type": "text", "aria": False, "dy": 9 if down else -9, **side}
        here = {"values": [{"x": x, "y": edge, "text": label}]}
        halo = {**text, "stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"}
        marks += [{"data": here, "mark": mark, "encoding": {"text": words("text")}} for mark in (halo, text)]
    return marks


def _where(own: Own, most: float) -> list[Spec]:
    """A hollow dot with its words, on the side with more room."""
    side: Spec = {"align": "right", "dx": -9} if own.at > most / 2 else {"align": "left", "dx": 9}
    here = {"values": [{"x": own.at, "y": own.height, "text": own.text, "said": own.said}]}
    dot = {"type": "point", "stroke": INK, "fill": PAPER, "strokeWidth": 2, "size": 80, "opacity": 1}
    text = {"type": "text", "aria": False, "dy": -13, **side}
    # A halo first: the words may stand on a line.
    halo = {**text, "stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"}
    written = [{"data": here, "mark": mark, "encoding": {"text": words("text")}} for mark in (halo, text)]
    return [*written, {"data": here, "mark": dot, "encoding": {"description": described()}}]
