"""What a file must come to, and what it does come to, by the front door of a file of cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from registry.errors import InvalidReport
from registry.intake import case_file, flat

NAMES = ("local_case_id", "comment", "part_1_comment", "print_1_printer", "or_log_number")
HEAD = ",".join(NAMES[:3])
Rows = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class Hostile:
    """A file and its documented outcome: refused whole with a code, or every row with what it says and the codes of its problems.

    `rows` may be a count, where all that matters of a file is that it is read, and how long that takes.
    """

    name: str
    make: Callable[[Path], object]
    rows: Rows | int = field(default_factory=dict)
    problems: Mapping[int, Sequence[str]] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a file: the code it was refused with, or by row what was said and the codes of problems."""

    rows: Rows
    problems: Mapping[int, Sequence[str]]
    refused: str

    def is_as_documented(self, hostile: Hostile) -> bool:
        """Nothing refused that should be read, nothing read that should be refused, and no cell changed."""
        rows = len(self.rows) if isinstance(hostile.rows, int) else self.rows
        problems = {row: list(codes) for row, codes in hostile.problems.items()}
        return (rows, self.problems, self.refused) == (hostile.rows, problems, hostile.refused)


def outcome(path: Path) -> Outcome:
    """What comes of the file. Anything raised but a refusal is a fault of ours."""
    try:
        file = case_file.survey(path)
        reports = list(file.reports())
    except InvalidReport as refusal:
        for problem in refusal.problems:
            assert problem.message.endswith((".", "?")), problem.code
        return Outcome({}, {}, refusal.problems[0].code)
    assert file.rows == len(reports)
    rows = {report.row or 0: flat.said_of(report.data) for report in reports if report.data}
    problems = {report.row or 0: [problem.code for problem in report.problems] for report in reports if report.problems}
    return Outcome(rows, problems, "")


def says(*rows: Sequence[str], first: int = 2, names: Sequence[str] = NAMES) -> Rows:
    """The oracle of rows that follow each other: their texts, of the columns in this order; empty ones say nothing."""
    return {
        number: {name: text for name, text in zip(names, row, strict=False) if text}
        for number, row in enumerate(rows, first)
    }
