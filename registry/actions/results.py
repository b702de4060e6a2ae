"""What became of the rows of a file."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from registry.errors import Problem
from registry.vocabulary.workflow import RowOutcome


class Row(NamedTuple):
    """What became of a line of the file: its case, and of an amended one the revision and the report that it had before."""

    number: int
    outcome: RowOutcome
    case: int | None = None
    prior_revision: int | None = None
    prior: dict[str, Any] | None = None


@dataclass
class Result:
    """What became of each row of a batch, and what was wrong."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        row: int,
        outcome: RowOutcome,
        case: int | None = None,
        prior_revision: int | None = None,
        prior: dict[str, Any] | None = None,
    ) -> None:
        self.rows.append(Row(row, outcome, case, prior_revision, prior))

    def refuse(self, *problems: Problem) -> None:
        self.problems += problems
        self.rows.append(Row(problems[0].row or 0, RowOutcome.REFUSED))

    def counts(self) -> Counter[str]:
        return Counter(str(row.outcome.value) for row in self.rows)
