"""The prints themselves: what became of them and what they took."""

from registry.statistics import print_amounts, prints
from registry.statistics.measures.declaration import EXACT, MONTH, OWN, PRINTS, THREE_VALUES, Measure

OUTCOMES = (
    "Count of prints; copies are counted beside them. Sterilised: by any method named, chemical disinfection too. QA is done "
    "where it was passed, reworked or rejected. Shares are of all prints of the line. Unknown and unasked are counted apart."
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="print-outcomes",
        title="Print outcomes by printing process",
        why_it_matters="A print that fails costs machine hours and material; one that is not checked may harm.",
        unit="count",
        numerator="Prints of the process with the outcome",
        denominator="Prints of the process",
        strata=("process category of ISO/ASTM 52900",),
        method=f"{OUTCOMES} A print stands in the month of its case. {MONTH}",
        source=OWN,
        columns=(prints.BY_PROCESS, *prints.OUTCOMES),
        compute=prints.outcomes(prints.BY_PROCESS, prints.PROCESS),
    ),
    Measure(
        slug="print-outcomes-by-material",
        title="Print outcomes by material class",
        why_it_matters="Some materials warp, some need other sterilisation; the process alone does not tell.",
        unit="count",
        numerator="Prints with a material of the class and the outcome",
        denominator="Prints with a material of the class",
        strata=("material class",),
        method=(
            f"{OUTCOMES} A print of several materials stands in each of its classes once, so the lines do not add up; the line "
            f"of all materials counts each print once. A print stands in the month of its case. {MONTH}"
        ),
        source=OWN,
        columns=(prints.BY_MATERIAL, *prints.OUTCOMES),
        compute=prints.outcomes(prints.BY_MATERIAL, prints.MATERIAL),
    ),
    Measure(
        slug="machine-hours",
        title="Machine hours of prints",
        why_it_matters="The machine's time limits how many cases a site can take, and how soon.",
        unit="hours",
        numerator="Known machine hours",
        denominator="Prints that know their machine hours",
        strata=("all prints", "process category of ISO/ASTM 52900", "material class"),
        method=f"Hours as reported for the print. {EXACT} {THREE_VALUES} {PRINTS} {MONTH}",
        source=OWN,
        columns=print_amounts.HOURS_COLUMNS,
        compute=print_amounts.machine_hours,
    ),
    Measure(
        slug="material-cost",
        title="Material cost of prints",
        why_it_matters="What is spent on each print, to be set against the minutes that it saves.",
        unit="number",
        numerator="Known material cost",
        denominator="Prints that know their material cost",
        strata=("all prints", "process category of ISO/ASTM 52900", "material class", "currency of the site"),
        method=(
            "Cost as reported for the print, in the currency of its site; money of different currencies is never added and "
            f"never converted. Mean and SD (n − 1) are exact and rounded once. {THREE_VALUES} {PRINTS} {MONTH}"
        ),
        source=OWN,
        columns=print_amounts.COST_COLUMNS,
        compute=print_amounts.material_cost,
    ),
    Measure(
        slug="turnaround",
        title="Months from order to procedure",
        why_it_matters="A print is of use only if it is there before the operation.",
        unit="months",
        numerator="Whole months from the month of the order to the month of the procedure",
        denominator="Cases with a print and the month of both",
        strata=("all cases with a print", "process category of ISO/ASTM 52900", "material class"),
        method=(
            "Days are not kept, so 0 is the same month and 1 the next. By the process and the material classes of print number 1; "
            "a case whose print has several materials stands in each of its classes once, so these lines overlap. "
            f"{EXACT} {MONTH} Not computed where the registry keeps years only."
        ),
        source=OWN,
        columns=print_amounts.TURNAROUND_COLUMNS,
        compute=print_amounts.turnaround,
    ),
)
