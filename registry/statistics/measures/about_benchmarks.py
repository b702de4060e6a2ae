"""Sites beside each other: for the registry each site, for a site itself beside the others."""

from registry.statistics import benchmarks_tables, beside, beside_tables, ranks, strata
from registry.statistics.measures.declaration import OBSERVED, OWN, Measure

FUNNEL = (
    "Funnel: the target is the mean over the sites, limits are target ± 1.96 and ± 3.09 standard errors, widened by additive "
    "over-dispersion (winsorised at 10% and 90%) where the sites spread wider than chance. Effective n is "
    "1 / Σ w² (1/n₀ + 1/n₁), w a stratum's part of the printed cases: n₁n₀ / (n₁ + n₀) of one stratum."
)
SHRUNKEN = "Shrunken value: B × own + (1 − B) × mean with B = tau² / (tau² + v), the reliability, ± 1.96 of its SD; it takes tau² as known."
PLACES = (
    f"A site is placed with {ranks.FEWEST_CASES} cases or more in both arms and a reliability of {ranks.TO_PLACE} or more, "
    f"if {ranks.FEWEST_PLACED} sites are: expected rank with the interval of {ranks.DRAWS:,} seeded draws (1 = largest saving), "
    "quarter and probability of the first quarter."
)
LADDER = "With fewer than ten sites there are no limits and no places, with fewer than three no common figure."
IN_SHARES = "In logarithms of minutes, written as 1 minus the ratio of geometric means. "
LEAVES = (
    f"Other sites are those with {ranks.FEWEST_CASES} cases or more in both arms to which the reader does not belong, over all "
    f"months; nothing is said of them unless they are {beside.FEWEST_OTHERS} or more, none with over 60% of the cases of an arm or "
    "of the weight. Their mean has the modified Knapp–Hartung interval and the prediction interval of a new site, tau² by REML. "
    "What is told of them is rounded: minutes to 5, shares to 2.5%, ends of intervals outwards, SDs to one digit; limits (of the "
    "lowest and highest mean that is so rounded), shrunken value, reliability and quarter of this site are computed from the "
    "rounded figures, its own variance being made of its own cases alone."
)
QUARTER = (
    f"Quarter: the most likely one of a normal distribution with the others' mean and tau, for {ranks.FEWEST_CASES} cases or more in "
    f"both arms and a reliability of {ranks.TO_PLACE} or more, where every mean that is so rounded gives the same one; its "
    "probability is by the rounded mean. With fewer than ten other sites there are no limits and no quarter."
)
DETECTABLE = (
    "Detectable difference: 2.80 × SD × √(1/n₁ + 1/n₀), SD within arms and strata of this site's own cases; a smaller true "
    "difference would be found in fewer than 80 of 100 such samples."
)
SOURCE = (
    f"{OWN} Spiegelhalter, Qual Saf Health Care 2005;14:347-351; Laird & Louis, J Educ Stat 1989;14:29-46; Raudenbush in The "
    "Handbook of Research Synthesis, 2009; Röver et al., BMC Med Res Methodol 2015;15:99."
)
ENOUGH = f"Sites with {strata.MIN_PER_ARM} printed and {strata.MIN_PER_ARM} comparator cases or more"
WHY_SITES = (
    "Where a site differs by more than chance explains there is something to learn; small sites differ by chance alone."
)
WHY_BESIDE = "A site learns most from its own figure beside that of others like it."

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="site-benchmarks-share",
        title="Sites beside each other, all procedures",
        why_it_matters=WHY_SITES,
        unit="share_saved",
        numerator="1 minus the ratio of geometric mean minutes, with a print to without, of each site",
        denominator=ENOUGH,
        strata=("site", "clock"),
        method=f"{IN_SHARES}{FUNNEL} {SHRUNKEN} {PLACES} {LADDER} {OBSERVED}",
        source=SOURCE,
        columns=benchmarks_tables.SHARE_COLUMNS,
        compute=benchmarks_tables.site_benchmarks_share,
    ),
    Measure(
        slug="site-benchmarks",
        title="Sites beside each other, by procedure",
        why_it_matters=WHY_SITES,
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one, of each site",
        denominator=ENOUGH,
        strata=("site", "procedure category", "clock"),
        method=f"{FUNNEL} {SHRUNKEN} {PLACES} {LADDER} {OBSERVED}",
        source=SOURCE,
        columns=benchmarks_tables.MINUTES_COLUMNS,
        compute=benchmarks_tables.site_benchmarks,
    ),
    Measure(
        slug="beside-other-sites-share",
        title="Beside other sites, all procedures",
        why_it_matters=WHY_BESIDE,
        unit="share_saved",
        numerator="1 minus the ratio of geometric mean minutes, with a print to without, of this site and of the others",
        denominator=ENOUGH,
        strata=("clock",),
        method=f"{IN_SHARES}{LEAVES} {QUARTER} {DETECTABLE} {OBSERVED}",
        source=SOURCE,
        columns=beside_tables.SHARE_COLUMNS,
        compute=beside_tables.beside_other_sites_share,
        beside="others",
    ),
    Measure(
        slug="beside-other-sites",
        title="Beside other sites, by procedure",
        why_it_matters=WHY_BESIDE,
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one, of this site and of the others",
        denominator=ENOUGH,
        strata=("procedure category", "clock"),
        method=f"{LEAVES} {QUARTER} {DETECTABLE} {OBSERVED}",
        source=SOURCE,
        columns=beside_tables.MINUTES_COLUMNS,
        compute=beside_tables.beside_other_sites,
        beside="others",
    ),
)
