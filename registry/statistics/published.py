"""The only way out: what a viewer may see of a measure. A figure that may not be shown is `Suppressed`, never 0 and never nothing.

Until the first release a site's members and its tokens see their own site in full and live, registry administrators and the
operator see the registry's live figures, and everybody else sees nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from registry.errors import NotFound
from registry.models import Site, User
from registry.models.scope import acting_for, as_statistics
from registry.permissions import Actor, can_administer_registry, can_read_statistics
from registry.statistics import confounding
from registry.statistics.meanings import UNITS, meaning
from registry.statistics.measures import BY_SLUG, MEASURES, Measure
from registry.statistics.pipeline import DECISIONS, VERSION
from registry.statistics.reading import Reading
from registry.statistics.results import Period, Scope, Statistic, Suppressed
from registry.vocabulary.workflow import SiteKind

NO_RELEASE = "no release has been published yet"
SANDBOX = "a sandbox has no statistics"


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
    with _seeing(scope):
        reading = Reading(scope, period)
        return {each.slug: _computed(each, reading) for each in measures}


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


def _why_not(scope: Scope, viewer: Actor) -> str:
    if scope.site_id is None:
        return "" if can_administer_registry(viewer) else NO_RELEASE
    # The permission decides here; the rows are read below under this one site's policy and no other's.
    with acting_for(sites=[scope.site_id], user_id=viewer.pk if isinstance(viewer, User) else None):
        site = Site.objects.filter(pk=scope.site_id).first()
        if site is None or not can_read_statistics(viewer, site):
            return NO_RELEASE
    return "" if site.kind == SiteKind.LIVE else SANDBOX


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
        seed=result.seed,
    )
