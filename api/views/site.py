"""What a site says of itself: its printers, materials and procedure map, and its baselines without a print."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.door import Door, site_of
from api.parsers import body_of
from api.receipts import told
from registry import permissions
from registry.actions import sites
from registry.intake.context import Context
from registry.intake.site_reports import MATERIAL, PRINTER, read_map, read_one
from registry.models import Baseline, Material, Printer, Site
from registry.vocabulary.workflow import Channel


def _read_site(request: Request) -> Site:
    site = site_of(request)
    permissions.check_read_cases(request.user, site)
    return site


def _managed_site(request: Request) -> Site:
    site = site_of(request)
    permissions.check_equip(request.user, site)
    return site


class Printers(Door):
    verbs = {"GET": permissions.READ_CASES, "POST": permissions.EQUIP}
    examples = {"POST": "printer.json"}

    def get(self, request: Request) -> Response:
        """The site's printers by label; a case's prints name them so."""
        site = _read_site(request)
        rows = Printer.objects.visible_to(request.user).filter(site=site).order_by("label")
        return Response({"data": [serializers.printer(row) for row in rows]})

    def post(self, request: Request) -> Response:
        """Add a printer, by whoever manages the site; 201, or 409 when the label is taken."""
        site = _managed_site(request)
        said = read_one(PRINTER, body_of(request), site=site)
        row = sites.add_printer(site, by=request.user, via=Channel.REST, **said)
        return Response(serializers.printer(row), status=201)


class Materials(Door):
    verbs = {"GET": permissions.READ_CASES, "POST": permissions.EQUIP}
    examples = {"POST": "material.json"}

    def get(self, request: Request) -> Response:
        """The site's materials by name; a case's prints name them so."""
        site = _read_site(request)
        rows = Material.objects.visible_to(request.user).filter(site=site).order_by("name")
        return Response({"data": [serializers.material(row) for row in rows]})

    def post(self, request: Request) -> Response:
        """Add a material, by whoever manages the site; 201, or 409 when the name is taken."""
        site = _managed_site(request)
        said = read_one(MATERIAL, body_of(request), site=site)
        row = sites.add_material(site, by=request.user, via=Channel.REST, **said)
        return Response(serializers.material(row), status=201)


class Map(Door):
    verbs = {"GET": permissions.READ_CASES, "PUT": permissions.EQUIP}
    examples = {"PUT": "procedure_map.json"}

    def get(self, request: Request) -> Response:
        """The site's procedure map in force: which category each code of its files means."""
        return Response({"data": _map_of(_read_site(request))})

    def put(self, request: Request) -> Response:
        """Say which category codes mean from now on, by whoever manages the site; codes not sent stay as they are."""
        site = _managed_site(request)
        entries = read_map(body_of(request), site=site)
        version = sites.set_procedure_map(site, entries, by=request.user, via=Channel.REST)
        return Response({"version": version, "data": _map_of(site)})


def _map_of(site: Site) -> list[dict[str, Any]]:
    return [
        {"code_system": system, "code": code, "category": category, "version": version}
        for (system, code), (category, version) in sorted(Context.of(site).procedure_map.items())
    ]


class Baselines(Door):
    verbs = {"GET": permissions.READ_CASES, "PUT": permissions.SET_BASELINE}
    examples = {"PUT": "baseline.json"}

    def get(self, request: Request) -> Response:
        """The baselines in force, by category, clock and kind."""
        site = _read_site(request)
        rows = Baseline.objects.visible_to(request.user).filter(site=site, superseded_at__isnull=True)
        ordered = rows.order_by("category", "clock", "kind", "version")
        return Response({"data": [serializers.baseline(row) for row in ordered]})

    def put(self, request: Request) -> Response:
        """The baseline of one category and clock, as a new version of it; 200 with the version now in force."""
        site = site_of(request)
        row, warnings = sites.set_baseline(site, body_of(request), by=request.user, via=Channel.REST)
        return Response({**serializers.baseline(row), "warnings": told(warnings)})
