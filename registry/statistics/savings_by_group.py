"""Minutes saved by kind of object and by specialty: the same strata and the same controls, for a part of the printed cases.

A control has no print, so it is a comparator of every kind: lines of several kinds share their controls and must not be added up.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet

from registry.statistics.across_sites import Across, across, in_minutes
from registry.statistics.compared import SPECIALTY
from registry.statistics.counts import CLOCK, DATA, KIND, RECALLED, SITES, share, words
from registry.statistics.ladder import Part
from registry.statistics.models import Cell
from registry.statistics.reading import Reading
from registry.statistics.results import Column, NoNumber, Result, Row, Value, number_or
from registry.statistics.savings import ALL, Line, lines, over_all
from registry.statistics.savings_tables import CAVEATS, COMPARATOR, result_of
from registry.vocabulary.clinic import Specialty
from registry.vocabulary.manufacturing import ObjectKind

KINDS = (ObjectKind.ANATOMIC_MODEL, ObjectKind.ANATOMIC_GUIDE, ObjectKind.BOTH)
SHARED = "Kinds share their controls, so their lines are not independent of each other and are not added up."
FIGURES = (
    CLOCK,
    COMPARATOR,
    Column("n", "Printed cases", "count"),
    Column("n_without", "Comparator cases", "count"),
    Column("saved", "Minutes saved a case", "saved"),
    Column("se", "Standard error", "minutes"),
    Column("df", "Degrees of freedom", "number"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    Column("average", "Average over sites", "saved"),
    Column("average_low", "Average, 95% from", "saved"),
    Column("average_high", "Average, 95% to", "saved"),
    Column("new_low", "New site, 95% from", "saved"),
    Column("new_high", "New site, 95% to", "saved"),
    Column("eligible", "Printed cases with the procedure recorded", "count"),
    Column("coverage", "Covered", "share"),
    RECALLED,
    SITES,
    DATA,
    Column("remark", "Remark"),
)
KIND_COLUMNS = (Column(KIND.name, KIND.heading, words={ALL: "All kinds", **KIND.words}), *FIGURES)
SPECIALTY_COLUMNS = (Column("specialty", "Specialty", words=words(Specialty)), *FIGURES)


class OfKind(Reading):
    """The same cells, with the printed cases of one kind of object alone, beside the same controls and baselines."""

    def __init__(self, whole: Reading, kind: str) -> None:
        super().__init__(whole.scope, whole.period)
        self.kind = kind
        self.sites, self.baselines = whole.sites, whole.baselines

    def _of(self, model: type[Cell]) -> QuerySet[Any]:
        return super()._of(model).filter(object_kind__in=(self.kind, ObjectKind.NONE))


class OfSpecialty(Reading):
    """The same times, of the procedures of one specialty alone."""

    def __init__(self, whole: Reading, specialty: str) -> None:
        super().__init__(whole.scope, whole.period)
        self.sites, self.baselines = whole.sites, whole.baselines
        times, procedures = whole.timed_by_complexity, whole.procedures
        self.timed_by_complexity = {key: each for key, each in times.items() if SPECIALTY.get(key[1]) == specialty}
        self.procedures = type(procedures)(
            {key: n for key, n in procedures.items() if SPECIALTY.get(key[1]) == specialty}
        )


def minutes_saved_by_kind(reading: Reading) -> Result:
    """For each clock a line over all kinds, then one for each kind that has a printed case with a time."""
    parts = {ALL: reading, **{kind.value: OfKind(reading, kind.value) for kind in KINDS}}
    return _by(reading, KIND_COLUMNS, parts, (SHARED, *CAVEATS))


def minutes_saved_by_specialty(reading: Reading) -> Result:
    """For each clock a line for each specialty that has a printed case with a time."""
    found = {SPECIALTY.get(key[1], "") for key in reading.timed_by_complexity}
    parts = {code: OfSpecialty(reading, code) for code in words(Specialty) if code in found}
    return _by(reading, SPECIALTY_COLUMNS, parts, CAVEATS)


def _by(
    reading: Reading, columns: tuple[Column, ...], parts: Mapping[str, Reading], caveats: tuple[str, ...]
) -> Result:
    """The line over all categories of each part; n, sites and coverage are those of the line over everything."""
    of_part = {code: _over_categories(part) for code, part in parts.items()}
    clocks = dict.fromkeys(clock for found in of_part.values() for clock in found)
    rows = [
        {columns[0].name: code, **_row(reading, *found[clock])}
        for clock in clocks
        for code, found in of_part.items()
        if clock in found
    ]
    return result_of(reading, reading.once(lines), rows, caveats)


def _over_categories(part: Reading) -> dict[str, tuple[Line, Across]]:
    """By clock: the line over all categories with its sites taken as given, and the average over sites in minutes."""
    averages = {line.clock: line for line in across(part, in_minutes, over_all=True) if line.category == ALL}
    return {line.clock: (line, averages[line.clock]) for line in over_all(part)}


def _row(reading: Reading, line: Line, average: Across) -> Row:
    found, pooled = line.difference, average.pooled
    known = partial(number_or, found.reason)

    def told(part: Part, value: float | None) -> Value:
        return value if average.may_say(part) and value is not None else NoNumber(average.rung.sentence)

    return {
        "clock": line.clock,
        "comparator": line.comparator,
        "n": found.n_with,
        "n_without": found.n_without,
        "saved": known(found.estimate),
        "se": known(found.se),
        "df": known(found.df),
        "low": known(found.low),
        "high": known(found.high),
        "average": told(Part.ESTIMATE, pooled.estimate),
        "average_low": told(Part.INTERVAL, pooled.low),
        "average_high": told(Part.INTERVAL, pooled.high),
        "new_low": told(Part.PREDICTION, pooled.prediction_low),
        "new_high": told(Part.PREDICTION, pooled.prediction_high),
        "eligible": line.eligible,
        "coverage": share(found.n_with, line.eligible),
        "recalled": line.recalled,
        "sites": line.sites,
        "data": reading.data_of(line.fed_by).kind,
        "remark": line.remark,
    }
