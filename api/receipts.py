"""What a write answers: which object, which revision, what became of it. Never the values of a case."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rest_framework.response import Response

from api.errors import faults_of
from registry.actions.cases import Submitted
from registry.errors import Problem


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


def told(warnings: Iterable[Problem]) -> list[dict[str, Any]]:
    """Warnings as JSON, each with its pointer, code and sentence."""
    return [fault.as_json() for fault in faults_of(warnings)]
