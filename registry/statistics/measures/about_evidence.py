"""What this registry finds by kind of object and specialty, and what others published, to be read beside each other and never pooled."""

from registry.statistics import literature_tables, savings_by_group
from registry.statistics.measures.declaration import OBSERVED, OWN, Measure

GROUPED = (
    "As OR minutes saved, over all procedure categories, for a part of the printed cases: the same strata, comparators and interval, "
    "the sites taken as given. The average over sites combines each site's own mix of cases by random effects (REML, modified "
    "Knapp–Hartung), with the prediction interval of a new site, where there are sites enough."
)
POOLED = (
    "Welch's difference of each study from its printed n, means and SDs; studies of operating time with both SDs combined as sites are: "
    "REML, modified Knapp–Hartung interval, prediction interval from five studies on. Arms that share one arm without a print are "
    "merged first."
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="minutes-saved-by-kind",
        title="OR minutes saved by kind of object",
        why_it_matters="Models and guides do different things in an operation, and were published apart.",
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one of the kind",
        denominator="Printed cases of the kind with an observed time",
        strata=("kind of object", "clock; within it site, procedure category and complexity"),
        method=f"{GROUPED} Every kind is compared with the same controls. {OBSERVED}",
        source=f"{OWN} Baselines are those in force now.",
        columns=savings_by_group.KIND_COLUMNS,
        compute=savings_by_group.minutes_saved_by_kind,
    ),
    Measure(
        slug="minutes-saved-by-specialty",
        title="OR minutes saved by specialty",
        why_it_matters="Procedures too rare to be judged alone say something together with those of their specialty.",
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one",
        denominator="Printed cases of the specialty's procedures with an observed time",
        strata=("specialty of the procedure category", "clock; within it site, procedure category and complexity"),
        method=f"{GROUPED} {OBSERVED}",
        source=f"{OWN} Baselines are those in force now.",
        columns=savings_by_group.SPECIALTY_COLUMNS,
        compute=savings_by_group.minutes_saved_by_specialty,
    ),
    Measure(
        slug="published-studies",
        title="Published studies of operating time",
        why_it_matters="What was known before, to hold the registry's own figures against.",
        unit="saved",
        numerator="Published mean minutes without a print minus those with one",
        denominator="Published cases",
        strata=("study, and pools of studies", "clock as the paper names it"),
        method=POOLED,
        source="Abstracts and tables of the studies named in each line; a choice, and no systematic review.",
        columns=literature_tables.STUDY_COLUMNS,
        compute=literature_tables.published_studies,
    ),
    Measure(
        slug="published-effects",
        title="Published effects on operating time",
        why_it_matters="Meta-analyses and earlier registries as they say it, with the units that can be compared and those that cannot.",
        unit="saved",
        numerator="Minutes, or the share of the minutes, saved as published",
        denominator="Studies and patients as published",
        strata=("publication",),
        method=(
            "As published, with the sign turned: above zero is faster with a print. A ratio or a change in per cent is the share saved. "
            "Effects in other units have no number here. No interval is made where none was published."
        ),
        source="The publications named in each line.",
        columns=literature_tables.EFFECT_COLUMNS,
        compute=literature_tables.published_effects,
    ),
)
