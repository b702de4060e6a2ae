"""Sites beside each other: all of them for the registry, and a site beside the others, which stay unnamed."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import SIGN, Topic
from registry.web.panels import Results, Section
from registry.web.topics import benchmarks


def _sections(results: Results) -> list[Section]:
    together, by_procedure = results["site-benchmarks-share"], results["site-benchmarks"]
    return [
        Section("All procedures, in per cent", tuple(benchmarks.together(together)), f"{SIGN} {benchmarks.NO_LEAGUE}"),
        Section("Each procedure, in minutes", (benchmarks.by_procedure(by_procedure),)),
    ]


def _beside(results: Results) -> list[Section]:
    return [
        Section(
            "All procedures, in per cent",
            (benchmarks.beside(results["beside-other-sites-share"]),),
            f"{SIGN} {benchmarks.UNNAMED}",
        ),
        Section("Each procedure, in minutes", (benchmarks.beside_by_procedure(results["beside-other-sites"]),)),
    ]


BENCHMARKS = Topic(
    "benchmarks", _("Site benchmarks"), ("site-benchmarks-share", "site-benchmarks"), _sections, only="registry"
)
BESIDE = Topic(
    "beside", _("Beside other sites"), ("beside-other-sites-share", "beside-other-sites"), _beside, only="site"
)
