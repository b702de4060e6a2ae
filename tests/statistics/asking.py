"""Filling a registry and asking for its measures."""

from typing import Any

from registry.actions import cases, sites
from registry.models import Site
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.statistics.published import published
from registry.statistics.refresh import refresh_due
from registry.statistics.results import Period, Scope, Statistic
from tests.people import HAND
from tests.statistics import reports


def submit(site: Site, report: Any) -> None:
    """The case is recorded by an operator's hand."""
    with acting_for(sites=[site.pk]):
        cases.submit(report, site=site, **HAND)


def fill(
    site: Site,
    *,
    with_print: list[int],
    without: list[int],
    category: str = "tka",
    clock: str = "in_room",
    month: str = "2026-03",
) -> None:
    """Cases of both arms; the names are made of their place, so that fill can be called again for another category."""
    prefix = f"{category[:6]}-{clock[:3]}-{month[-2:]}"
    for place, minutes in enumerate(without):
        submit(site, reports.control(f"{prefix}-C{place}", month, category, reports.time(minutes, clock)))
    for place, minutes in enumerate(with_print):
        done = reports.procedure(month, category, reports.time(minutes, clock))
        submit(site, reports.asked(f"{prefix}-P{place}", "2026-01", procedure=done))


def refresh() -> None:
    """Nothing is stale any more."""
    while refresh_due(100):
        pass


def measured(measure: str, scope: Scope, viewer: Any = None, period: Period | None = None) -> Statistic:
    """The measure as the operator sees it, or `viewer`."""
    found = published(measure, scope=scope, for_user=viewer or Operator("tests"), period=period)
    assert isinstance(found, Statistic), found
    return found


def line(statistic: Statistic, **wanted: Any) -> dict[str, Any]:
    """The one line of which `wanted` is true."""
    rows = [row for row in statistic.rows if wanted.items() <= row.items()]
    assert len(rows) == 1, rows
    return rows[0]


def baseline(site: Site, **more: Any) -> None:
    """A year's baseline of the site; `more` overrides or adds."""
    said = {"category": "tka", "clock": "in_room", "kind": "site_baseline", "n": 20, "mean": 150, "sd": 30}
    period = {"period_start": "2024-01", "period_end": "2024-12"}
    with acting_for(sites=[site.pk]):
        sites.set_baseline(site, {**said, **period, **more}, **HAND)
