"""Bars made of numbered parts: minutes by activity, or shares that make a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from registry.web.charts.frame import (
    INK,
    LETTER_PIXELS,
    NARROW,
    PAPER,
    QUIET,
    STEPS,
    TEXT,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    framed,
    quantity,
    words,
)

Unit = Literal["minutes", "share"]
FORMATS: dict[Unit, str] = {"minutes": ",.0f", "share": ".0%"}


@dataclass(frozen=True)
class Part:
    """One part of a bar: which of the parts it is, its size, how the size is written, and the part in words."""

    name: str
    size: float
    text: str
    said: str


@dataclass(frozen=True)
class Mark:
    """A place on a bar's axis and what it is."""

    at: float
    text: str


@dataclass(frozen=True)
class Bar:
    """A bar of parts, with the total beneath it where that is no sum of the parts, and a figure from elsewhere to hold it against."""

    label: str
    parts: tuple[Part, ...]
    total: Mark | None = None
    reference: Mark | None = None


def parts(bars: Sequence[Bar], *, names: Sequence[str], title: str, unit: Unit) -> Figure:
    """One bar a row; `names` are the parts in their order, each with its number in the legend and on its part."""
    return Figure(*(_spec(layout, bars, names, title, unit) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, bars: Sequence[Bar], names: Sequence[str], title: str, unit: Unit) -> Spec:
    numbered = {name: f"{number} {name}" for number, name in enumerate(names, 1)}
    most = 1.0 if unit == "share" else _longest(bars) * 1.02
    values = [value for bar in bars for value in _values(bar, numbered, layout.width / most)]
    marked = any(bar.total or bar.reference for bar in bars)
    scale = {"domain": [0, most], "nice": False}
    across = {"title": title, "titleAnchor": "start", "format": FORMATS[unit], "tickCount": layout.width // 90}
    above = {"labelAlign": "left", "labelPadding": 0, "labelLimit": layout.width, "zindex": 1, "labelOffset": -21}
    rows = words("label", axis={"title": None, "ticks": False, "domain": False, "grid": False, **above})
    legend = {"symbolStrokeColor": INK, "symbolStrokeWidth": 1, "symbolSize": 150, "columns": _columns(layout, names)}
    fill = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": list(numbered.values()), "range": list(STEPS[: len(names)])},
        "legend": {**legend, "labelLimit": layout.width - 20},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 20, "stroke": INK, "strokeWidth": 1},
            "encoding": {
                "x": quantity("from", axis=across, scale=scale),
                "x2": {"field": "to"},
                "fill": fill,
                "description": described(),
            },
        },
        {
            "mark": {"type": "text", "aria": False},
            "encoding": {
                "x": quantity("middle"),
                "text": words("text"),
                "color": {"field": "ink", "type": "nominal", "scale": None},
            },
        },
    ]
    return framed(
        layout,
        title,
        {
            "height": {"step": 78 if marked else 56},
            "data": {"values": values},
            "encoding": {"y": rows},
            "layer": layers + _marks(bars),
        },
    )


def _longest(bars: Sequence[Bar]) -> float:
    ends = [sum(part.size for part in bar.parts) for bar in bars]
    ends += [mark.at for bar in bars for mark in (bar.total, bar.reference) if mark]
    return max(ends, default=0) or 1.0


def _values(bar: Bar, numbered: dict[str, str], pixels: float) -> list[Spec]:
    """The parts with where they begin and end; a text where it fits its part."""
    values, start = [], 0.0
    for part in bar.parts:
        end, number = start + part.size, numbered[part.name].partition(" ")[0]
        full = f"{number}: {part.text}"
        room = part.size * pixels / LETTER_PIXELS - 1
        values.append(
            {
                "label": bar.label,
                "part": numbered[part.name],
                "from": start,
                "to": end,
                "middle": (start + end) / 2,
                "text": full if len(full) <= room else number if room >= 1 else "",
                "ink": PAPER if number == "1" else TEXT,
                "said": part.said,
            }
        )
        start = end
    return values


def _columns(layout: Layout, names: Sequence[str]) -> int:
    """As many legend entries in a line as there is room for."""
    longest = max(len(name) for name in names) + 6
    return max(1, min(len(names), int(layout.width / (longest * LETTER_PIXELS))))


def _marks(bars: Sequence[Bar]) -> list[Spec]:
    """Beneath each bar its total as a diamond, and the figure from elsewhere as a dashed line across it."""
    layers: list[Spec] = []
    totals = [{"label": bar.label, "at": bar.total.at, "said": bar.total.text} for bar in bars if bar.total]
    if totals:
        layers += [
            {
                "data": {"values": totals},
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "filled": True,
                    "size": 90,
                    "color": INK,
                    "yOffset": 18,
                    "opacity": 1,
                },
                "encoding": {"x": quantity("at"), "description": described()},
            },
            _caption(totals, offset=19),
        ]
    others = [{"label": bar.label, "at": bar.reference.at, "said": bar.reference.text} for bar in bars if bar.reference]
    if others:
        layers += [
            {
                "data": {"values": others},
                "mark": {"type": "tick", "thickness": 2, "size": 26, "color": QUIET, "opacity": 1},
                "encoding": {"x": quantity("at"), "description": described()},
            },
            _caption(others, offset=34),
        ]
    return layers


def _caption(values: list[Spec], *, offset: int) -> Spec:
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": {"expr": "datum.at > domain('x')[1] / 2 ? 'right' : 'left'"},
                 "dx": {"expr": "datum.at > domain('x')[1] / 2 ? -9 : 9"}, "yOffset": offset, "aria": False},
        "encoding": {"x": quantity("at"), "text": words("said")},
    }  # fmt: skip
