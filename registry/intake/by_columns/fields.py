"""What the texts of one column say: read once for each distinct text, by the functions that read one report."""

from collections.abc import Callable
from datetime import date
from typing import Any

from registry.intake import flat, sections
from registry.intake.check import read_number
from registry.intake.lines import ALL, NULL, defaults, text_of
from registry.intake.values import Refused

MOST_REMEMBERED = 20_000
"""Ids and amounts are seldom the same twice: what is remembered of a column has an end."""


class Absent:
    """What a row does not have at all."""


ABSENT = Absent()


class Found:
    """A value that a rule found, in the place of what was said; the same value is the same object."""

    __slots__ = ("text", "value")

    def __init__(self, value: Any) -> None:
        self.value, self.text = value, text_of(value)


class Remembered(dict[Any, Any]):
    """A function of one argument and what it gave, as far as that is remembered."""

    def __init__(self, of: Callable[[Any], Any]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, key: Any) -> Any:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = self[key] = self._of(key)
        return found


class Field:
    """One field of a report in a file. `lines` gives the text that COPY reads, and `values` the believed value, of what is said.

    `refused` are the texts seen that say nothing that can be believed, `unknown` those that say that it is unknown.
    """

    def __init__(self, at: flat.Column, *, mode: str, today: date) -> None:
        self._at, self._mode, self._today = at, mode, today
        name = "minutes" if at.section == "effort" else at.field
        section = ALL[at.section]
        self._model_field: Any = section.model._meta.get_field(name) if name in section.reported else None
        self.required = name in section.required
        self.default = defaults(at.section).get(name)
        self.refused: set[str] = set()
        self.unknown: set[str] = set()
        self.values = Remembered(self._value)
        self.lines = Remembered(self._line)

    def _value(self, said: Any) -> Any:
        if isinstance(said, Found):
            return said.value
        if not said:
            return ABSENT if self.required else self.default
        try:
            return self._read(said)
        except Refused:
            return ABSENT

    def _read(self, text: str) -> Any:
        value = flat.value(self._at, text)
        if self._model_field is not None:
            return sections.read_field(self._model_field, value, mode=self._mode, today=self._today)
        return read_number(value) if self._at.field == "or_log_number" else value

    def _line(self, said: Any) -> str:
        if isinstance(said, Found):
            return said.text
        if not said:
            return text_of(self.default)
        try:
            value = self._read(said)
        except Refused:
            self.refused.add(said)
            return NULL
        if value is None and self._model_field is not None:
            self.unknown.add(said)
        return text_of(value)
