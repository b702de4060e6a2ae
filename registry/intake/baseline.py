"""A site's own mean, SD and n for a procedure without a print."""

from decimal import Decimal
from typing import Any

from registry.errors import InvalidReport, Problem
from registry.intake.context import Context
from registry.intake.sections import Reading, Section, read_row
from registry.intake.standing import standing
from registry.models import Baseline

FIELDS = ("category", "clock", "kind", "n", "mean", "sd", "median", "period_start", "period_end", "citation")
BASELINE = Section("baseline", Baseline, 1, FIELDS, ("category", "clock", "n", "mean", "period_start", "period_end"))
LEAST_CV, MOST_CV = Decimal("0.05"), Decimal(1)


def read_baseline(data: Any, *, context: Context) -> tuple[dict[str, Any], list[Problem]]:
    """Believed columns of a baseline and its warnings. Raises `InvalidReport` with every error.

    An SD under a twentieth of the mean, or above it, is probably a standard error typed as SD (a warning).
    """
    reading = Reading(context.mode, context.today)
    row = read_row(BASELINE, data, "", reading)
    row["kind"] = row.get("kind") or "site_baseline"
    start, end = row.get("period_start"), row.get("period_end")
    if start and end and start > end:
        reading.refuse("months-out-of-order", "period_end", "The period cannot end before it starts.")
    if problem := standing(context.site):
        reading.refuse(problem.code, problem.path, problem.message)
    mean, sd = row.get("mean"), row.get("sd")
    if mean and sd is not None and not LEAST_CV <= sd / mean <= MOST_CV:
        reading.warn(
            "sd-looks-like-se",
            "sd",
            "This looks like a standard error. Send the standard deviation of the single times.",
        )
    if any(problem.severity == "error" for problem in reading.problems):
        raise InvalidReport(reading.problems)
    return row, reading.problems
