"""Dots with intervals, and a dashed line at zero; where there is none, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from registry.web.charts.frame import (
    GRID,
    INK,
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
    row_label,
    rows_axis,
    words,
)

WHY_LETTERS = 46


@dataclass(frozen=True)
class Interval:
    """One row: estimate and 95 % interval in the unit of the axis; `said` is the row in words.

    What does not exist is None, and `why` stands in its place: a row may have an estimate without an interval, or words alone.
    `outer`: a wider interval, drawn quiet beneath, as the prediction for a new site.
    """

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    said: str
    why: str = ""
    outer: tuple[float, float] | None = None


def intervals(rows: Sequence[Interval], *, title: str) -> Figure:
    """One row each in the order given; `title` names the axis."""
    return Figure(wide=_spec(WIDE, rows, title), narrow=_spec(NARROW, rows, title))


def _spec(layout: Layout, rows: Sequence[Interval], title: str) -> Spec:
    values = [
        {
            "label": row_label(layout, row.label),
            "estimate": row.estimate,
            "low": row.low,
            "high": row.high,
            "said": row.said,
            "outer_low": row.outer[0] if row.outer else None,
            "outer_high": row.outer[1] if row.outer else None,
            "why": "\n".join(wrap(row.why, WHY_LETTERS)),
        }
        for row in rows
    ]
    told = any(row.why for row in rows if row.estimate is not None)
    above = -26 if told else -15
    axis = rows_axis(layout, [row.label for row in rows]) | ({} if layout.beside else {"labelOffset": above})
    across = {"title": title, "tickCount": layout.width // 90, "titleAnchor": "start", "grid": layout.beside}
    layers = _marks(across) if any(row.estimate is not None for row in rows) else []
    reasons = [
        _reasons(beneath)
        for beneath in (True, False)
        if any((row.estimate is not None) == beneath for row in rows if row.why)
    ]
    return framed(
        layout,
        title,
        {
            "height": {"step": (38 if layout.beside else 48) + (LETTERS * 2 + 4 if told else 0)},
            "data": {"values": values},
            "encoding": {"y": words("label", axis=axis, scale={"domain": [value["label"] for value in values]})},
            "layer": layers + reasons,
        },
    )


def _marks(across: Spec) -> list[Spec]:
    """Lines are decoration to a screen reader: the dot carries the name, the table the numbers."""
    return [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
            "encoding": {"x": quantity("zero", axis=across), "y": None},
        },
        {
            "transform": [{"filter": "datum.outer_low !== null"}],
            "mark": {"type": "rule", "color": GRID, "strokeWidth": 8, "aria": False},
            "encoding": {"x": quantity("outer_low"), "x2": {"field": "outer_high"}},
        },
        {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "aria": False},
            "encoding": {"x": quantity("low"), "x2": {"field": "high"}},
        },
        {
            "transform": [{"filter": "datum.estimate !== null"}],
            "mark": {"type": "point", "color": INK, "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": quantity("estimate"), "description": described()},
        },
    ]


def _reasons(beneath: bool) -> Spec:  # noqa: FBT001 - which of the two layers
    """Words in the place of what does not exist: beneath a dot, or alone; a dot is described by itself."""
    where, heard = ("!==", {"aria": False}) if beneath else ("===", {})
    return {
        "transform": [{"filter": f"datum.why && datum.estimate {where} null"}],
        "mark": {"type": "text", "align": "left", "lineBreak": "\n", "yOffset": 16 if beneath else 0, **heard},
        "encoding": {"x": {"value": 0}, "text": words("why"), **({} if beneath else {"description": described()})},
    }
