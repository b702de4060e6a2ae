"""Month by month: do OR times of printed cases stand out from chance, or drift?"""

from registry.statistics import run_charts_tables
from registry.statistics.control_charts import FEWEST, TO_FREEZE
from registry.statistics.measures.declaration import MONTH, OBSERVED, OWN, Measure
from registry.statistics.strata import MIN_PER_ARM

CHARTS = (
    "XmR chart: centre the mean, limits the mean ± 3 × mean moving range / 1.128, both of all points, and from "
    f"{TO_FREEZE} points on of the first {TO_FREEZE}; a point beyond a limit signals, and so does the eighth and each further "
    "point in a row on one side of the centre. EWMA: weight 0.2, limits of 2.962 sigma, exact at each point. CUSUM: allowance "
    "0.5 sigma, limit 5 sigma, from 0 again after a signal. "
    f"With fewer than {FEWEST} points, without variation, or where neighbouring points depend on each other (|r| > 2/√n), a plain "
    "run chart: the median, and no limits. A month without a case is absent, not zero, and the limits are those of the months "
    "asked for. Where the registry keeps years only, a point is a year."
)
SOURCE = f"{OWN} NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2; Montgomery & Runger, 3rd ed., ch. 16."

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="or-minutes-against-usual",
        title="OR time month by month, all procedures together",
        why_it_matters="Whether times rise or fall at a site, whatever it operates on; one procedure alone is often too rare to tell.",
        unit="number",
        numerator="Sum of (ln minutes − usual) / SD over the printed cases of the month",
        denominator="Square root of the number of these cases",
        strata=("site", "clock", "month"),
        method=(
            "Usual is the mean of ln minutes of the site's printed cases of the procedure, SD that of ln minutes pooled within "
            "its printed cases and its controls; so neither the number of the month's cases nor their mix moves the line. Above 0: "
            f"longer than usual. A procedure with fewer than {MIN_PER_ARM} printed cases is left out. {CHARTS} {OBSERVED} {MONTH}"
        ),
        source=SOURCE,
        columns=run_charts_tables.ALL_COLUMNS,
        compute=run_charts_tables.over_all_procedures,
    ),
    Measure(
        slug="or-minutes-by-month",
        title="OR minutes month by month, by procedure",
        why_it_matters="A new printer, a new surgeon or a new way of planning shows as a month that stands out, or as a slow drift.",
        unit="minutes",
        numerator="Observed minutes of the month's printed cases",
        denominator="Printed cases of the month with an observed time",
        strata=("procedure category", "clock", "month"),
        method=(
            f"{CHARTS} Minutes saved so far: each printed case against the mean of all controls of the site, procedure and clock, "
            f"added up from the first month, where there are {MIN_PER_ARM} controls or more; not adjusted for complexity, and "
            f"without an interval, which OR minutes saved has. One site at a time. {OBSERVED} {MONTH}"
        ),
        source=SOURCE,
        columns=run_charts_tables.PROCEDURES_COLUMNS,
        compute=run_charts_tables.by_procedure,
    ),
)
