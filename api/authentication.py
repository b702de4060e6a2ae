"""Who asks: a site's machine with an opaque token, or a signed-in person."""

import hashlib
import hmac
import re
from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from api.errors import ApiProblem
from registry.actions import sites
from registry.models import ApiToken, scope

_TOKEN = re.compile(r"reg_(live|test)_[A-Za-z0-9_-]{43}")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer reg_live_…`; from then on the transaction sees the token's site alone."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """(token, token): the token is the actor. None without an Authorization header; 401 for a broken one."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer":
            raise ApiProblem("token-broken", "The scheme must be Bearer: `Authorization: Bearer reg_live_…`.")
        if not _TOKEN.fullmatch(text.strip()):
            raise ApiProblem("token-broken")
        token = _find(text.strip())
        scope.narrow_to([token.site_id])
        sites.note_use(token)
        return token, token

    def authenticate_header(self, _request: Request) -> str:
        """The WWW-Authenticate challenge of a 401."""
        return 'Bearer realm="strata"'


def _find(text: str) -> ApiToken:
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    with scope.as_token_lookup(digest):
        token = ApiToken.objects.filter(digest=digest).first()
    # The index finds by a digest no caller can steer; the comparison keeps that true should the look-up ever change.
    if token is None or not hmac.compare_digest(token.digest, digest):
        raise ApiProblem("token-unknown")
    if token.revoked_at is not None:
        raise ApiProblem("token-revoked")
    if token.expires_at is not None and token.expires_at <= timezone.now():
        raise ApiProblem("token-expired")
    return token


class PersonAuthentication(SessionAuthentication):
    """A signed-in person's session, with CSRF enforced on everything that writes."""
