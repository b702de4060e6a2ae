"""What others published on operating time with and without a print: single studies, effects that they pooled, and our pools of the studies.

Facts out of abstracts, each with its source: no systematic review, and no data of the registry. Minutes saved are those without
a print minus those with one, as everywhere here.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path

from registry.statistics.heterogeneity import Heterogeneity, heterogeneity
from registry.statistics.pooling import Pooled, pool
from registry.statistics.summary import merged
from registry.statistics.two_arms import Arm, Difference, welch

FOLDER = Path(__file__).parent
OPERATION_TIME = "operation_time"
"""The clock of most papers: an operation time, of which the abstract does not say from when to when."""
POOLS = {"models": "Models", "guides": "Guides", "eight": "Eight orthopaedic studies"}
MINUTES, PART, PERCENT, RATIO, SD = "minutes", "part", "percent", "ratio", "sd"
OBSERVED, ESTIMATED = "observed", "estimated"


@dataclass(frozen=True)
class Study:
    """One study: its arms as printed, and the difference as far as they allow. `pools`: the keys of POOLS that it enters."""

    id: str
    study: str
    design: str
    object_kind: str
    procedure: str
    clock: str
    without: Arm
    printed: Arm
    difference: Difference
    pools: tuple[str, ...]
    source: str
    remark: str


@dataclass(frozen=True)
class Effect:
    """An effect as others pooled it, in its own unit: `low` and `high` are None where no interval was published.

    `object_kind`: what was printed, where it was one kind.
    """

    id: str
    study: str
    object_kind: str
    scope: str
    studies: int | None
    patients: int | None
    basis: str
    unit: str
    estimate: Fraction | None
    low: Fraction | None
    high: Fraction | None
    source: str
    remark: str

    @property
    def in_minutes(self) -> bool:
        return self.unit == MINUTES and self.estimate is not None


@dataclass(frozen=True)
class Together:
    """Studies of operating time pooled here, in minutes saved. `spread` is of the same studies."""

    key: str
    studies: tuple[Study, ...]
    pooled: Pooled
    spread: Heterogeneity


@cache
def studies() -> tuple[Study, ...]:
    """Every study, in the order of the file; arms that share one arm without a print are merged (their exact n, mean and SD)."""
    return tuple(_study(list(rows)) for _, rows in groupby(_rows("studies"), key=lambda row: row["id"]))


@cache
def effects() -> tuple[Effect, ...]:
    """Every published effect, its sign turned: above zero (in per cent: the share of the minutes saved) is faster with a print."""
    return tuple(_effect(row) for row in _rows("effects"))


@cache
def pools() -> tuple[Together, ...]:
    """The studies of each pool by random effects, as sites are (REML, modified Knapp–Hartung); all by the operation time of their paper."""
    return tuple(_together(key, [study for study in studies() if key in study.pools]) for key in POOLS)


def _together(key: str, members: Sequence[Study]) -> Together:
    effects = [float(study.difference.estimate or 0) for study in members]
    variances = [(study.difference.se or 0) ** 2 for study in members]
    found = pool(effects, variances)
    return Together(key, tuple(members), found, heterogeneity(effects, variances, found))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _study(rows: list[dict[str, str]]) -> Study:
    first = rows[0]
    without, printed = _arm(first, "without"), merged(_arm(row, "with") for row in rows)
    return Study(
        id=first["id"],
        study=first["study"],
        design=first["design"],
        object_kind=first["object_kind"],
        procedure=first["procedure"],
        clock=first["clock"],
        without=without,
        printed=printed,
        difference=_difference(without, printed, first["saved"]),
        pools=tuple(first["pools"].split()),
        source=first["source"],
        remark=first["remark"],
    )


def _arm(row: dict[str, str], name: str) -> Arm:
    n, mean, sd = (row[f"{part}_{name}"] for part in ("n", "mean", "sd"))
    return Arm.stated(int(n), Decimal(mean), Decimal(sd) if sd else None) if mean else Arm(int(n), None, None)


def _difference(without: Arm, printed: Arm, saved: str) -> Difference:
    if saved:
        return Difference(without.n, printed.n, Fraction(saved), reason="no interval was published")
    if without.mean is None or printed.mean is None:
        return Difference(without.n, printed.n, reason="no minutes were published")
    return welch(without, printed)


def _effect(row: dict[str, str]) -> Effect:
    estimate, low, high = (Fraction(row[name]) if row[name] else None for name in ("estimate", "low", "high"))
    estimate, low, high = (_saved(value, row["effect"]) for value in (estimate, high, low))
    return Effect(
        id=row["id"],
        study=row["study"],
        object_kind=row["object_kind"],
        scope=row["scope"],
        studies=int(row["studies"]) if row["studies"] else None,
        patients=int(row["patients"]) if row["patients"] else None,
        basis=row["basis"],
        unit=row["effect"],
        estimate=estimate,
        low=low,
        high=high,
        source=row["source"],
        remark=row["remark"],
    )


def _saved(value: Fraction | None, unit: str) -> Fraction | None:
    """With minus without, turned to without minus with; a ratio and a change in per cent, to the share that is saved."""
    if value is None:
        return None
    return {RATIO: 1 - value, PERCENT: -value / 100}.get(unit, -value)
