"""What can go wrong, in the registry's language. Each door translates; none of these carries a value somebody sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One fault of a report: a stable `code`, the place as a path (`prints[1].scale_percent`), and what to do.

    Files add `row` (1-based, header not counted) and `column`.
    """

    code: str
    path: str
    message: str
    severity: Severity = "error"
    row: int | None = None
    column: str | None = None


class StrataError(Exception):
    """Something the registry refuses, with a sentence for the person who asked."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class InvalidReport(StrataError):
    """A report that cannot be believed; holds every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        errors = sum(problem.severity == "error" for problem in self.problems)
        super().__init__(f"{errors} {'problem needs' if errors == 1 else 'problems need'} attention", "invalid-report")


class NotPermitted(StrataError):
    """The person or token may not do this."""

    def __init__(self, message: str = "You may not do this.") -> None:
        super().__init__(message, "not-permitted")


class NotFound(StrataError):
    """No such object, or one of a site that is not yours: the same answer."""

    def __init__(self, message: str = "There is no such object, or it is not yours to see.") -> None:
        super().__init__(message, "not-found")


class Conflict(StrataError):
    """The request is understood and contradicts what is recorded."""


class IllegalTransition(Conflict):
    """The object is not in a state that allows this."""
