"""How many cases, of what, and when."""

from registry.statistics import counts, over_time, printed
from registry.statistics.measures.declaration import EXACT, MONTH, OWN, Measure

PRINTED = "A case is printed when it was decided to print it; controls and digital-only cases are not."

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
        slug="printed-cases",
        title="Printed cases by kind of object, with age",
        why_it_matters="Who gets a model or a guide; the first table of every report on a registry.",
        unit="count",
        numerator="Printed cases of the kind",
        denominator="Printed cases",
        strata=("kind of object",),
        method=(
            f"Count of cases. {PRINTED} Age in whole years; 90 and above counts as 90. {EXACT} Who does not know and who does "
            f"not say are counted apart. {MONTH}"
        ),
        source=OWN,
        columns=printed.CASES_COLUMNS,
        compute=printed.printed_cases,
    ),
    Measure(
        slug="printed-organ-systems",
        title="Printed cases by kind of object and organ system",
        why_it_matters="Models and guides serve different specialties; mixed together, neither is seen.",
        unit="count",
        numerator="Printed cases of the kind and organ system",
        denominator="Printed cases of the kind",
        strata=("kind of object", "organ system"),
        method=f"Count of cases; the shares of a kind add up to one. {PRINTED} {MONTH}",
        source=OWN,
        columns=printed.ORGAN_SYSTEMS_COLUMNS,
        compute=printed.printed_organ_systems,
    ),
    Measure(
        slug="cases-by-month",
        title="Cases over time",
        why_it_matters="Whether the practice grows, and whether a site reports without gaps.",
        unit="count",
        numerator="Cases of the month and kind",
        denominator="All cases, controls too",
        strata=("month", "kind of object"),
        method=f"Count of cases. {PRINTED} {MONTH} Where the registry keeps years only, a line is a year.",
        source=OWN,
        columns=over_time.CASES_COLUMNS,
        compute=over_time.cases_by_month,
    ),
)
