"""Pairs of a site's own cases that may be one, with the way to both: for people who may read the site's cases."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.models import Case, Print, Site
from registry.statistics.near_duplicates import near_duplicates
from registry.statistics.results import Period
from registry.vocabulary.procedures import CATEGORY_BY_CODE

SHOWN = 50


@dataclass(frozen=True)
class Alike:
    """One pair: both cases, and what they have in common."""

    cases: tuple[Case, Case]
    month: date
    what: str
    minutes: int


@dataclass(frozen=True)
class NearDuplicates:
    """The newest pairs, and how many there are in all."""

    pairs: tuple[Alike, ...]
    found: int

    @property
    def rest(self) -> int:
        return self.found - len(self.pairs)


def of_site(site: Site, user: Any, period: Period | None) -> NearDuplicates:
    """The pairs among the cases of this site and of these months that the person may read."""
    prints = Print.objects.visible_to(user).filter(site=site)
    if period:
        prints = prints.filter(case__procedure__performed_month__range=(period.first, period.last))
    found = near_duplicates(prints)
    shown = found[:SHOWN]
    ids = {case for pair in shown for case in (pair.first, pair.second)}
    cases = Case.objects.visible_to(user).filter(site=site).only("public_id", "local_case_id").in_bulk(ids)
    pairs = tuple(
        Alike(
            (cases[pair.first], cases[pair.second]),
            pair.month,
            str(CATEGORY_BY_CODE[pair.category].label),
            pair.minutes,
        )
        for pair in shown
    )
    return NearDuplicates(pairs, len(found))
