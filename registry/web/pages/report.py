"""The report of a site and that of the registry: what was found on one page, each finding in words before its figure."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from registry.web.pages.overview import HEADLINE
from registry.web.pages.topic import SIGN, Topic
from registry.web.panels import Panel, Results, Section
from registry.web.topics import (
    benchmarks,
    break_even,
    cases,
    codes,
    effort,
    evidence,
    quality,
    run_charts,
    savings,
    times,
    value,
)

SHARED = (
    *HEADLINE,
    "cases-by-month",
    "minutes-saved-by-kind",
    "effort",
    "value-of-a-print",
    "break-even",
    "indication-by-code",
    "data-quality",
)


def _of_the_registry(results: Results) -> list[Section]:
    return _sections(results, benchmarks.together(results["site-benchmarks-share"]), [])


def _of_a_site(results: Results) -> list[Section]:
    beside = benchmarks.beside(results["beside-other-sites-share"])
    return _sections(results, [beside], [run_charts.over_all(results["or-minutes-against-usual"])])


def _sections(results: Results, compared: Iterable[Panel], monthly: Iterable[Panel]) -> list[Section]:
    quality_of_data, *_counts = quality.trusted(results["data-quality"])
    return [
        Section("What was saved", (savings.saved(results["minutes-saved"]), *compared), SIGN),
        Section(
            "As observed, and as published",
            (
                times.observed(results["or-minutes"]),
                evidence.beside(results["minutes-saved-by-kind"]),
                *monthly,
                cases.over_time(results["cases-by-month"]),
            ),
        ),
        Section(
            "What it takes, and what it is worth",
            (
                effort.effort(results["effort"]),
                value.net(results["value-of-a-print"]),
                break_even.break_even(results["break-even"]),
            ),
        ),
        Section("What it rests on", (codes.indications(results["indication-by-code"]), quality_of_data)),
    ]


REPORT = Topic(
    "report",
    _("Report"),
    (*SHARED, "site-benchmarks-share"),
    _of_the_registry,
    only="registry",
    has_headline=True,
)
SITE_REPORT = Topic(
    "site-report",
    _("Report"),
    (*SHARED, "beside-other-sites-share", "or-minutes-against-usual"),
    _of_a_site,
    only="site",
    has_headline=True,
)
