"""What became of the rows of a file."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from registry.errors import Problem
from registry.vocabulary.workflow import RowOutcome


@dataclass
class Result:
    """What became of each row of a batch, by its line in the file, and what was wrong.

    A row is (line, outcome, case, the revision that the case had before, if it was amended). `priors`: by line, the report of the
    case before.
    """

    rows: list[tuple[int, RowOutcome, int | None, int | None]] = field(default_factory=list)
    priors: dict[int, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: int, outcome: RowOutcome, case: int | None = None, prior: int | None = None) -> None:
        self.rows.append((row, outcome, case, prior))

    def refuse(self, *problems: Problem) -> None:
        self.problems += problems
        self.rows.append((problems[0].row or 0, RowOutcome.REFUSED, None, None))

    def counts(self) -> Counter[str]:
        return Counter(str(outcome.value) for _, outcome, *_ in self.rows)
