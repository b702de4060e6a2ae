"""A rule, asked of thousands of rows: once for each distinct set of the values that it looks at.

A rule is a function of what it looks at, and of a context that is the same for all rows. So what it says of one row it says of
every row with the same values in the places it looked at, in the order in which it looked: these are remembered as a tree.
Nobody declares what a rule looks at, and so nobody can forget to.
"""

from functools import partial
from typing import Any

from registry.intake.by_columns.fields import ABSENT, Found
from registry.intake.by_columns.sheet import FOUND, Layout, Line, Sheet
from registry.intake.by_columns.watched import Watched, WatchedCase, WatchedRow
from registry.intake.check import RULES
from registry.intake.context import Context
from registry.intake.rules import Each, Rule
from registry.intake.sections import KNOWN_BY, SECTIONS, TIMES, Reading, once

MOST_LEARNED = 50_000
"""So many answers are kept of one rule, then it starts again."""


class Answer:
    """What a rule says: that it has no problem and no warning, or not; and what it put in the place of what was said."""

    __slots__ = ("clean", "found")

    def __init__(self, found: dict[int, Found], *, clean: bool) -> None:
        self.clean, self.found = clean, found


class Look:
    """Where a rule looks next, and what comes of what stands there."""

    __slots__ = ("at", "then")

    def __init__(self, at: int) -> None:
        self.at = at
        self.then: dict[Any, Look | Answer] = {}


class Question:
    """One rule, and what is known of its answers. A rule about each row of a list is asked of the `line` alone."""

    def __init__(self, rule: Rule | Each, context: Context, line: Line | None = None) -> None:
        self.line, self._rule, self._context = line, rule, context
        self._known: Look | Answer | None = None
        self._learned = 0
        self._looked: set[int] = set()
        self._together: dict[tuple[Any, ...], Answer] = {}
        self._same: dict[tuple[int, str], Found] = {}

    def ask(self, sheet: Sheet, rows: list[int]) -> list[int]:
        """The rows of which the rule has anything to say; what it finds for the others stands in the sheet."""
        columns, suspect, found = sheet.columns, [], []
        for row, answer in zip(rows, self._answers(sheet, rows), strict=True):
            if not answer.clean:
                suspect.append(row)
            elif answer.found:
                found.append((row, answer.found))
        for row, values in found:
            for at, value in values.items():
                columns[at][row] = value
        return suspect

    def _answers(self, sheet: Sheet, rows: list[int]) -> list[Answer]:
        """An answer for each row. As a rule the same few columns are looked at in all of them, and decide together."""
        looked = tuple(sorted(self._looked))
        columns = [sheet.of(sheet.columns[at], rows) for at in looked]
        keys = [*zip(*columns, strict=True)] if looked else [()] * len(rows)
        answers: list[Any] = [*map(self._together.get, keys)]
        if None in answers:
            try:
                for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
                    if answers[place] is None:
                        answers[place] = self._together[key] = self._walk(sheet, row)
            finally:
                if len(self._looked) != len(looked) or len(self._together) > MOST_LEARNED:
                    self._together.clear()  # another column decides, too
        return answers

    def _walk(self, sheet: Sheet, row: int) -> Any:
        step = self._known
        while step.__class__ is Look:
            step = step.then.get(sheet.columns[step.at][row])
        return step or self._learn(sheet, row)

    def _learn(self, sheet: Sheet, row: int) -> Answer:
        watched, reading = Watched(sheet, row), Reading(self._context.mode, self._context.today)
        case = WatchedCase(watched)
        try:
            if isinstance(self._rule, Each) and self.line is not None:
                self._rule.of_one(WatchedRow(watched, self.line), "", case, self._context, reading)  # type: ignore[arg-type]
            else:
                self._rule(case, self._context, reading)
            clean = not reading.problems
        except KeyError:  # a value that the rule needs is missing
            clean = False
        answer = Answer(self._found(watched), clean=clean)
        self._looked.update(watched.seen)
        self._remember(watched.seen, answer)
        return answer

    def _found(self, watched: Watched) -> dict[int, Found]:
        found = {}
        for (section, number, name), value in watched.found.items():
            if name in FOUND.get(section, ()):
                at = watched.sheet.layout.at[section, number, name]
                made = Found(value)
                found[at] = self._same.setdefault((at, made.text), made)
            elif value is not ABSENT:
                raise TypeError(
                    f"A rule puts something in the place of {name}, which by_columns.sheet.FOUND does not name."
                )
        return found

    def _remember(self, seen: dict[int, Any], answer: Answer) -> None:
        self._learned += 1
        if self._known is None or self._learned > MOST_LEARNED:
            self._known, self._learned = _path(seen, answer), 1
            return
        step: Any = self._known
        for place, (_at, key) in enumerate(seen.items()):
            if key not in step.then:
                step.then[key] = _path(dict([*seen.items()][place + 1 :]), answer)
                return
            step = step.then[key]


def _path(seen: dict[int, Any], answer: Answer) -> Look | Answer:
    step: Look | Answer = answer
    for at, key in reversed(seen.items()):
        look = Look(at)
        look.then[key] = step
        step = look
    return step


def questions(layout: Layout, context: Context) -> list[Question]:
    """Every rule, in the order of the check, as a question; one for each row of a list where it is about each row."""
    asked = [Question(partial(_said_once, section), context) for section in KNOWN_BY]
    for rule in RULES:
        if isinstance(rule, Each):
            asked += [Question(rule, context, (rule.section, number)) for number in layout.numbers[rule.section]]
        else:
            asked.append(Question(rule, context))
    return asked


def _said_once(section: str, case: Any, _context: Context, reading: Reading) -> None:
    once(TIMES if section == "times" else SECTIONS[section], case.rows(section), "", reading)
