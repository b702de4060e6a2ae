"""What goes wrong outside every view, told in the language of the door that was knocked at."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from api import errors as api_errors

DATABASE_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = api_errors.RETRY_AFTER_SECONDS
log = logging.getLogger("strata.errors")


def by_machine(request: HttpRequest) -> bool:
    """Say whether the request came to the REST door."""
    return request.path.startswith("/api/")


def database_away(request: HttpRequest) -> HttpResponse:
    """Return 503 with Retry-After: problem+json for the REST door, a page that needs no database else."""
    if by_machine(request):
        return api_errors.unavailable(request)
    # Without the request: its context processors would ask the database who is signed in.
    page = HttpResponse(loader.render_to_string("503.html"), status=503)
    page["Retry-After"] = str(RETRY_AFTER_SECONDS)
    page["Cache-Control"] = "no-store"
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400, or 413 for a body above the limit."""
    too_big = isinstance(exception, RequestDataTooBig)
    if by_machine(request):
        return api_errors.answer(request, "body-too-large") if too_big else api_errors.bad_request(request)
    page = defaults.bad_request(request, exception)
    page.status_code = 413 if too_big else 400
    return page


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 403."""
    return api_errors.forbidden(request) if by_machine(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 404, the same for what is missing and for what belongs to another site."""
    return api_errors.not_found(request) if by_machine(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500; 503 where the database went away between the middlewares, as in reading a session."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return database_away(request)
    return api_errors.server_error(request) if by_machine(request) else defaults.server_error(request)
