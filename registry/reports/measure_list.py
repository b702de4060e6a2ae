"""The list of measures, read off their declarations: what each counts, of what, how, from where, in which columns."""

from collections.abc import Iterator

from registry.statistics import confounding, pipeline
from registry.statistics.meanings import meaning
from registry.statistics.measures import MEASURES, Measure

HEAD = """# Measures

Made from the declarations by `manage.py measures`; do not edit. A measure that is not here does not exist. Each is on the
pages, in the registry report and at `/api/v1/statistics/<name>`, and each line says under *Data* whether it rests on synthetic
or on real data, or was published by others. The same text is at `/methods/`. A figure that does not exist or may not be shown
says why; it is never 0 and never empty.
"""


def _section(measure: Measure) -> Iterator[str]:
    yield f"\n## {measure.title} (`{measure.slug}`, version {measure.version})\n"
    yield f"{measure.why_it_matters}\n"
    yield f"- Counted: {measure.numerator}."
    yield f"- Of: {measure.denominator}."
    yield f"- By: {', '.join(measure.strata)}."
    yield f"- Method: {measure.method}"
    yield f"- Source: {measure.source}"
    yield "\n| column | heading | unit | meaning |\n|---|---|---|---|"
    for column in measure.columns:
        yield f"| {column.name} | {column.heading} | {column.unit} | {meaning(column)} |"


def _pipeline() -> Iterator[str]:
    yield f"\n## From OR times to minutes saved (pipeline {pipeline.VERSION})\n"
    for number, decision in enumerate(pipeline.DECISIONS, 1):
        yield f"{number}. **{decision.title}.** {decision.text}"
    yield "\n## Beside every saving\n"
    yield from (f"- {sentence}" for sentence in confounding.GENERAL)


def text() -> str:
    """The list as Markdown."""
    return (
        "\n".join([HEAD.rstrip("\n"), *_pipeline(), *(line for measure in MEASURES for line in _section(measure))])
        + "\n"
    )
