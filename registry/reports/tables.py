"""A table as people and files get it: named columns with a unit, rows of plain values, and what must be said beneath."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from registry.reports.writers import Cell
from registry.statistics import results

Unit: TypeAlias = results.Unit | Literal["interval"]


@dataclass(frozen=True)
class NotShown:
    """A value that may not be shown, or that does not exist, and why. It is never written as 0 or as nothing."""

    reason: str

    def __str__(self) -> str:
        return f"not shown: {self.reason}"


Value: TypeAlias = Cell | NotShown


@dataclass(frozen=True)
class Column:
    """`name` for machines (CSV heading), `heading` for people, `unit` for how a value is written."""

    name: str
    heading: str
    unit: Unit = "text"


@dataclass(frozen=True)
class Table:
    """One measure laid out. `key` names it in addresses; `notes` are sentences: method, coverage, data cut-off.

    A table that may not be shown at all has no columns, and `not_shown` says why.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    finding: str = ""
    not_shown: str = ""
    notes: tuple[str, ...] = field(default=())

    def cells(self) -> list[list[Cell]]:
        """The rows as files take them: what is not shown is said in words."""
        return [[str(value) if isinstance(value, NotShown) else value for value in row] for row in self.rows]

    def column(self, name: str) -> list[Value]:
        """All values of one column. Raises StopIteration for a name the table lacks."""
        place = next(number for number, column in enumerate(self.columns) if column.name == name)
        return [row[place] for row in self.rows]
