"""The months that a page looks at: all, the last twelve, or a year; each has its own address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.statistics.results import Period

NAME = "period"
LAST_TWELVE = "last-12-months"


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: `word` as it stands there, and the months it means (None = all)."""

    word: str
    period: Period | None

    @property
    def query(self) -> str:
        """What an address needs to keep the choice."""
        return f"?{NAME}={self.word}" if self.word else ""


@dataclass(frozen=True)
class Choice:
    """A link of the filter: what it is called, where it leads, and whether it is the one in force."""

    label: str | Promise
    query: str
    here: bool


def chosen(request: Any) -> Chosen:
    """The period in the address of `request`. 404 for a word that names none."""
    word = request.GET.get(NAME, "")
    if not word:
        return Chosen("", None)
    today = timezone.now().date()
    if word == LAST_TWELVE:
        return Chosen(word, Period(_month(today.year * 12 + today.month - 12), today.replace(day=1)))
    if word.isascii() and word.isdecimal() and len(word) == 4 and word >= "1900":
        return Chosen(word, Period(date(int(word), 1, 1), date(int(word), 12, 1)))
    raise Http404


def _month(number: int) -> date:
    """The month with this number, counted from January of year 0."""
    return date(number // 12, number % 12 + 1, 1)


def choices(now: Chosen, years: Iterable[str]) -> list[Choice]:
    """All months, the last twelve, and each of `years`, the latest first; the year asked for is among them."""
    found = sorted({*years, *([now.word] if now.word.isdecimal() else [])}, reverse=True)
    words = {"": _("All months"), LAST_TWELVE: _("Last 12 months")} | {year: year for year in found}
    return [Choice(label, Chosen(word, None).query, word == now.word) for word, label in words.items()]
