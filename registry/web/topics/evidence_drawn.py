"""The figures of the evidence page: what was published in groups of quiet ink, the registry's own below, all on one scale."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from registry.statistics.counts import CLOCK, KIND
from registry.statistics.ladder import Part, shown
from registry.statistics.literature import (
    ESTIMATED,
    OPERATION_TIME,
    POOLS,
    Effect,
    Study,
    Together,
    effects,
    pools,
    studies,
)
from registry.statistics.literature_tables import POOLED_KINDS
from registry.statistics.provenance import BOTH, SYNTHETIC
from registry.statistics.results import Row, Scope, Statistic
from registry.statistics.savings import ALL
from registry.vocabulary.manufacturing import ObjectKind
from registry.web.charts.forest import Entry, Group, forest, span
from registry.web.charts.frame import Figure
from registry.web.numbers import minutes
from registry.web.panels import label, main_clock, number

AXIS = "Minutes saved a case, with 95% interval"
KIND_TITLES = {
    ObjectKind.ANATOMIC_MODEL: "Published, anatomic models, operation time",
    ObjectKind.ANATOMIC_GUIDE: "Published, anatomic guides, operation time",
}
OWN_DATA = {
    SYNTHETIC: ": SYNTHETIC demonstration data, no evidence",
    BOTH: ": partly SYNTHETIC demonstration data, no evidence",
}
LABELS = {SYNTHETIC: ", synthetic", BOTH: ", partly synthetic"}


def figure(result: Statistic) -> Figure:
    """Published studies by kind with their pools, what is by other clocks or without one, and the registry's kinds last."""
    return forest([*_published(), *_own(result)], title=AXIS, domain=_scale())


def effects_figure(_: Statistic) -> Figure:
    """Published effects in minutes, by what they rest on, on the scale of `figure`."""
    return forest(list(_effect_groups()), title=AXIS, domain=_scale())


def _scale() -> tuple[float, float]:
    """One scale for all that is published."""
    return span([*_published(), *_effect_groups()])


def _published() -> Iterator[Group]:
    by_kind = {POOLED_KINDS[each.key]: each for each in pools() if each.key in POOLED_KINDS}
    for kind, title in KIND_TITLES.items():
        own = [study for study in studies() if study.object_kind == kind and study.clock == OPERATION_TIME]
        pooled = [_effect(effect) for effect in effects() if effect.object_kind == kind]
        yield Group(title, (*_marks(own), _pool(by_kind[str(kind)]), *pooled))
    rest = [study for study in studies() if study.object_kind not in KIND_TITLES]
    eight = [each for each in pools() if each.key not in POOLED_KINDS]
    yield Group("Published, models, guides and a plate, operation time", (*_marks(rest), *map(_pool, eight)))
    yield Group("Published, by other clocks", _marks([study for study in studies() if study.clock != OPERATION_TIME]))


def _marks(found: Sequence[Study]) -> tuple[Entry, ...]:
    return tuple(_study(study) for study in found if study.difference.estimate is not None)


def _study(study: Study) -> Entry:
    found = study.difference
    clock = "" if study.clock == OPERATION_TIME else f", {CLOCK.text(study.clock)}"
    said = f"{study.study}, {study.procedure}{clock}: {_numbers(found.estimate, found.low, found.high)}, published"
    return Entry(study.study, "square", float(found.estimate or 0), found.low, found.high, said)


def _pool(together: Together) -> Entry:
    found, parts = together.pooled, shown(together.pooled.k).parts
    name = (
        f"{POOLS[together.key]}, pooled ({found.k})"
        if together.key in POOLED_KINDS
        else f"{POOLS[together.key]}, pooled"
    )
    outer = None
    if Part.PREDICTION in parts and found.prediction_low is not None and found.prediction_high is not None:
        outer = (found.prediction_low, found.prediction_high)
    said = f"{name}: {_numbers(found.estimate, found.low, found.high)}, published studies combined here"
    return Entry(name, "diamond", found.estimate or 0.0, found.low, found.high, said, outer)


def _effect_groups() -> Iterator[Group]:
    known = [effect for effect in effects() if effect.in_minutes]
    yield Group("Published, observed times", tuple(_effect(each) for each in known if each.basis != ESTIMATED))
    yield Group("Published, what users estimated", tuple(_effect(each) for each in known if each.basis == ESTIMATED))


def _effect(effect: Effect) -> Entry:
    low, high = (None if value is None else float(value) for value in (effect.low, effect.high))
    said = f"{effect.study}, {effect.scope}: {_numbers(effect.estimate, low, high)}, published"
    return Entry(effect.study, "diamond", float(effect.estimate or 0), low, high, said)


def _numbers(estimate: Fraction | float | None, low: float | None, high: float | None) -> str:
    sure = "no interval" if low is None or high is None else f"95% interval {minutes(low)} to {minutes(high)}"
    return f"{minutes(estimate or 0)} minutes saved, {sure}"


def _own(result: Statistic) -> Iterator[Group]:
    """The registry's own lines by its main clock; nothing where none has an estimate."""
    main, _ = main_clock(result.rows)
    marks = [mark for row in main for mark in _own_marks(result, row)]
    if marks:
        who = "This registry" if result.scope == Scope.registry().label else f"This registry, site {result.scope}"
        clock = str(CLOCK.text(main[0]["clock"])).partition(" (")[0].lower()
        yield Group(f"{who}, {clock}{OWN_DATA.get(result.data.kind, '')}", tuple(marks), own=True)


def _own_marks(result: Statistic, row: Row) -> Iterator[Entry]:
    name = f"{label(result, row, KIND.name)}{LABELS.get(str(row['data']), '')}"
    estimate, low, high = (number(row, part) for part in ("saved", "low", "high"))
    if estimate is not None:
        yield Entry(name, "circle", estimate, low, high, f"{name}: {_numbers(estimate, low, high)}")
    average, low, high, new_low, new_high = (
        number(row, part) for part in ("average", "average_low", "average_high", "new_low", "new_high")
    )
    if average is not None and row[KIND.name] == ALL:
        outer = None if new_low is None or new_high is None else (new_low, new_high)
        said = f"{name}, average over sites"
        yield Entry(said, "diamond", average, low, high, f"{said}: {_numbers(average, low, high)}", outer)
