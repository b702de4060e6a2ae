"""The saving asked otherwise, and what is not known."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import SIGN, Topic
from registry.web.panels import Results, Section
from registry.web.topics import sensitivity


def _sections(results: Results) -> list[Section]:
    return [
        Section(
            "Asked otherwise",
            (
                sensitivity.otherwise(results["sensitivity"]),
                *sensitivity.pooled_otherwise(results["sensitivity-across-sites"]),
            ),
            SIGN,
        ),
        Section(
            "What is not known",
            (
                sensitivity.others_saved(results["unreported-savings"]),
                sensitivity.unmeasured(results["e-value"]),
                sensitivity.times_known(results["unreported-times"]),
            ),
        ),
    ]


SENSITIVITY = Topic(
    "sensitivity",
    _("Sensitivity"),
    ("sensitivity", "sensitivity-across-sites", "e-value", "unreported-times", "unreported-savings"),
    _sections,
)
