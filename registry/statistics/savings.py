"""Minutes saved: without a print minus with one, per procedure category and clock.

Strata are site × category × complexity × clock; clocks never mix. Lines over several strata are the differences weighted to the
printed cases, with the sites taken as given: minutes saved in the participating sites, not what another site would save.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from registry.statistics.compared import NO_COMPARATOR, Compared, compared
from registry.statistics.counts import CATEGORY_WORDS, in_order, words
from registry.statistics.fieller import Ratio
from registry.statistics.reading import WITH_PRINT, Reading
from registry.statistics.strata import MIN_PER_ARM, alike, coverage
from registry.statistics.two_arms import Difference, att_of_groups, observed_over_expected
from registry.vocabulary.procedures import Clock

ALL = ""


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
    observed_over_expected: Ratio
    mean_without: Fraction | None
    mean_with: Fraction | None
    eligible: int
    recalled: int
    sites: int
    remark: str
    fed_by: frozenset[int]
    left_out: str = ""

    @property
    def comparators(self) -> frozenset[str]:
        """The classes A and B that it rests on."""
        return frozenset(self.comparator.split("+")) - {NO_COMPARATOR}


def lines(reading: Reading) -> list[Line]:
    """Lines over several strata first: all categories, then each category; the sites of a category follow it."""
    return [line for clock, members in by_clock(reading) for line in _lines_of_clock(reading, clock, members)]


def headline(lines: Iterable[Line]) -> Line | None:
    """Of these, the line over all categories by the clock with the most printed cases; None where there is none."""
    return max((line for line in lines if line.category == ALL), key=lambda line: line.difference.n_with, default=None)


def over_all(reading: Reading) -> list[Line]:
    """Of `lines`, the first by each clock: over all categories and sites."""
    return [_over_all(reading, clock, members) for clock, members in by_clock(reading)]


def by_clock(reading: Reading) -> list[tuple[str, list[Compared]]]:
    """What is compared by each clock, in the order of the vocabulary."""
    found: dict[str, list[Compared]] = defaultdict(list)
    for one in reading.once(compared):
        found[one.clock].append(one)
    return [(clock, found[clock]) for clock in sorted(found, key=in_order(words(Clock)))]


def _over_all(reading: Reading, clock: str, members: list[Compared]) -> Line:
    return _combined(reading, members, ALL if reading.scope.site_id is None else reading.scope.label, ALL, clock)


def _lines_of_clock(reading: Reading, clock: str, members: list[Compared]) -> list[Line]:
    registry = reading.scope.site_id is None
    found = [_over_all(reading, clock, members)]
    by_category: dict[str, list[Compared]] = defaultdict(list)
    for one in members:
        by_category[one.category].append(one)
    for category in sorted(by_category, key=in_order(CATEGORY_WORDS)):
        if registry:
            found.append(_combined(reading, by_category[category], ALL, category, clock))
        found += [_single(reading, one) for one in by_category[category]]
    return found


def _single(reading: Reading, one: Compared) -> Line:
    """One site's line, withheld where most of its printed cases have no comparator."""
    covered = coverage(one.n_with, one.printed.n)
    difference = att_of_groups([one.pairs])
    if not one.printed.n:
        difference = replace(difference, reason="printed cases have recalled times only")
    elif not one.strata:
        difference = replace(difference, reason=one.remark)
    elif covered.withheld:
        difference = Difference(one.n_without, one.n_with, reason=covered.withheld)
    shown = difference.estimate is not None
    remark = "; ".join(dict.fromkeys(filter(None, (one.remark, difference.reason, covered.caveat if shown else ""))))
    return Line(
        site=str(reading.sites[one.site_id].code),
        category=one.category,
        clock=one.clock,
        comparator=one.comparator,
        difference=difference,
        observed_over_expected=observed_over_expected([one.pairs], difference),
        mean_without=_weighted([one], 0),
        mean_with=_weighted([one], 1) if one.n_with else one.printed.mean,
        eligible=one.eligible,
        recalled=one.recalled,
        sites=1,
        remark=remark,
        fed_by=frozenset({one.site_id}),
        left_out=one.left_out,
    )


def _combined(reading: Reading, members: list[Compared], site: str, category: str, clock: str) -> Line:
    """The members that can be combined, weighted to their printed cases; withheld where most printed cases have no comparator."""
    used = [one for one in members if one.can_be_combined]
    groups = [[stratum.minutes for stratum in group] for group in alike(part for one in used for part in one.strata)]
    n_without, n_with = sum(one.n_without for one in used), sum(one.n_with for one in used)
    covered = coverage(n_with, sum(one.printed.n for one in members))
    if not used:
        reason = f"no procedure of a site with {MIN_PER_ARM} printed and {MIN_PER_ARM} comparator cases"
        difference = Difference(0, 0, reason=reason)
    elif covered.withheld:
        difference = Difference(n_without, n_with, reason=covered.withheld)
    else:
        difference = att_of_groups(groups)
    sites = len({one.site_id for one in used})
    one_site = "one site; says nothing about other sites" if site == ALL and sites == 1 else ""
    shown = difference.estimate is not None
    return Line(
        site=site,
        category=category,
        clock=clock,
        comparator="+".join(sorted({one.comparator for one in used})) or NO_COMPARATOR,
        difference=difference,
        observed_over_expected=observed_over_expected(groups, difference),
        mean_without=_weighted(used, 0) if shown else None,
        mean_with=_weighted(used, 1) if shown else None,
        eligible=_eligible(reading, members, category),
        recalled=sum(one.recalled for one in members),
        sites=sites,
        remark="; ".join(part for part in (difference.reason, one_site, covered.caveat) if part),
        fed_by=frozenset(one.site_id for one in used or members),
    )


def _weighted(used: Sequence[Compared], arm: int) -> Fraction | None:
    """The mean of an arm (0 without print, 1 with), weighted to the printed cases of the compared strata."""
    pairs = [pair for one in used for pair in one.pairs]
    n = sum(printed.n for _, printed in pairs)
    return sum((pair[1].n * (pair[arm].mean or Fraction(0)) for pair in pairs), Fraction(0)) / n if n else None


def _eligible(reading: Reading, members: Sequence[Compared], category: str) -> int:
    """Printed cases with the procedure recorded, in the scope; those of sites without any time are among them."""
    counted = reading.procedures.items()
    if not members:
        return 0
    return sum(n for (_, named, arm), n in counted if arm == WITH_PRINT and category in {ALL, named})
