"""The published table of the registry that the demonstration is shaped after, beside the demonstration's own figures.

Every figure is declared once: the value as printed, and where it stands among the rows of a measure. The demonstration's figure is
read through `published()`, never from the generator.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.permissions import Actor
from registry.statistics import Scope, Statistic
from registry.statistics.published import published_together
from registry.statistics.results import Row

SOURCE = "Wang et al., JACR 2024 (PMID 39117182), abstract; June 2020 to June 2023, 20 sites"
MODELS, GUIDES = {"object_kind": "anatomic_model"}, {"object_kind": "anatomic_guide"}
THREE_PROCESSES = ("material_jetting", "vat_photopolymerization", "material_extrusion")
ALL_ACTIVITIES = ""
PERCENT = 100

Read = Callable[[tuple[Row, ...]], float | Fraction]


class NotThere(Exception):
    """A measure does not show what the table needs; the message says which and why."""


@dataclass(frozen=True)
class Figure:
    """One published figure: `printed` as printed, with all its digits, and how its like is read from the rows of `measure`."""

    name: str
    printed: str
    measure: str
    read: Read
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """A published figure and the demonstration's own, unrounded."""

    figure: Figure
    found: float

    @property
    def rounded(self) -> Decimal:
        """The demonstration's figure with as many digits as the published one has."""
        return _rounded(self.found, self.figure.printed)

    @property
    def holds(self) -> bool:
        """Whether it would be printed as the published one is."""
        return self.rounded == Decimal(self.figure.printed)


def _rounded(value: float, as_printed: str) -> Decimal:
    exponent = Decimal(as_printed).as_tuple().exponent
    return Decimal(str(value)).quantize(Decimal(1).scaleb(int(exponent)), "ROUND_HALF_UP")


def _sum(name: str, **of: str) -> Read:
    return lambda rows: Fraction(sum(int(str(row[name])) for row in _those(rows, of)))


def _one(name: str, **of: str) -> Read:
    def read(rows: tuple[Row, ...]) -> float:
        found = [row[name] for row in _those(rows, of)]
        if len(found) != 1 or not isinstance(found[0], int | float):
            raise NotThere(f"{name} of {', '.join(of.values())} is not shown")
        return found[0]

    return read


def _percent(name: str, **of: str) -> Read:
    share = _one(name, **of)
    return lambda rows: PERCENT * share(rows)


def _those(rows: tuple[Row, ...], of: Mapping[str, str]) -> Iterator[Row]:
    return (row for row in rows if all(row[name] == value for name, value in of.items()))


def _share_of_three(rows: tuple[Row, ...]) -> Fraction:
    cases = {str(row["process"]): int(str(row["n"])) for row in rows}
    if not cases:
        raise NotThere("no printed case states its process")
    return Fraction(PERCENT * sum(cases.get(process, 0) for process in THREE_PROCESSES), sum(cases.values()))


def _effort(activity: str, staff: str) -> Read:
    return _one("mean", activity=activity, staff=staff)


FIGURES = (
    Figure("printed cases", "2637", "printed-cases", _sum("n")),
    Figure("anatomic models", "1863", "printed-cases", _sum("n", **MODELS)),
    Figure("anatomic guides", "774", "printed-cases", _sum("n", **GUIDES)),
    Figure("mean age, models", "42.4", "printed-cases", _one("age_mean", **MODELS), "years"),
    Figure("SD of age, models", "24.5", "printed-cases", _one("age_sd", **MODELS), "years"),
    Figure("mean age, guides", "56.3", "printed-cases", _one("age_mean", **GUIDES), "years"),
    Figure("SD of age, guides", "18.5", "printed-cases", _one("age_sd", **GUIDES), "years"),
    Figure(
        "cardiac among models",
        "27.2",
        "printed-organ-systems",
        _percent("share", organ_system="cardiac", **MODELS),
        "%",
    ),
    Figure(
        "neurologic among guides",
        "42.4",
        "printed-organ-systems",
        _percent("share", organ_system="neuro", **GUIDES),
        "%",
    ),
    Figure("jetting, vat and extrusion together", "85.6", "cases-by-process", _share_of_three, "%"),
    Figure("clinician effort", "92.4", "effort", _effort(ALL_ACTIVITIES, "clinician"), "minutes a case"),
    Figure("  of which consultation", "33.6", "effort", _effort("consultation", "clinician"), "minutes a case"),
    Figure("non-clinician effort", "335.0", "effort", _effort(ALL_ACTIVITIES, "non_clinician"), "minutes a case"),
    Figure("  of which segmentation", "148.0", "effort", _effort("segmentation", "non_clinician"), "minutes a case"),
)


def lines(*, for_user: Actor) -> list[Line]:
    """Every figure with what the registry's measures say of it now. Raises NotThere where one is suppressed or missing."""
    found = published_together({figure.measure for figure in FIGURES}, scope=Scope.registry(), for_user=for_user)
    read = []
    for figure in FIGURES:
        statistic = found[figure.measure]
        if not isinstance(statistic, Statistic):
            raise NotThere(f"{figure.measure} is not shown: {statistic.reason}")
        read.append(Line(figure, float(figure.read(statistic.rows))))
    return read
