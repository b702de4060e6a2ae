"""What a published measure looks like. Columns have the names and units of `reports.tables`, so files and pages map them one to one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from django.db.models import QuerySet

from registry.models import Site
from registry.statistics import pipeline
from registry.statistics.provenance import Provenance

Unit: TypeAlias = Literal[
    "text",
    "count",
    "minutes",
    "saved",
    "share",
    "share_saved",
    "dollars",
    "money",
    "number",
    "hours",
    "months",
    "years",
]


ALL_MONTHS = "all months"
"""What the period of a result is called where none was chosen."""


@dataclass(frozen=True)
class NoNumber:
    """A figure that does not exist, and why. It is never written as 0 or as nothing."""

    reason: str

    def __str__(self) -> str:
        return self.reason


Value: TypeAlias = str | int | float | Decimal | NoNumber
Row: TypeAlias = dict[str, Value]


def number_or(reason: str, value: Fraction | float | None) -> Value:
    """The value, rounded once; without one, why."""
    return NoNumber(reason or "not known") if value is None else float(value)


@dataclass(frozen=True)
class Scope:
    """Whose figures: one site's, or the registry's (`site_id` None), of which those of the sites `without` may be left out."""

    site_id: int | None
    label: str
    without: frozenset[int] = frozenset()

    @classmethod
    def of(cls, site: Site) -> "Scope":
        return cls(site.pk, site.code)

    @classmethod
    def registry(cls) -> "Scope":
        return cls(None, "registry")

    @classmethod
    def others(cls, than: Iterable[int]) -> "Scope":
        return cls(None, "other sites", frozenset(than))

    def chosen(self, rows: QuerySet[Any], name: str = "site_id") -> QuerySet[Any]:
        """Those of the rows that are of this scope; `name` is their column of the site's id."""
        if self.site_id is not None:
            return rows.filter(**{name: self.site_id})
        return rows.exclude(**{f"{name}__in": self.without}) if self.without else rows


@dataclass(frozen=True)
class Period:
    """From the first month to the last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first.day != 1 or self.last.day != 1 or self.first > self.last:
            raise ValueError("A period goes from one month to the same or a later one, each written as its first day.")

    @property
    def label(self) -> str:
        return f"{self.first:%Y-%m} to {self.last:%Y-%m}"


@dataclass(frozen=True)
class Coverage:
    """How many of how many, and of what: without it nobody can judge a figure."""

    covered: int
    eligible: int
    of: str

    @property
    def share(self) -> float | None:
        return float(Fraction(self.covered, self.eligible)) if self.eligible else None

    def __str__(self) -> str:
        return f"{self.covered} of {self.eligible} {self.of}"


@dataclass(frozen=True)
class Column:
    """`name` for machines, `heading` for people, `words` what a code of this column means.

    Of unit "money" are amounts in the currency that a column `currency` of the row names.
    """

    name: str
    heading: str
    unit: Unit = "text"
    words: Mapping[str, str] = field(default_factory=dict, compare=False)

    def text(self, value: Value) -> Value:
        """The label of a code; any other value as it is."""
        return str(self.words.get(value, value)) if isinstance(value, str) else value


@dataclass(frozen=True)
class Result:
    """What a measure's computation gives back. `data`: the sites whose rows feed any of its lines; `seed`: of what was drawn at random."""

    rows: tuple[Row, ...]
    n: int
    sites: int
    data: Provenance
    coverage: Coverage | None = None
    clocks: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True)
class Statistic:
    """A measure with all that must be said beside it.

    `cut_off`: every change recorded before it is counted; `pipeline`: the version of what all measures share.
    """

    measure: str
    title: str
    unit: Unit
    scope: str
    period: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    n: int
    sites: int
    coverage: Coverage | None
    clocks: tuple[str, ...]
    comparators: tuple[str, ...]
    method: str
    version: str
    source: str
    cut_off: datetime
    caveats: tuple[str, ...]
    data: Provenance
    pipeline: str = pipeline.VERSION
    seed: int | None = None


@dataclass(frozen=True)
class Suppressed:
    """A measure that may not be shown to this viewer, and why. Never 0, never nothing."""

    measure: str
    title: str
    scope: str
    reason: str


def plain(result: Statistic | Suppressed) -> dict[str, Any]:
    """The result as JSON takes it: dollars as text, and beside a figure that does not exist, `reasons` says why."""
    if isinstance(result, Suppressed):
        return {
            "measure": result.measure,
            "title": result.title,
            "scope": result.scope,
            "suppressed": True,
            "reason": result.reason,
        }
    names = ("measure", "title", "unit", "scope", "period", "n", "sites", "method", "version", "source")
    coverage = result.coverage and {
        "covered": result.coverage.covered,
        "eligible": result.coverage.eligible,
        "of": result.coverage.of,
        "share": result.coverage.share,
    }
    return {
        **{name: getattr(result, name) for name in names},
        "suppressed": False,
        "pipeline_version": result.pipeline,
        "seed": result.seed,
        "cut_off": result.cut_off.isoformat(),
        "coverage": coverage,
        "clocks": list(result.clocks),
        "comparators": list(result.comparators),
        "caveats": list(result.caveats),
        "data": _plain_data(result.data),
        "columns": [{"name": column.name, "heading": column.heading, "unit": column.unit} for column in result.columns],
        "rows": [_plain_row(row) for row in result.rows],
    }


def _plain_data(data: Provenance) -> dict[str, Any]:
    notes = [{"label": note.label, "explanation": note.explanation, "sites": list(note.codes)} for note in data.notes]
    return {"kind": data.kind, "synthetic": list(data.synthetic), "real": list(data.real), "notes": notes}


def _plain_row(row: Row) -> dict[str, Any]:
    reasons = {name: value.reason for name, value in row.items() if isinstance(value, NoNumber)}
    return {**{name: _plain_value(value) for name, value in row.items()}, "reasons": reasons}


def _plain_value(value: Value) -> Any:
    if isinstance(value, NoNumber):
        return None
    return str(value) if isinstance(value, Decimal) else value
