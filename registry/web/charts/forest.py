"""Dots with intervals in groups that stand apart on one scale: what others published, and what is the registry's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from registry.web.charts.frame import (
    CONFIG,
    GRID,
    INK,
    LETTER_PIXELS,
    NARROW,
    PAPER,
    QUIET,
    WIDE,
    Figure,
    Layout,
    Spec,
    described,
    in_lines,
    quantity,
    row_label,
    rows_axis,
    words,
)

Shape = Literal["square", "diamond", "circle"]
SIZES: dict[Shape, int] = {"square": 60, "diamond": 190, "circle": 80}
TITLE_PIXELS = LETTER_PIXELS + 0.6
EDGE = 0.04


@dataclass(frozen=True)
class Entry:
    """One row in the unit of the axis; without limits it is drawn hollow. `outer`: a prediction interval; `said`: the row in words."""

    label: str
    shape: Shape
    estimate: float
    low: float | None
    high: float | None
    said: str
    outer: tuple[float, float] | None = None


@dataclass(frozen=True)
class Group:
    """Rows under one title. `own`: the registry's, in its ink; else quiet."""

    title: str
    entries: tuple[Entry, ...]
    own: bool = False


def forest(groups: Sequence[Group], *, title: str, domain: tuple[float, float] | None = None) -> Figure:
    """The groups in their order, each under its title, on one axis over `domain`, widened where a row needs it."""
    return Figure(*(_spec(layout, groups, title, span(groups, domain)) for layout in (WIDE, NARROW)))


def span(groups: Sequence[Group], within: tuple[float, float] | None = None) -> tuple[float, float]:
    """The lowest and the highest value of all rows, zero and `within` among them. Prediction intervals may reach beyond, and are cut."""
    values = [value for group in groups for entry in group.entries for value in (entry.estimate, entry.low, entry.high)]
    known = [value for value in (*values, *(within or ())) if value is not None]
    return min(0.0, *known), max(0.0, *known)


def _spec(layout: Layout, groups: Sequence[Group], title: str, ends: tuple[float, float]) -> Spec:
    labels = [entry.label for group in groups for entry in group.entries]
    edge = EDGE * (ends[1] - ends[0])
    scale = {"domain": [ends[0] - edge, ends[1] + edge], "nice": False, "clamp": True}
    axis = rows_axis(layout, labels) | ({} if layout.beside else {"labelOffset": -15})
    room = axis["minExtent"] if layout.beside else 0
    last = len(groups) - 1
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": title,
        "spacing": 14,
        "vconcat": [
            _group(layout, group, axis, _across(layout, title if number == last else ""), scale, layout.width - room)
            for number, group in enumerate(groups)
        ],
        "config": CONFIG,
    }


def _across(layout: Layout, title: str) -> Spec:
    """The axis of minutes; it is named beneath the last group alone."""
    plain: Spec = {"title": title or None, "titleAnchor": "start", "grid": True, "tickCount": layout.width // 90}
    return plain if title else {**plain, "labels": False, "ticks": False, "domain": False}


def _group(layout: Layout, group: Group, axis: Spec, across: Spec, scale: Spec, width: float) -> Spec:
    ink = INK if group.own else QUIET
    lines = wrap(group.title, int(layout.width / TITLE_PIXELS))
    values = [_value(layout, entry, ink) for entry in group.entries]
    step = max(len(in_lines(entry.label).split("\n")) for entry in group.entries) * 15 + 15 if layout.beside else 46
    return {
        "title": {
            "text": lines,
            "fontWeight": "bold",
            "anchor": "start",
            "frame": "group",
            "offset": 6 if layout.beside else 10,
        },
        "width": width,
        "height": {"step": step},
        "data": {"values": values},
        "encoding": {"y": words("label", axis=axis, scale={"domain": [value["label"] for value in values]})},
        "layer": [
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
                "encoding": {"x": quantity("zero", axis=across, scale=scale), "y": None},
            },
            _line("outer_low", "outer_high", GRID, 8),
            _line("low", "high", ink, 2),
            {
                "mark": {"type": "point", "filled": True, "stroke": ink, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "x": quantity("estimate"),
                    "fill": {"field": "fill", "type": "nominal", "scale": None},
                    "shape": {"field": "shape", "type": "nominal", "scale": None},
                    "size": {"field": "size", "type": "quantitative", "scale": None},
                    "description": described(),
                },
            },
        ],
    }


def _line(low: str, high: str, ink: str, width: int) -> Spec:
    """Decoration to a screen reader: the mark carries the name, the table the numbers."""
    return {
        "transform": [{"filter": f"datum.{low} !== null"}],
        "mark": {"type": "rule", "color": ink, "strokeWidth": width, "aria": False},
        "encoding": {"x": quantity(low), "x2": {"field": high}},
    }


def _value(layout: Layout, entry: Entry, ink: str) -> Spec:
    return {
        "label": row_label(layout, entry.label),
        "estimate": entry.estimate,
        "low": entry.low,
        "high": entry.high,
        "outer_low": entry.outer[0] if entry.outer else None,
        "outer_high": entry.outer[1] if entry.outer else None,
        "shape": entry.shape,
        "size": SIZES[entry.shape],
        "fill": PAPER if entry.low is None else ink,
        "said": entry.said,
    }
