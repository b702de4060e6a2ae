"""The printers and materials that a site's cases may name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.actions import equipment, sites
from registry.models import Material, Printer
from registry.permissions import EQUIP, READ_CASES
from registry.vocabulary.workflow import Channel
from registry.web.forms.said import initial
from registry.web.forms.settings import AmendMaterialForm, AmendPrinterForm, MaterialForm, PrinterForm
from registry.web.views.common import SiteRequest, at_site, named, sent
from registry.web.views.settings import READ_AND_SEND, shown

PRINTERS, MATERIALS = "settings-printers", "settings-materials"


@at_site(READ_CASES)
@READ_AND_SEND
def printers(request: SiteRequest) -> HttpResponse:
    """The site's printers, and a form for one more."""
    may = EQUIP in request.verbs
    form = PrinterForm(sent(request, EQUIP))
    if form.done(sites.add_printer, request.site, by=request.user, via=Channel.FORM):
        messages.success(request, _("%(label)s is added.") % {"label": form.result.label})
        return redirect(PRINTERS, request.site.code)
    rows = Printer.objects.visible_to(request.user).filter(site=request.site).order_by("-active", "label")
    return shown(request, "printers", PRINTERS, form=form if may else None, may=may, printers=list(rows))


@at_site(EQUIP)
@READ_AND_SEND
def printer(request: SiteRequest, public_id: str) -> HttpResponse:
    """One printer: how it is described, and whether it is in use."""
    row = _printer(request, public_id)
    form = AmendPrinterForm(sent(request, EQUIP), initial=initial(row, tuple(AmendPrinterForm.base_fields)))
    if form.done(equipment.amend_printer, row, by=request.user, via=Channel.FORM):
        messages.success(request, _("What was said of %(label)s is saved.") % {"label": row.label})
        return redirect(PRINTERS, request.site.code)
    return shown(request, "printer", PRINTERS, form=form, printer=row)


@at_site(EQUIP)
@require_POST
def retire_printer(request: SiteRequest, public_id: str) -> HttpResponse:
    """The printer is not offered for new prints."""
    row = equipment.retire_printer(_printer(request, public_id), by=request.user, via=Channel.FORM)
    messages.success(request, _("%(label)s is retired. Its cases keep it.") % {"label": row.label})
    return redirect(PRINTERS, request.site.code)


@at_site(EQUIP)
@require_POST
def reactivate_printer(request: SiteRequest, public_id: str) -> HttpResponse:
    """The printer is offered for new prints again."""
    row = equipment.reactivate_printer(_printer(request, public_id), by=request.user, via=Channel.FORM)
    messages.success(request, _("%(label)s is in use again.") % {"label": row.label})
    return redirect(PRINTERS, request.site.code)


def _printer(request: SiteRequest, public_id: str) -> Printer:
    rows = Printer.objects.visible_to(request.user).filter(site=request.site)
    return named(rows.select_related("site"), public_id)


@at_site(READ_CASES)
@READ_AND_SEND
def materials(request: SiteRequest) -> HttpResponse:
    """The site's materials, and a form for one more."""
    may = EQUIP in request.verbs
    form = MaterialForm(sent(request, EQUIP))
    if form.done(sites.add_material, request.site, by=request.user, via=Channel.FORM):
        messages.success(request, _("%(name)s is added.") % {"name": form.result.name})
        return redirect(MATERIALS, request.site.code)
    rows = Material.objects.visible_to(request.user).filter(site=request.site).order_by("name")
    return shown(request, "materials", MATERIALS, form=form if may else None, may=may, materials=list(rows))


@at_site(EQUIP)
@READ_AND_SEND
def material(request: SiteRequest, public_id: str) -> HttpResponse:
    """One material: how it is described."""
    rows = Material.objects.visible_to(request.user).filter(site=request.site)
    row = named(rows.select_related("site"), public_id)
    form = AmendMaterialForm(sent(request, EQUIP), initial=initial(row, tuple(AmendMaterialForm.base_fields)))
    if form.done(equipment.amend_material, row, by=request.user, via=Channel.FORM):
        messages.success(request, _("What was said of %(name)s is saved.") % {"name": row.name})
        return redirect(MATERIALS, request.site.code)
    return shown(request, "material", MATERIALS, form=form, material=row)
