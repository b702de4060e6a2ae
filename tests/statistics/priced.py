"""A site whose prints cost something, said by the front door."""

from decimal import Decimal
from typing import Any

from registry.actions import sites
from registry.models import Site
from registry.models.scope import acting_for
from tests.people import HAND
from tests.statistics import reports
from tests.statistics.asking import fill, submit

MONTHS = [f"2025-{number:02}" for number in range(1, 13)]
WITHOUT = [140, 150, 128, 165, 171]


def state(site: Site, *, fixed: str | None = "12000", currency: str = "USD", rate_in: str = "", **more: Any) -> None:
    """What the site says of its costs, in its currency; `more` overrides what it says with its rate, which may be in another."""
    said = {
        "per_minute": "40", "currency": rate_in or currency, "year": 2020, "source": "", "clinician_wage": "120",
        "non_clinician_wage": "30", "outsourced_per_case": "5",
    }  # fmt: skip
    with acting_for(sites=[site.pk], administrator=True):
        sites.set_cost_rate(site, **{**said, **more}, **HAND)
        sites.amend_site(
            site, name=site.name, category=site.category, community_size=None, trauma_level=None, country=site.country,
            timezone=site.timezone, currency=currency, annual_fixed_cost=None if fixed is None else Decimal(fixed), **HAND,
        )  # fmt: skip


def effort(clinician: int | None, other: int | None) -> list[dict[str, Any]]:
    """All four activities of both groups; the first bears the minutes."""
    activities = ["consultation", "segmentation", "cad", "prep_postprocess"]
    return [
        {"activity": activity, "staff": staff, "minutes": (minutes if place == 0 else 0)}
        for staff, minutes in (("clinician", clinician), ("non_clinician", other))
        for place, activity in enumerate(activities)
    ]


def order(
    site: Site, local_id: str, month: str, minutes: int | None, *, costs: list[Any], hands: Any, **more: Any
) -> None:
    """A printed case: an OR time in that month, or none; `costs` is the material of each print, `hands` the two groups' minutes."""
    done = {} if minutes is None else {"procedure": reports.procedure(month, "tka", reports.time(minutes))}
    prints = [reports.print_(material_cost=cost) for cost in costs]
    submit(site, reports.asked(local_id, month, prints=prints, effort=effort(*hands), **done, **more))


def year_of_prints(site: Site) -> None:
    """Twelve printed cases in twelve months, one more that came to nothing, one that waits; five controls."""
    fill(site, with_print=[], without=WITHOUT, month="2025-03")
    for place, month in enumerate(MONTHS):
        hands = (30 + place, 60 if place else None)
        order(site, f"P-{place}", month, 100 + 2 * place, costs=[20 + place, *([7] if place == 3 else [])], hands=hands)
    order(site, "N-1", "2025-12", None, costs=[11], hands=(10, 10), no_procedure_reason="cancelled")
    order(site, "W-1", "2025-12", None, costs=[13], hands=(20, 20))
