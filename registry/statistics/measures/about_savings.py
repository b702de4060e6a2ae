"""What printing saves: minutes."""

from registry.statistics import across_sites_tables, estimates, savings_tables, strata, weaker_comparators
from registry.statistics.measures.declaration import EXACT, OBSERVED, OWN, Measure

ACROSS = (
    "Each site's difference is weighted to its printed cases within procedure category and complexity; its variance is made of "
    "variances pooled within procedure and arm over all sites; an arm with fewer than 10 degrees of freedom takes the variance of "
    "logarithms over both arms of its specialty, among the procedures of the line. A site where fewer than half of the printed cases "
    "with a time can be compared is left out. Sites are combined by random effects: tau² by REML, the modified "
    "Knapp–Hartung interval, the prediction interval of a new site, Q-profile interval of tau²; every estimate again without each site."
)
LADDER = "With one or two sites nothing is combined; below five there is no prediction interval, no I² and no leaving out of a site."
POOLING = "Hartung & Knapp, Stat Med 2001;20:3875-3889; Röver et al., BMC Med Res Methodol 2015;15:99; Viechtbauer, Stat Med 2007;26:37-52."

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="minutes-saved",
        title="OR minutes saved",
        why_it_matters="What printing is for, measured against the same procedure without a print.",
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one",
        denominator="Printed cases with an observed time",
        strata=("site", "procedure category", "complexity", "clock"),
        method=(
            "Difference of means, without minus with a print: positive = faster with a print. Student's 95% interval with "
            "Satterthwaite's degrees of freedom (Welch's, of one stratum). Comparator class A (concurrent controls), or class B (the "
            f"site's baseline with n, mean and SD) where there are fewer than {strata.MIN_PER_ARM} controls. Controls are compared "
            f"within complexity, {strata.MIN_CONTROLS} or more of each, where at least 80% of those with a time by the clock carry it, "
            "else within the procedure alone; printed cases whose complexity has no such controls are left out. Variances are pooled "
            "within procedure and arm over the strata of a line. Lines over several strata are weighted to the printed cases, from "
            f"sites with at least {strata.MIN_PER_ARM} cases of the procedure in each arm, the sites taken as given. None is shown "
            "where fewer than half of the printed cases with a time by the clock can be compared; below 80% the remark says so. "
            "Observed over expected is the same as indirect standardisation, with Fieller's interval and the same degrees of freedom: "
            f"below 1 = faster with a print. {OBSERVED}"
        ),
        source=f"{OWN} Baselines are those in force now.",
        columns=savings_tables.MINUTES_COLUMNS,
        compute=savings_tables.minutes_saved,
        version="3",
    ),
    Measure(
        slug="minutes-saved-across-sites",
        title="Minutes saved at an average and at a new site",
        why_it_matters="What another hospital may expect, which the total of the participating sites does not say.",
        unit="saved",
        numerator="Each site's minutes saved a case",
        denominator=f"Sites with {strata.MIN_PER_ARM} printed and {strata.MIN_PER_ARM} comparator cases or more",
        strata=("procedure category", "clock"),
        method=f"{ACROSS} {LADDER} {OBSERVED}",
        source=f"{OWN} {POOLING}",
        columns=across_sites_tables.MINUTES_COLUMNS,
        compute=across_sites_tables.minutes_saved_across_sites,
        version="2",
    ),
    Measure(
        slug="share-saved-across-sites",
        title="Share of the minutes saved at an average and at a new site",
        why_it_matters="Procedures of different length can only be put together in per cent.",
        unit="share_saved",
        numerator="1 minus the ratio of geometric mean minutes, with a print to without",
        denominator=f"Sites with {strata.MIN_PER_ARM} printed and {strata.MIN_PER_ARM} comparator cases or more",
        strata=("all categories together, and each", "clock"),
        method=f"The logarithms of minutes instead of minutes, then: {ACROSS} {LADDER} {OBSERVED}",
        source=f"{OWN} {POOLING}",
        columns=across_sites_tables.SHARE_COLUMNS,
        compute=across_sites_tables.share_saved_across_sites,
        version="2",
    ),
    Measure(
        slug="minutes-saved-weakly",
        title="Minutes saved against weaker comparators",
        why_it_matters="What a site knows who has no controls and no full baseline; kept apart, since it proves less.",
        unit="saved",
        numerator="Mean of the comparator minus mean minutes with a print",
        denominator="Printed cases with an observed time",
        strata=("site", "procedure category", "clock", "comparator class"),
        method=(
            "Class C: a baseline of the site without its SD; the difference has no interval, and is shown as it would be were the "
            "baseline of 10, 30 or 100 cases with the SD of the printed ones. Class E: literature, with Welch's interval where its SD "
            f"is known. Neither enters a total or a pool. {OBSERVED}"
        ),
        source=f"{OWN} Baselines are those in force now.",
        columns=weaker_comparators.COLUMNS,
        compute=weaker_comparators.minutes_saved_weakly,
    ),
    Measure(
        slug="estimated-minutes-saved",
        title="Minutes saved by the users' own estimate",
        why_it_matters="What earlier registries had in the place of observed times; beside those it shows what a guess is worth.",
        unit="saved",
        numerator="Minutes that the user of the print estimates were saved",
        denominator="Assessments with an estimate",
        strata=("site",),
        method=(
            "Class D, recalled: the estimate is given after the operation. Mean with the 95% interval of Student's t, SD and quartiles; "
            f"each assessment counts, a case may have several. Never pooled with observed minutes. {EXACT}"
        ),
        source=OWN,
        columns=estimates.COLUMNS,
        compute=estimates.estimated_minutes_saved,
    ),
)
