"""Strips, one a row: every site a tick on the range that its value can take, the middle half of the sites as a band."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

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
    row_label,
    rows_axis,
    words,
)

FEWEST = 4
"""Sites of a band: quartiles of fewer are hardly more than the sites themselves."""


@dataclass(frozen=True)
class Tick:
    """One site's value, how it is written, and the tick in words."""

    at: float
    text: str
    said: str


@dataclass(frozen=True)
class Strip:
    """A row: its ticks, the range from `low` to `high` that is drawn with what stands at its ends, and where something is asked."""

    label: str
    ticks: tuple[Tick, ...]
    low: float
    high: float
    ends: tuple[str, str]
    threshold: float | None = None

    def place(self, value: float) -> float:
        """From 0 at the left end to 1 at the right; what lies beyond stands at the end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def strips(rows: Sequence[Strip], *, title: str) -> Figure:
    """Rows in the order given, each with its own range; one tick alone bears its value."""
    return Figure(*(_spec(layout, rows, title) for layout in (WIDE, NARROW)))


def _spec(layout: Layout, rows: Sequence[Strip], title: str) -> Spec:
    labels = {row.label: row_label(layout, row.label) for row in rows}
    axis = rows_axis(layout, list(labels)) | ({} if layout.beside else {"labelOffset": -24})
    scale = {"domain": [0, 1], "nice": False}
    place = quantity("at", axis=None, scale=scale)
    ticks = [
        {"label": labels[row.label], "at": row.place(tick.at), "text": tick.text, "said": tick.said}
        for row in rows
        for tick in row.ticks
    ]
    tall = {"type": "tick", "aria": False, "opacity": 1}
    layers: list[Spec] = [
        {
            "data": {"values": [{"label": labels[row.label], "from": 0, "to": 1} for row in rows]},
            "mark": {"type": "bar", "height": 14, "fill": PAPER, "stroke": QUIET, "strokeWidth": 1, "aria": False},
            "encoding": {"x": quantity("from", axis=None, scale=scale), "x2": {"field": "to"}},
        },
        {
            "data": {"values": [band for row in rows for band in _band(row, labels[row.label])]},
            "mark": {"type": "bar", "height": 24, "fill": STEPS[1], "aria": False},
            "encoding": {"x": quantity("from", axis=None, scale=scale), "x2": {"field": "to"}},
        },
        {
            "data": {"values": [mark for row in rows for mark in _threshold(row, labels[row.label])]},
            "mark": {**tall, "thickness": 3, "size": 28, "color": QUIET},
            "encoding": {"x": place},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "size": 14, "color": INK, "opacity": 1},
            "encoding": {"x": place, "description": described()},
        },
        *_ends(rows, labels),
        {
            "data": {"values": [tick for tick in ticks if tick["text"]]},
            "mark": {
                "type": "text",
                "align": {"expr": "datum.at > 0.8 ? 'right' : 'left'"},
                "dx": {"expr": "datum.at > 0.8 ? -7 : 7"},
                "fontWeight": "bold",
                "aria": False,
            },
            "encoding": {"x": place, "text": words("text")},
        },
    ]
    body = {
        "height": {"step": 48 if layout.beside else 64},
        "data": {"values": ticks},
        "encoding": {"y": words("label", axis=axis, scale={"domain": list(labels.values())})},
        "layer": layers,
    }
    return framed(layout, title, body)


def _band(row: Strip, label: str) -> list[Spec]:
    if len(row.ticks) < FEWEST:
        return []
    low, _, high = quantiles([tick.at for tick in row.ticks], n=4, method="inclusive")
    return [{"label": label, "from": row.place(low), "to": row.place(high)}]


def _threshold(row: Strip, label: str) -> list[Spec]:
    return [] if row.threshold is None else [{"label": label, "at": row.place(row.threshold)}]


def _ends(rows: Sequence[Strip], labels: dict[str, str]) -> list[Spec]:
    """What the ends of each range are, small and beneath."""
    return [
        {
            "data": {"values": [{"label": labels[row.label], "at": place, "end": row.ends[place]} for row in rows]},
            "mark": {"type": "text", "align": align, "yOffset": 20, "fontSize": 11, "aria": False},
            "encoding": {"x": quantity("at", axis=None), "text": words("end")},
        }
        for place, align in ((0, "left"), (1, "right"))
    ]
