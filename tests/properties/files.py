"""Files of a random batch: the lines as a site would send them, by our own column names or by its own and a plan."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from registry.intake.conversions import CHECKED, CONVERSIONS
from registry.intake.plan import AMEND, LEAVE, Plan, Taken
from registry.vocabulary.clinic import IntendedUse
from tests.properties.lines import Author, Line

KEY = "local_case_id"
CONTESTED = ("7", "8", "9")


@dataclass(frozen=True)
class File:
    """A file to send: its header, the cells below it, and the plan if it is not in our own names."""

    header: tuple[str, ...]
    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    plan: Plan | None = None
    delimiter: str = ","

    def text(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter)
        writer.writerows([self.header, *self.cells])
        return out.getvalue()

    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Each record with the line of the file that it begins on."""
        found, line = [], 2
        for cells in self.cells:
            found.append((line, cells))
            line += 1 + sum(cell.count("\n") for cell in cells)
        return found

    def read_rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Those of them that say something and are not left out."""
        left_out = self.plan.left_out if self.plan else ()
        return [(row, cells) for row, cells in self.rows() if row not in left_out and any(map(str.strip, cells))]

    def without_row(self, place: int) -> "File":
        """The same file but one row; what its plan says of rows goes with them."""
        gone, rest = self.rows()[place], replace(self, cells=self.cells[:place] + self.cells[place + 1 :])
        if self.plan is None:
            return rest
        height = 1 + sum(cell.count("\n") for cell in gone[1])

        def moved(row: int) -> int:
            return row - height if row > gone[0] else row

        cells = {moved(row): said for row, said in self.plan.cells.items() if row != gone[0]}
        left_out = frozenset(moved(row) for row in self.plan.left_out if row != gone[0])
        return replace(rest, plan=replace(self.plan, cells=cells, left_out=left_out))

    def without_columns(self, first: int, count: int) -> "File":
        """The same file but so many columns from this one on; the case id stays."""
        gone = {place for place in range(first, first + count) if place < len(self.names) and self.names[place] != KEY}

        def less(values: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(value for place, value in enumerate(values) if place not in gone)

        plan = self.plan and replace(self.plan, columns=less(self.plan.columns))
        cells = tuple(map(less, self.cells))
        return replace(self, header=less(self.header), names=less(self.names), cells=cells, plan=plan)


@dataclass(frozen=True)
class Batch:
    """What one seed gives: files in the order in which they are sent, cases withdrawn between the first and the second, and
    whether the sites know already what is usual. `rows_at_once` is how many rows a worker commits at a time."""

    seed: int
    files: tuple[File, ...]
    withdrawn: tuple[str, ...] = ()
    experienced: bool = False
    rows_at_once: int = 200


@dataclass
class Drawing:
    """The random batch of one seed."""

    seed: int
    dice: Random = field(init=False)
    author: Author = field(init=False)
    clean: set[str] = field(default_factory=set)
    numbers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.author = Author(self.dice)

    def batch(self) -> Batch:
        """Two files of a few rows, the second mostly of cases that the first recorded, sometimes sent again."""
        first = self._fresh("A", self.dice.randint(3, 8))
        second = self._known(first) + self._fresh("B", self.dice.randint(0, 3))
        second = second or self._fresh("C", 1)
        self.dice.shuffle(second)
        for lines in (first, second):
            self._number(lines)
        files = [self._file(first), self._file(second)]
        if self.author.chance(0.25):
            files.append(files[self.dice.randint(0, 1)])
        ids = sorted({line[KEY] for line in first if line.get(KEY)})
        gone = tuple(self.dice.sample(ids, 1)) if ids and self.author.chance(0.2) else ()
        return Batch(self.seed, tuple(files), gone, self.author.chance(0.15), self.dice.choice((1, 2, 3, 5, 200, 200)))

    def _fresh(self, letter: str, count: int) -> list[Line]:
        lines = []
        for number in range(count):
            line = self.author.line(f"{letter}{number}")
            if self.author.chance(0.25):
                line = self.author.spoiled(line)
            else:
                self.clean.add(line[KEY])
            lines.append(line)
        if not lines:
            return lines
        if self.author.chance(0.25):  # an id twice in the file
            again = dict(self.dice.choice(lines))
            lines.insert(
                self.dice.randint(0, len(lines)), self.author.spoiled(again) if self.author.chance(0.5) else again
            )
        if self.author.chance(0.1):
            odd = ("", " A0 ", "a0", "A 0", "Ä1", "x" * 33, "-1", "1.0", "A0\u200b", "unknown")
            self.dice.choice(lines)[KEY] = self.dice.choice(odd)
        return lines

    def _known(self, first: list[Line]) -> list[Line]:
        lines = []
        for line in first:
            local_id = line.get(KEY, "")
            if local_id not in self.clean and self.author.chance(0.7):
                continue
            match self.dice.randint(0, 6):
                case 0:
                    lines.append(dict(line))
                case 1:
                    lines.append(self.author.spoiled(line))
                case 2 | 3 | 4 | 5:
                    lines.append(self.author.partial(line, local_id=local_id))
        return lines

    def _number(self, lines: list[Line]) -> None:
        """Some lines name their number in the OR log; few numbers, so that they are contested.

        What a file says of a case and of another that claims its number is not one thing after the other to a batch, which
        settles contested numbers last: a number is not claimed in a file that also has a line of a case that bore it before.
        """
        here = {line.get(KEY, "") for line in lines}
        held = {number for local_id, number in self.numbers.items() if local_id in here}
        for line in lines:
            local_id = line.get(KEY, "")
            line.pop("or_log_number", None)
            if self.author.chance(0.05):
                line["or_log_number"] = self.dice.choice(("x" * 65, "a\x07", " "))
            elif self.author.chance(0.35):
                free = [number for number in CONTESTED if number not in held]
                own = self.numbers.get(local_id) or self.dice.choice((*free, f"N{local_id}"))
                moved = own not in CONTESTED and self.author.chance(0.2)
                line["or_log_number"] = f"M{local_id}" if moved else own
        self.numbers |= {
            line.get(KEY, ""): line["or_log_number"] for line in lines if line.get("or_log_number", "").strip()
        }

    def _file(self, lines: list[Line]) -> File:
        names = list(dict.fromkeys([KEY, *(name for line in lines for name in line)]))
        self.dice.shuffle(names)
        delimiter = self.dice.choice((",", ",", ";", "\t"))
        if self.author.chance(0.3):
            return replace(self._planned(names, lines), delimiter=delimiter)
        style = self.dice.choice(
            (str, str, lambda name: name.replace("_", " ").title(), lambda name: name.replace("_", "-").upper())
        )
        rows = tuple(tuple(line.get(name, "") for name in names) for line in lines)
        return File(tuple(map(style, names)), tuple(names), rows, delimiter=delimiter)

    # -- a file in its owner's own words

    def _planned(self, names: list[str], lines: list[Line]) -> File:
        columns, rows = [], [list[str]() for _ in lines]
        unread = self.dice.choice([name for name in names if name != KEY] or [""]) if self.author.chance(0.3) else ""
        for number, name in enumerate(names, 1):
            if name == "intended_uses" and self.author.chance(0.7):
                self._checked(columns, rows, lines)
                continue
            taken = Taken(f"Column {number}", name if name != unread else "")
            if name.endswith(("_minutes", "_hours", "clinician", "_mm", "_months")) and self.author.chance(0.15):
                taken = replace(taken, conversion=self.dice.choice(sorted(CONVERSIONS)))
            columns.append(taken)
            for row, line in zip(rows, lines, strict=True):
                text = line.get(name, "")
                row.append(
                    self.dice.choice((text, "2.5", "1,25", "3"))
                    if text and taken.conversion and self.author.chance(0.5)
                    else text
                )
        file = File(
            tuple(taken.header for taken in columns), tuple(taken.name for taken in columns), tuple(map(tuple, rows))
        )
        return replace(file, plan=self._plan(columns, file))

    def _checked(self, columns: list[Taken], rows: list[list[str]], lines: list[Line]) -> None:
        for use in self.dice.sample(IntendedUse.values, 4):
            columns.append(Taken(f"Uses (choice={use})", "intended_uses", f"{CHECKED}{use}"))
            for row, line in zip(rows, lines, strict=True):
                row.append(
                    self.dice.choice(("1", "0", "Checked", "Unchecked", "yes")) if line.get("intended_uses") else ""
                )

    def _plan(self, columns: list[Taken], file: File) -> Plan:
        said_of_all: Mapping[str, str] = self.dice.choice(
            (
                {},
                {"time_1_source": "or_log", "sex": "female"},
                {"organ_system": "msk", "print_1_copies": "2"},
                {"procedure_category": "tka"},
            )
        )
        values: Mapping[str, Mapping[str, str]] = self.dice.choice(
            (
                {},
                {"sex": {"female": "male", "f": "female"}, "object_kind": {"both": "anatomic_model"}},
                {"part_1_laterality": {"left": ""}},
            )
        )
        row = self.dice.choice([number for number, _ in file.rows()])
        cells = self.dice.choice(
            ({}, {row: {"age_years": "44", "comment": "seen"}}, {row: {"sex": "", "time_1_minutes": "99"}})
        )
        left_out = frozenset(
            {self.dice.choice([number for number, _ in file.rows()])} if self.author.chance(0.2) else ()
        )
        return Plan(
            tuple(columns),
            of_all=said_of_all,
            values=values,
            cells=cells,
            left_out=left_out,
            next_day=self.author.chance(0.3),
            known=LEAVE if self.author.chance(0.2) else AMEND,
        )
