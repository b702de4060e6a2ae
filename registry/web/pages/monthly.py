"""OR minutes month by month."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import run_charts


def _sections(results: Results) -> list[Section]:
    return [
        Section(
            "All procedures together",
            (run_charts.over_all(results["or-minutes-all-procedures-by-month"]),),
            run_charts.LEAD,
        ),
        Section("Procedure by procedure", tuple(run_charts.by_procedure(results["or-minutes-by-month"]))),
    ]


RUN_CHARTS = Topic(
    "run-charts",
    _("Month by month"),
    ("or-minutes-all-procedures-by-month", "or-minutes-by-month"),
    _sections,
    only="site",
)
