"""Cases of a site that may be one, entered twice: for a person to look at, never merged and never left out.

The database finds printed cases of one month, procedure category and OR minutes by one clock whose prints number 1 have volumes
within 1 %; `duplicates` judges each pair. Months are kept and not days, so the day tells nothing. Without a volume two cases agree
too often by chance: the controls of an OR log would all have doubles.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Lag

from registry.models import ProcedureTime
from registry.statistics.duplicates import Seen, may_be_one
from registry.vocabulary.workflow import CaseState

WITHIN = Decimal("0.9899")
"""A little less than 1 % below, so that the rule of `duplicates` decides at the border."""
CASE = "procedure__case_id"
VOLUME = "procedure__case__prints__volume_cm3"
BLOCK = ("site_id", "procedure__performed_month", "procedure__category", "clock", "minutes")


@dataclass(frozen=True)
class Pair:
    """Two cases, by their keys, and what they have in common."""

    month: date
    category: str
    minutes: int
    first: int
    second: int


def _measured(times: QuerySet[ProcedureTime]) -> QuerySet[ProcedureTime]:
    """Those of submitted cases that say the volume of their print number 1."""
    return times.filter(
        procedure__case__state=CaseState.SUBMITTED,
        procedure__case__prints__number=1,
        procedure__case__prints__volume_cm3__isnull=False,
    )


def compared(times: QuerySet[ProcedureTime]) -> dict[date, int]:
    """How many cases can be compared, by month; a month without one is not there."""
    months = _measured(times).values_list("procedure__performed_month")
    return dict(months.annotate(cases=Count(CASE, distinct=True)))


def near_duplicates(times: QuerySet[ProcedureTime]) -> list[Pair]:
    """The pairs among the submitted cases of these times, each once, newest month first.

    Within a block the cases are put in the order of their volumes and each is held against the one before it, so that many alike
    give a chain of pairs and not every pair: one sort, whatever the size of the site.
    """
    order = (F(VOLUME), F(CASE))
    beside = _measured(times).annotate(
        before=Window(Lag(CASE), partition_by=BLOCK, order_by=order),
        less=Window(Lag(VOLUME), partition_by=BLOCK, order_by=order),
    )
    found = beside.filter(less__gte=F(VOLUME) * WITHIN).exclude(before=F(CASE))
    names = ("procedure__performed_month", "procedure__category", "minutes", "before", CASE, "less", VOLUME)
    pairs: dict[tuple[int, int], Pair] = {}
    for month, category, minutes, before, case, less, volume in found.values_list(*names):
        seen = [Seen(None, category, minutes, float(each)) for each in (less, volume)]
        if may_be_one(*seen):
            key = (min(before, case), max(before, case))
            pairs.setdefault(key, Pair(month, category, minutes, *key))
    return sorted(pairs.values(), key=lambda pair: (-pair.month.toordinal(), pair.first, pair.second))
