"""Whatever goes wrong under /api/ becomes one problem document here."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions

from api.catalogue import kinds
from api.problems import CONTENT_TYPE, Fault, Kind, document, pointer
from registry import errors as registry_errors

RETRY_AFTER_SECONDS = 10
_log = logging.getLogger("api")


class ApiProblem(exceptions.APIException):
    """A problem of this door's own catalogue."""

    def __init__(
        self, code: str, detail: str = "", *, faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.kind: Kind = kinds()[code]
        self.sentence = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.status_code = self.kind.status
        super().__init__(detail or self.kind.title, code)


def answer(
    request: HttpRequest,
    code: str,
    detail: str = "",
    *,
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The problem document `code` as a response, with its status and content type."""
    kind = kinds()[code]
    response = JsonResponse(
        document(request, kind, detail=detail, faults=faults),
        status=kind.status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": True},
    )
    for name, value in (headers or {}).items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def faults_of(problems: Iterable[registry_errors.Problem]) -> list[Fault]:
    """The registry's problems in this door's words: paths become JSON pointers."""
    return [
        Fault(
            problem.code,
            problem.message,
            pointer=pointer(problem.path) if problem.row is None else None,
            row=problem.row,
            column=problem.column,
        )
        for problem in problems
    ]


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER. Answers every expected error; None lets Django log the rest and answer 500."""
    request: HttpRequest = context["request"]
    translated = _translate(error)
    if translated is None:
        return None
    code, detail, faults, headers = translated
    if code == "unsupported-media-type":
        detail = f"Send {context['view'].takes}."
    if code == "not-signed-in" and getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    return answer(request, code, detail, faults=faults, headers=headers)


_Translation = tuple[str, str, list[Fault], dict[str, str]]


def _translate(error: Exception) -> _Translation | None:
    return _of_registry(error) or _of_door(error) or _of_django(error)


def _of_registry(error: Exception) -> _Translation | None:
    if not isinstance(error, registry_errors.StrataError):
        return None
    if isinstance(error, registry_errors.InvalidReport):
        faults = faults_of(problem for problem in error.problems if problem.severity == "error")
        noun = "place needs" if len(faults) == 1 else "places need"
        return "invalid-report", f"{len(faults)} {noun} attention. Nothing was written.", faults, {}
    if isinstance(error, registry_errors.NotFound):
        return "not-found", "", [], {}
    if isinstance(error, registry_errors.NotPermitted):
        return "not-permitted", error.message, [], {}
    fallback = "conflict" if isinstance(error, registry_errors.Conflict) else "refused"
    return (error.code if error.code in kinds() else fallback), error.message, [], {}


def _of_door(error: Exception) -> _Translation | None:
    if isinstance(error, ApiProblem):
        headers = dict(error.headers)
        if error.status_code == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="strata", error="invalid_token"'
        return error.kind.code, error.sentence, list(error.faults), headers
    if isinstance(error, exceptions.Throttled):
        return "too-many-requests", "", [], {"Retry-After": str(int(getattr(error, "wait", None) or 60) + 1)}
    if isinstance(error, exceptions.PermissionDenied) and "CSRF" in str(error.detail):
        return "csrf", "", [], {}
    for kind, code in _DRF.items():
        if isinstance(error, kind):
            return code, "", [], {}
    return None


_DRF: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "not-signed-in",
    exceptions.AuthenticationFailed: "not-signed-in",
    exceptions.PermissionDenied: "not-permitted",
    exceptions.NotFound: "not-found",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.NotAcceptable: "not-acceptable",
    exceptions.UnsupportedMediaType: "unsupported-media-type",
    exceptions.ParseError: "malformed-form",
}


def _of_django(error: Exception) -> _Translation | None:
    if isinstance(error, (OperationalError, InterfaceError)):
        _log.exception("database away")
        return "database-away", "", [], {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if isinstance(error, (DataError, IntegrityError)):
        # A rule that only the database knew: a gap in our own check, so it is logged as an error and refused, not 500.
        _log.exception("refused by a constraint")
        return "refused-by-constraint", "", [], {}
    for kind, code in _DJANGO.items():
        if isinstance(error, kind):
            return code, "", [], {}
    return None


# In this order: a body that is too big is one of the suspicious operations.
_DJANGO: dict[type[Exception], str] = {
    RequestDataTooBig: "body-too-large",
    Http404: "not-found",
    PermissionDenied: "not-permitted",
    BadRequest: "bad-request",
    SuspiciousOperation: "bad-request",
    UnreadablePostError: "bad-request",
}


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: for a middleware whose transaction could not be opened or committed."""
    return answer(request, "database-away", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def bad_request(request: HttpRequest) -> HttpResponse:
    """Django's handler400 under /api/."""
    return answer(request, "bad-request")


def forbidden(request: HttpRequest) -> HttpResponse:
    """Django's handler403 under /api/."""
    return answer(request, "not-permitted")


def not_found(request: HttpRequest) -> HttpResponse:
    """Django's handler404 under /api/: an address that is none, unlike a row that is not there."""
    slash = "Addresses here end without a slash. " if request.path.endswith("/") else ""
    return answer(request, "not-found", f"There is no such address. {slash}GET /api/v1/ lists the addresses.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500 under /api/: the request id and nothing else."""
    return answer(request, "server-error")
