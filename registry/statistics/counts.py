"""Counts and descriptions: how many cases, how many with a time, how long, how much effort."""

from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from registry.statistics.histogram import QUARTILES, Histogram
from registry.statistics.reading import ARMS, Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Value
from registry.vocabulary.clinic import OrganSystem
from registry.vocabulary.manufacturing import EffortActivity, ObjectKind, Process, StaffGroup
from registry.vocabulary.procedures import CATEGORIES, Clock
from registry.vocabulary.workflow import PrintDecision


def words(choices: Any, **more: str) -> dict[str, str]:
    """Code to label, in the vocabulary's order."""
    return {**{str(code): str(label) for code, label in choices.choices}, **more}


CATEGORY_WORDS = {category.code: str(category.label) for category in CATEGORIES}
NOT_STATED = {"": "Not stated"}
KIND = Column("object_kind", "Kind of object", words=words(ObjectKind))
ORGAN_SYSTEM = Column("organ_system", "Organ system", words={**words(OrganSystem), **NOT_STATED})
PROCESS = Column("process", "Printing process", words={**words(Process), **NOT_STATED})
CATEGORY = Column("category", "Procedure category", words=CATEGORY_WORDS)
CLOCK = Column("clock", "Clock", words=words(Clock))
N = Column("n", "Cases", "count")
SHARE = Column("share", "Share", "share")
SITES = Column("sites", "Sites", "count")
DATA = Column("data", "Data")
RECALLED = Column("recalled", "Recalled only, left out", "count")

MIX = (N, SHARE, SITES, DATA)
OR_TIME_COLUMNS = (
    KIND,
    N,
    Column("with_or_time", "With an OR time", "count"),
    SHARE,
    RECALLED,
    Column("awaiting", "Awaiting the outcome", "count"),
    SITES,
    DATA,
)
SPREAD = (
    Column("mean", "Mean", "minutes"),
    Column("sd", "SD", "minutes"),
    Column("q1", "Lower quartile", "minutes"),
    Column("median", "Median", "minutes"),
    Column("q3", "Upper quartile", "minutes"),
)
OR_MINUTES_COLUMNS = (
    CATEGORY,
    Column("arm", "Arm", words=ARMS),
    CLOCK,
    N,
    *SPREAD,
    Column("eligible", "Procedures recorded", "count"),
    Column("eligible_synthetic", "Of these synthetic", "count"),
    Column("coverage", "With a time", "share"),
    RECALLED,
    SITES,
    DATA,
)
EFFORT_COLUMNS = (
    Column("activity", "Activity", words=words(EffortActivity)),
    Column("staff", "Staff", words=words(StaffGroup)),
    Column("n", "Cases that know", "count"),
    *SPREAD,
    Column("unknown", "Cases that do not know", "count"),
    Column("not_asked", "Cases that do not say", "count"),
    Column("coverage", "Share that knows", "share"),
    SITES,
    DATA,
)


def share(part: int, whole: int) -> Value:
    """part / whole, rounded once."""
    return float(Fraction(part, whole)) if whole else NoNumber("no case")


def in_order(codes: dict[str, str]) -> Callable[[str], tuple[int, str]]:
    """A sort key that follows the vocabulary; unknown words come last."""
    places = {code: place for place, code in enumerate(codes)}
    return lambda code: (places.get(code, len(places)), code)


def spread(histogram: Histogram) -> dict[str, Value]:
    """Mean, SD and quartiles in minutes, each rounded once."""
    figures: list[tuple[str, Fraction | float | None]] = [("mean", histogram.mean), ("sd", histogram.sd)]
    figures += [(name, histogram.quantile(p)) for name, p in zip(("q1", "median", "q3"), QUARTILES, strict=True)]
    missing = NoNumber("one case" if histogram.n else "no case")
    return {name: missing if value is None else float(value) for name, value in figures}


def mix(column: Column, *, printed_only: bool = False) -> Callable[[Reading], Result]:
    """The computation of cases by one part of their key."""

    def compute(reading: Reading) -> Result:
        counts: Counter[str] = Counter()
        sites: dict[str, set[int]] = defaultdict(set)
        for row in reading.cases(column.name, "print_decision"):
            if not printed_only or row["print_decision"] == PrintDecision.PRINTED:
                counts[row[column.name]] += row["n_cases"]
                sites[row[column.name]].add(row["site_id"])
        n = counts.total()
        rows = tuple(
            {
                column.name: code,
                "n": counts[code],
                "share": share(counts[code], n),
                "sites": len(sites[code]),
                "data": reading.data_of(sites[code]).kind,
            }
            for code in sorted(counts, key=in_order(dict(column.words)))
        )
        covered = sum(count for code, count in counts.items() if code)
        of = f"{'printed cases' if printed_only else 'cases'} that state it"
        fed_by = set().union(*sites.values())
        return Result(rows, n, len(fed_by), reading.data_of(fed_by), Coverage(covered, n, of))

    return compute


def or_time_coverage(reading: Reading) -> Result:
    """How many of the cases that asked for an object have an observed OR time."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    sites: dict[str, set[int]] = defaultdict(set)
    for row in reading.cases("object_kind"):
        found[row["object_kind"]].update({name: row[name] for name in row if name.startswith("n_")})
        sites[row["object_kind"]].add(row["site_id"])
    rows: list[Row] = [
        {
            "object_kind": kind,
            "n": found[kind]["n_cases"],
            "with_or_time": found[kind]["n_with_or_time"],
            "share": share(found[kind]["n_with_or_time"], found[kind]["n_cases"]),
            "recalled": found[kind]["n_with_recall_only"],
            "awaiting": found[kind]["n_awaiting"],
            "sites": len(sites[kind]),
            "data": reading.data_of(sites[kind]).kind,
        }
        for kind in sorted(found, key=in_order(dict(KIND.words)))
    ]
    n, timed = (sum(counts[name] for counts in found.values()) for name in ("n_cases", "n_with_or_time"))
    fed_by = set().union(*sites.values())
    coverage = Coverage(timed, n, "cases with an observed OR time")
    return Result(tuple(rows), n, len(fed_by), reading.data_of(fed_by), coverage)


def or_minutes(reading: Reading) -> Result:
    """OR minutes by category, arm and clock, over the sites of the scope."""
    groups: dict[tuple[str, str, str], list[tuple[int, Histogram, int]]] = defaultdict(list)
    for (site_id, category, clock), timed in reading.timed.items():
        for arm in {*timed.observed, *timed.recalled}:
            observed = timed.observed.get(arm, Histogram.of(()))
            groups[category, arm, clock].append((site_id, observed, timed.recalled.get(arm, 0)))
    order = (in_order(CATEGORY_WORDS), in_order(ARMS), in_order(dict(CLOCK.words)))
    keys = sorted(groups, key=lambda key: tuple(place(part) for place, part in zip(order, key, strict=True)))
    rows = tuple(_or_minutes_row(reading, key, groups[key]) for key in keys)
    procedures = reading.procedures.total()
    timed_cases = max((sum(r["n"] for r in rows if r["clock"] == clock) for clock in Clock.values), default=0)  # type: ignore[misc]
    coverage = Coverage(timed_cases, procedures, "procedures, by the clock most often recorded")
    sites = {site for parts in groups.values() for site, observed, _ in parts if observed.n}
    clocks = tuple(sorted({clock for _, _, clock in groups}, key=order[2]))
    data = reading.data_of(site for parts in groups.values() for site, _, _ in parts)
    return Result(rows, timed_cases, len(sites), data, coverage, clocks)


def _or_minutes_row(reading: Reading, key: tuple[str, str, str], parts: list[tuple[int, Histogram, int]]) -> Row:
    category, arm, clock = key
    union = Histogram.unpacked(observed.pack() for _, observed, _ in parts)
    recorded = {
        site: n for (site, named, of_arm), n in reading.procedures.items() if (named, of_arm) == (category, arm)
    }
    eligible = sum(recorded.values())
    return {
        "category": category,
        "arm": arm,
        "clock": clock,
        "n": union.n,
        **spread(union),
        "eligible": eligible,
        "eligible_synthetic": sum(n for site, n in recorded.items() if reading.sites[site].is_synthetic),
        "coverage": share(union.n, eligible),
        "recalled": sum(recalled for _, _, recalled in parts),
        "sites": sum(1 for _, observed, _ in parts if observed.n),
        "data": reading.data_of(site for site, _, _ in parts).kind,
    }


def effort(reading: Reading) -> Result:
    """Minutes of known effort, with unknown and unasked counted apart: three values."""
    cases = reading.cases()
    asked = sum(row["n_cases"] for row in cases)
    said = reading.effort()
    order = (in_order(dict(EFFORT_COLUMNS[0].words)), in_order(dict(EFFORT_COLUMNS[1].words)))
    rows: list[Row] = []
    for activity, staff in sorted(said, key=lambda key: (order[0](key[0]), order[1](key[1]))):
        known, unknown, sites = said[activity, staff]
        rows.append(
            {
                "activity": activity,
                "staff": staff,
                "n": known.n,
                **spread(known),
                "unknown": unknown,
                "not_asked": asked - known.n - unknown,
                "coverage": share(known.n, asked),
                "sites": len(sites),
                "data": reading.data_of(sites).kind,
            }
        )
    best = max((known.n for known, _, _ in said.values()), default=0)
    fed_by = {row["site_id"] for row in cases}
    return Result(
        tuple(rows),
        asked,
        len(fed_by),
        reading.data_of(fed_by),
        Coverage(best, asked, "cases, for the effort best known"),
    )
