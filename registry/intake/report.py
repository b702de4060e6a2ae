from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.errors import Problem


@dataclass(frozen=True)
class CaseReport:
    """What a site says of one case: untrusted plain data in the shape of the REST API, before belief.

    `row` is the row of the file it came from, if any; `problems` are what the door could not put into the report. `numbers` is of
    a report said on one line: by list, the number under which each of its rows was sent, 0 for one that was not.
    """

    data: dict[str, Any]
    row: int | None = None
    problems: tuple[Problem, ...] = ()
    numbers: Mapping[str, Sequence[int]] | None = None

    @property
    def local_case_id(self) -> Any:
        return self.data.get("local_case_id")


@dataclass
class Believed:
    """The typed values of a checked report, ready to become rows. `sections` holds the lists by name."""

    case: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    procedure: dict[str, Any] | None = None
    times: list[dict[str, Any]] = field(default_factory=list)
    or_log_number: str | None = None

    @property
    def is_control(self) -> bool:
        return bool(self.case.get("object_kind") == "none")

    def rows(self, section: str) -> list[dict[str, Any]]:
        """The rows of this list; those of the procedure's times too."""
        return self.times if section == "times" else self.sections[section]


@dataclass
class Judged:
    """The verdict on one report: `rows` is None when there is an error; warnings are kept with the case."""

    report: CaseReport
    rows: Believed | None
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "warning"]
