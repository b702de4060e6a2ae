"""What is done around every request: its id, its transaction with the sites it may see, its headers."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api.problems import request_id
from config import errors, logs
from registry.models.scope import acting_as

Next = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("strata.requests")
PERMISSIONS = ", ".join(f"{name}=()" for name in ("camera", "geolocation", "microphone", "payment", "usb"))


class AnswerMiddleware:
    """Every answer bears the request's id; what a person or token was shown stays out of caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request_id(request)
        # PostgreSQL takes no NUL, and no cookie of ours has one: such a cookie is none.
        request.COOKIES = {key: value for key, value in request.COOKIES.items() if "\x00" not in value}
        held = logs.request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(held)
        response["X-Request-ID"] = name
        response["Permissions-Policy"] = PERMISSIONS
        if "Authorization" in request.headers or request.COOKIES or response.cookies:
            response.setdefault("Cache-Control", "no-store")
        return response


class _WriteNothing(Exception):
    """Carries a refusal out of the transaction, so that the transaction is rolled back."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


class ScopeMiddleware:
    """One transaction per request, in which only the rows of the person's sites exist.

    An answer of 400 or above writes nothing. A database that is away answers 503.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            with acting_as(request.user):
                response = self.get_response(request)
                if response.status_code >= 400:
                    raise _WriteNothing(response)
        except _WriteNothing as refusal:
            return refusal.response
        except errors.DATABASE_AWAY as away:
            log.error("database away: %s", type(away).__name__)  # noqa: TRY400 - a traceback per request says no more
            return errors.database_away(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that lost the database; every other error is Django's to handle."""
        if isinstance(exception, errors.DATABASE_AWAY):
            log.error("database away: %s", type(exception).__name__)
            return errors.database_away(request)
        return None
