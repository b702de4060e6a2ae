"""What stands beside each figure: its measure as CSV, its drawing as SVG and PNG, its specification as JSON."""

import json

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from registry.permissions import READ_STATISTICS, check_administer_registry
from registry.reports.measure_tables import as_table
from registry.reports.writers import csv_text
from registry.statistics.measures import BY_SLUG
from registry.statistics.published import published
from registry.statistics.results import Scope, Statistic, Suppressed
from registry.web.charts.drawing import bitmap, picture
from registry.web.periods import chosen
from registry.web.sections import FIGURES, MEASURE_OF
from registry.web.views.common import Request, SiteRequest, at_site, signed_in


@signed_in
@require_safe
def registry_table(request: Request, key: str) -> HttpResponse:
    """A measure of the registry as CSV."""
    check_administer_registry(request.user)
    return _table(request, key, Scope.registry())


@at_site(READ_STATISTICS)
@require_safe
def site_table(request: SiteRequest, key: str) -> HttpResponse:
    """A measure of one's own site as CSV."""
    return _table(request, key, Scope.of(request.site))


@signed_in
@require_safe
def registry_figure(request: Request, key: str, format: str) -> HttpResponse:
    """A figure of the registry."""
    check_administer_registry(request.user)
    return _figure(request, key, format, Scope.registry())


@at_site(READ_STATISTICS)
@require_safe
def site_figure(request: SiteRequest, key: str, format: str) -> HttpResponse:
    """A figure of one's own site."""
    return _figure(request, key, format, Scope.of(request.site))


def _published(request: Request, key: str, scope: Scope) -> Statistic | Suppressed:
    if key not in BY_SLUG:
        raise Http404
    return published(key, scope=scope, for_user=request.user, period=chosen(request).period)


def _table(request: Request, key: str, scope: Scope) -> HttpResponse:
    result = _published(request, key, scope)
    table = as_table(result)
    if isinstance(result, Statistic):
        headings = [*(column.name for column in table.columns), "data_notes"]
        text = csv_text(headings, [[*row, str(result.data)] for row in table.cells()])
    else:
        text = csv_text(["not_shown"], [[table.not_shown]])
    return attached(request, text, "text/csv; charset=utf-8", f"{scope.label}-{key}", "csv")


def _figure(request: Request, key: str, format: str, scope: Scope) -> HttpResponse:
    """404 where there is no figure: none is declared, the measure may not be shown, or it has nothing to draw."""
    if key not in FIGURES or format not in {"svg", "png", "json"}:
        raise Http404
    result = _published(request, MEASURE_OF.get(key, key), scope)
    figure = FIGURES[key](result) if isinstance(result, Statistic) else None
    if figure is None or not isinstance(result, Statistic):
        raise Http404
    name = f"{scope.label}-{key}"
    if format == "json":
        return attached(request, json.dumps(figure.wide, indent=1), "application/json", name, "vl.json")
    beneath = f"{'The registry' if scope.site_id is None else scope.label}, {result.period}. Data: {result.data.kind}."
    svg = picture(figure.wide, title=result.title, beneath=beneath)
    drawn = bitmap(svg) if svg and format == "png" else svg
    if not drawn:
        return HttpResponse("The figure could not be drawn. Try again later.", status=503, content_type="text/plain")
    return attached(request, drawn, "image/png" if format == "png" else "image/svg+xml", name, format)


def attached(request: Request, content: str | bytes, content_type: str, name: str, ending: str) -> HttpResponse:
    """A file to keep, named after what it holds and the months it is of."""
    months = f"-{word}" if (word := chosen(request).word) else ""
    disposition = f'attachment; filename="strata-{name}{months}.{ending}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
