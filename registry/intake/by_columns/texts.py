"""The records of a file as columns of texts, by the names of `intake.flat`: what `Plan.texts` says of each row."""

from collections.abc import Sequence
from functools import partial
from itertools import compress
from typing import Any

from registry.intake import flat, plan
from registry.intake.by_columns.fields import Remembered
from registry.intake.case_file import EXAMPLE_ID, KEY, CaseFile
from registry.intake.eaten import eaten, may_be_eaten
from registry.intake.sources.table import Record

Texts = dict[str, list[str]]


class Columns:
    """How the records of one file become columns, and what is remembered of their cells from one slice to the next."""

    def __init__(self, file: CaseFile) -> None:
        self._file, self._plan = file, file.plan
        self._cells: dict[str, list[tuple[int, Remembered]]] = {}
        for place, taken in enumerate(file.plan.columns):
            if taken.name:
                self._cells.setdefault(taken.name, []).append((place, Remembered(taken.text)))
        self.names = tuple(dict.fromkeys((*self._cells, *file.plan.of_all)))
        self._repaired = {name: Remembered(self._repair(name)) for name in file.plan.values if name in self._cells}
        self._joined = {name: Remembered(_joined) for name, columns in self._cells.items() if len(columns) > 1}
        self._of_all = {name: Remembered(self._of_all_beside(name)) for name in file.plan.of_all}
        self._eaten = {name: Remembered(partial(eaten, name)) for name in self.names if may_be_eaten(name)}
        self._later = Remembered(lambda pair: plan.on_the_next_day(*pair) if all(pair) else pair[1])

    def read(self, records: Sequence[Record]) -> tuple[Texts, set[int]]:
        """Texts by name, "" where a row says nothing, and the places of the records that are to be read by themselves."""
        width, alone = len(self._plan.columns), set()
        rows: list[Sequence[str]] = []
        for place, record in enumerate(records):
            cells = record.cells or []
            if len(cells) != width:
                spare, cells = cells[width:], [*cells[:width], *[""] * (width - len(cells))]
                if any(map(str.strip, spare)):
                    alone.add(place)
            if self._is_alone(record):
                alone.add(place)
            rows.append(cells)
        columns = list(zip(*rows, strict=True)) or [()] * width
        texts = {name: self._said(name, columns) for name in self._cells}
        self._say_of_all(texts, len(rows))
        if self._plan.next_day:
            self._end_later(texts)
        for name, remembered in self._eaten.items():
            spoilt = [*map(remembered.__getitem__, texts[name])]
            if any(spoilt):
                alone.update(compress(range(len(rows)), spoilt))
        alone |= {place for place, text in enumerate(texts[KEY]) if text == EXAMPLE_ID}
        return texts, alone

    def _is_alone(self, record: Record) -> bool:
        unread = record.cells is None or record.too_long or bool(record.odd)
        return unread or record.row in self._file.repeated or record.row in self._plan.cells

    def _said(self, name: str, columns: list[tuple[str, ...]]) -> list[str]:
        said = [list(map(cells.__getitem__, columns[place])) for place, cells in self._cells[name]]
        texts = said[0] if len(said) == 1 else list(map(self._joined[name].__getitem__, zip(*said, strict=True)))
        return list(map(self._repaired[name].__getitem__, texts)) if name in self._repaired else texts

    def _repair(self, name: str) -> Any:
        return lambda text: text and self._plan.instead(name, text)

    def _of_all_beside(self, name: str) -> Any:
        names, text = plan.beside(name, tuple(self._cells)), self._plan.of_all[name].strip()

        def said(own_and_beside: tuple[str, ...]) -> str:
            own, *others = own_and_beside
            around = {other: its for other, its in zip(names, others, strict=True) if its}
            return own or (text if plan.fits(name, around) else "")

        return said

    def _say_of_all(self, texts: Texts, count: int) -> None:
        """Of every name what the rows say by themselves decides, not what is said of all."""
        said = {}
        for name, remembered in self._of_all.items():
            own = texts.get(name, [""] * count)
            around = [texts[other] for other in plan.beside(name, tuple(self._cells))]
            said[name] = list(map(remembered.__getitem__, zip(own, *around, strict=True)))
        texts |= said

    def _end_later(self, texts: Texts) -> None:
        for number in range(1, flat.most_of("times") + 1):
            start, end = (flat.row_name("times", number, field) for field in flat.CLOCK_TIMES)
            if start in texts and end in texts:
                texts[end] = list(map(self._later.__getitem__, zip(texts[start], texts[end], strict=True)))


def _joined(texts: tuple[str, ...]) -> str:
    said = ""
    for text in texts:
        said = plan.joined(said, text) if said and text else said or text
    return said
