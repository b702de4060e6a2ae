"""The dashboards: the registry's for its administrators, a site's for the people of the site."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registry.models import Site
from registry.permissions import (
    EXPORT_CASES,
    READ_CASES,
    READ_STATISTICS,
    can_administer_registry,
    check_administer_registry,
)
from registry.statistics.provenance import data_notes
from registry.statistics.published import published, published_together
from registry.statistics.results import NoNumber, Scope, Statistic
from registry.web.addresses import Addresses
from registry.web.charts.drawing import drawings
from registry.web.first_steps import first_steps, steps_to_compare
from registry.web.jobs import health
from registry.web.near_duplicates import of_site
from registry.web.pages.overview import OVERVIEW
from registry.web.pages.topic import Topic
from registry.web.pages.trust import QUALITY
from registry.web.panels import Panel, Result, Results, Section
from registry.web.periods import Chosen, choices, chosen
from registry.web.sections import BY_SLUG, EVERY_CASE, TOPICS
from registry.web.views.common import Request, SiteRequest, at_site, signed_in
from registry.web.words import finding, headlines, overall


@dataclass(frozen=True)
class Dashboard:
    """Whose figures, of which topic and months, and where the other pages are.

    `may_export`: whether there is a page of files; `may_read`: whether cases may be named.
    """

    title: str
    site: Site | None
    topic: Topic
    chosen: Chosen
    may_export: bool
    several_sites: bool = False
    may_read: bool = False

    @property
    def at(self) -> Addresses:
        return Addresses(self.site, self.chosen.query)

    @property
    def scope(self) -> Scope:
        return Scope.of(self.site) if self.site else Scope.registry()


@signed_in
@require_safe
def home(request: Request) -> HttpResponse:
    """The registry for an administrator; for others their sites, or the one site they have."""
    if can_administer_registry(request.user):
        return _registry(request, OVERVIEW)
    sites = list(Site.objects.visible_to(request.user).live().order_by("code"))
    if len(sites) == 1:
        return redirect("site", sites[0].code)
    return render(request, "strata/sites.html", {"sites": sites})


@signed_in
@require_safe
def registry_topic(request: Request, slug: str) -> HttpResponse:
    """One topic of the registry's figures."""
    check_administer_registry(request.user)
    return _registry(request, _topic(slug, Scope.registry()))


@at_site(READ_STATISTICS)
@require_safe
def site(request: SiteRequest) -> HttpResponse:
    """One site's own figures, in full and live."""
    return _of_site(request, OVERVIEW)


@at_site(READ_STATISTICS)
@require_safe
def site_topic(request: SiteRequest, slug: str) -> HttpResponse:
    """One topic of a site's own figures."""
    return _of_site(request, _topic(slug, Scope.of(request.site)))


def _topic(slug: str, scope: Scope) -> Topic:
    if slug not in BY_SLUG or not BY_SLUG[slug].is_for(scope):
        raise Http404
    return BY_SLUG[slug]


def _registry(request: Request, topic: Topic) -> HttpResponse:
    sites = list(Site.objects.visible_to(request.user).live().order_by("code"))
    return _shown(request, Dashboard("The registry today", None, topic, chosen(request), may_export=True), sites)


def _of_site(request: SiteRequest, topic: Topic) -> HttpResponse:
    own = request.site
    several = can_administer_registry(request.user) or Site.objects.visible_to(request.user).live().count() > 1
    may_export, may_read = (verb in request.verbs for verb in (EXPORT_CASES, READ_CASES))
    return _shown(request, Dashboard(own.name, own, topic, chosen(request), may_export, several, may_read), [own])


def _shown(request: Request, page: Dashboard, sites: list[Site]) -> HttpResponse:
    results = published_together(
        dict.fromkeys((*page.topic.measures, EVERY_CASE)),
        scope=page.scope,
        for_user=request.user,
        period=page.chosen.period,
    )
    every = results[EVERY_CASE]
    if page.chosen.period:
        every = published(EVERY_CASE, scope=page.scope, for_user=request.user)
    context: dict[str, Any] = {
        "page": page,
        "at": page.at,
        "data_notes": data_notes(sites, counted=every.data.real if isinstance(every, Statistic) else ()),
        "health": health(),
        "topics": [(topic, page.at.topic(topic.slug)) for topic in TOPICS if topic.is_for(page.scope)],
    }
    if isinstance(every, Statistic) and not every.n:
        return render(request, "strata/first_steps.html", context | {"steps": first_steps(request.user, page.site)})
    context |= {
        "periods": choices(page.chosen, _years(every)),
        "pack": page.at.pack(page.topic.pack) if page.topic.pack else "",
        "sections": _drawn(page.topic.sections(results), page.at),
        "alike": of_site(page.site, request.user, page.chosen.period)
        if page.site and page.may_read and page.topic is QUALITY
        else None,
    }
    return render(request, "strata/dashboard.html", context | _headline(request, page, results))


def _headline(request: Request, page: Dashboard, results: Results) -> dict[str, Any]:
    """The finding and the large numbers, where a page has them; where a site has nothing to compare with, what would give it that."""
    if not page.topic.has_headline:
        return {"finding": "", "figures": [], "steps": []}
    saved = results["minutes-saved"]
    line = overall(saved) if isinstance(saved, Statistic) else None
    lacking = line and isinstance(line["saved"], NoNumber) and not page.chosen.period
    steps = steps_to_compare(request.user, page.site) if page.site and lacking else []
    return {"finding": finding(saved), "figures": headlines(results), "steps": steps}


def _years(every: Result) -> set[str]:
    """The years with a case."""
    return {str(row["month"])[:4] for row in every.rows} if isinstance(every, Statistic) else set()


def _drawn(sections: list[Section], at: Addresses) -> list[Section]:
    """The sections with all their figures drawn, in one go, and their downloads."""
    found = {panel.figure_key: panel.figure for section in sections for panel in section.panels if panel.figure}
    drawn = drawings(found)

    def finished(panel: Panel) -> Panel:
        return replace(panel, links=_links(panel, at), drawing=drawn[panel.figure_key] if panel.figure else None)

    return [replace(section, panels=tuple(map(finished, section.panels))) for section in sections]


def _links(panel: Panel, at: Addresses) -> tuple[tuple[str, str], ...]:
    if not panel.measure:
        return ()
    links = [("CSV", at.table(panel.measure))]
    if panel.figure:
        formats = {"SVG": "svg", "PNG": "png", "Vega-Lite": "json"}
        links += [(name, at.figure(panel.figure_key, ending)) for name, ending in formats.items()]
    return tuple(links)
