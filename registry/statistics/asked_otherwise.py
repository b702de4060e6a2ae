"""The same question asked otherwise: minutes saved over everything, by other minutes, other comparators and other arithmetic.

Every answer is by the clock with the most printed cases, and over the same scope and period as the headline.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from registry.statistics import savings
from registry.statistics.compared import compared
from registry.statistics.pooling import side
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT, Minutes, Reading
from registry.statistics.savings import Line
from registry.statistics.shift import Ratio, minutes_equivalent, stratified_shift
from registry.statistics.strata import Stratum, alike
from registry.statistics.two_arms import Difference, att_of_groups
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import TimeSource, UsedInOr

HEADLINE, RATIO, SHIFT = "headline", "ratio", "shift"
IN_THE_ROOM = {UsedInOr.INTRA_OP_NONSTERILE, UsedInOr.STERILE_FIELD}
NO_TIME = "no printed case has such a time"
NOT_LISTED = "a baseline's single times are not known, so its cases are left out"


@dataclass(frozen=True)
class Answer:
    """Minutes saved a case by one way of asking; `asked` is a key of `ASKED`."""

    asked: str
    difference: Difference
    fed_by: frozenset[int]
    remark: str = ""

    @property
    def estimate(self) -> float | None:
        return None if self.difference.estimate is None else float(self.difference.estimate)

    @property
    def side(self) -> int | None:
        return side(self.difference.low, self.difference.high)


Choice = Callable[[Reading], Reading]


def _those(keep: Callable[[Minutes], bool]) -> Choice:
    return lambda reading: reading.otherwise([each for each in reading.minutes if keep(each)])


def _printed(keep: Callable[[Minutes], bool]) -> Choice:
    """Of the printed cases only these; the cases without a print as they are."""
    return _those(lambda each: each.arm != WITH_PRINT or keep(each))


def _source(source: str) -> Choice:
    """Cases without a print keep theirs, or a site whose controls have another source would change its comparator too."""
    return _printed(lambda each: each.source == source)


def _kind(kind: str) -> Choice:
    return _printed(lambda each: each.object_kind == kind)


def _with_recalled(reading: Reading) -> Reading:
    observed = [
        replace(each, source=TimeSource.CHART) if each.source == TimeSource.RECALL else each for each in reading.minutes
    ]
    return reading.otherwise(observed)


CHOICES: dict[str, tuple[str, Choice]] = {
    "controls": ("Own controls alone (class A)", lambda reading: reading.otherwise(reading.minutes, baselines={})),
    "baselines": ("Sites' baselines alone (class B)", _those(lambda each: each.arm != WITHOUT_PRINT)),
    TimeSource.OR_LOG: ("Prints with times of OR logs alone", _source(TimeSource.OR_LOG)),
    TimeSource.EHR: ("Prints with times of health records alone", _source(TimeSource.EHR)),
    TimeSource.CHART: ("Prints with times of charts alone", _source(TimeSource.CHART)),
    TimeSource.RECALL: ("Recalled times counted too", _with_recalled),
    "not_early": ("Without the first five prints", _printed(lambda each: not each.early)),
    "used": ("Prints used in the room alone", _printed(lambda each: each.used_in_or in IN_THE_ROOM)),
    ObjectKind.ANATOMIC_MODEL: ("Anatomic models alone", _kind(ObjectKind.ANATOMIC_MODEL)),
    ObjectKind.ANATOMIC_GUIDE: ("Anatomic guides alone", _kind(ObjectKind.ANATOMIC_GUIDE)),
    ObjectKind.BOTH: ("Cases with a model and a guide alone", _kind(ObjectKind.BOTH)),
}
ASKED = {
    HEADLINE: "As it is",
    RATIO: "By the ratio of geometric means",
    SHIFT: "By the shift of Hodges and Lehmann",
    **{str(key): label for key, (label, _) in CHOICES.items()},
}
REMARKS = {TimeSource.RECALL: "recalled times are in no other number of the registry"}


def headline(reading: Reading) -> Line | None:
    """That of a reading; None where no printed case has a time."""
    return savings.headline(reading.once(savings.lines))


def behind(reading: Reading, line: Line) -> list[Stratum]:
    """The strata that a line over everything combines."""
    return [
        stratum
        for one in reading.once(compared)
        if one.clock == line.clock and one.can_be_combined
        for stratum in one.strata
    ]


def answers(reading: Reading) -> list[Answer]:
    """The headline first, then every other way of asking; nothing where there is no headline."""
    line = reading.once(headline)
    return [] if line is None else list(_answers(reading, line))


def _answers(reading: Reading, line: Line) -> Iterator[Answer]:
    yield Answer(HEADLINE, line.difference, line.fed_by)
    if line.difference.estimate is None:
        return
    strata = behind(reading, line)
    yield _by_ratio(line, strata)
    yield _by_shift(line, strata)
    by_clock = _those(lambda each: each.clock == line.clock)(reading)
    for key, (_, choice) in CHOICES.items():
        found = headline(choice(by_clock))
        if found is None:
            yield Answer(str(key), Difference(0, 0, reason=NO_TIME), frozenset())
        else:
            remark = REMARKS.get(key, "")  # type: ignore[call-overload]  # a key that is no source has none
            yield Answer(str(key), found.difference, found.fed_by, remark)


def _by_ratio(line: Line, strata: Sequence[Stratum]) -> Answer:
    """1 − ratio of the minutes that the compared cases take without a print."""
    ratio = Ratio.of(att_of_groups([[stratum.logs for stratum in group] for group in alike(strata)]))
    reference = line.mean_without
    if not reference:
        return Answer(RATIO, Difference(ratio.n_without, ratio.n_with, reason="no mean without a print"), line.fed_by)
    share = "" if ratio.estimate is None else f"ratio {ratio.estimate:.3f}, "
    return Answer(
        RATIO, minutes_equivalent(ratio, reference), line.fed_by, f"{share}of {float(reference):.1f} minutes without"
    )


def _by_shift(line: Line, strata: Sequence[Stratum]) -> Answer:
    listed = [stratum.times for stratum in strata if stratum.times]
    return Answer(SHIFT, stratified_shift(listed), line.fed_by, NOT_LISTED if len(listed) < len(strata) else "")
