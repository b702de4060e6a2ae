"""What is wrong with a file, by cause: one sentence, one column, and where it is a word that nobody knows, that word.

Only words of a list are told: never an id, a free text, an age or a date, nor a word that looks like one of them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from registry.errors import Problem
from registry.intake import flat
from registry.models.fields import Choice, ChoiceList

FIRST_ROWS = 20
MOST_TEXTS = 60
"""So many words of one column are told apart: a column with more is another than it is read as."""
MOST_CAUSES = 500
LONGEST_TEXT = 40
_CODED = {("codes", "code"), ("codes", "modifier"), ("prints", "printer"), ("procedure", "procedure_code")}
_OF_CODES = {"category": "procedure_code"}
"""The category of a procedure is often said by a code of the site's map."""
_LIKE_AN_ID = re.compile(r"@|\d\D?\d\D?\d\D?\d\D?\d\D?\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


@dataclass
class Cause:
    """One problem and the rows that have it: how many, and the first. `name` is of `intake.flat`, "" for the row as a whole."""

    key: str
    code: str
    name: str
    column: str
    message: str
    severity: str
    text: str = ""
    rows: int = 0
    first: list[int] = field(default_factory=list)
    near: list[str] = field(default_factory=list)


def is_of_words(name: str) -> bool:
    """Whether the column holds words of a list, which may be told."""
    column = flat.column(name)
    if column is None:
        return False
    if column.field == flat.MATERIALS or (column.section, column.field) in _CODED:
        return True
    return isinstance(flat.model_field(column), Choice | ChoiceList)


@dataclass
class Causes:
    """The causes found so far, by key."""

    found: dict[str, Cause] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Iterable[Mapping[str, Any]]) -> "Causes":
        """Those that `as_json` gave."""
        return cls({each["key"]: Cause(**each) for each in kept})

    def as_json(self) -> list[dict[str, Any]]:
        """As they are kept with an upload: errors first, those of most rows first."""
        order = sorted(self.found.values(), key=lambda cause: (cause.severity, -cause.rows, cause.column, cause.key))
        return [asdict(cause) for cause in order]

    def add(
        self, row: int, problems: Iterable[Problem], said: Mapping[str, str], names: Mapping[str, str]
    ) -> list[str]:
        """The keys of what is wrong with this row, which `said` these texts; `names` has the name of each header."""
        keys: dict[str, None] = {}
        for problem in problems:
            cause = self._of(problem, said, names)
            if cause.key not in keys:
                keys[cause.key] = None
                cause.rows += 1
                if len(cause.first) < FIRST_ROWS:
                    cause.first.append(row)
        return [*keys]

    def _of(self, problem: Problem, said: Mapping[str, str], names: Mapping[str, str]) -> Cause:
        header = problem.column or ""
        name = names.get(header, header if flat.column(header) else "")
        name, text = _told(name, said)
        key = _key(problem, name, text)
        if key not in self.found and text and self._texts(problem.code, name) >= MOST_TEXTS:
            text = ""
            key = _key(problem, name, text)
        if key not in self.found and len(self.found) >= MOST_CAUSES:
            name, header, text = "", "", ""
            key = _key(problem, name, text)
        made = Cause(key, problem.code, name, header, problem.message, problem.severity, text)
        return self.found.setdefault(key, made)

    def _texts(self, code: str, name: str) -> int:
        return sum((each.code, each.name) == (code, name) for each in self.found.values())


def _told(name: str, said: Mapping[str, str]) -> tuple[str, str]:
    """The column that says the word in question, and the word if it may be told."""
    column = flat.column(name)
    if column and column.section == "procedure" and name not in said:
        other = flat.procedure_name(_OF_CODES.get(column.field, column.field))
        name = other if other in said else name
    text = said.get(name, "") if is_of_words(name) else ""
    return name, text if len(text) <= LONGEST_TEXT and not _LIKE_AN_ID.search(text) else ""


def _key(problem: Problem, name: str, text: str) -> str:
    told = (problem.severity, problem.code, name, problem.message, text.casefold())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def names_of(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By header, as a problem of a file names it, the name that the column is read as; pairs of header and name."""
    return {header[:80]: name for header, name in reversed([*_named(headers)])}


def _named(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((header, name) for header, name in headers if name)
