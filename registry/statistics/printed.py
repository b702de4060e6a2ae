"""Printed cases: how many of each kind, how old their patients, of which organ systems."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from registry.statistics.counts import DATA, KIND, ORGAN_SYSTEM, SHARE, SITES, N, in_order, share, spread
from registry.statistics.histogram import EMPTY, Histogram
from registry.statistics.models import AgeCell, CaseCell
from registry.statistics.reading import WITH_PRINT, Reading, arm_of
from registry.statistics.results import Column, Coverage, Result, Row

CASES_COLUMNS = (
    KIND,
    N,
    SHARE,
    Column("age_mean", "Mean age", "years"),
    Column("age_sd", "SD of age", "years"),
    Column("age_n", "Know the age", "count"),
    Column("age_unknown", "Do not know the age", "count"),
    Column("age_not_asked", "Do not say the age", "count"),
    SITES,
    DATA,
)
ORGAN_SYSTEMS_COLUMNS = (KIND, ORGAN_SYSTEM, N, SHARE, SITES, DATA)


def printed_cases(reading: Reading) -> Result:
    """Printed cases by kind of object, with the age of the patients."""
    counts: Counter[str] = Counter()
    sites: dict[str, set[int]] = defaultdict(set)
    for row in _printed(reading.sums(CaseCell, ("site_id", "object_kind", "print_decision"), ("n_cases",))):
        counts[row["object_kind"]] += row["n_cases"]
        sites[row["object_kind"]].add(row["site_id"])
    ages, unknown = _ages(reading)
    n = counts.total()
    rows: list[Row] = []
    for kind in sorted(counts, key=in_order(dict(KIND.words))):
        age = ages.get(kind, EMPTY)
        described = spread(age)
        rows.append(
            {
                "object_kind": kind,
                "n": counts[kind],
                "share": share(counts[kind], n),
                "age_mean": described["mean"],
                "age_sd": described["sd"],
                "age_n": age.n,
                "age_unknown": unknown[kind],
                "age_not_asked": counts[kind] - age.n - unknown[kind],
                "sites": len(sites[kind]),
                "data": reading.data_of(sites[kind]).kind,
            }
        )
    fed_by = set().union(*sites.values())
    coverage = Coverage(sum(age.n for age in ages.values()), n, "printed cases, for the age")
    return Result(tuple(rows), n, len(fed_by), reading.data_of(fed_by), coverage)


def _printed(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (row for row in rows if arm_of(row["object_kind"], row["print_decision"]) == WITH_PRINT)


def _ages(reading: Reading) -> tuple[Mapping[str, Histogram], Counter[str]]:
    """Of printed cases, by kind: the known ages, and how many do not know."""
    ages: dict[str, Histogram] = {}
    unknown: Counter[str] = Counter()
    for (_, kind, decision), known in reading.known(AgeCell, "object_kind", "print_decision").items():
        if arm_of(kind, decision) == WITH_PRINT:
            ages[kind] = ages.get(kind, EMPTY) + known.values
            unknown[kind] += known.unknown
    return ages, unknown


def printed_organ_systems(reading: Reading) -> Result:
    """Printed cases by kind of object and organ system; the shares of a kind add up to one."""
    counts: Counter[tuple[str, str]] = Counter()
    sites: dict[tuple[str, str], set[int]] = defaultdict(set)
    by = ("site_id", "object_kind", "organ_system", "print_decision")
    for row in _printed(reading.sums(CaseCell, by, ("n_cases",))):
        key = (row["object_kind"], row["organ_system"])
        counts[key] += row["n_cases"]
        sites[key].add(row["site_id"])
    of_kind: Counter[str] = Counter()
    for (kind, _), n in counts.items():
        of_kind[kind] += n
    order = (in_order(dict(KIND.words)), in_order(dict(ORGAN_SYSTEM.words)))
    rows: list[Row] = [
        {
            "object_kind": kind,
            "organ_system": system,
            "n": counts[kind, system],
            "share": share(counts[kind, system], of_kind[kind]),
            "sites": len(sites[kind, system]),
            "data": reading.data_of(sites[kind, system]).kind,
        }
        for kind, system in sorted(counts, key=lambda key: (order[0](key[0]), order[1](key[1])))
    ]
    n = counts.total()
    fed_by = set().union(*sites.values())
    coverage = Coverage(sum(counts[key] for key in counts if key[1]), n, "printed cases that state it")
    return Result(tuple(rows), n, len(fed_by), reading.data_of(fed_by), coverage)
