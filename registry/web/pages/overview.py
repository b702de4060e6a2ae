"""The first page: the headline's measures, and a panel of each topic."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import cases, effort, prints, savings, times

HEADLINE = ("cases-by-kind", "or-minutes", "or-time-coverage", "minutes-saved", "dollars-saved")


def _sections(results: Results) -> list[Section]:
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


OVERVIEW = Topic(
    "",
    _("Overview"),
    (*HEADLINE, "cases-by-month", "or-time-by-month", "print-outcomes", "effort"),
    _sections,
    has_headline=True,
)
