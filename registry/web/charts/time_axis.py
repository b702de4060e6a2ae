"""Months on an axis: which of them bear a label, and where a line is broken."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from registry.web.charts.frame import Layout, Spec

MONTHS_LABELLED = 24
"""Over a longer time only the years bear a label."""


def day_of(month: str) -> str:
    """The first day of "2026-03", or of "2026" where months are not kept."""
    return f"{month}-01" if len(month) > len("2026") else f"{month}-01-01"


def time(layout: Layout, days: Sequence[str], *, by_year: bool) -> Spec:
    """The channel of the field `day`, whose values are these (YYYY-MM-DD, ascending)."""
    yearly = by_year or len(days) > MONTHS_LABELLED
    across = {
        "title": None,
        "format": "%Y" if yearly else "%b %Y",
        **({"tickCount": "year"} if yearly else _months(days, room=layout.width // 100)),
        "grid": False,
        "labelOverlap": True,
        "labelFlush": True,
    }
    return {"field": "day", "type": "temporal", "scale": {"type": "utc"}, "axis": across}


def _months(days: Sequence[str], *, room: int) -> Spec:
    """Each month's own tick where there is room for all: the renderer's own choice may fall several times into one month."""
    if len(days) > room:
        return {"tickCount": room}
    return {"values": [datetime.fromisoformat(f"{day}T00Z").timestamp() * 1000 for day in days]}


def unbroken(days: Sequence[str], *, by_year: bool) -> list[int]:
    """Which unbroken run of periods each day is in: no line leads across a time of which there is nothing to say."""
    at, months = [int(day[:4]) * 12 + int(day[5:7]) for day in days], 12 if by_year else 1
    return list(accumulate(int(after - before > months) for before, after in zip(at[:1] + at, at, strict=False)))
