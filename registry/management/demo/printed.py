"""The 2,637 printed cases as the published table has them: how many of each kind, where, by which process, of whom, of how many parts.

Counts are the same with every seed; ages are mended to the published mean and SD, within what the table's rounding leaves free.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from registry.management.demo.moments import with_mean_and_sd
from registry.management.demo.plan import PLANTED, PLANTED_BY_CATEGORY, Planted
from registry.management.demo.quotas import apportioned, dealt, placed
from registry.management.demo.sites import SYNTHETIC_SITES, DemoSite
from registry.models.case import NINETY_PLUS

MODEL, GUIDE = "anatomic_model", "anatomic_guide"
# A little less than the table's rounding leaves free, so that every seed's figures differ and none is printed otherwise.
FREE = 0.04
# Known ages: mean and SD as published. Of both kinds together 22 cases do not know the age.
AGES = {MODEL: (42.4, 24.5), GUIDE: (56.3, 18.5)}
UNKNOWN_AGES = {MODEL: 15, GUIDE: 7}
# Three processes make 2,257 cases. The order is that of `placed`: what few sites have comes first.
PROCESSES = {
    MODEL: {
        "binder_jetting": 70, "powder_bed_fusion": 203, "material_jetting": 780, "vat_photopolymerization": 470,
        "material_extrusion": 340,
    },
    GUIDE: {"powder_bed_fusion": 107, "material_jetting": 72, "vat_photopolymerization": 205, "material_extrusion": 390},
}  # fmt: skip
# Parts of a model, guides of a guide case.
PIECES = {MODEL: {1: 1280, 2: 330, 3: 160, 4: 63, 5: 30}, GUIDE: {1: 536, 2: 150, 3: 60, 4: 20, 5: 8}}
SITE_BY_CODE = {site.code: site for site in SYNTHETIC_SITES}


@dataclass(frozen=True)
class Case:
    """What the table says of one printed case."""

    kind: str
    site: DemoSite
    planted: Planted
    process: str
    pieces: int
    age: int | None


def printed_cases(dice: random.Random) -> list[Case]:
    """All printed cases, models first, in random order."""
    return [*_of_kind(dice, MODEL, lambda p: p.models), *_of_kind(dice, GUIDE, lambda p: p.guides)]


def shares_of_sites(planted: Planted, total: int) -> dict[str, int]:
    """How many of `total` cases of the category each site has."""
    weights = {site.code: site.prints[planted.category] for site in SYNTHETIC_SITES if planted.category in site.prints}
    return apportioned(total, weights)


def _of_kind(dice: random.Random, kind: str, how_many: Callable[[Planted], int]) -> list[Case]:
    strata = {
        (code, planted.category): share
        for planted in PLANTED
        for code, share in shares_of_sites(planted, how_many(planted)).items()
    }
    cards = dealt(dice, strata)
    places = [(SITE_BY_CODE[code], PLANTED_BY_CATEGORY[category]) for code, category in cards]
    processes = placed(dice, PROCESSES[kind], [site.processes for site, _ in places])
    pieces = dealt(dice, PIECES[kind])
    ages = _ages(dice, kind, [planted for _, planted in places])
    return [
        Case(kind, site, planted, process, piece, age)
        for (site, planted), process, piece, age in zip(places, processes, pieces, ages, strict=True)
    ]


def _ages(dice: random.Random, kind: str, of: list[Planted]) -> list[int | None]:
    """Whole years, 90 for 90 and above; unknown for a few."""
    mean, sd = AGES[kind]
    bounds = [(planted.ages[0], min(planted.ages[2], NINETY_PLUS)) for planted in of]
    drawn = [drawn_age(dice, planted) for planted in of]
    unknown = set(dice.sample(range(len(of)), UNKNOWN_AGES[kind]))
    known = [place for place in range(len(of)) if place not in unknown]
    mended = with_mean_and_sd(
        dice,
        [drawn[place] for place in known],
        mean + dice.uniform(-FREE, FREE),
        sd + dice.uniform(-FREE, FREE),
        [bounds[place] for place in known],
    )
    ages: list[int | None] = [None] * len(of)
    for place, age in zip(known, mended, strict=True):
        ages[place] = age
    return ages


def drawn_age(dice: random.Random, planted: Planted) -> int:
    """An age of somebody who has this operation; 90 for 90 and above."""
    youngest, commonest, oldest = planted.ages
    return min(round(dice.triangular(youngest, oldest, commonest)), NINETY_PLUS)
