"""What a write answers: which object, which revision, what became of it. Never the values of a case."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from rest_framework.response import Response

from api.errors import faults_of
from registry.actions.writing import Submitted
from registry.errors import Problem
from registry.models import ProcedureTime


@dataclass(frozen=True)
class Receipt:
    """The answer to a write; all but the warnings is kept with an idempotency key. `revision` is a case's."""

    status: int
    name: str
    revision: int | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def response(self) -> Response:
        """Of a case: `{"id", "revision", "warnings"}` with ETag and Location."""
        body = {"id": self.name, "revision": self.revision, "warnings": self.warnings}
        headers = {"ETag": f'"{self.revision}"', "Location": f"/api/v1/cases/{self.name}"}
        return Response(body, status=self.status, headers=headers)


def receipt(done: Submitted) -> Receipt:
    """201 for a case that was created, 200 for one that was there."""
    status = 201 if done.result == "created" else 200
    return Receipt(status, done.case.public_id, done.case.revision, told(done.warnings))


def with_times_kept(done: Submitted, procedure: Any) -> Submitted:
    """With a warning when the case keeps recorded OR times that this report of its procedure did not say."""
    sent = procedure.get("times") if isinstance(procedure, dict) else None
    said = {(row.get("clock"), row.get("source")) for row in sent or ()}
    recorded = ProcedureTime.objects.filter(procedure__case=done.case).values_list("clock", "source")
    if said.issuperset(recorded):
        return done
    message = (
        "OR times recorded earlier were not sent and stay. To correct one, send it again with its clock and source."
    )
    return replace(done, warnings=[*done.warnings, Problem("times-kept", "procedure.times", message, "warning")])


def told(warnings: Iterable[Problem]) -> list[dict[str, Any]]:
    """Warnings as JSON, each with its pointer, code and sentence."""
    return [fault.as_json() for fault in faults_of(warnings)]
