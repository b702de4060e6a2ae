"""The prints: what became of them, and what they took."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import prints


def _sections(results: Results) -> list[Section]:
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


PRINTS = Topic(
    "prints",
    _("Prints"),
    ("print-outcomes", "print-outcomes-by-material", "machine-hours", "material-cost", "turnaround"),
    _sections,
)
