"""JSON of the REST door into a report. The parser has settled what JSON is; this settles that it is a case."""

from typing import Any

from registry.errors import InvalidReport, Problem
from registry.intake.report import CaseReport


def read_case(body: Any) -> CaseReport:
    """The report in a decoded JSON body. Raises `InvalidReport` when the body is no object."""
    if not isinstance(body, dict):
        raise InvalidReport([Problem("wrong-type", "", "Send one case as a JSON object.")])
    return CaseReport(body)
