"""What became of a case: its procedure or why there is none, its OR times, what users said."""

import re
from collections.abc import Callable
from dataclasses import replace

from rest_framework.request import Request
from rest_framework.response import Response

from api.door import Door, found, site_of
from api.errors import ApiProblem, faults_of
from api.idempotency import once
from api.or_times import place_in_request, read_times
from api.parsers import body_of
from api.preconditions import refuse_changed_since
from api.receipts import Receipt, receipt, with_times_kept
from api.views.cases import cases_of
from registry import permissions
from registry.actions import outcomes
from registry.errors import InvalidReport
from registry.models import Case
from registry.vocabulary.workflow import Channel

_OF_ASSESSMENT = re.compile(r"^/assessments(/\d+)?")


def _case_to_record(request: Request, public_id: str) -> Case:
    site = site_of(request)
    permissions.check_record(request.user, site)
    return found(cases_of(request, site), public_id=public_id)


class ProcedureOfCase(Door):
    verbs = {"PUT": permissions.RECORD}
    examples = {"PUT": "late_outcome.json"}

    def put(self, request: Request, public_id: str) -> Response:
        """Record the procedure, or why there is none; times already recorded and not sent stay.

        `{"procedure": {…}}` or `{"no_procedure_reason": …}`.
        """
        row = _case_to_record(request, public_id)
        body = body_of(request)
        refuse_changed_since(request, row.site, row.local_case_id)
        done = outcomes.record_procedure(row, body, by=request.user, via=Channel.REST)
        return receipt(with_times_kept(done, body.get("procedure"))).response()


class OrTimes(Door):
    verbs = {"POST": permissions.RECORD}
    examples = {"POST": "or_time.json"}

    def post(self, request: Request, public_id: str) -> Response:
        """Record an OR time: minutes of one clock, or `events`, each a `code` and `at` with offset, kept as minutes only.

        A code that does not exist is answered by the list of those that do.
        """
        row = _case_to_record(request, public_id)
        body = body_of(request)
        report, faults = read_times(body)
        if faults:
            raise ApiProblem("invalid-report", faults=faults)

        def record() -> Receipt:
            refuse_changed_since(request, row.site, row.local_case_id)
            try:
                return receipt(outcomes.record_procedure(row, report, by=request.user, via=Channel.REST))
            except InvalidReport as refusal:
                raise _placed(refusal, lambda pointer: place_in_request(pointer, body)) from refusal

        return once(request, body, record)


def _placed(refusal: InvalidReport, place: Callable[[str], str]) -> ApiProblem:
    """The refusal with the places of this request instead of those of the report made from it."""
    faults = [
        replace(fault, pointer=place(fault.pointer or ""))
        for fault in faults_of(problem for problem in refusal.problems if problem.severity == "error")
    ]
    return ApiProblem("invalid-report", faults=faults)


class Assessments(Door):
    verbs = {"POST": permissions.ASSESS}
    examples = {"POST": "assessment.json"}

    def post(self, request: Request, public_id: str) -> Response:
        """Record one user's seven answers and estimate, added to the case."""
        site = site_of(request)
        permissions.check_assess(request.user, site)
        body = body_of(request)
        row = found(cases_of(request, site), public_id=public_id)

        def record() -> Receipt:
            refuse_changed_since(request, site, row.local_case_id)
            try:
                return receipt(outcomes.record_assessment(row, body, by=request.user, via=Channel.REST))
            except InvalidReport as refusal:
                raise _placed(refusal, lambda pointer: _OF_ASSESSMENT.sub("", pointer)) from refusal

        return once(request, body, record)
