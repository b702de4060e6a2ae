"""How far the data of each site can be trusted: what is known, and which times, cases and baselines ask for a second look.

Nothing here is left out of any figure: each number asks.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from registry.models import Baseline
from registry.models.case import due_on
from registry.statistics.compared import SPECIALTY
from registry.statistics.confounding import OLD_AFTER, months_between
from registry.statistics.fields_known import asked_cases
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.models import NearDuplicateCell, ProcedureCell
from registry.statistics.quality import Heaping, asks_about_spread, heaping, usual_of, verdict
from registry.statistics.reading import WITH_PRINT, Reading, arm_of

Place = tuple[str, str]
"""A procedure category, or a specialty, and a clock."""


@dataclass
class Trust:
    """What is known of one site's data. Times are observed ones, by every clock; recalled ones are counted apart."""

    site_id: int
    due: int = 0
    timed: int = 0
    recalled: int = 0
    times: Histogram = EMPTY
    judged: int = 0
    queries: int = 0
    blocks: int = 0
    compared: int = 0
    near_duplicates: int = 0
    baselines: list[Baseline] = field(default_factory=list)
    spread_asked: int = 0
    outdated: int = 0

    @property
    def heaping(self) -> Heaping:
        return heaping(self.times)


class _Sites(dict[int, Trust]):
    """A site is there as soon as it is asked for."""

    def __missing__(self, site_id: int) -> Trust:
        return self.setdefault(site_id, Trust(site_id))


def trust(reading: Reading) -> list[Trust]:
    """One for each site of the scope that has a case, by code."""
    found = _Sites()
    _cases(reading, found)
    _times(reading, found)
    for row in reading.sums(NearDuplicateCell, ("site_id",), ("compared", "pairs")):
        found[row["site_id"]].compared += row["compared"]
        found[row["site_id"]].near_duplicates += row["pairs"]
    months = printed_months(reading)
    for site_id, each in found.items():
        _baselines(reading, each, {key: value for key, value in months.items() if key[0] == site_id})
    return sorted(found.values(), key=lambda each: str(reading.sites[each.site_id].code))


def _cases(reading: Reading, found: _Sites) -> None:
    """Cases that ask for an outcome, of months that are due: how many have an OR time, how many a recalled one alone."""
    today = reading.cut_off.date()
    for row in reading.once(asked_cases):
        each = found[row["site_id"]]
        if row["expects_outcome"] and today >= due_on(row["month"], by_year=reading.by_year):
            each.due += row["n_cases"]
            each.timed += row["n_with_or_time"]
            each.recalled += row["n_with_recall_only"]


def _times(reading: Reading, found: _Sites) -> None:
    """Each time is held against all of its procedure and clock in the scope, below 20 of them against its specialty's."""
    by_place: dict[Place, dict[int, Histogram]] = defaultdict(dict)
    of_specialty: dict[Place, Histogram] = defaultdict(lambda: EMPTY)
    for (site_id, category, clock), timed in reading.timed.items():
        observed = sum(timed.observed.values(), EMPTY)
        by_place[category, clock][site_id] = observed
        of_specialty[SPECIALTY.get(category, ""), clock] += observed
        found[site_id].times += observed
    for (category, clock), sites in by_place.items():
        known = usual_of(sum(sites.values(), EMPTY), of_specialty[SPECIALTY.get(category, ""), clock])
        for site_id, observed in sites.items() if known else ():
            each = found[site_id]
            each.judged += observed.n
            for minutes, count in observed.counts.items():
                said = verdict(known.z(minutes)) if known else ""
                each.queries += count if said else 0
                each.blocks += count if said == "block" else 0


Months = dict[tuple[int, str], date]
"""By site and category."""


def printed_months(reading: Reading) -> Months:
    """The month of the median printed case (the earlier of two)."""
    counts: dict[tuple[int, str], Counter[date]] = defaultdict(Counter)
    for row in reading.sums(ProcedureCell, ("site_id", "category", "object_kind", "print_decision", "month"), ("n",)):
        if arm_of(row["object_kind"], row["print_decision"]) == WITH_PRINT:
            counts[row["site_id"], row["category"]][row["month"]] += row["n"]
    return {key: sorted(months.elements())[(months.total() - 1) // 2] for key, months in counts.items()}


def _baselines(reading: Reading, each: Trust, months: Months) -> None:
    """Those in force whose SD looks wrong, and those that end more than 24 months before the median print of their procedure."""
    for (site_id, category, _), rows in reading.baselines.items():
        for row in rows if site_id == each.site_id else ():
            each.baselines.append(row)
            each.spread_asked += bool(row.sd is not None and asks_about_spread(float(row.mean), float(row.sd)))
            median = months.get((site_id, category))
            each.outdated += bool(median and months_between(row.period_end, median) > OLD_AFTER)
