"""How long: OR minutes, how complete they are, and the working time of the staff."""

from registry.models.case import DUE_AFTER
from registry.statistics import counts, effort, over_time
from registry.statistics.measures.declaration import EXACT, MONTH, OBSERVED, OWN, THREE_VALUES, Measure

MEASURES: tuple[Measure, ...] = (
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
        slug="or-time-by-month",
        title="Completeness of OR times over time",
        why_it_matters="OR times arrive late; a month judged before they can have come looks worse than it is.",
        unit="share",
        numerator="Cases with an observed OR time by any clock",
        denominator="Cases that ask for an outcome: no control, not cancelled, and no reason why there is no procedure",
        strata=("month",),
        method=(
            f"Count of cases; one with a recalled time alone is counted apart. A month is due {DUE_AFTER.days} days "
            f"after its end, judged at the data cut-off; the coverage counts months that are due. {MONTH} Where the registry "
            "keeps years only, a line is a year."
        ),
        source=OWN,
        columns=over_time.OR_TIME_COLUMNS,
        compute=over_time.or_time_by_month,
    ),
    Measure(
        slug="or-minutes",
        title="OR minutes by procedure, arm and clock",
        why_it_matters="The observed times themselves, with and without a print, before anything is subtracted.",
        unit="minutes",
        numerator="Observed minutes",
        denominator="Cases with an observed time by the clock",
        strata=("procedure category", "with or without a print", "clock"),
        method=(
            f"{EXACT} Mean with Student's 95% interval, median with that of the ranks (none below 6 cases), geometric mean with that "
            "of its logarithms; skewed where the mean is more than 1.3 times the median. "
            f"{OBSERVED} Over several sites the cases are pooled as they are."
        ),
        source=OWN,
        columns=counts.OR_MINUTES_COLUMNS,
        compute=counts.or_minutes,
        version="2",
    ),
    Measure(
        slug="effort",
        title="Staff effort by activity and group",
        why_it_matters="What a model or guide costs in working time, and whose.",
        unit="minutes",
        numerator="Known minutes",
        denominator="Cases that know the minutes",
        strata=("activity", "staff group"),
        method=(
            f"{EXACT} {THREE_VALUES} All four activities: the sum of a case's four minutes, over the cases that know all four of "
            "the staff group. A case that says all four and does not know one counts as not knowing; a case that does not say "
            "all four, as not saying. So this mean is not the sum of the means of the activities."
        ),
        source=OWN,
        columns=effort.COLUMNS,
        compute=effort.effort,
        version="2",
    ),
)
