"""What was published, beside what the registry finds."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import SIGN, Topic
from registry.web.panels import Results, Section
from registry.web.topics import evidence, savings


def _sections(results: Results) -> list[Section]:
    by_kind = results["minutes-saved-by-kind"]
    return [
        Section(
            "Published, and found here",
            (
                evidence.beside(by_kind),
                evidence.not_comparable(by_kind),
                *evidence.by_other_clocks(by_kind),
                evidence.by_specialty(results["minutes-saved-by-specialty"]),
                *savings.estimated(results["estimated-minutes-saved"]),
            ),
            SIGN,
        ),
        Section(
            "What was published",
            (
                evidence.published_effects(results["published-effects"]),
                evidence.published_studies(results["published-studies"]),
            ),
            "Facts out of abstracts, each with its source. None of them is of this registry.",
        ),
    ]


EVIDENCE = Topic(
    "evidence",
    _("Evidence"),
    (
        "minutes-saved-by-kind",
        "minutes-saved-by-specialty",
        "estimated-minutes-saved",
        "published-effects",
        "published-studies",
    ),
    _sections,
)
