"""The cases: when, and of what."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import cases


def _sections(results: Results) -> list[Section]:
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


CASES = Topic(
    "cases", _("Cases"), (*cases.MIXES, "printed-cases", "printed-organ-systems", "cases-by-month"), _sections
)
