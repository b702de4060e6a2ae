"""How one file is to be read: which column says what, how its texts become ours, and what its owner mended without touching it.

A plan is what a site says of its file (JSON, kept with the upload); it changes no cell of the file and decides nothing that
the check decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from registry.errors import InvalidReport, Problem
from registry.intake import flat, typed
from registry.intake.conversions import CHECKED, convert, is_conversion
from registry.models import Case
from registry.vocabulary.manufacturing import ObjectKind

AMEND, LEAVE = "amend", "leave"
"""What becomes of a case that is recorded already with other content."""
PROBLEMS = "Problems"
"""The header of the column that an annotated file has beside its owner's; nobody reads it when the file comes back."""


def is_ours(header: str) -> bool:
    """Whether this is the column that we added to a file: it is never read."""
    return header.strip().casefold() == PROBLEMS.casefold()


@dataclass(frozen=True, slots=True)
class Taken:
    """A column of the file: its header, the name of `intake.flat` it is read as ("" for not at all), and the conversion of its texts."""

    header: str
    name: str = ""
    conversion: str = ""

    def text(self, cell: str) -> str:
        """What a cell of this column says; "" where it says nothing."""
        text = cell.strip()
        return convert(self.conversion, text) if text else ""


def joined(text: str, more: str) -> str:
    """What two columns of the same name say together."""
    return f"{text}; {more}"


@dataclass(frozen=True, slots=True)
class Plan:
    """`columns` in the order of the file. `of_all`: said of every row it fits, where no column says it. `values`: by name, texts in
    small letters and what to read in their place. `cells`: by row and name, what its owner wrote over it. Rows `left_out` are not
    read. With `next_day` an end before its start was on the next day. `known`: AMEND or LEAVE.
    """

    columns: tuple[Taken, ...]
    sheet: str = ""
    of_all: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    next_day: bool = False
    known: str = AMEND

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column of the file, "" for one that is not read."""
        return tuple(taken.name for taken in self.columns)

    def texts(self, row: int, cells: Sequence[str]) -> dict[str, str]:
        """What this row of the file says, by the names of `intake.flat`; empty texts are left out."""
        said: dict[str, str] = {}
        for taken, cell in zip(self.columns, cells, strict=False):
            if taken.name and (text := taken.text(cell)):
                said[taken.name] = joined(said[taken.name], text) if taken.name in said else text
        said = {name: self.instead(name, text) for name, text in said.items()}
        said |= self.cells.get(row, {})
        said = {name: text for name, text in said.items() if text.strip()}
        said |= {name: text for name, text in self.of_all.items() if name not in said and fits(name, said)}
        return _on_the_next_day(said) if self.next_day else said

    def instead(self, name: str, text: str) -> str:
        """What is read in the place of this text, which is not empty."""
        repaired = self.values.get(name)
        return repaired.get(text.casefold(), text).strip() if repaired else text

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept; `read_plan` of it gives it back."""
        return {**asdict(self), "columns": [asdict(taken) for taken in self.columns], "left_out": sorted(self.left_out)}


def beside(name: str, others: Iterable[str]) -> list[str]:
    """Those of the `others` that decide whether what is said of all rows under this name belongs to one row."""
    at = flat.column(name)
    if at is not None and at.number:
        found = [(other, flat.column(other)) for other in others]
        return [other for other, its in found if its and (its.section, its.number) == (at.section, at.number)]
    if at is not None and at.section == "procedure":
        return [other for other in others if other.startswith(("procedure_", "time_"))]
    return [other for other in others if other == "object_kind"]


def fits(name: str, said: Mapping[str, str]) -> bool:
    """Whether what is said of all rows belongs to this one: a control has nothing of a print, and no row of a list begins by it."""
    at = flat.column(name)
    if at is not None and (at.number or at.section == "procedure"):
        return bool(beside(name, said))
    kind = said.get("object_kind", "").casefold()
    control = kind in {ObjectKind.NONE.value, str(ObjectKind.NONE.label).casefold()}
    return at is not None and (not control or name in Case.CONTROL_REPORTED)


def _on_the_next_day(said: dict[str, str]) -> dict[str, str]:
    for number in range(1, flat.most_of("times") + 1):
        start, end = (flat.row_name("times", number, field) for field in flat.CLOCK_TIMES)
        if start in said and end in said:
            said[end] = on_the_next_day(said[start], said[end])
    return said


def on_the_next_day(start: str, end: str) -> str:
    """The end of a time, said to be on the next day where it is before the start."""
    return f"{end}+1" if (typed.between(start, end) or 0) < 0 else end


def of_header(header: Sequence[str], names: Sequence[str]) -> Plan:
    """The plan of a file whose columns are called by our own names."""
    return Plan(tuple(Taken(title, name) for title, name in zip(header, names, strict=True)))


def read_plan(said: Any) -> Plan:
    """The plan kept with an upload, or sent by somebody; raises InvalidReport with every problem."""
    plan = kept_plan(said)
    if problems := _problems(plan):
        raise InvalidReport(problems)
    return plan


def kept_plan(said: Any) -> Plan:
    """The plan as somebody left it, finished or not; raises InvalidReport when it is no plan at all."""
    try:
        return Plan(
            columns=tuple(Taken(**{key: str(text) for key, text in each.items()}) for each in said["columns"]),
            sheet=str(said.get("sheet", "")),
            of_all=_texts(said.get("of_all", {})),
            values={name: _texts(instead) for name, instead in said.get("values", {}).items()},
            cells={int(row): _texts(texts) for row, texts in said.get("cells", {}).items()},
            left_out=frozenset(int(row) for row in said.get("left_out", [])),
            next_day=said.get("next_day", False) is True,
            known=LEAVE if said.get("known") == LEAVE else AMEND,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        message = "The plan of a file is an object with columns, each with header, name and conversion."
        raise InvalidReport([Problem("wrong-type", "options", message)]) from None


def _texts(said: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in said.items()}


def _problems(plan: Plan) -> list[Problem]:
    """Names and conversions that are none, and names that two columns bear."""
    problems = []
    seen: set[str] = set()
    for place, taken in enumerate(plan.columns):
        path = f"options.columns[{place}]"
        if taken.name and flat.column(taken.name) is None:
            problems.append(Problem("unknown-column", f"{path}.name", "There is no column of this name."))
        if not is_conversion(taken.conversion):
            problems.append(Problem("bad-value", f"{path}.conversion", "There is no such conversion."))
        if taken.name in seen and not taken.conversion.startswith(CHECKED):
            problems.append(Problem("column-twice", f"{path}.name", "Another column says this already."))
        seen |= {taken.name} - {""}
    named = {*plan.of_all, *plan.values, *(name for texts in plan.cells.values() for name in texts)}
    if flat.strangers(named):
        problems.append(Problem("unknown-column", "options", "There is no column of one of these names."))
    if "local_case_id" not in seen:
        message = "Say which column is the case id of your site (local_case_id)."
        problems.append(Problem("column-missing", "options.columns", message, column="local_case_id"))
    return problems
