"""The pages of the dashboards, in the order of their tabs, and the figure of each measure that has one."""

from registry.web.pages.billing import CODES
from registry.web.pages.case_mix import CASES
from registry.web.pages.comparison import BENCHMARKS, BESIDE
from registry.web.pages.doubts import SENSITIVITY
from registry.web.pages.literature import EVIDENCE
from registry.web.pages.monthly import RUN_CHARTS
from registry.web.pages.overview import OVERVIEW
from registry.web.pages.printing import PRINTS
from registry.web.pages.report import REPORT, SITE_REPORT
from registry.web.pages.time import TIME
from registry.web.pages.trust import QUALITY
from registry.web.pages.work import EFFORT
from registry.web.pages.worth import VALUE
from registry.web.panels import Drawn
from registry.web.topics import (
    benchmarks,
    break_even,
    cases,
    codes,
    effort,
    evidence_drawn,
    funnels,
    prints,
    quality,
    run_charts,
    savings,
    sensitivity,
    times,
    value,
)

EVERY_CASE = "cases-by-month"
"""Read on every page: whether there is a case at all, and of which years."""
TOPICS = (
    OVERVIEW,
    REPORT,
    SITE_REPORT,
    TIME,
    VALUE,
    BENCHMARKS,
    BESIDE,
    RUN_CHARTS,
    EVIDENCE,
    SENSITIVITY,
    QUALITY,
    CODES,
    CASES,
    PRINTS,
    EFFORT,
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}
FIGURES: dict[str, Drawn] = {
    "minutes-saved": savings.figure,
    "minutes-saved-across-sites": savings.across_figure,
    "share-saved-across-sites": savings.across_figure,
    "or-minutes": times.figure,
    "cases-by-month": cases.figure,
    "or-time-by-month": times.completeness_figure,
    "print-outcomes": prints.outcomes_figure,
    "print-outcomes-by-material": prints.outcomes_figure,
    "machine-hours": prints.hours_figure,
    "effort": effort.figure,
    "value-of-a-print": value.figure,
    "break-even": break_even.figure,
    "site-benchmarks": funnels.funnel_figure,
    "site-benchmarks-share": funnels.funnel_figure,
    benchmarks.CATERPILLAR: funnels.caterpillar_figure,
    "beside-other-sites-share": funnels.funnel_figure,
    "or-minutes-against-usual": run_charts.figure,
    "or-minutes-by-month": run_charts.figure,
    "minutes-saved-by-kind": evidence_drawn.figure,
    "published-effects": evidence_drawn.effects_figure,
    "sensitivity": sensitivity.figure,
    "sensitivity-across-sites": sensitivity.pooled_figure,
    "unreported-savings": sensitivity.savings_figure,
    "data-quality": quality.figure,
    "indication-by-code": codes.indications_figure,
    "coding-evidence": codes.evidence_figure,
}
"""The figure of each measure that has one."""
MEASURE_OF = {benchmarks.CATERPILLAR: "site-benchmarks-share"}
"""The measure of a figure that is not its first, by the figure's key."""
