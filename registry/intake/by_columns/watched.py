"""One row of a sheet in the shape of a believed report: whatever a rule looks at is noted, and whatever it changes."""

from collections.abc import Iterator, Mapping, MutableMapping
from itertools import compress
from typing import Any

from registry.intake.by_columns.fields import ABSENT
from registry.intake.by_columns.sheet import EFFORT, Line, Place, Sheet
from registry.intake.lines import ALL, columns, defaults
from registry.intake.report import Believed
from registry.intake.sections import SECTIONS

BESIDE = {"prints": ("printer",)}
"""What a row has for the rules and not for its table."""


class Watched:
    """One row of a sheet, as a rule sees it: what it looks at is noted, in order, and what it changes."""

    def __init__(self, sheet: Sheet, row: int) -> None:
        self.sheet, self.row = sheet, row
        self.seen: dict[int, Any] = {}
        self.found: dict[Place, Any] = {}

    def value(self, place: Place) -> Any:
        """What is believed in this place; ABSENT where the row has no such thing."""
        if place in self.found:
            return self.found[place]
        at = self.sheet.layout.at.get(place)
        if at is None:
            return _of_no_column(place)
        self.seen[at] = self.sheet.columns[at][self.row]
        return self.sheet.values(at, self.row)

    def unknown(self, line: Line) -> list[str]:
        """The fields of this line that are said to be unknown."""
        places = [(name, self.sheet.layout.at.get((*line, name))) for name in columns(line[0])]
        said = [(name, at) for name, at in places if at is not None and self.value((*line, name)) is None]
        return sorted(name for name, at in said if self.sheet.columns[at][self.row])

    def rows(self, section: str) -> list[dict[str, Any]]:
        """The rows of this list, in their order."""
        numbers = self.sheet.layout.numbers[section]
        there = self.value((section, 0, "")) if numbers else ()
        return [WatchedRow(self, (section, number)) for number in compress(numbers, there)]  # type: ignore[misc]


def _of_no_column(place: Place) -> Any:
    section, number, name = place
    if name == "number":
        return number
    if section == "effort" and name in {"activity", "staff"}:
        return EFFORT[number][name == "staff"]
    return ABSENT if name in ALL[section].required or name not in defaults(section) else defaults(section)[name]


class WatchedRow(MutableMapping[str, Any]):
    """One line of a watched row, with the behaviour of the plain mapping that the row-wise check hands to a rule."""

    def __init__(self, watched: Watched, line: Line) -> None:
        self._watched, self._line = watched, line

    def __getitem__(self, name: str) -> Any:
        value = (
            self._watched.unknown(self._line) if name == "unknown_fields" else self._watched.value((*self._line, name))
        )
        if value is ABSENT:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self._watched.found[*self._line, name] = value

    def __delitem__(self, name: str) -> None:
        self._watched.found[*self._line, name] = ABSENT

    def __iter__(self) -> Iterator[str]:
        section = self._line[0]
        return (name for name in (*columns(section), *BESIDE.get(section, ())) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return True  # as of every row that is believed: it says at least what its model says by default


class _Lists(Mapping[str, Any]):
    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def __getitem__(self, section: str) -> Any:
        if section not in SECTIONS:
            raise KeyError(section)
        return self._watched.rows(section)

    def __iter__(self) -> Iterator[str]:
        return iter(SECTIONS)

    def __len__(self) -> int:
        return len(SECTIONS)


class WatchedCase(Believed):
    """A watched row as a whole, in the shape of what is believed of one report."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self.or_log_number = None  # no rule may depend on it: it is checked where it is claimed
        self.case = WatchedRow(watched, ("case", 0))  # type: ignore[assignment]
        self.sections = _Lists(watched)  # type: ignore[assignment]

    @property
    def procedure(self) -> Any:  # type: ignore[override]
        """As of a believed report."""
        there = self._watched.sheet.layout.numbers["procedure"] and self._watched.value(("procedure", 0, ""))
        return WatchedRow(self._watched, ("procedure", 0)) if there else None

    @property
    def times(self) -> Any:  # type: ignore[override]
        """As of a believed report."""
        return self._watched.rows("times")
