"""The only way out: what a viewer may see of a measure. A figure that may not be shown is `Suppressed`, never 0 and never nothing.

Until the first release a site's members and its tokens see their own site in full and live, beside coarse figures of the other
sites where a measure is declared so (ADR 0013); registry administrators and the operator see the registry's live figures; and
everybody else sees nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from registry.errors import NotFound
from registry.models import Site, User
from registry.models.base import visible_sites
from registry.models.scope import acting_for, as_statistics
from registry.permissions import Actor, can_administer_registry, can_read_statistics
from registry.statistics.measures import BY_SLUG, MEASURES, Measure
from registry.statistics.reading import Reading
from registry.statistics.results import Period, Scope, Statistic, Suppressed
from registry.vocabulary.workflow import SiteKind

NO_RELEASE = "no release has been published yet"
SANDBOX = "a sandbox has no statistics"
NO_SITE = "one site is compared with the others here, and the registry is no site"
ALL_MONTHS = "other sites are shown over all months alone"


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
    reason = _why_not(scope, for_user)
    if reason:
        return {each.slug: Suppressed(each.slug, each.title, scope.label, reason) for each in measures}
    found = _beside_others([each for each in measures if each.beside], scope, for_user, period)
    with _seeing(scope):
        reading = Reading(scope, period)
        return {each.slug: found.get(each.slug) or _computed(each, reading) for each in measures}


def definitions() -> list[dict[str, Any]]:
    """Every declared measure as plain data: what it is, of what, how, from where."""
    names = ("slug", "title", "why_it_matters", "unit", "numerator", "denominator", "method", "source", "version")
    return [
        {
            **{name: getattr(measure, name) for name in names},
            "strata": list(measure.strata),
            "columns": [
                {"name": column.name, "heading": column.heading, "unit": column.unit} for column in measure.columns
            ],
        }
        for measure in MEASURES
    ]


def _why_not(scope: Scope, viewer: Actor) -> str:
    if scope.site_id is None:
        return "" if can_administer_registry(viewer) else NO_RELEASE
    # The permission decides here; the rows are read below under this one site's policy and no other's.
    with acting_for(sites=[scope.site_id], user_id=viewer.pk if isinstance(viewer, User) else None):
        site = Site.objects.filter(pk=scope.site_id).first()
        if site is None or not can_read_statistics(viewer, site):
            return NO_RELEASE
    return "" if site.kind == SiteKind.LIVE else SANDBOX


def _beside_others(
    measures: list[Measure], scope: Scope, viewer: Actor, period: Period | None
) -> dict[str, Statistic | Suppressed]:
    """Measures of a site beside the others, by slug, once the viewer may see the site's own: what they tell of others is coarse.

    Months are not chosen, since two periods that differ by a month would tell what that month added. The others are the sites
    that the viewer does not belong to: whoever knows the cases of two sites could take one from the other.
    """
    reason = NO_SITE if scope.site_id is None else ALL_MONTHS if period else ""
    if reason:
        return {each.slug: Suppressed(each.slug, each.title, scope.label, reason) for each in measures}
    if scope.site_id is None or not measures:
        return {}
    with acting_for(sites=[scope.site_id], user_id=viewer.pk if isinstance(viewer, User) else None):
        others = Scope.others({scope.site_id, *visible_sites(viewer)})
    with transaction.atomic(), as_statistics():
        reading = Reading(scope, None, Reading(others, None))
        return {each.slug: _computed(each, reading) for each in measures}


@contextmanager
def _seeing(scope: Scope) -> Iterator[None]:
    if scope.site_id is None:
        with transaction.atomic(), as_statistics():
            yield
    else:
        with acting_for(sites=[scope.site_id]):
            yield


def _computed(measure: Measure, reading: Reading) -> Statistic:
    # Asked for before the cells are read: a refresh in between can only make them newer than the cut-off says.
    cut_off = reading.cut_off
    result = measure.compute(reading)
    return Statistic(
        measure=measure.slug,
        title=measure.title,
        unit=measure.unit,
        scope=reading.scope.label,
        period=reading.period.label if reading.period else "all months",
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
    )
