"""What every view here has in common: who asks, for which site, with which parameters, and in what shape it answers."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import PersonAuthentication, TokenAuthentication
from api.errors import ApiProblem, handle
from api.parsers import StrictJSONParser
from api.problems import Fault
from registry.models import ApiToken, Site

Row = TypeVar("Row", bound=Model)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}", re.ASCII)
MAX_PAGE = 200
DEFAULT_PAGE = 50


class Door(APIView):
    """A resource of the REST interface. Settings live here, not in Django's settings: the door is one thing."""

    authentication_classes: tuple[type[BaseAuthentication], ...] = (TokenAuthentication, PersonAuthentication)
    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)
    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    renderer_classes: tuple[type[BaseRenderer], ...] = (JSONRenderer,)
    throttle_classes: tuple[type, ...] = ()
    takes = "application/json in UTF-8"
    parameters: Mapping[str, tuple[str, ...]] = {}
    # For the list of addresses: the verb of `registry.permissions` and the file of tests/examples/ for each method.
    verbs: Mapping[str, str] = {}
    examples: Mapping[str, str] = {}

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], HttpResponse | None]:
        return handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # HEAD is GET without its body (RFC 9110).
        method = "GET" if request.method == "HEAD" else str(request.method)
        refuse_unknown_parameters(request, self.parameters.get(method, ()))


class AnyType(BaseContentNegotiation):
    """For files: the type is the file's, whatever Accept says."""

    def select_parser(self, _request: Request, _parsers: Any) -> Any:
        return None

    def select_renderer(self, _request: Request, renderers: Any, _format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


def refuse_unknown_parameters(request: Request, known: tuple[str, ...]) -> None:
    """400 for a query parameter that this address does not have, or one sent twice: a filter ignored is a wrong answer."""
    if not isinstance(request.auth, ApiToken):
        known = (*known, "site")
    faults = []
    for name, values in request.query_params.lists():
        # A name that could be one of ours names the place; any other might be somebody's, and is not echoed.
        shown = name if name in known or _PLAIN.fullmatch(name) else None
        if name not in known:
            fix = f"This address takes {', '.join(known)}." if known else "This address takes no parameters."
            faults.append(Fault("unknown-parameter", fix, parameter=shown))
        elif len(values) > 1:
            faults.append(Fault("bad-parameter", "Send this parameter once.", parameter=shown))
    if faults:
        raise ApiProblem("unknown-parameter", faults=faults)


def bad_parameter(name: str, detail: str) -> ApiProblem:
    """400: this parameter cannot have that value, and why."""
    return ApiProblem("bad-parameter", faults=[Fault("bad-parameter", detail, parameter=name)])


def site_of(request: Request) -> Site:
    """The site this request is about: the token's own; a person names one of theirs by `?site=CODE`, 404 for any other."""
    if isinstance(request.auth, ApiToken):
        return request.auth.site
    code = request.query_params.get("site")
    if not code:
        raise ApiProblem("site-required")
    return found(Site.objects.visible_to(request.user), code=storable("site", code))


def found(rows: QuerySet[Row], **names: Any) -> Row:
    """The one row so named among those visible, else 404: another site's row answers exactly as a missing one."""
    row = rows.filter(**names).first()
    if row is None:
        raise ApiProblem("not-found")
    return row


def storable(name: str, text: str) -> str:
    """The parameter's text; 400 when it holds a NUL, which no PostgreSQL text can."""
    if "\x00" in text or len(text) > 200:
        raise bad_parameter(name, "Send text without control characters, at most 200 characters long.")
    return text


def one_word(request: Request, name: str, words: Collection[str]) -> str | None:
    """`?name=`, one of `words`; None when not sent, 400 for any other."""
    text = request.query_params.get(name)
    if text is not None and text not in words:
        raise bad_parameter(name, f"Send one of {', '.join(words)}.")
    return text


def page_size(request: Request) -> int:
    """`?limit=`: 1 to 200, 50 when not said."""
    text = request.query_params.get("limit", str(DEFAULT_PAGE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE):
        raise bad_parameter("limit", f"Send a whole number from 1 to {MAX_PAGE}.")
    return int(text)


def page(request: Request, rows: list[dict[str, Any]], following: str | None) -> Response:
    """A page: `data`, and under `next` (and Link) the address of the following one, null at the end."""
    body: dict[str, Any] = {"data": rows, "next": None}
    headers = {}
    if following is not None:
        query = request.query_params.copy()
        query["cursor"] = following
        body["next"] = f"{request.path}?{query.urlencode()}"
        headers["Link"] = f'<{body["next"]}>; rel="next"'
    return Response(body, headers=headers)
