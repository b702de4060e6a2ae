"""What printing saves: minutes, and their modelled value."""

from registry.statistics import savings, savings_tables
from registry.statistics.cost import BALLARD2020_SOURCE
from registry.statistics.measures.declaration import OBSERVED, OWN, Measure

MEASURES: tuple[Measure, ...] = (
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
            "Satterthwaite's degrees of freedom. Comparator class A (concurrent controls), or class B (the site's "
            f"baseline with n, mean and SD) where there are fewer than {savings.MIN_PER_ARM} controls. Lines over several strata "
            f"are weighted to the printed cases, from strata with at least {savings.MIN_PER_ARM} cases in each arm, the sites "
            "taken as given; none is shown where fewer than "
            f"half of the printed cases have a comparator. {OBSERVED}"
        ),
        source=f"{OWN} Baselines are those in force now.",
        columns=savings_tables.MINUTES_COLUMNS,
        compute=savings_tables.minutes_saved,
        version="2",
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
        version="2",
    ),
)
