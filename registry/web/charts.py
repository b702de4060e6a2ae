"""Figures: a Vega-Lite specification as a dict, drawn to SVG on the server, so that a page needs no script to show it.

Inks are the light tokens of strata.css; the sheet recolours them for dark pages by attribute. No `style=` is left in the SVG,
so it may stand in a page under a content policy without unsafe-inline.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.safestring import SafeString

INK, QUIET, GRID = "#0b5d6b", "#7b8a98", "#cfd8df"
LETTER_PIXELS = 7.6
LONGEST_LABEL = 44
KEEP_SECONDS = 7 * 24 * 3600
CONFIG: dict[str, Any] = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": GRID,
        "tickColor": GRID,
        "domainColor": GRID,
    },
}


@dataclass(frozen=True)
class Interval:
    """One row of a dot-and-interval figure: estimate and 95 % interval, all in minutes."""

    label: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Figure:
    """One figure drawn twice, since a label that is legible on a desk is not when shrunk to a phone."""

    wide: SafeString
    narrow: SafeString


def interval_figure(rows: Sequence[Interval], *, title: str) -> Figure:
    """Dots with intervals, one row each in the order given, and a dashed line at zero: for a desk and for a phone."""
    # The browser's font may be wider than the renderer's: the labels get their room by count.
    longest = min(max((len(row.label) for row in rows), default=0), LONGEST_LABEL)
    beside = {
        "labelLimit": LONGEST_LABEL * LETTER_PIXELS,
        "labelPadding": 10,
        "minExtent": longest * LETTER_PIXELS + 12,
    }
    above = {"labelAlign": "left", "labelPadding": 0, "labelOffset": -15, "labelLimit": 320, "zindex": 1}
    return Figure(
        wide=drawn(_intervals(rows, title=title, width=1040, row=28, labels=beside, grid=True)),
        narrow=drawn(_intervals(rows, title=title, width=330, row=48, labels=above, grid=False)),
    )


def _intervals(
    rows: Sequence[Interval], *, title: str, width: int, row: int, labels: dict[str, Any], grid: bool
) -> dict[str, Any]:
    values = [{"label": r.label, "estimate": r.estimate, "low": r.low, "high": r.high} for r in rows]
    axis = {"title": None, "ticks": False, "domain": False, "grid": False, **labels}
    across = {"title": title, "tickCount": max(4, width // 90), "titleAnchor": "start", "grid": grid}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": title,
        "width": width,
        "height": row * max(len(rows), 1),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": values},
        "encoding": {"y": {"field": "label", "type": "nominal", "sort": None, "axis": axis}},
        "layer": [
            # Lines are decoration to a screen reader: the dot carries the name, the table beneath carries the numbers.
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False},
                "encoding": {"x": {"field": "zero", "type": "quantitative"}, "y": None},
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "aria": False},
                "encoding": {"x": {"field": "low", "type": "quantitative", "axis": across}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "color": INK, "filled": True, "size": 70, "opacity": 1},
                "encoding": {
                    "x": {"field": "estimate", "type": "quantitative"},
                    "description": {"field": "label", "type": "nominal"},
                },
            },
        ],
        "config": CONFIG,
    }


def drawn(spec: dict[str, Any]) -> SafeString:
    """The SVG of a Vega-Lite `spec`, kept for a week by the hash of the spec: the renderer takes 0.7 s to start."""
    text = json.dumps(spec, sort_keys=True)
    key = "figure:" + hashlib.sha256(text.encode()).hexdigest()
    svg: str | None = cache.get(key)
    if svg is None:
        import vl_convert  # noqa: PLC0415 - heavy; only where a figure was never drawn before

        svg = _tidy(str(vl_convert.vegalite_to_svg(text)))
        cache.set(key, svg, KEEP_SECONDS)
    # Our own renderer's output: it escaped every text in it.
    return SafeString(svg)


def _tidy(svg: str) -> str:
    svg = re.sub(r'\sstyle="[^"]*"', "", svg)
    return re.sub(r'(<svg[^>]*?)\swidth="[\d.]+" height="[\d.]+"', r"\1", svg, count=1)
