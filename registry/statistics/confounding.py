"""What must be said beside every saving: that it is observational, against what, of how many cases, and how it may mislead.

The sentences are composed from the figures they stand beside; `GENERAL` are those of the methods page, where no figure is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from registry.statistics.compared import compared
from registry.statistics.counts import CLOCK
from registry.statistics.reading import Reading
from registry.statistics.results import Coverage, Result
from registry.statistics.two_arms import Arm
from registry.vocabulary.procedures import ComparatorKind

OLD_AFTER = 24
"""Months between the end of a baseline and the median print; beyond them calendar time is named."""
OBSERVATIONAL = (
    "Observational. Printed cases were chosen: complex anatomy favours printing, which hides savings; experienced teams favour it "
    "too, which inflates them."
)
CALENDAR = "Times also fall with calendar time."
ADJUSTED = (
    "Adjusted for site, procedure and complexity only; where too few controls carry their complexity, and beside a baseline, for "
    "site and procedure alone."
)
VOLUNTEERED = "not a sample of hospitals"
BY_CHANCE = "about 1 in 20 misses the truth, and some savings look striking by chance"
NEW_SITE = "In a new, similar site the average saving would lie between the two ends of the prediction interval."
GENERAL: tuple[str, ...] = (
    OBSERVATIONAL,
    f"A comparator is concurrent (class A) or a baseline of earlier months (class B), of which the months are named. {CALENDAR}",
    "Of the printed cases only those with a time and a comparator count; how many of how many is said beside each figure.",
    f"The sites volunteered; they are {VOLUNTEERED}.",
    "Each figure names its clock.",
    ADJUSTED,
    NEW_SITE,
    f"Of many intervals {BY_CHANCE}. No p-values are shown.",
)


@dataclass(frozen=True)
class Window:
    """The months of a baseline, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Circumstances:
    """Of the figures beside which the sentences stand; `intervals`: how many of them there are."""

    comparators: tuple[str, ...]
    baselines: tuple[Window, ...]
    median_print: date | None
    coverage: Coverage | None
    sites: int
    clocks: tuple[str, ...]
    intervals: int


def sentences(about: Circumstances) -> tuple[str, ...]:
    """In the order of a reader's doubts; nothing where no case is compared."""
    if not about.clocks:
        return ()
    said = (
        OBSERVATIONAL,
        _comparator(about),
        _covered(about.coverage),
        f"{_plural(about.sites, 'site')} volunteered: {VOLUNTEERED}." if about.sites else "",
        _clock(about.clocks),
        ADJUSTED,
        f"Of {about.intervals:,} intervals {BY_CHANCE}." if about.intervals > 1 else "",
    )
    return tuple(sentence for sentence in said if sentence)


def in_a_new_site(low: str, high: str) -> str:
    """What a prediction interval means, its ends written in their unit."""
    return f"In a new, similar site the average saving would lie between {low} and {high}."


def beside(reading: Reading, result: Result) -> Result:
    """The same result, with the sentences before its caveats; its coverage is of printed cases with a time and a comparator."""
    windows = _baselines(reading) if "B" in result.comparators else ()
    about = Circumstances(
        comparators=result.comparators,
        baselines=windows,
        median_print=reading.median_print if windows else None,
        coverage=result.coverage,
        sites=result.sites,
        clocks=result.clocks,
        intervals=sum(isinstance(row.get("low"), float | Decimal) for row in result.rows),
    )
    return replace(result, caveats=(*sentences(about), *result.caveats))


def _baselines(reading: Reading) -> tuple[Window, ...]:
    """Those whose numbers a comparison of class B rests on."""
    found = set()
    for one in reading.once(compared):
        if one.comparator == "B":
            stated = one.strata[0].minutes[0]
            for row in reading.baselines[one.site_id, one.category, one.clock]:
                own = row.kind != ComparatorKind.LITERATURE and row.sd is not None
                if own and Arm.stated(row.n, row.mean, row.sd) == stated:
                    found.add(Window(row.period_start, row.period_end))
    return tuple(sorted(found, key=lambda window: (window.first, window.last)))


def _comparator(about: Circumstances) -> str:
    parts = ["A, concurrent controls"] if "A" in about.comparators else []
    if "B" in about.comparators:
        parts.append(f"B, the sites' baselines{_months(about.baselines)}")
    if not parts:
        return "No comparator: there is nothing to subtract from."
    return " ".join(filter(None, (f"Comparator: {'; '.join(parts)}.", CALENDAR, _old(about))))


def _months(windows: Sequence[Window]) -> str:
    if not windows:
        return ""
    return f" from {min(each.first for each in windows):%Y-%m} to {max(each.last for each in windows):%Y-%m}"


def _old(about: Circumstances) -> str:
    """Flags baselines that ended long before the prints."""
    median = about.median_print
    if median is None:
        return ""
    old = sum(months_between(window.last, median) > OLD_AFTER for window in about.baselines)
    if not old:
        return ""
    ended = f"{_plural(old, 'baseline')} ended more than {OLD_AFTER} months before the median print ({median:%Y-%m})"
    return f"{ended}, so part of the difference may be time itself."


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _covered(coverage: Coverage | None) -> str:
    if coverage is None or coverage.share is None:
        return ""
    how_many = f"{coverage.covered:,} of {coverage.eligible:,} printed cases with the procedure recorded ({coverage.share:.1%})"
    return f"{how_many} had both times, their own and a comparator's."


def _clock(clocks: Sequence[str]) -> str:
    names = ", ".join(str(CLOCK.text(clock)) for clock in clocks)
    return f"Clocks, never mixed: {names}." if len(clocks) > 1 else f"Clock: {names}."


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
