"""The measures of the registry, declared: what each is, of what, how and from where. A measure not in MEASURES does not exist."""

from registry.statistics.measures import (
    about_benchmarks,
    about_cases,
    about_codes,
    about_evidence,
    about_money,
    about_prints,
    about_quality,
    about_run_charts,
    about_savings,
    about_sensitivity,
    about_time,
)
from registry.statistics.measures.declaration import Measure

__all__ = ["BY_SLUG", "MEASURES", "OF_THE_REGISTRY", "Measure"]

MEASURES: tuple[Measure, ...] = (
    *about_cases.MEASURES,
    *about_time.MEASURES,
    *about_prints.MEASURES,
    *about_savings.MEASURES,
    *about_money.MEASURES,
    *about_benchmarks.MEASURES,
    *about_codes.MEASURES,
    *about_evidence.MEASURES,
    *about_sensitivity.MEASURES,
    *about_quality.MEASURES,
    *about_run_charts.MEASURES,
)
OF_THE_REGISTRY = tuple(measure for measure in MEASURES if not measure.beside)
"""Those of a site beside the others are no figures of the registry."""
BY_SLUG = {measure.slug: measure for measure in MEASURES}
