"""Counts and descriptions: how many cases, how many with a time, how long."""

from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from registry.statistics.histogram import QUARTILES, Histogram, square_root
from registry.statistics.reading import ARMS, Reading
from registry.statistics.results import Column, Coverage, NoNumber, Result, Row, Unit, Value
from registry.statistics.summary import geometric, is_skewed, mean_interval, median_interval
from registry.vocabulary.clinic import OrganSystem
from registry.vocabulary.manufacturing import ObjectKind, Process
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
SKEWED = "a few long times raise the mean"
N = Column("n", "Cases", "count")
SHARE = Column("share", "Share", "share")
SITES = Column("sites", "Sites", "count")
DATA = Column("data", "Data")
UNKNOWN = Column("unknown", "Do not know", "count")
NOT_ASKED = Column("not_asked", "Do not say", "count")
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


def spread_columns(unit: Unit) -> tuple[Column, ...]:
    """Those of `spread`."""
    return (
        Column("mean", "Mean", unit),
        Column("sd", "SD", unit),
        Column("q1", "Lower quartile", unit),
        Column("median", "Median", unit),
        Column("q3", "Upper quartile", unit),
    )


OR_MINUTES_COLUMNS = (
    CATEGORY,
    Column("arm", "Arm", words=ARMS),
    CLOCK,
    N,
    *spread_columns("minutes"),
    Column("mean_low", "Mean, 95% from", "minutes"),
    Column("mean_high", "Mean, 95% to", "minutes"),
    Column("median_low", "Median, 95% from", "minutes"),
    Column("median_high", "Median, 95% to", "minutes"),
    Column("geometric_mean", "Geometric mean", "minutes"),
    Column("geometric_low", "Geometric mean, 95% from", "minutes"),
    Column("geometric_high", "Geometric mean, 95% to", "minutes"),
    Column("skewed", "Skewed"),
    Column("eligible", "Procedures recorded", "count"),
    Column("eligible_synthetic", "Of these synthetic", "count"),
    Column("coverage", "With a time", "share"),
    RECALLED,
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


def spread(histogram: Histogram, *, per: int = 1, of: str = "case") -> dict[str, Value]:
    """Mean, SD and quartiles, each rounded once; `per` of the histogram's values make one unit."""
    variance = histogram.variance
    figures: list[tuple[str, Fraction | float | None]] = [
        ("mean", _scaled(histogram.mean, per)),
        ("sd", None if variance is None else square_root(variance / per**2)),
    ]
    quartiles = (_scaled(histogram.quantile(p), per) for p in QUARTILES)
    figures += zip(("q1", "median", "q3"), quartiles, strict=True)
    missing = NoNumber(f"one {of}" if histogram.n else f"no {of}")
    return {name: missing if value is None else float(value) for name, value in figures}


def _scaled(value: Fraction | None, per: int) -> Fraction | None:
    return None if value is None else value / per


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


def _intervals(minutes: Histogram) -> Row:
    """Mean, median and geometric mean with what is sure of them, and whether the mean is more than 1.3 times the median."""
    geometric_mean = geometric(minutes).mean
    row: Row = {}
    for name, found in (
        ("mean", mean_interval(minutes)),
        ("median", median_interval(minutes)),
        ("geometric", geometric_mean),
    ):
        missing = NoNumber(found.reason)
        if name == "geometric":
            row["geometric_mean"] = missing if found.estimate is None else float(found.estimate)
        row[f"{name}_low"] = missing if found.low is None else found.low
        row[f"{name}_high"] = missing if found.high is None else found.high
    return row | {"skewed": SKEWED if is_skewed(minutes) else ""}


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
        **_intervals(union),
        "eligible": eligible,
        "eligible_synthetic": sum(n for site, n in recorded.items() if reading.sites[site].is_synthetic),
        "coverage": share(union.n, eligible),
        "recalled": sum(recalled for _, _, recalled in parts),
        "sites": sum(1 for _, observed, _ in parts if observed.n),
        "data": reading.data_of(site for site, _, _ in parts).kind,
    }
