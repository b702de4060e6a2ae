"""Cases: submit, replace, read, list, check without writing, withdraw, reinstate."""

import re
from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.door import Door, bad_parameter, found, one_word, page, page_size, site_of
from api.errors import ApiProblem, faults_of
from api.idempotency import once
from api.parsers import body_of
from api.preconditions import refuse_changed_since
from api.problems import Fault, place
from api.receipts import Receipt, receipt, with_times_kept
from registry import permissions
from registry.actions import cases
from registry.errors import Conflict
from registry.intake.check import check
from registry.intake.payload import read_case
from registry.models import Case, Site
from registry.models.case import LOCAL_ID, CaseQuerySet
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.workflow import CaseState, Channel

_CURSOR = re.compile(r"cas_[0-9A-Z]{16}")


def cases_of(request: Request, site: Site) -> CaseQuerySet:
    """The cases of this site that the asker may see."""
    return Case.objects.visible_to(request.user).filter(site=site)


def _whole(row: Case) -> Response:
    return Response(serializers.case(row), headers={"ETag": f'"{row.revision}"'})


class Cases(Door):
    verbs = {"GET": permissions.READ_CASES, "POST": permissions.SUBMIT}
    examples = {"POST": "case.json"}
    parameters = {"GET": ("limit", "cursor", "state", "object_kind", "local_case_id")}

    def get(self, request: Request) -> Response:
        """The site's cases, newest first: what stood when the walk began is met once, whatever is added meanwhile."""
        site = site_of(request)
        permissions.check_read_cases(request.user, site)
        limit = page_size(request)
        mine = cases_of(request, site)
        rows = mine.order_by("-id")
        if state := one_word(request, "state", CaseState.values):
            rows = rows.filter(state=state)
        if kind := one_word(request, "object_kind", ObjectKind.values):
            rows = rows.filter(object_kind=kind)
        if (local := request.query_params.get("local_case_id")) is not None:
            rows = rows.filter(local_case_id=local) if re.fullmatch(LOCAL_ID, local) else rows.none()
        if (cursor := request.query_params.get("cursor")) is not None:
            rows = rows.filter(id__lt=_last_id(mine, cursor))
        batch = list(serializers.with_children(rows)[: limit + 1])
        following = batch[limit - 1].public_id if len(batch) > limit else None
        return page(request, [serializers.case(row) for row in batch[:limit]], following)

    def post(self, request: Request) -> Response:
        """Submit a case: 201 for a new one; 200 for the same content again; 409 for a known case with other content, or withdrawn."""
        site = site_of(request)
        body = body_of(request)

        def submit() -> Receipt:
            try:
                return receipt(cases.submit(read_case(body), site=site, by=request.user, via=Channel.REST))
            except Conflict as conflict:
                # The action says what is so; only this door knows its address.
                raise _with_address(conflict) from conflict

        return once(request, body, submit)


def _with_address(conflict: Conflict) -> Exception:
    if conflict.code != "case-exists":
        return conflict
    return ApiProblem(
        "case-exists",
        "A case with this id is recorded with other content. To change it, PUT the whole case to "
        "/api/v1/cases/by-local-id/<your case id>.",
    )


def _last_id(mine: CaseQuerySet, cursor: str) -> int:
    ids = mine.filter(public_id=cursor).values_list("id", flat=True)
    last = ids.first() if _CURSOR.fullmatch(cursor) else None
    if last is None:
        raise bad_parameter("cursor", "Send the cursor of the `next` address as it was given.")
    return last


class CaseByLocalId(Door):
    """A case under the site's own id: PUT makes it so, whatever was there before."""

    verbs = {"GET": permissions.READ_CASES, "PUT": permissions.SUBMIT}
    examples = {"PUT": "case.json"}

    def get(self, request: Request, local_case_id: str) -> Response:
        """The case that bears the site's own id, with its revision as ETag."""
        site = site_of(request)
        permissions.check_read_cases(request.user, site)
        if not re.fullmatch(LOCAL_ID, local_case_id):
            raise ApiProblem("not-found")
        return _whole(found(serializers.with_children(cases_of(request, site)), local_case_id=local_case_id))

    def put(self, request: Request, local_case_id: str) -> Response:
        """Submit or replace a case: 201 for a new one, else 200; 409 for a withdrawn one; 412 when If-Match names another revision."""
        site = site_of(request)
        permissions.check_submit(request.user, site)
        if not re.fullmatch(LOCAL_ID, local_case_id):
            raise ApiProblem(
                "not-found", "No case can have this id: letters, digits, dot, hyphen, underscore; at most 32."
            )
        body = body_of(request)
        # What GET adds may come back with the case; it is the registry's to say, so it is not read.
        body.pop("registry", None)
        if body.setdefault("local_case_id", local_case_id) != local_case_id:
            fault = Fault("id-differs", "The address names another case. Leave this out.", pointer="/local_case_id")
            raise ApiProblem("invalid-report", faults=[fault])
        refuse_changed_since(request, site, local_case_id)
        done = cases.replace(read_case(body), site=site, by=request.user, via=Channel.REST)
        return receipt(with_times_kept(done, body.get("procedure"))).response()


class CaseDetail(Door):
    verbs = {"GET": permissions.READ_CASES}

    def get(self, request: Request, public_id: str) -> Response:
        """The case, with its revision as ETag."""
        site = site_of(request)
        permissions.check_read_cases(request.user, site)
        return _whole(found(serializers.with_children(cases_of(request, site)), public_id=public_id))


class Validate(Door):
    verbs = {"POST": permissions.SUBMIT}
    examples = {"POST": "case.json"}

    def post(self, request: Request) -> Response:
        """The verdict that POST to cases would give, and nothing written: always 200 for what could be read."""
        site = site_of(request)
        permissions.check_submit(request.user, site)
        [judged] = check([read_case(body_of(request))], site=site)
        errors, warnings = (
            [fault.as_json() for fault in faults_of(problems)] for problems in (judged.errors, judged.warnings)
        )
        return Response({"valid": not errors, "errors": errors, "warnings": warnings})


class Withdraw(Door):
    verbs = {"POST": permissions.SUBMIT}
    examples = {"POST": "withdrawal.json"}

    def post(self, request: Request, public_id: str) -> Response:
        """Withdraw the case, with a reason: it counts no more, until it is reinstated."""
        return _with_reason(request, public_id, cases.withdraw)


class Reinstate(Door):
    verbs = {"POST": permissions.SUBMIT}
    examples = {"POST": "reinstatement.json"}

    def post(self, request: Request, public_id: str) -> Response:
        """Reinstate the withdrawn case, with a reason: it counts again, as it was recorded."""
        return _with_reason(request, public_id, cases.reinstate)


def _with_reason(request: Request, public_id: str, act: Callable[..., Case]) -> Response:
    """The act was done to the case for the reason sent, which is all that may be sent."""
    site = site_of(request)
    permissions.check_submit(request.user, site)
    body = body_of(request)
    faults = [Fault("unknown-field", "Send reason alone.", pointer=place(name)) for name in body if name != "reason"]
    if faults:
        raise ApiProblem("invalid-report", faults=faults)
    row = found(cases_of(request, site), public_id=public_id)

    def done() -> Receipt:
        refuse_changed_since(request, site, row.local_case_id)
        after = act(row, reason=body.get("reason", ""), by=request.user, via=Channel.REST)
        return Receipt(200, after.public_id, after.revision)

    return once(request, body, done)
