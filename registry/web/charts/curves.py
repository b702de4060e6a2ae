"""Straight lines over one quantity, told apart by their dashes, with the place where each crosses zero and where one stands oneself."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import (
    INK,
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
    """Where one stands on the quantity, and what that is called."""

    at: float
    text: str


def curves(lines: Sequence[Curve], *, across: str, up: str, most: float, own: Own | None) -> Figure:
    """`across` and `up` name the axes; the lines go from 0 to `most`. At most three lines, which are dashed each in its own way."""
    return Figure(*(_spec(layout, lines, across, up, most, own) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, lines: Sequence[Curve], across: str, up: str, most: float, own: Own | None) -> Spec:
    low, high = _heights(lines, most)
    x = quantity("x", axis=_axis(across, layout) | {"grid": False}, scale={"domain": [0, most], "nice": False})
    upright = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": -46, "titleY": -14}
    y = quantity(
        "y",
        axis={**_axis(up, layout), **upright, "format": "~s", "minExtent": 46, "maxExtent": 46, "tickCount": 5},
        scale={"domain": [low, high], "nice": False},
    )
    layers = [_rule({"y": 0.0}, QUIET), _lines(lines, most), *_crossings(lines, most)]
    if own is not None:
        layers += _where(own, high, most)
    return framed(layout, up, {"height": 260, "encoding": {"x": x, "y": y}, "layer": layers})


def _heights(lines: Sequence[Curve], most: float) -> tuple[float, float]:
    """From below the lowest beginning to as far above zero again, so that a steep line does not flatten the others."""
    deepest = min(0.0, *(line.at_zero for line in lines))
    ends = [line.at(most) for line in lines]
    reach = 1.6 * -deepest or max(*map(abs, ends), 1.0)
    return max(min(deepest, *ends), -reach) * 1.08, max(min(max(*ends, 0.0), reach), reach / 4)


def _axis(title: str, layout: Layout) -> Spec:
    return {"title": title, "titleAnchor": "start", "tickCount": layout.width // 90, "format": ",.0f"}


def _rule(at: Spec, color: str) -> Spec:
    """A silent line across the whole drawing, upright or level."""
    (name,) = at
    return {
        "data": {"values": [at]},
        "mark": {"type": "rule", "color": color, "strokeWidth": 1.5, "aria": False},
        "encoding": {name: quantity(name), ({"x": "y", "y": "x"}[name]): None},
    }


def _lines(lines: Sequence[Curve], most: float) -> Spec:
    labels = [line.label for line in lines]
    values = [{"label": line.label, "x": x, "y": line.at(x), "said": line.said} for line in lines for x in (0.0, most)]
    legend = {"symbolType": "stroke", "symbolSize": 700, "symbolStrokeWidth": 2, "symbolStrokeColor": INK, "offset": 26}
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
    """A dot where a line reaches zero, and how far out that is."""
    found = [-line.at_zero / line.rise for line in lines if line.rise > 0 and line.at_zero < 0]
    values = [{"x": x, "y": 0, "text": f"{x:,.0f}"} for x in found if x <= most]
    dot = {"type": "point", "color": INK, "filled": True, "size": 60, "opacity": 1, "aria": False}
    text = {"type": "text", "align": "right", "dx": -6, "dy": -9, "aria": False}
    return [
        {"data": {"values": values}, "mark": dot, "encoding": {}},
        {"data": {"values": values}, "mark": text, "encoding": {"text": words("text")}},
    ]


def _where(own: Own, high: float, most: float) -> list[Spec]:
    side = {"align": "right", "dx": -6} if own.at > most / 2 else {"align": "left", "dx": 6}
    text: Spec = {
        "data": {"values": [{"x": own.at, "y": high, "text": own.text}]},
        "mark": {"type": "text", "baseline": "top", "dy": 2, "aria": False, **side},
        "encoding": {"text": words("text")},
    }
    return [_rule({"x": own.at}, QUIET), text]
