"""What printing saves: minutes."""

from registry.statistics import across_sites_tables, savings_tables, strata
from registry.statistics.measures.declaration import OBSERVED, OWN, Measure

ACROSS = (
    "Each site's difference is weighted to its printed cases within procedure category; its variance is made of variances pooled "
    "within procedure and arm over all sites. Sites are combined by random effects: tau² by REML, the modified Knapp–Hartung "
    "interval, the prediction interval of a new site, Q-profile interval of tau²; every estimate again without each site."
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
        strata=("site", "procedure category", "clock"),
        method=(
            "Difference of means, without minus with a print: positive = faster with a print. Welch's 95% interval with "
            "Satterthwaite's degrees of freedom. Comparator class A (concurrent controls), or class B (the site's "
            f"baseline with n, mean and SD) where there are fewer than {strata.MIN_PER_ARM} controls. Lines over several strata "
            f"are weighted to the printed cases, from strata with at least {strata.MIN_PER_ARM} cases in each arm, the sites "
            "taken as given; none is shown where fewer than "
            f"half of the printed cases have a comparator. {OBSERVED}"
        ),
        source=f"{OWN} Baselines are those in force now.",
        columns=savings_tables.MINUTES_COLUMNS,
        compute=savings_tables.minutes_saved,
        version="2",
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
    ),
    Measure(
        slug="share-saved-across-sites",
        title="Share of the minutes saved at an average and at a new site",
        why_it_matters="Procedures of different length can only be put together in per cent.",
        unit="share",
        numerator="1 minus the ratio of geometric mean minutes, with a print to without",
        denominator=f"Sites with {strata.MIN_PER_ARM} printed and {strata.MIN_PER_ARM} comparator cases or more",
        strata=("all categories together, and each", "clock"),
        method=f"The logarithms of minutes instead of minutes, then: {ACROSS} {LADDER} {OBSERVED}",
        source=f"{OWN} {POOLING}",
        columns=across_sites_tables.SHARE_COLUMNS,
        compute=across_sites_tables.share_saved_across_sites,
    ),
)
