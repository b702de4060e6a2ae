"""The procedure map: which category the codes of a site's own files mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.actions import sites
from registry.models import ProcedureMap, Site
from registry.permissions import EQUIP, READ_CASES, Actor
from registry.vocabulary.procedures import CATEGORIES, CATEGORY_BY_CODE
from registry.vocabulary.workflow import Channel
from registry.web.forms.said import SaidForm
from registry.web.forms.settings import MapForm, MapLinesForm
from registry.web.tags import plural
from registry.web.views.common import SiteRequest, at_site, sent
from registry.web.views.settings import READ_AND_SEND, shown

SUBJECT = "settings-map"


@dataclass(frozen=True)
class Group:
    """The codes that mean one category."""

    label: str | Promise
    rows: list[ProcedureMap]


@at_site(READ_CASES)
@READ_AND_SEND
def procedure_map(request: SiteRequest) -> HttpResponse:
    """The map in force, filtered by `?q=`, and forms for one code and for many."""
    chosen = {name: request.GET[name] for name in ("code_system", "code", "category") if name in request.GET}
    form = MapForm(sent(request, EQUIP), initial=chosen)
    if form.done(_set_one, request.site, by=request.user):
        return _told(request, 1)
    return _shown(request, form, MapLinesForm(site=request.site), refused=form)


@at_site(EQUIP)
@READ_AND_SEND
def many(request: SiteRequest) -> HttpResponse:
    """Many codes, a line each: all are set, or none and each faulty line is named."""
    if request.method != "POST":  # the address of the page that named faulty lines, loaded anew
        return redirect(SUBJECT, request.site.code)
    form = MapLinesForm(request.POST, site=request.site)
    if form.done(sites.set_procedure_map, request.site, by=request.user, via=Channel.FORM):
        return _told(request, len(form.cleaned_data["entries"]))
    return _shown(request, MapForm(), form, refused=form)


def _set_one(site: Site, *, code_system: str, code: str, category: str, by: Actor) -> int:
    return sites.set_procedure_map(site, {(code_system, code): category}, by=by, via=Channel.FORM)


def _told(request: SiteRequest, number: int) -> HttpResponse:
    messages.success(
        request, _("%(codes)s set. Recorded procedures keep their category.") % {"codes": plural(number, "code")}
    )
    return redirect(SUBJECT, request.site.code)


def _shown(request: SiteRequest, one: MapForm, lines: MapLinesForm, *, refused: SaidForm) -> HttpResponse:
    rows = ProcedureMap.objects.visible_to(request.user).filter(site=request.site)
    in_force = list(rows.order_by("code_system", "code", "-version").distinct("code_system", "code"))
    sought = request.GET.get("q", "").strip()
    found = [row for row in in_force if _meets(row, sought.casefold())]
    return shown(
        request,
        "map",
        SUBJECT,
        form=refused,
        may=EQUIP in request.verbs,
        one=one,
        lines=lines,
        total=len(in_force),
        found=len(found),
        groups=_groups(found),
        sought=sought,
        categories=CATEGORIES,
    )


def _meets(row: ProcedureMap, sought: str) -> bool:
    return sought in row.code.casefold() or sought in str(CATEGORY_BY_CODE[row.category].label).casefold()


def _groups(rows: list[ProcedureMap]) -> list[Group]:
    by_category: Mapping[str, list[ProcedureMap]] = {category.code: [] for category in CATEGORIES}
    for row in rows:
        by_category[row.category].append(row)
    return [Group(CATEGORY_BY_CODE[code].label, found) for code, found in by_category.items() if found]
