"""How long a procedure usually takes at a site: what a newly said time is held against, so that a slip of the pen asks for a second look.

Operating times are about log-normal, so they are compared as logarithms: by the median and the median absolute deviation,
which a few wrong times do not move (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993, for the robust z).
"""

from collections.abc import Callable
from math import log
from statistics import median
from threading import get_ident

from registry.models import ProcedureTime, Site
from registry.vocabulary.procedures import TimeSource

FEWEST, LATEST = 20, 200
STRANGE = 5.0
"""A robust z beyond which a time asks to be confirmed."""
_CONSISTENT = 1.4826
"""Makes the median absolute deviation of a normal distribution its standard deviation."""
_NARROWEST = 0.15
"""Times are rounded: where nearly all are the same, a little more or less is no news."""


class Elsewhere(Exception):
    """What is usual is not known yet, and cannot be looked up from here: a thread beside the worker's has no transaction."""


class Usual:
    """What is usual by category and clock; `latest` gives the minutes, and is asked once for each, at the first time held against them."""

    def __init__(self, latest: Callable[[str, str], list[int]]) -> None:
        self._latest = latest
        self._known: dict[tuple[str, str], tuple[float, float] | None] = {}

    def is_strange(self, category: str, clock: str, minutes: int) -> bool:
        """Whether these minutes have a robust z beyond `STRANGE`; never where fewer than `FEWEST` times are known."""
        key = (category, clock)
        if key not in self._known:
            self._known[key] = _middle_and_spread(self._latest(category, clock))
        known = self._known[key]
        return known is not None and abs(log(minutes) - known[0]) > STRANGE * known[1]


def at(site: Site) -> Usual:
    """The site's own latest observed minutes, at most `LATEST`, found through the index of procedures by category and month."""

    home = get_ident()

    def latest(category: str, clock: str) -> list[int]:
        if get_ident() != home:
            raise Elsewhere
        times = ProcedureTime.objects.filter(site=site, procedure__site=site, procedure__category=category, clock=clock)
        observed = times.exclude(source=TimeSource.RECALL).order_by("-procedure__performed_month")
        return list(observed.values_list("minutes", flat=True)[:LATEST])

    return Usual(latest)


def _middle_and_spread(minutes: list[int]) -> tuple[float, float] | None:
    if len(minutes) < FEWEST:
        return None
    logs = [log(value) for value in minutes]
    middle = median(logs)
    return middle, max(_CONSISTENT * median(abs(value - middle) for value in logs), _NARROWEST)
