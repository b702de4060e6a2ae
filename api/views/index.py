"""What can be asked of this interface, read off its own table of addresses."""

import re
from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.door import Door
from registry.permissions import SCOPES

ROOT = "/api/v1/"
EXAMPLES = "tests/examples"
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


class Index(Door):
    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        """Every address: method, path, purpose, scopes of which a token needs one, an example to send."""
        return Response({"data": addresses(), "examples": f"{EXAMPLES}/README.md"})


@cache
def addresses() -> tuple[dict[str, object], ...]:
    """One entry for each method of each address, in the order of the table; a method of no view cannot be in it."""
    return tuple(_entries())


def _entries() -> Iterator[dict[str, object]]:
    for entry in get_resolver("api.urls").url_patterns:
        view = getattr(getattr(entry, "callback", None), "view_class", None)
        if not isinstance(entry, URLPattern) or view is None:
            continue  # What answers every other address is none itself.
        for method in ("GET", "POST", "PUT"):
            handler = getattr(view, method.lower(), None)
            if handler is not None:
                yield {
                    "method": method,
                    "path": ROOT + _CONVERTER.sub(r"{\1}", str(entry.pattern)),
                    "purpose": (handler.__doc__ or "").strip().partition("\n")[0],
                    "token": AllowAny not in view.permission_classes,
                    "scopes": [scope for scope, verbs in SCOPES.items() if view.verbs.get(method) in verbs],
                    "example": f"{EXAMPLES}/{name}" if (name := view.examples.get(method)) else None,
                }
