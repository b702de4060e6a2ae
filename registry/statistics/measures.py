"""The measures of the registry, declared: what each is, of what, how and from where. A measure not in MEASURES does not exist."""

from collections.abc import Callable
from dataclasses import dataclass

from registry.statistics import counts, savings, savings_tables
from registry.statistics.cost import BALLARD2020_SOURCE
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Result, Unit

OWN = "The registry's own rows: submitted cases of live sites, withdrawn ones left out."
MONTH = "A case stands in the month of its procedure, or of its order while no procedure is recorded."
OBSERVED = (
    "Per case and clock the first source present counts: OR log, electronic health record, chart. "
    "Recalled minutes are counted and left out. Clocks are never mixed."
)
EXACT = "Mean and SD (n − 1) are exact and rounded once; quantiles are of type 7 (R's default)."


@dataclass(frozen=True)
class Measure:
    """A measure as it is declared; `version` rises with every change of its definition."""

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


MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="cases-by-kind",
        title="Cases by kind of object",
        why_it_matters="Models and guides differ in purpose, effort and code; every other figure depends on this mix.",
        unit="count",
        numerator="Cases of the kind",
        denominator="All cases but controls",
        strata=("kind of object",),
        method=f"Count of cases. {MONTH}",
        source=OWN,
        columns=(counts.KIND, *counts.MIX),
        compute=counts.mix(counts.KIND),
    ),
    Measure(
        slug="cases-by-organ-system",
        title="Cases by organ system",
        why_it_matters="It shows which specialties print, and whether a few of them dominate.",
        unit="count",
        numerator="Cases of the organ system",
        denominator="All cases but controls",
        strata=("organ system",),
        method=f"Count of cases. {MONTH}",
        source=OWN,
        columns=(counts.ORGAN_SYSTEM, *counts.MIX),
        compute=counts.mix(counts.ORGAN_SYSTEM),
    ),
    Measure(
        slug="cases-by-process",
        title="Printed cases by printing process",
        why_it_matters="Processes differ in material, accuracy and cost.",
        unit="count",
        numerator="Printed cases whose first print was made by the process",
        denominator="Printed cases",
        strata=("process category of ISO/ASTM 52900",),
        method=f"Count of cases by the process of print number 1. {MONTH}",
        source=OWN,
        columns=(counts.PROCESS, *counts.MIX),
        compute=counts.mix(counts.PROCESS, printed_only=True),
    ),
    Measure(
        slug="or-time-coverage",
        title="Cases with an OR time",
        why_it_matters="A saving rests on the cases whose time is known; what is missing is not missing at random.",
        unit="share",
        numerator="Cases with an observed OR time by any clock",
        denominator="All cases but controls",
        strata=("kind of object",),
        method=f"Count of cases; one with a recalled time alone is counted apart. {MONTH}",
        source=OWN,
        columns=counts.OR_TIME_COLUMNS,
        compute=counts.or_time_coverage,
    ),
    Measure(
        slug="or-minutes",
        title="OR minutes by procedure, arm and clock",
        why_it_matters="The observed times themselves, with and without a print, before anything is subtracted.",
        unit="minutes",
        numerator="Observed minutes",
        denominator="Cases with an observed time by the clock",
        strata=("procedure category", "with or without a print", "clock"),
        method=f"{EXACT} {OBSERVED} Over several sites the cases are pooled as they are.",
        source=OWN,
        columns=counts.OR_MINUTES_COLUMNS,
        compute=counts.or_minutes,
    ),
    Measure(
        slug="effort",
        title="Staff effort by activity and group",
        why_it_matters="What a model or guide costs in working time, and whose.",
        unit="minutes",
        numerator="Known minutes",
        denominator="Cases that know the minutes",
        strata=("activity", "staff group"),
        method=f"{EXACT} Unknown and unasked are counted apart; zero is a known value.",
        source=OWN,
        columns=counts.EFFORT_COLUMNS,
        compute=counts.effort,
    ),
    Measure(
        slug="minutes-saved",
        title="OR minutes saved",
        why_it_matters="What printing is for, measured against the same procedure without a print.",
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one",
        denominator="Printed cases with an observed time",
        strata=("site", "procedure category", "clock"),
        method=(
            "Difference of means, without minus with a print: positive = faster with a print. Welch's 95% interval with "
            "Satterthwaite's degrees of freedom. Comparator class A (concurrent controls, at least 2), else B (the site's "
            "baseline with n, mean and SD), else none. Lines over several strata are weighted to the printed cases, from strata "
            f"with at least {savings.MIN_PER_ARM} cases in each arm, the sites taken as given; none is shown where fewer than "
            f"half of the printed cases have a comparator. {OBSERVED}"
        ),
        source=f"{OWN} Baselines are those in force now.",
        columns=savings_tables.MINUTES_COLUMNS,
        compute=savings_tables.minutes_saved,
    ),
    Measure(
        slug="dollars-saved",
        title="Modelled value of the minutes saved",
        why_it_matters="A common scale for the discussion with administrators and payers; the rate moves every figure.",
        unit="dollars",
        numerator="Minutes saved × dollars a minute",
        denominator="Printed cases with an observed time",
        strata=("site", "procedure category", "clock", "rate"),
        method="Minutes saved (see OR minutes saved) × 22, 62 and 133 US dollars a minute, exact, rounded half up only when shown.",
        source=f"Rates: {BALLARD2020_SOURCE}: mean $62, range $22 to $133. {OWN}",
        columns=savings_tables.DOLLARS_COLUMNS,
        compute=savings_tables.dollars_saved,
    ),
)
BY_SLUG = {measure.slug: measure for measure in MEASURES}
