"""Minutes saved: without a print minus with one, per procedure category and clock.

Strata are site × category × clock; clocks never mix. Lines over several strata are the differences weighted to the printed
cases, with the sites taken as given: minutes saved in the participating sites, not what another site would save.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from registry.models import Baseline
from registry.statistics.counts import CATEGORY_WORDS, in_order, words
from registry.statistics.histogram import Histogram
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT, Reading, histogram_of
from registry.statistics.strata import MIN_PER_ARM, WITHHELD_BELOW
from registry.statistics.two_arms import Arm, Difference, att
from registry.vocabulary.procedures import Clock, ComparatorKind

ALL = ""
NOT_IN_TOTAL = "not in the total"
NO_COMPARATOR = "none"


@dataclass(frozen=True)
class Stratum:
    """One site, category and clock with printed cases, and the comparator it has."""

    site_id: int
    category: str
    clock: str
    comparator: str
    without: Arm
    printed: Arm
    eligible: int
    recalled: int
    remark: str

    @property
    def can_be_combined(self) -> bool:
        return not self.left_out

    @property
    def left_out(self) -> str:
        """Why it enters no line over several strata; nothing where it does."""
        if self.comparator == NO_COMPARATOR:
            return f"no comparator: {NOT_IN_TOTAL}"
        too_few = min(self.without.n, self.printed.n) < MIN_PER_ARM
        return f"under {MIN_PER_ARM} cases an arm: {NOT_IN_TOTAL}" if too_few else ""


@dataclass(frozen=True)
class Line:
    """One line of the table: a stratum, or several together.

    `fed_by`: the sites whose minutes are in it. `left_out`: why a site's own line does not enter the lines over several.
    """

    site: str
    category: str
    clock: str
    comparator: str
    difference: Difference
    mean_without: Fraction | None
    mean_with: Fraction | None
    eligible: int
    recalled: int
    sites: int
    remark: str
    fed_by: frozenset[int]
    left_out: str = ""


def strata(reading: Reading) -> list[Stratum]:
    """Every site, category and clock in which a printed case has an observed or a recalled time."""
    found = []
    for key, timed in reading.timed.items():
        printed = histogram_of(timed, WITH_PRINT)
        if printed.n or timed.recalled.get(WITH_PRINT):
            comparator, without, remark = _comparator(
                histogram_of(timed, WITHOUT_PRINT), reading.baselines.get(key, [])
            )
            site_id, category, clock = key
            eligible = reading.procedures[site_id, category, WITH_PRINT]
            recalled = timed.recalled.get(WITH_PRINT, 0) + timed.recalled.get(WITHOUT_PRINT, 0)
            found.append(
                Stratum(site_id, category, clock, comparator, without, Arm.of(printed), eligible, recalled, remark)
            )
    return found


def _comparator(controls: Histogram, baselines: Sequence[Baseline]) -> tuple[str, Arm, str]:
    """Class A where there are enough controls, else class B where a baseline of the site has n, mean and SD, else the few controls."""
    own = [row for row in baselines if row.kind != ComparatorKind.LITERATURE]
    if controls.n < MIN_PER_ARM:
        for row in own:
            if row.sd is not None and row.n >= MIN_PER_ARM:
                remark = f"baseline from {row.period_start:%Y-%m} to {row.period_end:%Y-%m}, version {row.version}"
                return "B", Arm.stated(row.n, row.mean, row.sd), remark
    if controls.n:
        return "A", Arm.of(controls), ""
    reason = "no control case with an observed time, and no baseline of the site"
    if own:
        reason = "no control case with an observed time, and the site's baseline has no SD or too few cases"
    elif baselines:
        reason += "; literature is no comparator for a site's own minutes"
    return NO_COMPARATOR, Arm(0, None, None), reason


def lines(reading: Reading) -> list[Line]:
    """Lines over several strata first: all categories, then each category; the sites of a category follow it."""
    by_clock: dict[str, list[Stratum]] = defaultdict(list)
    for stratum in strata(reading):
        by_clock[stratum.clock].append(stratum)
    found: list[Line] = []
    for clock in sorted(by_clock, key=in_order(words(Clock))):
        found += _lines_of_clock(reading, clock, by_clock[clock])
    return found


def _lines_of_clock(reading: Reading, clock: str, members: list[Stratum]) -> list[Line]:
    registry = reading.scope.site_id is None
    found = [_combined(reading, members, ALL if registry else reading.scope.label, ALL, clock)]
    by_category: dict[str, list[Stratum]] = defaultdict(list)
    for stratum in members:
        by_category[stratum.category].append(stratum)
    for category in sorted(by_category, key=in_order(CATEGORY_WORDS)):
        if registry:
            found.append(_combined(reading, by_category[category], ALL, category, clock))
        found += [_single(reading, stratum) for stratum in by_category[category]]
    return found


def _single(reading: Reading, stratum: Stratum) -> Line:
    difference = att([(stratum.without, stratum.printed)])
    why = stratum.remark if stratum.comparator == NO_COMPARATOR else difference.reason
    if not stratum.printed.n:
        why = "printed cases have recalled times only"
    remark = "; ".join(part for part in dict.fromkeys((stratum.remark, difference.reason and why)) if part)
    return Line(
        site=str(reading.sites[stratum.site_id].code),
        category=stratum.category,
        clock=stratum.clock,
        comparator=stratum.comparator,
        difference=difference,
        mean_without=stratum.without.mean,
        mean_with=stratum.printed.mean,
        eligible=stratum.eligible,
        recalled=stratum.recalled,
        sites=1,
        remark=remark,
        fed_by=frozenset({stratum.site_id}),
        left_out=stratum.left_out,
    )


def _combined(reading: Reading, members: list[Stratum], site: str, category: str, clock: str) -> Line:
    """The members that can be combined, weighted to their printed cases; withheld where most printed cases have no comparator."""
    used = [stratum for stratum in members if stratum.can_be_combined]
    timed, covered = (sum(stratum.printed.n for stratum in part) for part in (members, used))
    if not used:
        reason = f"no stratum with {MIN_PER_ARM} printed and {MIN_PER_ARM} comparator cases"
        difference = Difference(0, 0, reason=reason)
    elif Fraction(covered, timed) < WITHHELD_BELOW:
        reason = f"only {covered} of {timed} printed cases with a time have a comparator"
        difference = Difference(sum(stratum.without.n for stratum in used), covered, reason=reason)
    else:
        difference = att([(stratum.without, stratum.printed) for stratum in used])
    sites = len({stratum.site_id for stratum in used})
    one_site = "one site; says nothing about other sites" if site == ALL and sites == 1 else ""
    shown = difference.estimate is not None
    return Line(
        site=site,
        category=category,
        clock=clock,
        comparator="+".join(sorted({stratum.comparator for stratum in used})) or NO_COMPARATOR,
        difference=difference,
        mean_without=_weighted(used, without=True) if shown else None,
        mean_with=_weighted(used, without=False) if shown else None,
        eligible=_eligible(reading, members, category),
        recalled=sum(stratum.recalled for stratum in members),
        sites=sites,
        remark="; ".join(part for part in (difference.reason, one_site) if part),
        fed_by=frozenset(stratum.site_id for stratum in used or members),
    )


def _weighted(used: Sequence[Stratum], *, without: bool) -> Fraction | None:
    n = sum(stratum.printed.n for stratum in used)
    means = [(stratum.without if without else stratum.printed).mean or Fraction(0) for stratum in used]
    return (
        sum((stratum.printed.n * mean for stratum, mean in zip(used, means, strict=True)), Fraction(0)) / n
        if n
        else None
    )


def _eligible(reading: Reading, members: Sequence[Stratum], category: str) -> int:
    """Printed cases with the procedure recorded, in the scope; those of sites without any time are among them."""
    counted = reading.procedures.items()
    if not members:
        return 0
    return sum(n for (_, named, arm), n in counted if arm == WITH_PRINT and category in {ALL, named})
