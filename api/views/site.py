"""What a site says of itself: its printers, and its baselines without a print."""

from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.door import Door, site_of
from api.parsers import body_of
from api.receipts import told
from registry import permissions
from registry.actions import sites
from registry.models import Baseline, Printer
from registry.vocabulary.workflow import Channel


class Printers(Door):
    def get(self, request: Request) -> Response:
        """The site's printers by label; a case's prints name them so."""
        site = site_of(request)
        permissions.check_read_cases(request.user, site)
        rows = Printer.objects.visible_to(request.user).filter(site=site).order_by("label")
        return Response({"data": [serializers.printer(row) for row in rows]})


class Baselines(Door):
    def get(self, request: Request) -> Response:
        """The baselines in force, by category, clock and kind."""
        site = site_of(request)
        permissions.check_read_cases(request.user, site)
        rows = Baseline.objects.visible_to(request.user).filter(site=site, superseded_at__isnull=True)
        ordered = rows.order_by("category", "clock", "kind", "version")
        return Response({"data": [serializers.baseline(row) for row in ordered]})

    def put(self, request: Request) -> Response:
        """The baseline of one category and clock, as a new version of it; 200 with the version now in force."""
        site = site_of(request)
        row, warnings = sites.set_baseline(site, body_of(request), by=request.user, via=Channel.REST)
        return Response({**serializers.baseline(row), "warnings": told(warnings)})
