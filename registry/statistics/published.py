"""The only way out: what a viewer may see of a measure. A figure that may not be shown is `Suppressed`, never 0 and never nothing.

Until the first release a site's members and its tokens see their own site in full and live, beside coarse figures of the other
sites where a measure is declared so (ADR 0013); registry administrators and the operator see the registry's live figures; and
everybody else sees nothing.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from registry.errors import NotFound
from registry.models import Site, User
from registry.models.base import visible_sites
from registry.models.scope import acting_for, as_statistics
from registry.permissions import Actor, can_administer_registry, can_read_statistics
from registry.statistics import confounding
from registry.statistics.meanings import UNITS, meaning
from registry.statistics.measures import BY_SLUG, MEASURES, Measure
from registry.statistics.pipeline import DECISIONS, VERSION
from registry.statistics.reading import Reading
from registry.statistics.results import ALL_MONTHS, Period, Scope, Statistic, Suppressed
from registry.vocabulary.workflow import SiteKind

NO_RELEASE = "no release has been published yet"
SANDBOX = "a sandbox has no statistics"
NO_SITE = "one site is compared with the others here, and the registry is no site"
NO_PERIOD = "other sites are shown over all months alone"

Found: TypeAlias = dict[str, Statistic | Suppressed]


def published(
    measure_slug: str, *, scope: Scope, for_user: Actor, period: Period | None = None
) -> Statistic | Suppressed:
    """The measure for this scope and period as `for_user` may see it. Raises `NotFound` for a measure that is not declared."""
    return published_together([measure_slug], scope=scope, for_user=for_user, period=period)[measure_slug]


def published_together(
    slugs: Iterable[str], *, scope: Scope, for_user: Actor, period: Period | None = None
) -> dict[str, Statistic | Suppressed]:
    """What `published` gives for each of these measures, by slug: judged once, and what they share is read once."""
    try:
        measures = [BY_SLUG[slug] for slug in slugs]
    except KeyError:
        raise NotFound("There is no such measure.") from None
    if scope.site_id is None:
        found = _of_the_registry(measures, scope, for_user, period)
    else:
        found = _of_a_site(measures, scope, scope.site_id, for_user, period)
    return {each.slug: found[each.slug] for each in measures}


def definitions() -> list[dict[str, Any]]:
    """Every declared measure as plain data: what it is, of what, how, from where."""
    names = ("slug", "title", "why_it_matters", "unit", "numerator", "denominator", "method", "source", "version")
    return [
        {
            **{name: getattr(measure, name) for name in names},
            "unit_said": UNITS.get(measure.unit, measure.unit),
            "strata": list(measure.strata),
            "columns": [
                {"name": column.name, "heading": column.heading, "unit": column.unit, "meaning": meaning(column)}
                for column in measure.columns
            ],
        }
        for measure in MEASURES
    ]


def shared() -> dict[str, Any]:
    """What all measures share, as plain data: its version, its decisions, and what must be said beside every saving."""
    decisions = [{"title": decision.title, "text": decision.text} for decision in DECISIONS]
    return {"version": VERSION, "decisions": decisions, "beside_every_saving": list(confounding.GENERAL)}


def _of_the_registry(measures: list[Measure], scope: Scope, viewer: Actor, period: Period | None) -> Found:
    if not can_administer_registry(viewer):
        return _suppressed(measures, scope, NO_RELEASE)
    with as_statistics():
        reading = Reading(scope, period)
        found = {each.slug: _computed(each, reading) for each in measures if not each.beside}
    return found | _suppressed((each for each in measures if each.beside), scope, NO_SITE)


def _of_a_site(measures: list[Measure], scope: Scope, site_id: int, viewer: Actor, period: Period | None) -> Found:
    """The permission decides first; the site's rows are then read under this one site's policy and no other's."""
    with acting_for(sites=[site_id], user_id=viewer.pk if isinstance(viewer, User) else None):
        reason = _why_not(site_id, viewer)
        if reason:
            return _suppressed(measures, scope, reason)
        reading = Reading(scope, period)
        found: Found = {each.slug: _computed(each, reading) for each in measures if not each.beside}
        beside = [each for each in measures if each.beside]
        if period:
            return found | _suppressed(beside, scope, NO_PERIOD)
        return found | _beside_others(beside, scope, {site_id, *visible_sites(viewer)}) if beside else found


def _why_not(site_id: int, viewer: Actor) -> str:
    site = Site.objects.filter(pk=site_id).first()
    if site is None or not can_read_statistics(viewer, site):
        return NO_RELEASE
    return "" if site.kind == SiteKind.LIVE else SANDBOX


def _beside_others(measures: list[Measure], scope: Scope, known: set[int]) -> Found:
    """What these measures tell of the other sites is coarse, and of sites that the viewer does not belong to (not `known`).

    Months are not chosen, since two periods that differ by a month would tell what that month added; and whoever knows the
    cases of two sites could take those of the one out of the other's page.
    """
    with as_statistics():
        reading = Reading(scope, None, Reading(Scope.others(known), None))
        return {each.slug: _computed(each, reading) for each in measures}


def _suppressed(measures: Iterable[Measure], scope: Scope, reason: str) -> Found:
    return {each.slug: Suppressed(each.slug, each.title, scope.label, reason) for each in measures}


def _computed(measure: Measure, reading: Reading) -> Statistic:
    # Asked for before the cells are read: a refresh in between can only make them newer than the cut-off says.
    cut_off = reading.cut_off
    result = measure.compute(reading)
    return Statistic(
        measure=measure.slug,
        title=measure.title,
        unit=measure.unit,
        scope=reading.scope.label,
        period=reading.period.label if reading.period else ALL_MONTHS,
        columns=measure.columns,
        rows=result.rows,
        n=result.n,
        sites=result.sites,
        coverage=result.coverage,
        clocks=result.clocks,
        comparators=result.comparators,
        method=measure.method,
        version=measure.version,
        source=measure.source,
        cut_off=cut_off,
        caveats=result.caveats,
        data=result.data,
        seed=result.seed,
    )
