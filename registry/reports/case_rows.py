"""The cases of one site as one flat row each, by the privacy manifest of the models.

What a manifest withholds never enters a row, what it calls coarse enters as a band, and free text is withheld by every manifest.
The one exception is the site's own id of each case, by which the site finds its cases again; no file beyond one site is made here.
Three values stay three: a number or word, "unknown" for what was said to be unknown, nothing for what was never asked.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, product
from pathlib import Path
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Count, Max

from registry.models.case import Case
from registry.models.making import Effort
from registry.models.outcome import Procedure
from registry.models.site import Deployment, Site
from registry.reports.coarsening import COARSE, WITHHELD, coarse
from registry.reports.writers import Cell, CsvFile, Written, XlsxFile
from registry.statistics.provenance import note_of
from registry.vocabulary.workflow import PrivacyMode

Progress: TypeAlias = Callable[[int, int], None]

CHUNK = 500
UNKNOWN = "unknown"
OWN_ID = "local_case_id"
INTERNAL = frozenset({"id", "site", "case", "procedure", "number", "unknown_fields", "state"})
RELATED = (
    "imaging",
    "parts",
    "guides",
    "prints__printer",
    "prints__materials__material",
    "effort",
    "codes",
    "assessments",
    "procedure__times",
)
LISTS = ("imaging", "parts", "guides", "prints", "codes", "assessments")


@dataclass(frozen=True)
class Block:
    """A run of columns: what one table says of a case, `names` its exported fields, `prefix` what they are called by."""

    model: type[models.Model]
    prefix: str
    names: tuple[str, ...]
    by_year: bool

    def headings(self, number: int | None = None) -> list[str]:
        """Column names; `number` counts the rows of a list from 1."""
        stem = self.prefix + (f"{number}_" if number else "")
        return [stem + name for name in self.names]

    def cells(self, row: Any) -> list[Cell]:
        """The cells of `row`, or as many empty ones where there is no such row."""
        return [None] * len(self.names) if row is None else [self._cell(row, name) for name in self.names]

    def _cell(self, row: Any, name: str) -> Cell:
        value = getattr(row, name)
        if value is None or value in ("", []):
            return UNKNOWN if name in getattr(row, "unknown_fields", ()) else None
        if isinstance(value, models.Model):
            return str(value)
        if isinstance(value, list):
            return "; ".join(str(word) for word in value)
        if privacy(self.model)[name] == COARSE:
            return coarse(name, value, by_year=self.by_year)
        cell: Cell = value
        return cell


def privacy(model: type[models.Model]) -> dict[str, str]:
    """The privacy manifest of `model`."""
    manifest: dict[str, str] = model.PRIVACY  # type: ignore[attr-defined]
    return manifest


def exported_names(model: type[models.Model]) -> tuple[str, ...]:
    """The fields of `model` that may leave, in the order of the model; a field no manifest names is withheld."""
    manifest = privacy(model)
    names = (field.name for field in model._meta.concrete_fields)
    return tuple(name for name in names if name not in INTERNAL and manifest.get(name, WITHHELD) != WITHHELD)


class CaseTable:
    """The shape of one site's case file: its headings, and a row for a case. Lists are as wide as the site's longest."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cases = Case.objects.submitted().filter(site=site)
        mode = Deployment.objects.values_list("privacy_mode", flat=True).first()
        self.by_year = mode == PrivacyMode.SAFE_HARBOR
        self.case = self._block(Case, "")
        self.procedure = self._block(Procedure, "procedure_")
        self.lists = [(self._block(self._model(name), f"{name}_"), name, self._longest(name)) for name in LISTS]
        self.times = self._block(Procedure._meta.get_field("times").related_model, "procedure_times_")
        self.longest_times = self._longest("procedure__times")
        self.effort = list(product(_values(Effort, "activity"), _values(Effort, "staff")))

    def _block(self, model: Any, prefix: str) -> Block:
        return Block(model, prefix, exported_names(model), self.by_year)

    @staticmethod
    def _model(related_name: str) -> Any:
        return Case._meta.get_field(related_name).related_model

    def _longest(self, path: str) -> int:
        longest = self.cases.annotate(length=Count(path)).aggregate(longest=Max("length"))["longest"]
        return max(longest or 0, 1)

    def headings(self) -> list[str]:
        """The column names, in order."""
        names = ["site", "data", OWN_ID, *self.case.headings(), *self.procedure.headings()]
        for number in range(1, self.longest_times + 1):
            names += self.times.headings(number)
        for block, name, longest in self.lists:
            for number in range(1, longest + 1):
                names += block.headings(number)
                names += [f"{name}_{number}_materials"] if name == "prints" else []
        return names + [f"effort_{activity}_{staff}_minutes" for activity, staff in self.effort]

    def row(self, case: Case) -> list[Cell]:
        """The cells of `case`, which must come with its related rows prefetched."""
        procedure = getattr(case, "procedure", None)
        times = list(procedure.times.all()) if procedure else []
        cells: list[Cell] = [
            self.site.code,
            note_of(self.site) or None,
            case.local_case_id,
            *self.case.cells(case),
            *self.procedure.cells(procedure),
        ]
        cells += chain.from_iterable(self.times.cells(row) for row in _padded(times, self.longest_times))
        for block, name, longest in self.lists:
            for row in _padded(_in_order(getattr(case, name).all()), longest):
                cells += block.cells(row)
                cells += [_materials(row)] if name == "prints" else []
        minutes = {
            (row.activity, row.staff): UNKNOWN if row.minutes is None else row.minutes for row in case.effort.all()
        }
        return cells + [minutes.get(pair) for pair in self.effort]

    def rows(self) -> Iterator[list[Cell]]:
        """All rows, oldest case first, by a server-side cursor: memory for `CHUNK` cases however many there are."""
        for case in self.cases.order_by("id").prefetch_related(*RELATED).iterator(chunk_size=CHUNK):
            yield self.row(case)


def _values(model: type[models.Model], name: str) -> list[str]:
    field: Any = model._meta.get_field(name)
    return [str(value) for value, _ in field.flatchoices]


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: getattr(row, "number", row.pk))


def _padded(rows: list[Any], length: int) -> list[Any]:
    return rows + [None] * (length - len(rows))


def _materials(row: Any) -> str | None:
    if row is None:
        return None
    names = [link.material.name for link in sorted(row.materials.all(), key=lambda link: link.position)]
    return "; ".join(names) or None


def _counted(rows: Iterable[list[Cell]], total: int, progress: Progress) -> Iterator[list[Cell]]:
    done = 0
    for row in rows:
        yield row
        done += 1
        if done % CHUNK == 0:
            progress(done, total)
    progress(done, total)


def write(path: Path, *, site: Site, format: str, progress: Progress) -> Written:
    """The submitted cases of `site` are in the file at `path` ("csv" or "xlsx"); `progress(done, total)` was told, in cases."""
    table = CaseTable(site)
    rows = _counted(table.rows(), table.cases.count(), progress)
    if format == "csv":
        with CsvFile(path, table.headings()) as file:
            for row in rows:
                file.row(row)
        return file.written()
    with XlsxFile(path, title=f"Cases of {site.code}", as_of=datetime.now(UTC)) as book:
        book.sheet("Cases", table.headings(), rows)
    return book.written()
