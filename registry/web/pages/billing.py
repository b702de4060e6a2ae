"""The evidence behind the billing codes."""

from django.utils.translation import gettext_lazy as _

from registry.statistics.measures import about_codes
from registry.web.pages.topic import SIGN, Topic
from registry.web.panels import Results, Section
from registry.web.topics import codes


def _sections(results: Results) -> list[Section]:
    evidence = results["coding-evidence"]
    return [
        Section(
            "Applied, billed and paid",
            (codes.applied(results["codes-applied"]), codes.by_quarter(results["codes-by-quarter"])),
        ),
        Section(
            "What the cases show",
            (
                codes.indications(results["indication-by-code"]),
                codes.evidence(evidence),
                *codes.evidence_in_full(evidence),
            ),
            SIGN,
        ),
        Section("Rules of the codes", tuple(codes.rules(results["code-rules"]))),
    ]


CODES = Topic(
    "codes", _("Coding evidence"), tuple(measure.slug for measure in about_codes.MEASURES), _sections, pack="codes"
)
