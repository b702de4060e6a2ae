"""Cells, added up for one scope and period: by the database where numbers add, by `Histogram` where minutes do."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import Aggregate, Min, QuerySet, Sum
from django.utils.timezone import now

from registry.models import Baseline, Deployment, Site
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
class Timed:
    """The times of one site, category and clock: by arm, observed ones apart from how many were only recalled."""

    observed: Mapping[str, Histogram]
    recalled: Mapping[str, int]


Key = tuple[int, str, str]


def arm_of(object_kind: str, print_decision: str) -> str:
    """Which arm a case belongs to. A print that was made counts as one whether or not it was used in the room."""
    if object_kind == ObjectKind.NONE:
        return WITHOUT_PRINT
    made = object_kind != ObjectKind.DIGITAL_ONLY and print_decision == PrintDecision.PRINTED
    return WITH_PRINT if made else NOT_PRINTED


class Reading:
    """The cells of a scope and period. Open it inside a transaction that may see them."""

    def __init__(self, scope: Scope, period: Period | None) -> None:
        self.scope, self.period = scope, period

    def _of(self, model: type[Cell]) -> QuerySet[Any]:
        cells = model.objects.all() if self.scope.site_id is None else model.objects.filter(site_id=self.scope.site_id)
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
    def timed(self) -> dict[Key, Timed]:
        """By (site, category, clock). Recalled minutes are counted, never mixed with observed ones."""
        key = ("site_id", "category", "clock", "object_kind", "print_decision", "source")
        packed: dict[Key, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        recalled: dict[Key, Counter[str]] = defaultdict(Counter)
        for site_id, category, clock, kind, decision, source, blob, n in (
            self._of(MinutesCell)
            .values_list(*key)
            .annotate(packed=Joined("histogram"), counted=Sum("n"))
            .order_by(*key)
        ):
            arm, place = arm_of(kind, decision), (site_id, category, clock)
            if source == TimeSource.RECALL:
                recalled[place][arm] += n
            else:
                packed[place][arm].append(blob)
        return {
            place: Timed({arm: Histogram.unpacked(blobs) for arm, blobs in packed[place].items()}, recalled[place])
            for place in sorted({*packed, *recalled})
        }

    @cached_property
    def printed_by_month(self) -> dict[Key, dict[date, Histogram]]:
        """The observed minutes of cases with a print, by (site, category, clock) and month, in order; months without one are absent."""
        key = ("site_id", "category", "clock", "month", "object_kind", "print_decision")
        packed: dict[Key, dict[date, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        # Controls are most of the cells: the database need not join theirs.
        rows = self._of(MinutesCell).exclude(source=TimeSource.RECALL).filter(print_decision=PrintDecision.PRINTED)
        joined = rows.values_list(*key).annotate(packed=Joined("histogram")).order_by(*key)
        for site_id, category, clock, month, kind, decision, blob in joined:
            if arm_of(kind, decision) == WITH_PRINT:
                packed[site_id, category, clock][month].append(blob)
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
    def baselines(self) -> dict[Key, list[Baseline]]:
        """The baselines in force by (site, category, clock): a site's own before matched controls, literature last."""
        order = [ComparatorKind.SITE_BASELINE, ComparatorKind.MATCHED_CONTROL, ComparatorKind.LITERATURE]
        found: dict[Key, list[Baseline]] = defaultdict(list)
        rows = Baseline.objects.filter(superseded_at__isnull=True)
        if self.scope.site_id is not None:
            rows = rows.filter(site_id=self.scope.site_id)
        for row in sorted(rows, key=lambda row: (order.index(ComparatorKind(row.kind)), -row.version)):
            found[row.site_id, row.category, row.clock].append(row)
        return found

    @cached_property
    def sites(self) -> dict[int, Site]:
        """The live sites of the scope: their codes, what their data are, and their currency."""
        rows = Site.objects.live().only("code", "is_synthetic", "data_note", "currency")
        return {site.pk: site for site in (rows if self.scope.site_id is None else rows.filter(pk=self.scope.site_id))}

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
        stale = StaleMonth.objects.all()
        if self.scope.site_id is not None:
            stale = stale.filter(site_id=self.scope.site_id)
        oldest: datetime | None = stale.aggregate(oldest=Min("marked_at"))["oldest"]
        return oldest or now()


def histogram_of(timed: Timed | None, arm: str) -> Histogram:
    """The observed minutes of an arm; an empty histogram where there are none."""
    return EMPTY if timed is None else timed.observed.get(arm, EMPTY)
