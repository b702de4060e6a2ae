"""A registry of many sites, drawn as cells: cases by the thousand would take a test minutes to submit."""

from collections.abc import Sequence
from datetime import date
from random import Random

from django.db import transaction

from registry.models import Site
from registry.models.scope import acting_for, as_statistics
from registry.statistics.histogram import Histogram
from registry.statistics.models import CaseCell, MinutesCell, ProcedureCell, StaleMonth
from tests.people import enrolled

MONTH = date(2026, 3, 1)
Arms = tuple[list[int], list[int]]
"""Minutes without a print, and with one."""


def minutes(seed: int, *, n_with: int = 15, n_without: int = 20, mean: float = 200, saved: float = 20) -> Arms:
    """Minutes of both arms, the same for the same seed."""
    random = Random(seed)
    without = [max(30, round(random.gauss(mean, 30))) for _ in range(n_without)]
    return without, [max(30, round(random.gauss(mean - saved, 30))) for _ in range(n_with)]


def site_of(code: str) -> Site:
    """The site of this code, enrolled if it is not yet."""
    with acting_for(sites=(), administrator=True):
        found = Site.objects.filter(code=code).first()
    return found or enrolled(code, f"{code} Hospital")


def draw(site: Site, arms: Arms, category: str = "tka", clock: str = "in_room") -> None:
    """The site has these cases of the category and no others."""
    without, with_print = arms
    with transaction.atomic(), as_statistics():
        for model in (MinutesCell, ProcedureCell):
            model.objects.filter(site_id=site.pk, category=category).delete()
        StaleMonth.objects.filter(site_id=site.pk).delete()
        for kind, decision, values in (("none", "", without), ("anatomic_model", "printed", with_print)):
            same = {
                "site_id": site.pk,
                "month": MONTH,
                "definition_version": 2,
                "object_kind": kind,
                "print_decision": decision,
            }
            MinutesCell.objects.create(
                **same, category=category, complexity="", process="", clock=clock, source="or_log", used_in_or="", early=False,
                histogram=Histogram.of(values).pack(), n=len(values),
            )  # fmt: skip
            ProcedureCell.objects.create(**same, category=category, n=len(values))
            CaseCell.objects.get_or_create(
                **same, organ_system="", process="material_jetting" if decision else "", expects_outcome=True,
                defaults={"n_cases": 1, "n_with_or_time": 1, "n_with_recall_only": 0, "n_awaiting": 0},
            )  # fmt: skip


def drawn(
    codes: Sequence[str], category: str = "tka", *, seed: int = 0, mean: float = 200, step: int = 6
) -> dict[str, Arms]:
    """So many sites, each with its own number of cases and its own saving, from 4 minutes on in steps."""
    found = {}
    for place, code in enumerate(codes):
        arms = minutes(
            1000 * seed + place, n_with=12 + 3 * place, n_without=14 + 5 * place, mean=mean, saved=4 + step * place
        )
        draw(site_of(code), arms, category)
        found[code] = arms
    return found
