"""Cases of a registry drawn as columns of numbers: no rows, no people, nothing that a hospital ever saw.

Twenty sites of unequal size over 48 months, each with half of the demonstration's procedures, three controls to each printed
case. A site prints by one process and reads its times from one source, nine cases in ten: as sites do, and so that their cells
fill up.
"""

from dataclasses import dataclass
from math import log1p, sqrt
from typing import Any

import numpy as np

from registry.management.demo.plan import PLANTED

SITES, MONTHS = 20, 48
CATEGORIES = [planted.category for planted in PLANTED]
SYSTEMS = sorted({planted.organ_system for planted in PLANTED})
COMPLEXITIES = ["", "basic", "intermediate", "complex"]
PROCESSES = ["", "material_jetting", "vat_photopolymerization", "powder_bed_fusion", "material_extrusion"]
SOURCES = ["or_log", "ehr", "chart", "recall"]
KINDS = ["none", "anatomic_model", "anatomic_guide", "both"]
USED = ["", "yes", "no"]
Column = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Cases:
    """One entry a case in each column: places in the lists above; `minutes` in the room, and whether they are known."""

    site: Column
    month: Column
    category: Column
    kind: Column
    complexity: Column
    process: Column
    source: Column
    used: Column
    minutes: Column
    timed: Column
    age: Column

    def of(self, which: Any) -> "Cases":
        """Those of the cases that `which` chooses."""
        return Cases(**{name: getattr(self, name)[which] for name in self.__dataclass_fields__})

    @property
    def printed(self) -> Any:
        return self.kind > 0


def drawn(n: int, *, seed: int) -> Cases:
    """n cases; the same seed gives the same ones."""
    random = np.random.default_rng(seed)
    sizes = 1 / np.arange(2, SITES + 2)
    site = random.choice(SITES, n, p=sizes / sizes.sum())
    practised = np.array([random.permutation(len(CATEGORIES))[: len(CATEGORIES) // 2] for _ in range(SITES)])
    category = practised[site, random.integers(0, practised.shape[1], n)]
    kind = random.choice(4, n, p=[0.75, 0.17, 0.06, 0.02])
    printed = kind > 0
    return Cases(
        site=site,
        month=random.integers(0, MONTHS, n),
        category=category,
        kind=kind,
        complexity=random.choice(4, n, p=[0.1, 0.3, 0.4, 0.2]),
        process=np.where(printed, 1 + _usual(random, site, len(PROCESSES) - 1), 0),
        source=_usual(random, site, len(SOURCES)),
        used=np.where(printed, 1 + (random.random(n) > 0.9), 0),
        minutes=_minutes(random, category, printed),
        timed=(random.random(n) < np.where(printed, 0.6, 1)).astype(np.int64),
        age=random.integers(0, 91, n),
    )


def _usual(random: np.random.Generator, site: Column, choices: int) -> Column:
    """What is usual at the site, nine times in ten; else anything."""
    return np.where(random.random(len(site)) < 0.9, site % max(choices - 1, 1), random.integers(0, choices, len(site)))


def _minutes(random: np.random.Generator, category: Column, printed: Any) -> Column:
    """Log-normal with the planted mean, spread and saving, in whole minutes."""
    means = np.array([[planted.minutes, planted.minutes - planted.saving] for planted in PLANTED], dtype=np.float64)
    spreads = np.array([sqrt(log1p(planted.cv**2)) for planted in PLANTED])
    centres = np.log(means) - spreads[:, None] ** 2 / 2
    drawn = np.exp(random.normal(centres[category, printed.astype(np.int64)], spreads[category]))
    return np.clip(np.rint(drawn), 5, 1440).astype(np.int64)
