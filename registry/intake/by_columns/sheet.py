"""A slice of a file as columns of what is said: every field that the file has, by its place in a case."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress
from typing import Any

from registry.intake import flat
from registry.intake.by_columns.fields import Field, Remembered
from registry.intake.by_columns.texts import Texts
from registry.intake.check import OF_A_PROCEDURE
from registry.intake.context import Context
from registry.intake.lines import ALL, RESOLVED
from registry.intake.sections import KNOWN_BY
from registry.models import Case
from registry.vocabulary.manufacturing import ObjectKind

Line = tuple[str, int]
"""A section, and which of its rows: numbered from 1 in a list, 0 where there is one row only."""
Place = tuple[str, int, str]
"""A field of a line. With no field: which rows the section has (number 0)."""
LISTS = tuple(name for name in ALL if name not in {"case", "procedure"})
FOUND = {**RESOLVED, "procedure": ("category", *RESOLVED["procedure"])}
"""What a rule may put in the place of what was said."""
# In the order of their lines as texts, so that no row needs sorting for its digest.
EFFORT = dict(enumerate(sorted(flat.EFFORT_ORDER), 1))
MUST = {"effort": ("minutes",), "procedure": OF_A_PROCEDURE}
"""What a row must say, where that is not all that its section requires: an effort is said by the name of its column."""
_EFFORT_NUMBER = {pair: number for number, pair in EFFORT.items()}


def place_of(its: flat.Column) -> Place:
    """Where in a case a column of a file stands."""
    if its.section != "effort":
        return its.section, its.number, its.field
    activity, staff = its.field.split()
    return "effort", _EFFORT_NUMBER[activity, staff], "minutes"


class Layout:
    """Which fields a file has, where their columns stand, and what the texts of each say."""

    def __init__(self, names: Iterable[str], context: Context) -> None:
        self._context = context
        self.names: dict[Line, list[str]] = {("case", 0): []}
        self.at: dict[Place, int] = {}
        self.fields: list[Field | None] = []
        self.found: set[int] = set()
        for name in names:
            its = flat.column(name)
            if its is not None:
                section, number, field = place_of(its)
                self.names.setdefault((section, number), []).append(name)
                if field not in flat.CLOCK_TIMES:
                    self._add((section, number, field))
        self.numbers = {name: sorted(number for section, number in self.names if section == name) for name in ALL}
        if self.numbers["times"] and not self.numbers["procedure"]:
            self.names["procedure", 0], self.numbers["procedure"] = [], [0]
        self._add_what_is_found()

    def _add(self, place: Place) -> None:
        if place not in self.at:
            section, number, field = place
            self.at[place] = len(self.fields)
            its = flat.Column("", section, number, field)
            self.fields.append(Field(its, mode=self._context.mode, today=self._context.today) if field else None)

    def _add_what_is_found(self) -> None:
        for number in self.numbers["times"]:
            self._add(("times", number, "minutes"))
        for section, fields in FOUND.items():
            for number in self.numbers[section]:
                for field in fields:
                    self._add((section, number, field))
                    self.found.add(self.at[section, number, field])
        for section in ("procedure", *LISTS):
            if self.numbers[section]:
                self._add((section, 0, ""))


class Sheet:
    """One slice. `columns`, by the numbers of the layout, hold the texts said, or what was found in their place.

    `present`: by line, whether each row has it. `alone`: the rows of which nothing can be said by columns.
    """

    def __init__(self, layout: Layout, texts: Texts, alone: set[int], count: int) -> None:
        self.layout, self.alone, self.count = layout, alone, count
        self.columns: list[list[Any]] = [[] for _ in layout.fields]
        self.present: dict[Line, list[bool]] = {}
        self._take(texts)
        for line, names in layout.names.items():
            self.present[line] = self._said([texts[name] for name in names])
        self._number()
        self._lines = [
            [*map(field.lines.__getitem__, self.columns[at])] if field else [] for at, field in enumerate(layout.fields)
        ]
        self._refuse()

    def _take(self, texts: Texts) -> None:
        for number in self.layout.numbers["times"]:
            self._reckon(number, texts)
        named = {place_of(its): name for name in texts if (its := flat.column(name))}
        for place, at in self.layout.at.items():
            self.columns[at] = texts[named[place]] if place in named else [""] * self.count

    def _reckon(self, number: int, texts: Texts) -> None:
        """Clock times become minutes."""
        names = [flat.row_name("times", number, field) for field in (*flat.CLOCK_TIMES, "minutes")]
        if any(name in texts for name in names[:-1]):
            said = [texts.get(name, [""] * self.count) for name in names]
            minutes = [*map(_minutes_said.__getitem__, zip(*said, strict=True))]
            self.alone.update(place for place, text in enumerate(minutes) if text is None)
            texts[names[-1]] = [text or "" for text in minutes]

    def _said(self, columns: list[list[str]]) -> list[bool]:
        if any("" not in column for column in columns):
            return [True] * self.count
        return [*map(any, zip(*columns, strict=True))] if columns else [False] * self.count

    def _number(self) -> None:
        """Which rows each section has; a row left out before another of its list is for the row-wise check to tell."""
        self.present["case", 0] = [True] * self.count
        if ("procedure", 0) in self.present:
            timed = [self.present["times", number] for number in self.layout.numbers["times"]]
            self.present["procedure", 0] = [*map(any, zip(self.present["procedure", 0], *timed, strict=True))]
            self.columns[self.layout.at["procedure", 0, ""]] = self.present["procedure", 0]
        for section in LISTS:
            if numbers := self.layout.numbers[section]:
                which = [*zip(*(self.present[section, number] for number in numbers), strict=True)]
                self.columns[self.layout.at[section, 0, ""]] = which
                if section not in KNOWN_BY:
                    self._leave(which, {each for each in set(which) if _has_gap([*compress(numbers, each)])})

    def _refuse(self) -> None:
        """Leaves alone what any field refuses, and rows that do not say what they must."""
        for at, field in enumerate(self.layout.fields):
            if field and not field.refused.isdisjoint(self.columns[at]):
                self._leave(self.columns[at], field.refused)
        exempt = self._controls()
        for line, present in self.present.items():
            for name in MUST.get(line[0], ALL[line[0]].required):
                place = self.layout.at.get((*line, name))
                if place is None:
                    silent = present
                elif "" in self.columns[place]:
                    silent = [there and not said for there, said in zip(present, self.columns[place], strict=True)]
                else:
                    continue
                may = exempt if line[0] == "case" and name not in Case.CONTROL_REQUIRED else frozenset()
                self.alone.update(row for row in compress(range(self.count), silent) if row not in may)

    def _controls(self) -> AbstractSet[int]:
        """The rows that are control cases."""
        kind = self.layout.at.get(("case", 0, "object_kind"))
        field = None if kind is None else self.layout.fields[kind]
        if kind is None or field is None:
            return frozenset()
        said = {text for text in set(self.columns[kind]) if field.values[text] == ObjectKind.NONE.value}
        return {row for row, text in enumerate(self.columns[kind]) if text in said} if said else frozenset()

    def _leave(self, column: list[Any], which: AbstractSet[Any]) -> None:
        if which:
            self.alone.update(place for place, key in enumerate(column) if key in which)

    def values(self, at: int, row: int) -> Any:
        """What is believed of this row in this column; of a column without a field, what it holds."""
        field, key = self.layout.fields[at], self.columns[at][row]
        return field.values[key] if field else key

    def told(self, at: int, rows: list[int]) -> list[str]:
        """What COPY reads of these rows in this column, found or said."""
        field = self.layout.fields[at]
        if field and at in self.layout.found:
            return [*map(field.lines.__getitem__, self.of(self.columns[at], rows))]
        return self.of(self._lines[at], rows)

    def of(self, column: list[Any], rows: list[int]) -> list[Any]:
        """Of a column, these rows."""
        return column if len(rows) == self.count else [column[row] for row in rows]


def _has_gap(numbers: Sequence[int]) -> bool:
    return bool(numbers) and numbers[-1] != len(numbers)


_minutes_said = Remembered(lambda texts: flat.minutes_said(*texts))
