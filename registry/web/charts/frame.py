"""What all figures share: their inks and letters, the two sizes they are drawn in, and the axes.

Inks are the light tokens of strata.css; the sheet recolours them for dark pages by attribute.
"""

import math
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, TypeAlias

Spec: TypeAlias = dict[str, Any]

INK, QUIET, GRID, PAPER, TEXT = "#0b5d6b", "#7b8a98", "#cfd8df", "#ffffff", "#10243a"
STEPS = (INK, "#a9cdd3", "#dcebed", PAPER)
"""Fills of the parts of a whole, dark to light; each part bears its number too."""
LETTERS = 13
LETTER_PIXELS = 7.4
"""The browser's font may be wider than the renderer's, so labels get their room by count."""
LINE_LETTERS = 24
CONFIG: Spec = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "text": {"fontSize": LETTERS, "fill": TEXT},
    "title": {"fontSize": LETTERS, "fontWeight": "normal", "anchor": "start", "frame": "group", "offset": 6},
    "legend": {
        "labelFontSize": LETTERS,
        "title": None,
        "orient": "top",
        "symbolType": "square",
        "columnPadding": 26,
        "labelLimit": 400,
    },
    "axis": {
        "labelFontSize": LETTERS,
        "titleFontSize": LETTERS,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": GRID,
        "tickColor": GRID,
        "domainColor": GRID,
    },
}


@dataclass(frozen=True)
class Layout:
    """Room for a drawing in pixels. Where there is little, labels stand above their marks instead of beside them."""

    width: int
    beside: bool


WIDE, NARROW = Layout(520, beside=True), Layout(330, beside=False)


@dataclass(frozen=True)
class Figure:
    """One figure as two specifications, since a label that is legible on a desk is not when shrunk to a phone."""

    wide: Spec
    narrow: Spec


def framed(layout: Layout, described: str, body: Spec) -> Spec:
    """A whole specification; `described` is the name of the drawing for those who do not see it."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": described,
        "width": layout.width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        **body,
        "config": CONFIG,
    }


def quantity(field: str, **more: Any) -> Spec:
    """The channel of a number."""
    return {"field": field, "type": "quantitative", **more}


def words(field: str, **more: Any) -> Spec:
    """The channel of a name, in the order of the data."""
    return {"field": field, "type": "nominal", "sort": None, **more}


def described() -> Spec:
    """What a mark is called by a screen reader: the `said` of its row."""
    return {"field": "said", "type": "nominal"}


def in_lines(label: str) -> str:
    """`label` in lines of at most 24 letters."""
    return "\n".join(wrap(label, LINE_LETTERS))


def rows_axis(layout: Layout, labels: list[str]) -> Spec:
    """The axis of one row a label: beside the marks, in lines, or above them."""
    plain: Spec = {"title": None, "ticks": False, "domain": False, "grid": False}
    if layout.beside:
        longest = max((len(line) for label in labels for line in in_lines(label).split("\n")), default=0)
        room = longest * LETTER_PIXELS + 14
        middle = {"condition": {"test": "indexof(datum.value, '\\n') > 0", "value": -LETTERS / 2}, "value": 0}
        lines = {"labelExpr": "split(datum.value, '\\n')", "labelOffset": middle, "labelLineHeight": LETTERS + 2}
        return {**plain, **lines, "labelPadding": 10, "minExtent": room, "maxExtent": room}
    return {**plain, "labelAlign": "left", "labelPadding": 0, "labelLimit": layout.width, "zindex": 1}


def row_label(layout: Layout, label: str) -> str:
    """The label as the rows axis takes it."""
    return in_lines(label) if layout.beside else label


def spans_decades(values: list[float]) -> bool:
    """Whether a linear axis would crush the small values: the largest is eight times the smallest or more."""
    positive = [value for value in values if value > 0]
    return bool(positive) and len(positive) == len(values) and max(positive) / min(positive) >= 8


def round_ticks(low: float, high: float) -> list[float]:
    """Ticks of a logarithmic axis from `low` to `high`, both above zero: 1, 2 and 5 times the powers of ten between them."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [tick for power in powers for tick in (10.0**power, 2 * 10.0**power, 5 * 10.0**power) if low <= tick <= high]
