"""What a declaration says, and the sentences that several of them share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from registry.statistics.reading import Reading
from registry.statistics.results import Column, Result, Unit

OWN = "The registry's own rows: submitted cases of live sites, withdrawn ones left out."
MONTH = "A case stands in the month of its procedure, or of its order while no procedure is recorded."
OBSERVED = (
    "Per case and clock the first source present counts: OR log, electronic health record, chart. "
    "Recalled minutes are counted and left out. Clocks are never mixed."
)
EXACT = "Mean and SD (n − 1) are exact and rounded once; quantiles are of type 7 (R's default)."
THREE_VALUES = "Unknown and unasked are counted apart; zero is a known value."
PRINTS = (
    "Each print counts, whatever became of it; copies belong to their print. A print of several materials stands in each of its "
    "classes once, so the lines of material classes overlap; the line of all prints counts each once."
)


@dataclass(frozen=True)
class Measure:
    """A measure as it is declared; `version` rises with every change of its definition.

    `beside="others"`: of one site, beside coarse figures of the other sites, which its reading then holds (ADR 0013).
    """

    slug: str
    title: str
    why_it_matters: str
    unit: Unit
    numerator: str
    denominator: str
    strata: tuple[str, ...]
    method: str
    source: str
    columns: tuple[Column, ...]
    compute: Callable[[Reading], Result]
    version: str = "1"
    beside: Literal["", "others"] = ""
