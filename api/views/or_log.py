"""The nightly call: an OR-log extract, straight to the cases that wait."""

import io
from typing import Any

from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.door import Door, site_of
from api.errors import ApiProblem
from api.or_log_events import MAX_BYTES, read_lines, read_list
from api.parsers import refuse_other_charsets
from api.views.files import RETRY_AFTER, RawFileParser, WorkbookParser
from registry import permissions
from registry.actions import nightly
from registry.vocabulary.workflow import Channel


class ListOfEvents(BaseParser):
    """Operations as a JSON list of events, made a table."""

    media_type = "application/json"
    read = staticmethod(read_list)

    def parse(self, stream: Any, _media_type: str | None = None, _parser_context: Any = None) -> Any:
        """The table as a stream."""
        return io.BytesIO(self.read(stream.read(MAX_BYTES + 1)))


class LinesOfEvents(ListOfEvents):
    """The same, one operation a line."""

    media_type = "application/x-ndjson"
    read = staticmethod(read_lines)


class MatchOrTimes(Door):
    parser_classes = (RawFileParser, WorkbookParser, LinesOfEvents, ListOfEvents)
    takes = "text/csv in UTF-8, application/x-ndjson or application/json with events, or a workbook"
    verbs = {"PUT": permissions.MATCH}
    examples = {"PUT": "or_times_match.json"}

    def put(self, request: Request) -> Response:
        """Send an OR-log extract: 202, and the cases that wait get their OR times; no other is touched.

        CSV is read as the site last had a log of these columns read, else by well-known headers. The same body again is the same
        upload, so that a call that was not answered may be repeated.
        """
        site = site_of(request)
        permissions.check_match(request.user, site)
        if request.stream is None:
            raise ApiProblem("length-required" if request.META.get("HTTP_TRANSFER_ENCODING") else "empty-body")
        refuse_other_charsets(request)
        stream: Any = request.data
        row = nightly.receive(site=site, by=request.user, via=Channel.REST, stream=stream)
        headers = {"Location": f"/api/v1/uploads/{row.public_id}", **RETRY_AFTER}
        return Response(serializers.upload(row), status=202, headers=headers)
