"""What the printed cases of a site are compared with: its own controls of the same complexity, or its baseline.

One comparison is of one site, category and clock. Unknown complexity never matches unknown: where too few controls carry theirs,
the procedure is compared whole and the remark says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from registry.models import Baseline
from registry.statistics.histogram import Histogram
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT, Reading, Timed, histogram_of, together
from registry.statistics.strata import MIN_CONTROLS, MIN_PER_ARM, Stratum
from registry.statistics.two_arms import Arm, Pair
from registry.vocabulary.procedures import CATEGORIES, ComparatorKind

NO_COMPARATOR = "none"
NOT_IN_TOTAL = "not in the total"
CARRY_COMPLEXITY = Fraction(80, 100)
"""Of a site's controls of a procedure; below it they are compared whatever their complexity."""
SPECIALTY = {category.code: category.specialty for category in CATEGORIES}


@dataclass(frozen=True)
class Compared:
    """The printed cases of one site, category and clock, and the strata in which they have a comparator.

    `printed`: all those with an observed time; `eligible`: with the procedure recorded; `remark`: what the comparator is, or why none.
    `by_complexity`: whether controls are those of the same complexity.
    """

    site_id: int
    category: str
    clock: str
    comparator: str
    strata: tuple[Stratum, ...]
    printed: Arm
    eligible: int
    recalled: int
    remark: str
    by_complexity: bool = False

    @property
    def pairs(self) -> list[Pair]:
        return [stratum.minutes for stratum in self.strata]

    @property
    def n_without(self) -> int:
        return sum(without.n for without, _ in self.pairs)

    @property
    def n_with(self) -> int:
        return sum(printed.n for _, printed in self.pairs)

    @property
    def can_be_combined(self) -> bool:
        return not self.left_out

    @property
    def left_out(self) -> str:
        """Why it enters no line over several; nothing where it does."""
        if self.comparator == NO_COMPARATOR:
            return f"no comparator: {NOT_IN_TOTAL}"
        too_few = min(self.n_without, self.n_with) < MIN_PER_ARM
        return f"under {MIN_PER_ARM} cases an arm: {NOT_IN_TOTAL}" if too_few else ""


def compared(reading: Reading) -> list[Compared]:
    """Every site, category and clock in which a printed case has an observed or a recalled time."""
    found = []
    for key, parts in reading.timed_by_complexity.items():
        whole = together(parts.values())
        printed = histogram_of(whole, WITH_PRINT)
        if printed.n or whole.recalled.get(WITH_PRINT):
            site_id, category, _ = key
            name = (str(site_id), SPECIALTY.get(category, ""), category)
            comparator, strata, remark, split = strata_of(name, parts, reading.baselines.get(key, []))
            found.append(
                Compared(
                    *key,
                    comparator,
                    strata,
                    Arm.of(printed),
                    eligible=reading.procedures[site_id, category, WITH_PRINT],
                    recalled=sum(whole.recalled.get(arm, 0) for arm in (WITH_PRINT, WITHOUT_PRINT)),
                    remark=remark,
                    by_complexity=split,
                )
            )
    return found


Name = tuple[str, str, str]
"""Site, specialty and procedure."""
Found = tuple[str, tuple[Stratum, ...], str, bool]
"""Comparator class, strata, remark, and whether by complexity."""


def strata_of(name: Name, parts: Mapping[str, Timed], baselines: Sequence[Baseline]) -> Found:
    """Class A where there are enough controls, else class B where a baseline of the site has n, mean and SD, else the few controls.

    `parts` are the times by complexity, "" where it is not known.
    """
    whole = together(parts.values())
    printed, controls = (histogram_of(whole, arm) for arm in (WITH_PRINT, WITHOUT_PRINT))
    own = [row for row in baselines if row.kind != ComparatorKind.LITERATURE]
    if controls.n < MIN_PER_ARM:
        for row in own:
            if row.sd is not None and row.n >= MIN_PER_ARM:
                remark = f"baseline from {row.period_start:%Y-%m} to {row.period_end:%Y-%m}, version {row.version}"
                stated = Arm.stated(row.n, row.mean, row.sd)
                return "B", (Stratum.beside_baseline(*name, stated, printed),), remark, False
    if controls.n:
        return "A", *_beside_controls(name, parts, controls, printed)
    reason = "no control case with an observed time, and no baseline of the site"
    if own:
        reason = "no control case with an observed time, and the site's baseline has no SD or too few cases"
    elif baselines:
        reason += "; literature is no comparator for a site's own minutes"
    return NO_COMPARATOR, (), reason, False


def _beside_controls(
    name: Name, parts: Mapping[str, Timed], controls: Histogram, printed: Histogram
) -> tuple[tuple[Stratum, ...], str, bool]:
    """Controls of the same complexity, where enough of them carry it."""
    known = {
        complexity: [histogram_of(timed, arm) for arm in (WITHOUT_PRINT, WITH_PRINT)]
        for complexity, timed in parts.items()
        if complexity
    }
    carrying = sum(without.n for without, _ in known.values())
    if Fraction(carrying, controls.n) < CARRY_COMPLEXITY:
        remark = f"complexity is known of {carrying} of {controls.n} controls, so it is not adjusted for"
        return (Stratum.of(*name, controls, printed),), remark, False
    strata = tuple(
        Stratum.of(*name, without, with_print)
        for without, with_print in known.values()
        if without.n >= MIN_CONTROLS and with_print.n
    )
    remark = "" if strata or not printed.n else f"no printed case has {MIN_CONTROLS} controls of its complexity"
    return strata, remark, True
