"""Changing the printers and materials that recorded cases already name: their names stay, or files and reports would miss them."""

from datetime import date

from django.db import transaction

from registry.actions import audit, clock
from registry.actions.belief import amend
from registry.models import Case, Material, Printer
from registry.permissions import Actor, check_equip
from registry.statistics.stale import mark_stale


def amend_printer(
    printer: Printer,
    *,
    manufacturer: str,
    model: str,
    process: str,
    in_service_from: date | None,
    in_service_to: date | None,
    by: Actor,
    via: str,
) -> Printer:
    """The printer is described so. Recorded prints keep the process they were recorded with."""
    check_equip(by, printer.site)
    said = {
        "manufacturer": manufacturer,
        "model": model,
        "process": process,
        "in_service_from": in_service_from,
        "in_service_to": in_service_to,
    }
    with transaction.atomic():
        if amend(printer, said):
            audit.record("printer.amend", by=by, via=via, site=printer.site, subject=printer)
    return printer


def retire_printer(printer: Printer, *, by: Actor, via: str) -> Printer:
    """The printer is not offered for new prints; its cases keep it. Retiring twice changes nothing."""
    check_equip(by, printer.site)
    with transaction.atomic():
        if amend(printer, {"active": False}):
            audit.record("printer.retire", by=by, via=via, site=printer.site, subject=printer)
    return printer


def reactivate_printer(printer: Printer, *, by: Actor, via: str) -> Printer:
    """The printer is offered for new prints again."""
    check_equip(by, printer.site)
    with transaction.atomic():
        if amend(printer, {"active": True}):
            audit.record("printer.reactivate", by=by, via=via, site=printer.site, subject=printer)
    return printer


def amend_material(
    material: Material, *, material_class: str, biocompatible: str, manufacturer: str, by: Actor, via: str
) -> Material:
    """The material is described so, for recorded prints too: the figures of their months are due again."""
    check_equip(by, material.site)
    said = {"material_class": material_class, "biocompatible": biocompatible, "manufacturer": manufacturer}
    with transaction.atomic():
        if amend(material, said):
            mark_stale(material.site_id, _months_of(material))
            audit.record("material.amend", by=by, via=via, site=material.site, subject=material)
            clock.ring("refresh")
    return material


def _months_of(material: Material) -> set[date]:
    """Every month in whose figures a print of this material may stand."""
    cases = Case.objects.filter(site=material.site, prints__materials__material=material)
    pairs = cases.values_list("order_month", "procedure__performed_month").distinct()
    return {month for pair in pairs for month in pair if month is not None}
