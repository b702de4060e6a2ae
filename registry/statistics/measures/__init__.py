"""The measures of the registry, declared: what each is, of what, how and from where. A measure not in MEASURES does not exist."""

from registry.statistics.measures import about_cases, about_prints, about_run_charts, about_savings, about_time
from registry.statistics.measures.declaration import Measure

__all__ = ["BY_SLUG", "MEASURES", "Measure"]

MEASURES: tuple[Measure, ...] = (
    *about_cases.MEASURES,
    *about_time.MEASURES,
    *about_prints.MEASURES,
    *about_savings.MEASURES,
    *about_run_charts.MEASURES,
)
BY_SLUG = {measure.slug: measure for measure in MEASURES}
