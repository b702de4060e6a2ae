"""Files in and out. Both are jobs: 202, then ask for the state until it is done."""

import base64
from collections.abc import Mapping
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, QueryDict
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.door import AnyType, Door, found, site_of, storable
from api.errors import ApiProblem
from api.idempotency import once
from api.parsers import body_of, read_object, refuse_other_charsets
from api.problems import Fault, place
from api.receipts import Receipt
from registry import permissions
from registry.actions import exports, uploads
from registry.intake.or_log_options import COLUMNS
from registry.models import ApiToken, Export, Site, Upload
from registry.reports import templates
from registry.vocabulary.workflow import Channel, ExportFormat, ExportKind, JobState, UploadKind

RETRY_AFTER = {"Retry-After": "2"}
_OPTIONS = ("code_system", "day_order", "next_day", "controls_from", "controls_to")
_COLUMNS = {f"columns.{role}": role for role in COLUMNS}
_OF_AN_EXPORT = {"kind": ExportKind.values, "format": ExportFormat.values}
_UNFINISHED = (JobState.WAITING, JobState.RUNNING)
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class RawFileParser(BaseParser):
    """Lets a raw body through to the view, which reads it as a stream and never whole."""

    media_type = "text/*"

    def parse(self, stream: Any, _media_type: str | None = None, _parser_context: Any = None) -> Any:
        """The unread stream."""
        return stream


class WorkbookParser(RawFileParser):
    """The same for a workbook."""

    media_type = _TYPES["xlsx"]


class Uploads(Door):
    parser_classes = (MultiPartParser, RawFileParser, WorkbookParser)
    takes = f"text/csv in UTF-8, {_TYPES['xlsx']} for XLSX, or multipart/form-data"
    parameters = {"POST": ("kind", *_OPTIONS, *_COLUMNS, "map")}
    verbs = {"POST": permissions.UPLOAD}
    examples = {"POST": "cases.csv"}

    def post(self, request: Request) -> Response:
        """Upload cases (CSV or XLSX) or an OR log (CSV): 202, and the file is kept and waits to be read.

        Either the file as the body, with `kind` (`cases` or `or_log`) and options in the query (`columns.encounter=Nr` names
        a column), or multipart with `kind`, `file`, and `options` as JSON. Cases have the columns of the template, or those of a
        matching that the site remembers, whose name is the option `map`.
        An Idempotency-Key is not needed: the same file again changes nothing.
        """
        site = site_of(request)
        permissions.check_upload(request.user, site)
        if request.stream is None:
            if request.META.get("HTTP_TRANSFER_ENCODING"):
                raise ApiProblem("length-required")
            raise ApiProblem("empty-body", "The file is empty. Export it again, with its header line and its rows.")
        media = request.content_type.partition(";")[0].strip().lower()
        kind, stream, options = _form(request) if media == "multipart/form-data" else _raw(request)
        row = uploads.receive(kind, site=site, by=request.user, via=Channel.REST, stream=stream, options=options)
        headers = {"Location": f"/api/v1/uploads/{row.public_id}", **RETRY_AFTER}
        return Response(serializers.upload(row), status=202, headers=headers)


def _raw(request: Request) -> tuple[str, Any, dict[str, Any]]:
    refuse_other_charsets(request)
    return _kind(request.query_params), request.data, _options(request.query_params)


def _options(said: Mapping[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {name: said[name] for name in _OPTIONS if name in said}
    words = {"true": True, "false": False}
    if "next_day" in options:
        options["next_day"] = words.get(options["next_day"], options["next_day"])
    if columns := {role: storable(name, said[name]) for name, role in _COLUMNS.items() if name in said}:
        options["columns"] = columns
    if "map" in said:
        options["map"] = storable("map", said["map"])
    return options


def _form(request: Request) -> tuple[str, Any, dict[str, Any]]:
    refuse_other_charsets(request)
    form = cast("QueryDict", request.data)
    faults = [
        Fault("unknown-field", "A form has kind, file and options.", pointer=place(name))
        for name in form
        if name not in ("kind", "file", "options")
    ]
    file = form.get("file")
    if not isinstance(file, UploadedFile):
        faults.append(Fault("required", "Send the file in a form field named file.", pointer="/file"))
    if faults:
        raise ApiProblem("invalid-report", faults=faults)
    options = form.get("options", "{}")
    if not isinstance(options, str):
        raise ApiProblem("invalid-report", faults=[Fault("wrong-type", "Send JSON text.", pointer="/options")])
    return _kind(form), file, read_object(options.encode("utf-8", "surrogatepass"))


def _kind(said: Mapping[str, Any]) -> str:
    if not isinstance(said.get("kind"), str):
        raise ApiProblem(
            "invalid-report",
            faults=[Fault("required", "Say what the file holds: send kind cases or or_log.", pointer="/kind")],
        )
    return str(said["kind"])


class UploadDetail(Door):
    verbs = {"GET": permissions.MATCH}

    def get(self, request: Request, public_id: str) -> Response:
        """State, progress, counts and problems of an upload; Retry-After while there is more to come."""
        site = site_of(request)
        permissions.check_match(request.user, site)
        rows = Upload.objects.visible_to(request.user).filter(site=site)
        if not permissions.can_upload(request.user, site):  # who sends OR times has logs to ask for, and nothing else
            rows = rows.filter(kind=UploadKind.OR_LOG)
        row = found(rows, public_id=public_id)
        return Response(serializers.upload(row), headers=RETRY_AFTER if row.state in _UNFINISHED else {})


class Template(Door):
    """One of the templates, as the table of addresses says."""

    content_negotiation_class = AnyType
    verbs = {"GET": permissions.READ_CASES}
    template = "template.csv"

    def get(self, request: Request) -> HttpResponse:
        """A template: of cases as header line, workbook, Table Schema or REDCap data dictionary; of an OR log."""
        site = site_of(request)
        permissions.check_read_cases(request.user, site)
        file = templates.TEMPLATES[self.template]
        response = HttpResponse(file.made(site), content_type=file.type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response


def _export_site(request: Request) -> Site | None:
    """A token's site, or the one a person names; None for the registry as a whole, which its administrators may ask for."""
    if isinstance(request.auth, ApiToken) or "site" in request.query_params:
        return site_of(request)
    permissions.check_administer_registry(request.user)
    return None


def _exports(request: Request) -> QuerySet[Export]:
    site = _export_site(request)
    if site is None:
        return Export.objects.filter(site__isnull=True)
    permissions.check_export_cases(request.user, site)
    return Export.objects.visible_to(request.user).filter(site=site)


class Exports(Door):
    verbs = {"POST": permissions.EXPORT_CASES}
    examples = {"POST": "export.json"}

    def post(self, request: Request) -> Response:
        """Request an export, `{"kind", "format"}`: 202; the cases of a site, or the registry report for a registry administrator."""
        site = _export_site(request)
        body = body_of(request)
        faults = [
            Fault("required", f"Send one of: {', '.join(words)}.", pointer=f"/{name}")
            for name, words in _OF_AN_EXPORT.items()
            if name not in body
        ]
        faults += [
            Fault("unknown-field", "Send kind and format.", pointer=place(name))
            for name in sorted(body.keys() - _OF_AN_EXPORT.keys())
        ]
        if faults:
            raise ApiProblem("invalid-report", faults=faults)

        def ask() -> Receipt:
            row = exports.request(body["kind"], format=body["format"], site=site, by=request.user, via=Channel.REST)
            return Receipt(202, row.public_id)

        return once(request, body, ask, lambda done: self._accepted(request, done))

    def _accepted(self, request: Request, done: Receipt) -> Response:
        headers = {"Location": f"/api/v1/exports/{done.name}", **RETRY_AFTER}
        row = found(_exports(request), public_id=done.name)
        return Response(serializers.export(row), status=done.status, headers=headers)


class ExportDetail(Door):
    verbs = {"GET": permissions.EXPORT_CASES}

    def get(self, request: Request, public_id: str) -> Response:
        """State and progress of an export; Retry-After while there is more to come."""
        row = found(_exports(request), public_id=public_id)
        return Response(serializers.export(row), headers=RETRY_AFTER if row.state in _UNFINISHED else {})


class ExportFile(Door):
    content_negotiation_class = AnyType
    verbs = {"GET": permissions.EXPORT_CASES}

    def get(self, request: Request, public_id: str) -> FileResponse:
        """The exported file, with its SHA-256 in Repr-Digest (RFC 9530); 409 while it is not written, 410 when it has expired."""
        row = found(_exports(request), public_id=public_id)
        if row.state in _UNFINISHED:
            raise ApiProblem("not-ready", headers=RETRY_AFTER)
        path = exports.path_of(row) if row.file else None
        if path is None or not path.is_file():
            raise ApiProblem("file-gone")
        name = f"{row.kind}-{row.public_id}.{row.format}"
        response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=_TYPES[row.format])
        response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(row.sha256)).decode()}:"
        response["X-Content-Type-Options"] = "nosniff"
        return response
