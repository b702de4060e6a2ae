"""Cases of a site that may be one, entered twice: for a person to look at, never merged and never left out.

The database finds printed cases of one month, procedure category and OR minutes by one clock whose prints number 1 have volumes
within 1 %; `duplicates` judges each pair. Months are kept and not days, so the day tells nothing. Without a volume two cases agree
too often by chance: the controls of an OR log would all have doubles.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Lag

from registry.models import Print
from registry.statistics.duplicates import Seen, may_be_one
from registry.vocabulary.workflow import CaseState

WITHIN = Decimal("0.9899")
"""A little less than 1 % below, so that the rule of `duplicates` decides at the border."""
TIME = "case__procedure__times__"
BLOCK = ("site_id", "month", "category", "clock", "minutes")


@dataclass(frozen=True)
class Pair:
    """Two cases, by their keys, and what they have in common."""

    month: date
    category: str
    minutes: int
    first: int
    second: int


def _measured(prints: QuerySet[Print]) -> QuerySet[Any]:
    """Those with number 1 and a volume, of submitted cases, once for each OR time of the case."""
    first = prints.filter(number=1, volume_cm3__isnull=False, case__state=CaseState.SUBMITTED)
    # Named first and filtered by name: a filter on the times themselves would join them a second time.
    timed = first.annotate(
        month=F("case__procedure__performed_month"),
        category=F("case__procedure__category"),
        clock=F(f"{TIME}clock"),
        minutes=F(f"{TIME}minutes"),
    )
    return timed.filter(minutes__isnull=False)


def compared(prints: QuerySet[Print]) -> dict[date, int]:
    """How many cases can be compared, by month; a month without one is not there."""
    return dict(_measured(prints).values_list("month").annotate(cases=Count("case_id", distinct=True)))


def near_duplicates(prints: QuerySet[Print]) -> list[Pair]:
    """The pairs among the submitted cases of these prints, each once, newest month first.

    Within a block the cases are put in the order of their volumes and each is held against the one before it, so that many alike
    give a chain of pairs and not every pair: one sort, whatever the size of the site.
    """
    order = (F("volume_cm3"), F("case_id"))
    beside = _measured(prints).annotate(
        before=Window(Lag("case_id"), partition_by=BLOCK, order_by=order),
        less=Window(Lag("volume_cm3"), partition_by=BLOCK, order_by=order),
    )
    found = beside.filter(less__gte=F("volume_cm3") * WITHIN).exclude(before=F("case_id"))
    names = ("month", "category", "minutes", "before", "case_id", "less", "volume_cm3")
    pairs: dict[tuple[int, int], Pair] = {}
    for month, category, minutes, before, case, *volumes in found.values_list(*names):
        if may_be_one(*(Seen(None, category, minutes, float(volume)) for volume in volumes)):
            key = (min(before, case), max(before, case))
            pairs.setdefault(key, Pair(month, category, minutes, *key))
    return sorted(pairs.values(), key=lambda pair: (-pair.month.toordinal(), pair.first, pair.second))
