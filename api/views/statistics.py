"""Statistics: only what `published()` lets out."""

import re
from datetime import date

from rest_framework.request import Request
from rest_framework.response import Response

from api.door import Door, bad_parameter, one_word, site_of
from registry.models import ApiToken
from registry.permissions import READ_STATISTICS
from registry.statistics.published import definitions, published, shared
from registry.statistics.results import Period, Scope, plain

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
SCOPES = ("site", "registry")


class Measures(Door):
    def get(self, _request: Request) -> Response:
        """Every measure there is: what it counts, of what, how, and its columns; and the decisions that all of them share."""
        return Response({"data": definitions(), "pipeline": shared()})


class Measure(Door):
    parameters = {"GET": ("scope", "from", "to")}
    verbs = {"GET": READ_STATISTICS}

    def get(self, request: Request, measure: str) -> Response:
        """The measure for the asking site (`scope=site`) or the registry, over all months or `from` one `to` another.

        What may not be shown answers `{"suppressed": true, "reason": …}`, with status 200: it is an answer.
        """
        at_a_site = isinstance(request.auth, ApiToken) or "site" in request.query_params
        word = one_word(request, "scope", SCOPES) or ("site" if at_a_site else "registry")
        scope = Scope.of(site_of(request)) if word == "site" else Scope.registry()
        return Response(plain(published(measure, scope=scope, for_user=request.user, period=_period(request))))


def _period(request: Request) -> Period | None:
    first, last = _month(request, "from"), _month(request, "to")
    if first is None and last is None:
        return None
    if first is None or last is None or first > last:
        raise bad_parameter("to", "Send both from and to, the earlier month first.")
    return Period(first, last)


def _month(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    found = _MONTH.fullmatch(text)
    if found is None:
        raise bad_parameter(name, "Write the month as YYYY-MM.")
    return date(int(found[1]), int(found[2]), 1)
