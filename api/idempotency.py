"""A POST sent twice with the same Idempotency-Key acts once. The key is optional, a token's own, and kept 30 days."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import ApiProblem
from api.receipts import Receipt
from registry.actions import idempotency
from registry.errors import InvalidReport
from registry.models import ApiToken

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(
    request: Request,
    body: dict[str, Any],
    act: Callable[[], Receipt],
    render: Callable[[Receipt], Response] = Receipt.response,
) -> Response:
    """What `act` did, rendered; for a key already used, what it did then, marked `Idempotency-Replayed: true`.

    The key, the act and its answer are of one transaction: a request that fails leaves its key unused. A second
    request with the key waits for the first. 422 `key-reused` for another body, 400 for a key that is none.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return render(act())
    token = request.auth
    if not isinstance(token, ApiToken):
        raise ApiProblem("bad-header", "Idempotency-Key goes with a token. Leave it out, or use a token.")
    if not _KEY.fullmatch(key):
        raise ApiProblem("bad-header", "An Idempotency-Key has 1 to 255 printable ASCII characters, no space.")
    route = f"{request.method} {request.path}"
    try:
        stored = idempotency.begin(token=token, route=route, key=key, request_digest=_digest(body))
    except InvalidReport as refusal:
        raise ApiProblem("key-reused") from refusal
    if stored is not None:
        response = render(Receipt(stored.status, stored.case_public_id, stored.revision))
        response["Idempotency-Replayed"] = "true"
        return response
    receipt = act()
    answer = idempotency.Answer(receipt.status, receipt.name, receipt.revision)
    idempotency.finish(token=token, route=route, key=key, answer=answer)
    return render(receipt)


def _digest(body: dict[str, Any]) -> str:
    """SHA-256 of the body's canonical form: neither spaces nor the order of fields make another request."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
