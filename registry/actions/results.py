"""What became of the rows of a file."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from registry.errors import Problem
from registry.vocabulary.workflow import RowOutcome


class Became(NamedTuple):
    """What became of one row, by its line in the file; of an amended case, its revision and its report before."""

    row: int
    outcome: RowOutcome
    case: int | None = None
    prior_revision: int | None = None
    prior: dict[str, Any] | None = None


@dataclass
class Result:
    """What became of each row of a batch, and what was wrong. `others` are counted and told of in no row of their own."""

    rows: list[Became] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        row: int,
        outcome: RowOutcome,
        case: int | None = None,
        prior_revision: int | None = None,
        prior: dict[str, Any] | None = None,
    ) -> None:
        self.rows.append(Became(row, outcome, case, prior_revision, prior))

    def refuse(self, *problems: Problem) -> None:
        self.problems += problems
        self.rows.append(Became(problems[0].row or 0, RowOutcome.REFUSED))

    def counts(self) -> Counter[str]:
        return self.others + Counter(str(became.outcome.value) for became in self.rows)
