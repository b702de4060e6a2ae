"""What templates may call: the top bar and the ways Strata writes a number."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from registry.models import Site
from registry.reports.tables import Column, NotShown, Table, Value
from registry.statistics.provenance import note_of
from registry.web import navigation
from registry.web.hyphens import hyphenated
from registry.web.numbers import minutes, written
from registry.web.standing import SUSPENDED, is_suspended

register = template.Library()

SHORT = 20
"""A text of so few letters stays on one line."""
MINUTE, HOUR, DAY = 60, 3600, 86_400


@register.inclusion_tag("strata/top_bar.html", takes_context=True)
def top_bar(context: dict[str, Any]) -> dict[str, Any]:
    """The bar on top of every page: who is signed in and where they may go."""
    request = context.get("request")
    user = getattr(request, "user", None)
    csrf_token = context.get("csrf_token", "")
    if request is None or user is None or not user.is_authenticated:
        return {"links": [], "person": "", "site": None, "csrf_token": csrf_token}
    return {
        "links": navigation.links(request),
        "person": user.name or user.label,
        "site": getattr(request, "site", None),
        "csrf_token": csrf_token,
    }


@register.inclusion_tag("strata/standing.html", takes_context=True)
def standing(context: dict[str, Any]) -> dict[str, Any]:
    """On every page of a site that takes no part at present: that it can submit nothing."""
    site = getattr(context.get("request"), "site", None)
    return {"suspended": SUSPENDED if site is not None and is_suspended(site) else ""}


@register.filter
def count(value: int) -> str:
    """A whole number with thousands separated: 2637 gives "2,637"."""
    return f"{value:,}"


@register.filter
def cases(number: int) -> str:
    """A number of cases in words: "1 case", "2,172 cases"."""
    return plural(number, "case")


@register.filter
def rows(number: int) -> str:
    """A number of rows of a file in words: "1 row", "1,284 rows"."""
    return plural(number, "row")


@register.filter
def due(days: int) -> str:
    """When something is due that has so many days left: "due in 3 days", "due today", "12 days overdue"."""
    if days < 0:
        return f"{plural(-days, 'day')} overdue"
    return f"due in {plural(days, 'day')}" if days else "due today"


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], **changes: Any) -> str:
    """The query of this page's address with these parameters changed; one changed to nothing is left out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def shortly(label: str) -> str:
    """A label without its explanation in brackets."""
    return str(label).partition(" (")[0]


@register.filter
def in_minutes(value: Decimal) -> str:
    """Minutes with one decimal: 105 gives "105.0"."""
    return minutes(value)


@register.filter
def ago(moment: datetime | None) -> str:
    """How long since `moment`, in one unit: "just now", "4 minutes ago", "2 days ago"; "never" for nothing."""
    if moment is None:
        return "never"
    seconds = int((timezone.now() - moment).total_seconds())
    return "just now" if seconds < 10 else f"{span(seconds)} ago"


@register.filter
def span(seconds: float) -> str:
    """A length of time in its largest whole unit: 95 gives "1 minute"."""
    for unit, length in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= length:
            return plural(int(seconds // length), unit)
    return plural(int(seconds), "second")


def plural(number: int, word: str) -> str:
    """`number` and `word` in agreement: "1 case", "2,172 cases"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


@dataclass(frozen=True)
class ShownCell:
    """A table cell as HTML takes it: its text, its CSS class and, for a share, its percent as a bar's length."""

    text: str
    kind: str
    percent: str = ""


@register.filter
def lines(table: Table) -> list[list[ShownCell]]:
    """The rows of a table, every value written for people."""
    return [[_shown(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]


def _shown(value: Value, column: Column) -> ShownCell:
    if isinstance(value, NotShown):
        return ShownCell(str(value), "not-shown")
    percent = f"{value * 100:.1f}" if column.unit == "share" and isinstance(value, float) else ""
    text = written(value, column.unit)
    if column.unit == "text":
        return ShownCell(hyphenated(text), "short" if len(text) <= SHORT else "")
    return ShownCell(text, "num", percent)


@register.filter
def data_label(site: Site) -> str:
    """What kind of data a site holds, where it must be said."""
    return note_of(site)
