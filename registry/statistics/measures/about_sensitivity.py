"""Whether what is said of minutes saved hangs on how it was asked, on whom nobody reported, or on what nobody measured."""

from registry.statistics import sensitivity_tables, unreported_tables
from registry.statistics.measures.declaration import OBSERVED, OWN, Measure

POOLING = "Bakbergenuly, Hoaglin & Kulinskaya, BMC Med Res Methodol 2020;20:263; Paule & Mandel 1982; DerSimonian & Laird 1986."

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="sensitivity",
        title="The same question asked otherwise",
        why_it_matters="A number that turns with each way of asking says less than its interval.",
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one, asked otherwise",
        denominator="Printed cases with an observed time by the clock that has most",
        strata=("way of asking",),
        method=(
            "The line over everything of OR minutes saved, again with one thing changed: on the ratio scale (geometric means, times "
            "the mean without a print); by the Hodges–Lehmann shift within strata, each printed case counting the same; by one "
            "comparator class; by one source of the printed cases' minutes; with recalled times; "
            "without each site's first five prints of a procedure; "
            "with prints used in the room alone; by kind of object. A line is marked where its interval lies on another side of zero "
            f"than the headline's, or its estimate moves by more than 25%. {OBSERVED}"
        ),
        source=f"{OWN} Mehrotra, Lu & Li, Am Stat 2010;64:121-130.",
        columns=sensitivity_tables.COLUMNS,
        compute=sensitivity_tables.sensitivity,
    ),
    Measure(
        slug="sensitivity-across-sites",
        title="The average over sites, pooled otherwise",
        why_it_matters="With few sites the method of pooling, or a single site, can decide what the number says.",
        unit="share_saved",
        numerator="1 minus the ratio of geometric mean minutes, with a print to without",
        denominator="Sites that can be combined",
        strata=("way of pooling",),
        method=(
            "The line over all categories of the share saved across sites, again by other estimators of tau², by other intervals, with "
            "sites weighted by their effective sample size n₀n₁/(n₀+n₁), and without the site whose leaving gives the lowest and the "
            "highest average. Marked as in the same question asked otherwise. With one or two sites nothing is combined; below five "
            "no site is left out."
        ),
        source=f"{OWN} {POOLING}",
        columns=sensitivity_tables.ACROSS_COLUMNS,
        compute=sensitivity_tables.sensitivity_across_sites,
    ),
    Measure(
        slug="e-value",
        title="What nobody measured",
        why_it_matters="Printed cases were chosen; something unmeasured may have made them shorter.",
        unit="number",
        numerator="RR + √(RR(RR − 1)), RR = exp(.91 d), d = minutes saved / SD without a print",
        denominator="Printed cases with an observed time by the clock that has most",
        strata=("all categories together",),
        method=(
            "The E-value: how strongly something unmeasured would have to go with printing and with long operations, both, as a risk "
            "ratio, to explain the estimate away; beside it that of the limit of the interval nearer to no difference. The SD is "
            "pooled within the strata without a print. The same in minutes stands in plain words."
        ),
        source=f"{OWN} VanderWeele & Ding, Ann Intern Med 2017;167:268-274; Chinn, Stat Med 2000;19:3127-3131.",
        columns=sensitivity_tables.E_COLUMNS,
        compute=sensitivity_tables.e_value,
    ),
    Measure(
        slug="unreported-times",
        title="Whose OR times are known",
        why_it_matters="Times are not missing at random: who saved little may not report.",
        unit="share",
        numerator="Printed cases with an observed OR time by any clock",
        denominator="Printed cases that ask for an outcome, but for those that wait for it and are not due yet",
        strata=("site, kind of object, or year",),
        method="Count of cases. A site's own page has no line by site.",
        source=OWN,
        columns=unreported_tables.TIMES_COLUMNS,
        compute=unreported_tables.unreported_times,
    ),
    Measure(
        slug="unreported-savings",
        title="If the others saved less",
        why_it_matters="What the average would be over all printed cases, not over those whose time is known.",
        unit="saved",
        numerator="Minutes saved of the cases in the headline, and k times as many for the others",
        denominator="Printed cases that ask for an outcome, but for those that wait for it and are not due yet",
        strata=("k",),
        method=(
            "m·(f + k(1 − f)) with m the minutes saved a case of the headline, f the share of the printed cases that are in it, and k "
            "what the others would have saved, as a part of m. What is supposed has no interval; at k = 1 stands that of the headline. "
            "The tipping k supposes exact minutes of the others, without error: f times the headline's limit nearer to zero plus "
            "k(1 − f)m is zero there. Shown, never imputed."
        ),
        source=f"{OWN} Rubin, Multiple Imputation for Nonresponse in Surveys, 1987, chapter 6.",
        columns=unreported_tables.SAVINGS_COLUMNS,
        compute=unreported_tables.unreported_savings,
    ),
)
