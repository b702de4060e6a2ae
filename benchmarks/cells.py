"""Drawn cases counted into cells and stored: whole columns at a time, as the refresh would have counted their rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.drawn import CATEGORIES, COMPLEXITIES, KINDS, PROCESSES, SOURCES, SYSTEMS, USED, Cases, Column
from registry.management.demo.plan import PLANTED
from registry.statistics.models import (
    CELLS,
    DEFINITION_VERSION,
    ESTIMATE,
    AgeCell,
    AssessmentCell,
    CaseCell,
    Cell,
    CodeCell,
    CodedMinutesCell,
    CodeRuleCell,
    CostCell,
    EffortCell,
    HoursCell,
    MinutesCell,
    NearDuplicateCell,
    PrintCell,
    ProcedureCell,
    TurnaroundCell,
)
from registry.vocabulary.billing import BillingGroup
from registry.vocabulary.clinic import LIKERT_ITEMS
from registry.vocabulary.manufacturing import EffortActivity, ObjectKind

FIRST = date(2022, 1, 1)
ENTRY = np.dtype([("minute", "<u2"), ("count", "<u4")])
DECISIONS = ["", "printed"]
GROUPS: dict[str, str] = {
    ObjectKind.ANATOMIC_MODEL: BillingGroup.MODEL,
    ObjectKind.ANATOMIC_GUIDE: BillingGroup.GUIDE,
    ObjectKind.BOTH: BillingGroup.BOTH,
}
SYSTEM_OF = np.array([SYSTEMS.index(planted.organ_system) for planted in PLANTED])


@dataclass(frozen=True)
class Part:
    """One part of a cell's key: its name, its words, and which of them each case has."""

    name: str
    words: Sequence[Any]
    place: Column


def stored(cases: Cases, site_ids: Sequence[int], *, seed: int) -> dict[str, int]:
    """All cells there are, are those of `cases`; returns how many of each kind. Run as the statistics role."""
    random = np.random.default_rng(seed)
    counts = {}
    for model in CELLS:
        model.objects.all().delete()
    for make in (
        _minutes,
        _cases,
        _procedures,
        _ages,
        _efforts,
        _prints,
        _hours,
        _costs,
        _turnarounds,
        _answers,
        _codes,
        _rules,
        _coded_minutes,
        _near_duplicates,
    ):
        cells = list(make(cases, site_ids, random))
        type(cells[0]).objects.bulk_create(cells, batch_size=2000)
        counts[type(cells[0]).__name__] = len(cells)
    return counts


def _place(cases: Cases, site_ids: Sequence[int]) -> list[Part]:
    months = [date(FIRST.year + number // 12, number % 12 + 1, 1) for number in range(int(cases.month.max()) + 1)]
    return [Part("site_id", site_ids, cases.site), Part("month", months, cases.month)]


def _arm(cases: Cases) -> list[Part]:
    return [Part("object_kind", KINDS, cases.kind), Part("print_decision", DECISIONS, cases.printed.astype(np.int64))]


def _group(cases: Cases) -> Part:
    """The billing group of each case: every model and guide bears its code, and a control has none."""
    return Part("billing_group", [GROUPS.get(kind, "") for kind in KINDS], cases.kind)


def _joined(parts: Sequence[Part]) -> tuple[Column, tuple[int, ...]]:
    """Each case's key as one number, and how many words each part has."""
    shape = tuple(len(part.words) for part in parts)
    return np.ravel_multi_index([part.place for part in parts], shape), shape


def _named(parts: Sequence[Part], key: int, shape: tuple[int, ...]) -> dict[str, Any]:
    places = np.unravel_index(key, shape)
    named = {part.name: part.words[int(place)] for part, place in zip(parts, places, strict=True)}
    return {**named, "definition_version": DEFINITION_VERSION}


def _sums(parts: Sequence[Part], *weights: Any) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Each key that occurs with the sums of these weights."""
    joined, shape = _joined(parts)
    keys, inverse = np.unique(joined, return_inverse=True)
    sums = [np.bincount(inverse, weights=each, minlength=len(keys)) for each in weights]
    for place, key in enumerate(keys):
        yield _named(parts, int(key), shape), [round(each[place]) for each in sums]


def _histograms(parts: Sequence[Part], values: Column) -> Iterator[tuple[dict[str, Any], bytes, int]]:
    """Each key that occurs with its packed histogram and n."""
    joined, shape = _joined(parts)
    width = int(values.max()) + 1
    both, counts = np.unique(joined * width + values, return_counts=True)
    keys, entries = both // width, np.empty(len(both), dtype=ENTRY)
    entries["minute"], entries["count"] = both % width, counts
    starts = [*np.flatnonzero(np.diff(keys, prepend=-1)), len(keys)]
    for start, end in pairwise(starts):
        part = entries[start:end]
        yield _named(parts, int(keys[start]), shape), part.tobytes(), int(part["count"].sum())


def _known(model: Any, parts: Sequence[Part], values: Column) -> Iterator[Cell]:
    for named, packed, n in _histograms(parts, values):
        yield model(**named, histogram=packed, n_known=n, n_unknown=n // 20)


def _minutes(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    """In the room for all that are timed, and incision to closure for a third of them."""
    timed = cases.of(cases.timed > 0)
    third = timed.of(random.random(len(timed.site)) < 1 / 3)
    for clock, of, less in (("in_room", timed, 0), ("incision_closure", third, 40)):
        parts = [
            *_place(of, site_ids),
            *_arm(of),
            Part("category", CATEGORIES, of.category),
            Part("complexity", COMPLEXITIES, of.complexity),
            Part("process", PROCESSES, of.process),
            Part("source", SOURCES, of.source),
            Part("used_in_or", USED, of.used),
        ]
        for named, packed, n in _histograms(parts, np.maximum(of.minutes - less, 5)):
            yield MinutesCell(**named, clock=clock, early=False, histogram=packed, n=n)


def _cases(cases: Cases, site_ids: Sequence[int], _: Any) -> Iterator[Cell]:
    waits = cases.printed.astype(np.int64)
    parts = [
        *_place(cases, site_ids),
        *_arm(cases),
        Part("organ_system", ["", *SYSTEMS], np.where(cases.printed, 1 + SYSTEM_OF[cases.category], 0)),
        Part("process", PROCESSES, cases.process),
        Part("expects_outcome", [False, True], waits),
        _group(cases),
    ]
    recalled = cases.source == SOURCES.index("recall")
    flags = (cases.timed * ~recalled, cases.timed * recalled, waits * (1 - cases.timed))
    for named, (n, observed, only_recalled, awaiting) in _sums(parts, np.ones(len(waits)), *flags):
        yield CaseCell(
            **named, n_cases=n, n_with_or_time=observed, n_with_recall_only=only_recalled, n_awaiting=awaiting
        )


def _procedures(cases: Cases, site_ids: Sequence[int], _: Any) -> Iterator[Cell]:
    parts = [*_place(cases, site_ids), *_arm(cases), Part("category", CATEGORIES, cases.category)]
    for named, (n,) in _sums(parts, np.ones(len(cases.site))):
        yield ProcedureCell(**named, n=n)


def _ages(cases: Cases, site_ids: Sequence[int], _: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    return _known(AgeCell, [*_place(printed, site_ids), *_arm(printed)], printed.age)


def _efforts(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    activities = [*EffortActivity.values, ""]
    for staff in ("clinician", "non_clinician"):
        total = np.zeros(len(printed.site), dtype=np.int64)
        for activity in activities:
            minutes = random.integers(0, 120, len(total)) if activity else total
            total = total + minutes
            parts = [
                *_place(printed, site_ids),
                Part("object_kind", KINDS, printed.kind),
                Part("activity", [activity], np.zeros(len(total), dtype=np.int64)),
                Part("staff", [staff], np.zeros(len(total), dtype=np.int64)),
            ]
            yield from _known(EffortCell, parts, minutes)


def _groups(printed: Cases) -> Iterator[list[Part]]:
    """Each print under its process, and once under the class of its material."""
    materials = ["photopolymer_rigid", "resin_biocompatible", "pa12", "pla"]
    nothing = np.zeros(len(printed.site), dtype=np.int64)
    for grouping, words, place in (
        ("process", PROCESSES, printed.process),
        ("material", materials, np.maximum(printed.process - 1, 0)),
    ):
        yield [Part("grouping", [grouping], nothing), Part("group", words, place)]


def _prints(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    n = len(printed.site)
    for group in _groups(printed):
        parts = [
            *_place(printed, site_ids),
            *group,
            Part("outcome", ["success", "reprint", "failed"], random.choice(3, n, p=[0.92, 0.05, 0.03])),
            Part("sterilised", ["yes", "no", "unknown", ""], random.choice(4, n, p=[0.4, 0.4, 0.1, 0.1])),
            Part("qa_result", ["pass", "rework", "not_done", ""], random.choice(4, n, p=[0.6, 0.1, 0.2, 0.1])),
        ]
        for named, (prints,) in _sums(parts, np.ones(n)):
            yield PrintCell(**named, n=prints, copies=prints)


def _hours(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    for group in _groups(printed):
        yield from _known(
            HoursCell, [*_place(printed, site_ids), *group], random.integers(100, 3000, len(printed.site))
        )


def _costs(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    for group in _groups(printed):
        cents = random.integers(500, 40000, len(printed.site)).astype(np.float64)
        for named, (n, total, squares) in _sums(
            [*_place(printed, site_ids), *group], np.ones(len(cents)), cents, cents**2
        ):
            yield CostCell(
                **named,
                n_known=n,
                total=Decimal(total).scaleb(-2),
                squares=Decimal(squares).scaleb(-4),
                n_unknown=n // 10,
            )


def _turnarounds(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    for group in _groups(printed):
        yield from _known(
            TurnaroundCell, [*_place(printed, site_ids), *group], random.integers(0, 7, len(printed.site))
        )


def _answers(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    asked = cases.of(cases.printed & (random.random(len(cases.site)) < 0.2))
    for item, scores in {**{item: [1, 2, 3, 4, 5] for item in LIKERT_ITEMS}, ESTIMATE: [-15, 0, 15, 30, 60]}.items():
        parts = [*_place(asked, site_ids), Part("score", scores, random.integers(0, 5, len(asked.site)))]
        for named, (n,) in _sums(parts, np.ones(len(asked.site))):
            yield AssessmentCell(**named, item=item, n=n)


def _codes(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    n = len(printed.site)
    parts = [
        *_place(printed, site_ids),
        Part("code", ["0559T", "0560T", "0561T", "0562T"], random.integers(0, 4, n)),
        Part("modifier", [""], np.zeros(n, dtype=np.int64)),
        Part("organ_system", SYSTEMS, SYSTEM_OF[printed.category]),
        Part("claim_status", ["", "paid", "denied"], random.integers(0, 3, n)),
        Part("claim", ["billed", "not_billed", "unknown"], random.integers(0, 3, n)),
    ]
    for named, (count, units) in _sums(parts, np.ones(n), random.integers(1, 4, n)):
        yield CodeCell(**named, n_cases=count, n_again=0, units=units)


def _rules(cases: Cases, site_ids: Sequence[int], random: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    n = len(printed.site)
    parts = [
        *_place(printed, site_ids),
        Part("code", ["0560T", "0562T"], random.integers(0, 2, n)),
        Part("rule", ["units-unlikely"], np.zeros(n, dtype=np.int64)),
    ]
    for named, (count, broken) in _sums(parts, np.ones(n), random.random(n) < 0.02):
        yield CodeRuleCell(**named, n=count, n_broken=broken)


def _coded_minutes(cases: Cases, site_ids: Sequence[int], _: Any) -> Iterator[Cell]:
    """Those in the room of printed cases, the observed ones alone."""
    printed = cases.of(cases.printed & (cases.timed > 0) & (cases.source != SOURCES.index("recall")))
    parts = [
        *_place(printed, site_ids),
        Part("category", CATEGORIES, printed.category),
        Part("complexity", COMPLEXITIES, printed.complexity),
        Part("organ_system", SYSTEMS, SYSTEM_OF[printed.category]),
        _group(printed),
    ]
    for named, packed, n in _histograms(parts, np.maximum(printed.minutes, 5)):
        yield CodedMinutesCell(**named, clock="in_room", histogram=packed, n_known=n, n_unknown=0)


def _near_duplicates(cases: Cases, site_ids: Sequence[int], _: Any) -> Iterator[Cell]:
    printed = cases.of(cases.printed)
    for named, (n,) in _sums(_place(printed, site_ids), np.ones(len(printed.site))):
        yield NearDuplicateCell(**named, compared=n, pairs=n // 50)
