"""How far the data can be trusted."""

from registry.models.case import DUE_AFTER
from registry.statistics import quality_tables
from registry.statistics.measures.declaration import OWN, THREE_VALUES, Measure
from registry.statistics.strata import CAVEAT_BELOW

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="data-quality",
        title="How far the data can be trusted",
        why_it_matters="A saving is no better than the times, cases and baselines it is made of.",
        unit="share",
        numerator="Cases, times, pairs and baselines as each column says",
        denominator="All of them, as each column says",
        strata=("site",),
        method=(
            "OR times known: cases that ask for an outcome with an observed OR time, of months that are due "
            f"({DUE_AFTER.days} days after their end); below {float(CAVEAT_BELOW):.0%} is to be looked at. "
            "Fields known: known answers of those asked for, each counting the same. Heaping "
            "index: 5 × the share of observed times divisible by 5; 1 by chance, above 3 times look recalled; none below 20 times. "
            "Unusual times: |ln minutes − median| / max(1.4826 MAD, 0.15) above 3.5, and above 5, among all times of the procedure "
            "and clock in this scope, of the specialty below 20: a site's page holds it against itself, the registry's against "
            "all. Pairs that may be one case: same site, month, procedure and minutes by one clock, volume of the first print "
            "within 1%, more than 6 bits of evidence; of the cases that have a time and a volume. Baselines in force: SD/mean outside "
            "0.05 to 1; end more than 24 months before the median print of the procedure."
        ),
        source=(
            f"{OWN} Leys et al., J Exp Soc Psychol 2013;49:764-766; Iglewicz & Hoaglin 1993; "
            "Fellegi & Sunter, J Am Stat Assoc 1969;64:1183-1210."
        ),
        columns=quality_tables.COLUMNS,
        compute=quality_tables.data_quality,
    ),
    Measure(
        slug="fields-known",
        title="What is known of the cases",
        why_it_matters="A figure speaks for those alone of whom the fact is known.",
        unit="share",
        numerator="Cases or prints that know the answer",
        denominator="Cases or prints to which the question applies",
        strata=("field",),
        method=(
            f"Count of cases or prints. {THREE_VALUES} Complexity and use in the room are counted by the clock that a site records "
            "most; there unknown stands under do not say."
        ),
        source=OWN,
        columns=quality_tables.FIELD_COLUMNS,
        compute=quality_tables.known_fields,
    ),
)
