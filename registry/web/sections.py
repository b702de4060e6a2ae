"""The pages of a dashboard: which measures each needs, and which panels it shows, in the order of a reader's questions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.statistics.results import Scope
from registry.web.panels import Drawn, Results, Section
from registry.web.topics import cases, effort, prints, run_charts, savings, times

SIGN = "Minutes saved are those without a print minus those with one: above zero is faster with a print, below zero slower."
EVERY_CASE = "cases-by-month"
"""Read on every page: whether there is a case at all, and of which years."""
HEADLINE = ("cases-by-kind", "or-minutes", "or-time-coverage", "minutes-saved", "dollars-saved")


@dataclass(frozen=True)
class Topic:
    """A page of the dashboard; the overview has an empty slug. `only`: for a site, or for the registry, alone."""

    slug: str
    title: str | Promise
    measures: tuple[str, ...]
    sections: Callable[[Results], list[Section]]
    only: Literal["", "site", "registry"] = ""

    def is_for(self, scope: Scope) -> bool:
        return self.only in {"", "registry" if scope.site_id is None else "site"}


FIGURES: dict[str, Drawn] = {
    "minutes-saved": savings.figure,
    "or-minutes": times.figure,
    "cases-by-month": cases.figure,
    "or-time-by-month": times.completeness_figure,
    "print-outcomes": prints.outcomes_figure,
    "print-outcomes-by-material": prints.outcomes_figure,
    "machine-hours": prints.hours_figure,
    "effort": effort.figure,
    "or-minutes-against-usual": run_charts.figure,
    "or-minutes-by-month": run_charts.figure,
}
"""The figure of each measure that has one."""


def _overview(results: Results) -> list[Section]:
    return [
        Section(
            "Operating-room time", (savings.saved(results["minutes-saved"]), times.observed(results["or-minutes"]))
        ),
        Section(
            "Cases and completeness",
            (cases.over_time(results["cases-by-month"]), times.completeness(results["or-time-by-month"])),
        ),
        Section("Prints and effort", (prints.outcomes(results["print-outcomes"]), effort.effort(results["effort"]))),
    ]


def _time(results: Results) -> list[Section]:
    saved, observed = results["minutes-saved"], results["or-minutes"]
    return [
        Section(
            "Time saved",
            (
                savings.saved(saved),
                savings.dollars(results["dollars-saved"]),
                *savings.across_sites(results["minutes-saved-across-sites"], results["share-saved-across-sites"]),
                *savings.saved_in_full(saved),
            ),
            SIGN,
        ),
        Section(
            "Time observed",
            (
                times.observed(observed),
                times.completeness(results["or-time-by-month"]),
                *times.observed_in_full(observed),
                times.coverage_by_kind(results["or-time-coverage"]),
            ),
        ),
    ]


def _cases(results: Results) -> list[Section]:
    return [
        Section(
            "When, and of what",
            (
                cases.over_time(results["cases-by-month"]),
                *(cases.mix(results[slug]) for slug in cases.MIXES),
                cases.ages(results["printed-cases"]),
                cases.organ_systems(results["printed-organ-systems"]),
            ),
        )
    ]


def _prints(results: Results) -> list[Section]:
    by_process = results["print-outcomes"]
    return [
        Section(
            "What became of them",
            (
                prints.outcomes(by_process),
                prints.outcomes(results["print-outcomes-by-material"]),
                *prints.completeness(by_process),
            ),
        ),
        Section(
            "What they took",
            (
                prints.hours(results["machine-hours"]),
                prints.cost(results["material-cost"]),
                prints.turnaround(results["turnaround"]),
            ),
        ),
    ]


def _effort(results: Results) -> list[Section]:
    return [Section("Minutes a case", (effort.effort(results["effort"]), *effort.in_full(results["effort"])))]


def _run_charts(results: Results) -> list[Section]:
    together, by_procedure = results["or-minutes-against-usual"], results["or-minutes-by-month"]
    panels = (run_charts.over_all(together), *run_charts.by_procedure(by_procedure))
    return [Section("OR time of printed cases", panels, run_charts.LEAD)]


OVERVIEW = Topic(
    "", _("Overview"), (*HEADLINE, "cases-by-month", "or-time-by-month", "print-outcomes", "effort"), _overview
)
TOPICS = (
    OVERVIEW,
    Topic(
        "time",
        _("OR time"),
        (
            "minutes-saved",
            "dollars-saved",
            "minutes-saved-across-sites",
            "share-saved-across-sites",
            "or-minutes",
            "or-time-by-month",
            "or-time-coverage",
        ),
        _time,
    ),
    Topic("cases", _("Cases"), (*cases.MIXES, "printed-cases", "printed-organ-systems", "cases-by-month"), _cases),
    Topic(
        "prints",
        _("Prints"),
        ("print-outcomes", "print-outcomes-by-material", "machine-hours", "material-cost", "turnaround"),
        _prints,
    ),
    Topic("effort", _("Effort"), ("effort",), _effort),
    Topic(
        "run-charts",
        _("Month by month"),
        ("or-minutes-against-usual", "or-minutes-by-month"),
        _run_charts,
        only="site",
    ),
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}
