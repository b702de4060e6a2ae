"""If-Match: a change that is only meant for the revision the caller read."""

import re

from rest_framework.request import Request

from api.errors import ApiProblem
from registry.actions import writing
from registry.models import Case, Site

_TAG = re.compile(r'"(\d{1,10})"')


def refuse_changed_since(request: Request, site: Site, local_case_id: str) -> None:
    """As `refuse_changed`, of the site's case of this id as it stands when nobody else can change it any more."""
    if "HTTP_IF_MATCH" in request.META:
        refuse_changed(request, writing.hold(site, [local_case_id]).get(local_case_id))


def refuse_changed(request: Request, row: Case | None) -> None:
    """412 when `If-Match` names another revision than the case has, or there is none; 400 for what is not our ETag.

    The row must be locked by the caller's transaction, or the answer may be out of date when it is given.
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or (header.strip() == "*" and row is not None):
        return
    tag = _TAG.fullmatch(header.strip())
    if tag is None and header.strip() != "*":
        raise ApiProblem("bad-header", 'Send If-Match as the ETag was given: "3".')
    if row is None or tag is None or int(tag.group(1)) != row.revision:
        raise ApiProblem("revision-changed")
