"""OR time: saved, and as observed."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import SIGN, Topic
from registry.web.panels import Results, Section
from registry.web.topics import savings, times


def _sections(results: Results) -> list[Section]:
    saved, observed = results["minutes-saved"], results["or-minutes"]
    return [
        Section(
            "Time saved",
            (
                savings.saved(saved),
                *savings.across_sites(results["minutes-saved-across-sites"], results["share-saved-across-sites"]),
                *savings.saved_in_full(saved),
                *savings.saved_weakly(results["minutes-saved-weakly"]),
                *savings.estimated(results["estimated-minutes-saved"]),
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


TIME = Topic(
    "time",
    _("OR time"),
    (
        "minutes-saved",
        "minutes-saved-across-sites",
        "share-saved-across-sites",
        "minutes-saved-weakly",
        "estimated-minutes-saved",
        "or-minutes",
        "or-time-by-month",
        "or-time-coverage",
    ),
    _sections,
)
