"""Cells, added up for one scope and period: by the database where numbers add, by `Histogram` where minutes do."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from statistics import median_low
from typing import Any, Generic, TypeVar

from django.db.models import Aggregate, Min, Q, QuerySet, Sum
from django.utils.timezone import now

from registry.models import Baseline, CostRate, Deployment, Site
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.models import (
    CaseCell,
    Cell,
    CostCell,
    EffortCell,
    KnownCell,
    MinutesCell,
    ProcedureCell,
    StaleMonth,
)
from registry.statistics.moments import Moments
from registry.statistics.provenance import Provenance
from registry.statistics.results import Period, Scope
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import ComparatorKind, TimeSource
from registry.vocabulary.workflow import PrintDecision, PrivacyMode

WITH_PRINT, WITHOUT_PRINT, NOT_PRINTED = "with_print", "without_print", "not_printed"
ARMS = {
    WITH_PRINT: "With a print",
    WITHOUT_PRINT: "Without a print (control)",
    NOT_PRINTED: "Requested, not printed",
}


A = TypeVar("A")


@dataclass(frozen=True)
class Known(Generic[A]):
    """The values that are known, and how many said that they do not know."""

    values: A
    unknown: int


class Joined(Aggregate):
    """Packed histograms put end to end: unpacking the whole gives their union."""

    template = "string_agg(%(expressions)s, ''::bytea)"


@dataclass(frozen=True)
class Minutes:
    """A packed histogram of `n` times that are alike in all of this, and over all months of the period."""

    site_id: int
    category: str
    clock: str
    complexity: str
    object_kind: str
    print_decision: str
    source: str
    used_in_or: str
    early: bool
    packed: bytes
    n: int

    @property
    def arm(self) -> str:
        return arm_of(self.object_kind, self.print_decision)


@dataclass(frozen=True)
class Timed:
    """The times of one site, category and clock: by arm, observed ones apart from how many were only recalled."""

    observed: Mapping[str, Histogram]
    recalled: Mapping[str, int]


Key = tuple[int, str, str]


MADE = Q(print_decision=PrintDecision.PRINTED) & ~Q(object_kind__in=[ObjectKind.NONE, ObjectKind.DIGITAL_ONLY])
"""The cells of the arm with a print, as `arm_of` tells them."""


def arm_of(object_kind: str, print_decision: str) -> str:
    """Which arm a case belongs to. A print that was made counts as one whether or not it was used in the room."""
    if object_kind == ObjectKind.NONE:
        return WITHOUT_PRINT
    made = object_kind != ObjectKind.DIGITAL_ONLY and print_decision == PrintDecision.PRINTED
    return WITH_PRINT if made else NOT_PRINTED


class Reading:
    """The cells of a scope and period. Open it inside a transaction that may see them.

    `others` are the cells of other sites, for a measure that is declared to stand beside them and for no other.
    """

    def __init__(self, scope: Scope, period: Period | None, others: "Reading | None" = None) -> None:
        self.scope, self.period, self._others = scope, period, others
        self._computed: dict[Callable[..., Any], Any] = {}

    @property
    def others(self) -> "Reading":
        """Raises LookupError for a measure that is not declared to stand beside others."""
        if self._others is None:
            raise LookupError("This reading has no other sites.")
        return self._others

    def once(self, compute: "Callable[[Reading], A]") -> A:
        """What `compute` gives for this reading, computed once however many measures of a page ask."""
        if compute not in self._computed:
            self._computed[compute] = compute(self)
        found: A = self._computed[compute]
        return found

    def _of(self, model: type[Cell]) -> QuerySet[Any]:
        cells = self.scope.chosen(model.objects.all())
        return cells if self.period is None else cells.filter(month__gte=self.period.first, month__lte=self.period.last)

    def sums(self, model: type[Cell], by: Iterable[str], of: Iterable[str]) -> list[dict[str, Any]]:
        """The sums of counts by these parts of the key, in the order of the key."""
        by = tuple(by)
        return list(self._of(model).values(*by).annotate(**{name: Sum(name) for name in of}).order_by(*by))

    def cases(self, *by: str) -> list[dict[str, Any]]:
        """Cases that asked for an object, by these parts of the key and site. Controls never count in case mix or effort."""
        asked = self._of(CaseCell).exclude(object_kind=ObjectKind.NONE)
        counts = ("n_cases", "n_with_or_time", "n_with_recall_only", "n_awaiting")
        return list(
            asked.values("site_id", *by).annotate(**{name: Sum(name) for name in counts}).order_by("site_id", *by)
        )

    def effort(self) -> dict[tuple[str, str], tuple[Histogram, int, set[int]]]:
        """By (activity, staff): known minutes, how many did not know, and the sites that said either."""
        rows = (
            self._of(EffortCell)
            .values_list("activity", "staff", "site_id")
            .annotate(packed=Joined("histogram"), not_known=Sum("n_unknown"))
        )
        joined: dict[tuple[str, str], list[tuple[bytes, int, int]]] = defaultdict(list)
        for activity, staff, site_id, packed, unknown in rows:
            joined[activity, staff].append((packed, unknown, site_id))
        return {
            key: (
                Histogram.unpacked(packed for packed, _, _ in said),
                sum(n for _, n, _ in said),
                {site for _, _, site in said},
            )
            for key, said in joined.items()
        }

    def known(self, model: type[KnownCell], *by: str) -> dict[tuple[Any, ...], Known[Histogram]]:
        """By site and these parts of the key."""
        key = ("site_id", *by)
        rows = self._of(model).values_list(*key).annotate(packed=Joined("histogram"), not_known=Sum("n_unknown"))
        return {
            tuple(place): Known(Histogram.unpacked([packed]), unknown)
            for *place, packed, unknown in rows.order_by(*key)
        }

    def costs(self) -> dict[tuple[int, str, str], Known[Moments]]:
        """Material cost by (site, grouping, group), in the site's currency."""
        sums = ("n_known", "total", "squares", "n_unknown")
        return {
            (row["site_id"], row["grouping"], row["group"]): Known(
                Moments.stated(row["n_known"], row["total"], row["squares"]), row["n_unknown"]
            )
            for row in self.sums(CostCell, ("site_id", "grouping", "group"), sums)
        }

    @cached_property
    def cases_with_a_print(self) -> Counter[int]:
        """Cases with a print number 1, by site."""
        found: Counter[int] = Counter()
        for row in self.sums(CaseCell, ("site_id", "process"), ("n_cases",)):
            if row["process"]:
                found[row["site_id"]] += row["n_cases"]
        return found

    @cached_property
    def minutes(self) -> Sequence[Minutes]:
        """Every time, by all that tells times apart."""
        key = "site_id category clock complexity object_kind print_decision source used_in_or early".split()
        cells = self._of(MinutesCell).values_list(*key)
        return [Minutes(*row) for row in cells.annotate(packed=Joined("histogram"), counted=Sum("n")).order_by(*key)]

    def otherwise(self, minutes: Sequence[Minutes], baselines: "dict[Key, list[Baseline]] | None" = None) -> "Reading":
        """The same procedures and sites, but only these of the minutes, and these baselines (None: all): a question asked otherwise."""
        other = Reading(self.scope, self.period)
        other.minutes = minutes
        other.baselines = self.baselines if baselines is None else baselines
        other.procedures, other.sites = self.procedures, self.sites
        return other

    @cached_property
    def timed_by_complexity(self) -> dict[Key, dict[str, Timed]]:
        """By (site, category, clock), then by complexity ("" = not known). Recalled minutes are counted, never mixed with observed ones."""
        packed: dict[tuple[Key, str], dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        recalled: dict[tuple[Key, str], Counter[str]] = defaultdict(Counter)
        for each in self.minutes:
            place = ((each.site_id, each.category, each.clock), each.complexity)
            if each.source == TimeSource.RECALL:
                recalled[place][each.arm] += each.n
            else:
                packed[place][each.arm].append(each.packed)
        found: dict[Key, dict[str, Timed]] = defaultdict(dict)
        for both in sorted({*packed, *recalled}):
            observed = {arm: Histogram.unpacked(blobs) for arm, blobs in packed[both].items()}
            found[both[0]][both[1]] = Timed(observed, recalled[both])
        return dict(found)

    @cached_property
    def timed(self) -> dict[Key, Timed]:
        """By (site, category, clock), whatever the complexity."""
        return {place: together(parts.values()) for place, parts in self.timed_by_complexity.items()}

    @cached_property
    def printed_by_month(self) -> dict[Key, dict[date, Histogram]]:
        """The observed minutes of cases with a print, by (site, category, clock) and month, in order; months without one are absent."""
        key = ("site_id", "category", "clock", "month")
        packed: dict[Key, dict[date, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        # Controls are most of the cells: the database need not join theirs.
        rows = self._of(MinutesCell).filter(MADE).exclude(source=TimeSource.RECALL)
        for *place, month, blob in rows.values_list(*key).annotate(packed=Joined("histogram")).order_by(*key):
            packed[tuple(place)][month].append(blob)
        return {
            place: {month: Histogram.unpacked(blobs) for month, blobs in months.items()}
            for place, months in packed.items()
        }

    @cached_property
    def procedures(self) -> Counter[tuple[int, str, str]]:
        """Procedures recorded, timed or not, by (site, category, arm)."""
        found: Counter[tuple[int, str, str]] = Counter()
        for row in self.sums(ProcedureCell, ("site_id", "category", "object_kind", "print_decision"), ("n",)):
            found[row["site_id"], row["category"], arm_of(row["object_kind"], row["print_decision"])] += row["n"]
        return found

    @cached_property
    def median_print(self) -> date | None:
        """The month of the median printed case with its procedure recorded; None where there is none."""
        printed = self._of(ProcedureCell).filter(MADE)
        months = Counter(dict(printed.values_list("month").annotate(counted=Sum("n"))))
        return median_low(months.elements()) if months else None

    @cached_property
    def baselines(self) -> dict[Key, list[Baseline]]:
        """The baselines in force by (site, category, clock): a site's own before matched controls, literature last."""
        order = [ComparatorKind.SITE_BASELINE, ComparatorKind.MATCHED_CONTROL, ComparatorKind.LITERATURE]
        found: dict[Key, list[Baseline]] = defaultdict(list)
        rows = self.scope.chosen(Baseline.objects.filter(superseded_at__isnull=True))
        for row in sorted(rows, key=lambda row: (order.index(ComparatorKind(row.kind)), -row.version)):
            found[row.site_id, row.category, row.clock].append(row)
        return found

    @cached_property
    def rates(self) -> dict[int, CostRate]:
        """The costs in force by site: what it said last."""
        return {row.site_id: row for row in self.scope.chosen(CostRate.objects.order_by("version"))}

    @cached_property
    def printed(self) -> dict[int, Counter[date]]:
        """Printed cases by site and month, up to the end of the period and from the beginning: a year of prints may begin before it."""
        cells = self.scope.chosen(CaseCell.objects.filter(MADE))
        if self.period is not None:
            cells = cells.filter(month__lte=self.period.last)
        found: dict[int, Counter[date]] = defaultdict(Counter)
        for site_id, month, n in cells.values_list("site_id", "month").annotate(n=Sum("n_cases")):
            found[site_id][month] = n
        return found

    @cached_property
    def sites(self) -> dict[int, Site]:
        """The live sites of the scope: their codes, what their data are, their currency and their fixed cost."""
        rows = Site.objects.live().only("code", "is_synthetic", "data_note", "currency", "annual_fixed_cost")
        return {site.pk: site for site in self.scope.chosen(rows, "pk")}

    def data_of(self, site_ids: Iterable[int]) -> Provenance:
        """From whose data a figure is that these sites feed."""
        return Provenance.of(self.sites[site_id] for site_id in set(site_ids))

    @cached_property
    def by_year(self) -> bool:
        """Whether the registry keeps years only: then each month of a cell stands for its year."""
        return Deployment.objects.filter(privacy_mode=PrivacyMode.SAFE_HARBOR).exists()

    @cached_property
    def cut_off(self) -> datetime:
        """Every change recorded before this moment is counted: that of the oldest stale mark, else now."""
        stale = self.scope.chosen(StaleMonth.objects.all())
        oldest: datetime | None = stale.aggregate(oldest=Min("marked_at"))["oldest"]
        return oldest or now()


def together(parts: Iterable[Timed]) -> Timed:
    """Their union."""
    observed: dict[str, Histogram] = defaultdict(lambda: EMPTY)
    recalled: Counter[str] = Counter()
    for part in parts:
        recalled.update(part.recalled)
        for arm, histogram in part.observed.items():
            observed[arm] += histogram
    return Timed(dict(observed), recalled)


def histogram_of(timed: Timed | None, arm: str) -> Histogram:
    """The observed minutes of an arm; an empty histogram where there are none."""
    return EMPTY if timed is None else timed.observed.get(arm, EMPTY)
