"""OR minutes month by month."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import run_charts


def _sections(results: Results) -> list[Section]:
    together, by_procedure = results["or-minutes-against-usual"], results["or-minutes-by-month"]
    panels = (run_charts.over_all(together), *run_charts.by_procedure(by_procedure))
    return [Section("OR time of printed cases", panels, run_charts.LEAD)]


RUN_CHARTS = Topic(
    "run-charts", _("Month by month"), ("or-minutes-against-usual", "or-minutes-by-month"), _sections, only="site"
)
