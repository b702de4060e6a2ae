"""What the cases of each billing group and indication show: how many, how many timed, and the minutes saved.

Groups are disjoint: each case is in one. The printed cases of a group are compared as those of the headline are, with the
same controls of the same site, procedure category and complexity on the same clock; controls have no codes and no indication.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial

from registry.statistics.coding import INDICATION, whole
from registry.statistics.compared import NO_COMPARATOR
from registry.statistics.counts import CLOCK, DATA, RECALLED, SITES, N, in_order, share, words
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.models import CodedMinutesCell
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT, Key, Known, Reading, Timed
from registry.statistics.results import Column, Result, Row, number_or
from registry.statistics.savings import ALL, Line, over_all
from registry.statistics.savings_tables import CAVEATS, COMPARATOR, result_of
from registry.statistics.two_arms import Difference
from registry.vocabulary.billing import BillingGroup
from registry.vocabulary.procedures import Clock

GROUP = Column("billing_group", "Billing group", words={ALL: "All cases", **words(BillingGroup)})
INDICATION_OR_ALL = Column("organ_system", INDICATION.heading, words={**INDICATION.words, ALL: "All indications"})
EVIDENCE_COLUMNS = (
    GROUP,
    INDICATION_OR_ALL,
    CLOCK,
    N,
    SITES,
    Column("with_or_time", "With an observed OR time, by any clock", "count"),
    Column("timed_share", "Share with an observed OR time", "share"),
    RECALLED,
    Column("printed", "Printed, with an observed time by this clock", "count"),
    COMPARATOR,
    Column("compared", "Of these with a comparator", "count"),
    Column("coverage", "Compared, of those with a time", "share"),
    Column("n_without", "Comparator cases", "count"),
    Column("minutes_sites", "Sites compared", "count"),
    Column("saved", "Minutes saved a case", "saved"),
    Column("se", "Standard error", "minutes"),
    Column("low", "95% from", "saved"),
    Column("high", "95% to", "saved"),
    DATA,
    Column("remark", "Remark"),
)
COUNTS_COLUMNS = (INDICATION, GROUP, N, Column("share", "Share of the indication", "share"), SITES, DATA)
SHARED = (
    "Lines share their controls, so they are not independent of each other and must not be added; each case is in one group, so "
    "cases do add up."
)
NOT_TIMED = "no printed case has an OR time by this clock"

Part = tuple[str, str]
"""Billing group and organ system; ALL for every one."""


@dataclass(frozen=True)
class Cases:
    """The cases of a part: how many, how many with an observed time by any clock, and their sites."""

    n: int
    timed: int
    sites: frozenset[int]


def _parts(reading: Reading) -> dict[Part, Cases]:
    """Every part that has a case, those over all groups and all indications first."""
    counts: dict[Part, Counter[str]] = defaultdict(Counter)
    sites: dict[Part, set[int]] = defaultdict(set)
    for row in reading.cases("billing_group", "organ_system"):
        for part in _parts_of(row["billing_group"], row["organ_system"]):
            counts[part].update(n=row["n_cases"], timed=row["n_with_or_time"])
            sites[part].add(row["site_id"])
    groups, systems = in_order(dict(GROUP.words)), in_order({ALL: "", **INDICATION.words})
    ordered = sorted(counts, key=lambda part: (groups(part[0]), systems(part[1])))
    return {part: Cases(counts[part]["n"], counts[part]["timed"], frozenset(sites[part])) for part in ordered}


def _parts_of(group: str, system: str) -> set[Part]:
    return {(ALL, ALL), (ALL, system), (group, ALL), (group, system)}


def coding_evidence(reading: Reading) -> Result:
    """A line for each billing group, indication and clock that occurs: the minutes saved, or why there are none."""
    parts, printed = _parts(reading), _printed(reading)
    found = {part: _by_clock(reading, printed.get(part, {})) for part in parts}
    seen = {clock for by_clock in found.values() for clock in by_clock} or {str(Clock.IN_ROOM)}
    clocks = sorted(seen, key=in_order(words(Clock)))
    rows = [
        _row(reading, part, cases, clock, found[part].get(clock)) for clock in clocks for part, cases in parts.items()
    ]
    over_everything = [line for line, _ in found.get((ALL, ALL), {}).values()]
    return result_of(reading, over_everything, rows, (*CAVEATS, SHARED))


Printed = dict[Key, dict[str, Known[Histogram]]]
"""Observed minutes of printed cases, and how many were only recalled, by site, category and clock, then by complexity."""


def _printed(reading: Reading) -> dict[Part, Printed]:
    found: dict[Part, Printed] = defaultdict(lambda: defaultdict(dict))
    by = ("category", "clock", "complexity", "billing_group", "organ_system")
    for (site_id, category, clock, complexity, group, system), known in reading.known(CodedMinutesCell, *by).items():
        for part in _parts_of(group, system):
            held = found[part][site_id, category, clock]
            before = held.get(complexity, Known(EMPTY, 0))
            held[complexity] = Known(before.values + known.values, before.unknown + known.unknown)
    return found


def _by_clock(reading: Reading, printed: Printed) -> dict[str, tuple[Line, int]]:
    """By clock, the line over all sites and categories, and how many printed cases have an observed time."""
    other = Reading(reading.scope, reading.period)
    other.timed_by_complexity = {key: _timed(reading, key, parts) for key, parts in printed.items()}
    other.baselines, other.procedures, other.sites = reading.baselines, reading.procedures, reading.sites
    timed: Counter[str] = Counter()
    for (_, _, clock), parts in printed.items():
        timed[clock] += sum(known.values.n for known in parts.values())
    return {line.clock: (line, timed[line.clock]) for line in over_all(other)}


def _timed(reading: Reading, key: Key, printed: dict[str, Known[Histogram]]) -> dict[str, Timed]:
    """The controls as they are, beside these printed cases alone."""
    every = reading.timed_by_complexity[key]
    nothing = Known(EMPTY, 0)
    return {
        complexity: Timed(
            {
                WITHOUT_PRINT: every[complexity].observed.get(WITHOUT_PRINT, EMPTY),
                WITH_PRINT: printed.get(complexity, nothing).values,
            },
            {WITH_PRINT: printed.get(complexity, nothing).unknown},
        )
        for complexity in every
    }


def _row(reading: Reading, part: Part, cases: Cases, clock: str, found: tuple[Line, int] | None) -> Row:
    line, printed = found or (None, 0)
    minutes = _minutes(line, printed)
    return {
        "billing_group": part[0],
        "organ_system": part[1],
        "clock": clock,
        "n": cases.n,
        "sites": len(cases.sites),
        "with_or_time": cases.timed,
        "timed_share": share(cases.timed, cases.n),
        **minutes,
        "data": reading.data_of(cases.sites).kind,
        "remark": line.remark if line else NOT_TIMED,
    }


def _minutes(line: Line | None, printed: int) -> Row:
    difference = Difference(0, 0, reason=NOT_TIMED) if line is None else line.difference
    known = partial(number_or, difference.reason)
    return {
        "recalled": line.recalled if line else 0,
        "printed": printed,
        "comparator": line.comparator if line else NO_COMPARATOR,
        "compared": difference.n_with,
        "coverage": share(difference.n_with, printed) if printed else known(None),
        "n_without": difference.n_without,
        "minutes_sites": line.sites if line else 0,
        "saved": known(difference.estimate),
        "se": known(difference.se),
        "low": known(difference.low),
        "high": known(difference.high),
    }


def indication_by_code(reading: Reading) -> Result:
    """Cases by indication and billing group: each case once; the shares of an indication add up to one."""
    parts = {part: cases for part, cases in _parts(reading).items() if ALL not in part}
    systems = in_order(dict(INDICATION.words))
    rows: list[Row] = [
        {
            "organ_system": system,
            "billing_group": group,
            "n": parts[group, system].n,
            "share": share(parts[group, system].n, sum(cases.n for part, cases in parts.items() if part[1] == system)),
            "sites": len(parts[group, system].sites),
            "data": reading.data_of(parts[group, system].sites).kind,
        }
        for group, system in sorted(parts, key=lambda part: systems(part[1]))
    ]
    return whole(reading, tuple(rows), ())
