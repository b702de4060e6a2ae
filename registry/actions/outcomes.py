"""What became of a case, recorded when it is known: the operation and its times, or that there was none, and what its user thought."""

from typing import Any

from registry.actions.cases import lay_over
from registry.actions.writing import Submitted
from registry.errors import InvalidReport, Problem
from registry.models import Case
from registry.permissions import Actor, check_assess, check_record

_OF_OUTCOME = ("procedure", "no_procedure_reason", "or_log_number")


def record_procedure(
    case: Case, report: dict[str, Any], *, by: Actor, via: str, revision: int | None = None
) -> Submitted:
    """The procedure (or why there was none) lies over what was recorded; times of other clocks and sources stay.

    `report` is `{"procedure": {…}}` or `{"no_procedure_reason": …}`. Raises `InvalidReport`, and `Conflict` (`case-changed`)
    if it was said of a `revision` that the case no longer has and would change something.
    """
    check_record(by, case.site)
    strangers = [name for name in report if name not in _OF_OUTCOME]
    if strangers or not report:
        raise InvalidReport([Problem("unknown-field", "", "Send procedure, or no_procedure_reason, and nothing else.")])
    if report.get("procedure", ...) is None and not report.get("no_procedure_reason"):
        message = "A procedure cannot be unknown. Send what is known of it, or no_procedure_reason."
        raise InvalidReport([Problem("required", "procedure", message)])
    return lay_over(case, lambda _recorded: report, by=by, via=via, revision=revision)


def record_assessment(case: Case, report: dict[str, Any], *, by: Actor, via: str, seen: int | None = None) -> Submitted:
    """One more assessment stands with the case. Raises `InvalidReport` with paths under `assessments`.

    `seen` is how many stood there when this one was asked for: an equal one that came after them is this one, sent twice,
    and nothing changes.
    """
    check_assess(by, case.site)

    def one_more(recorded: dict[str, Any]) -> dict[str, Any]:
        known = recorded.get("assessments", [])
        if seen is not None and report in known[seen:]:
            return {}
        return {"assessments": [*known, report]}

    return lay_over(case, one_more, by=by, via=via)
