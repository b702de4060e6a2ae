"""The one check of every door: a batch of reports in, a verdict on each out, all problems at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from registry.errors import Problem
from registry.intake import billing_rules, flat, rules
from registry.intake.context import Context
from registry.intake.report import Believed, CaseReport, Judged
from registry.intake.sections import CASE, PROCEDURE, SECTIONS, TIMES, Reading, read_list, read_row
from registry.intake.values import Refused, text
from registry.models import Case, Site

OF_A_PROCEDURE = ("performed_month",)
"""What must be said of a procedure; its category may be found by its code."""
RULES: tuple[rules.Rule, ...] = (*rules.RULES, *billing_rules.RULES)


def check(reports: Sequence[CaseReport], *, site: Site, context: Context | None = None) -> list[Judged]:
    """A verdict on each report, in order. The same local case id twice in one batch is a problem of the later ones."""
    context = context or Context.of(site)
    times = Counter(report.local_case_id for report in reports if isinstance(report.local_case_id, str))
    seen: set[str] = set()
    verdicts = []
    for report in reports:
        judged = check_one(report, context)
        if isinstance(report.local_case_id, str) and times[report.local_case_id] > 1:
            if report.local_case_id in seen:
                reading = Reading(context.mode, context.today)
                reading.refuse(
                    "duplicate-in-batch",
                    "local_case_id",
                    "Another row of this batch has the same case id. Keep one of them.",
                )
                judged = Judged(report, None, [*judged.problems, *placed(reading.problems, report)])
            seen.add(report.local_case_id)
        verdicts.append(judged)
    return verdicts


def placed(problems: Iterable[Problem], report: CaseReport) -> list[Problem]:
    """The problems at the row of the file, and in their columns where the report was said on one line."""
    if report.row is None:
        return list(problems)
    if report.numbers is None:
        return [replace(problem, row=report.row) for problem in problems]
    told = {problem.column for problem in report.problems if problem.column}
    found = []
    for problem in problems:
        name = problem.column or flat.name_at(problem.path, report.data, report.numbers) or None
        # What the door said of a cell is what there is to say of it.
        if name not in told or problem.column:
            found.append(replace(problem, row=report.row, column=name))
    return found


def check_one(report: CaseReport, context: Context) -> Judged:
    """The verdict on one report, judged alone."""
    reading = Reading(context.mode, context.today, [*report.problems])
    believed = read(report, reading)
    if believed is not None and not reading.problems:
        for rule in RULES:
            rule(believed, context, reading)
    elif believed is not None:
        _judge_what_can_be(believed, context, reading)
    # What the door said of a place is what there is to say of it.
    told = {problem.path for problem in report.problems if problem.path}
    found = [problem for problem in reading.problems if problem in report.problems or problem.path not in told]
    problems = placed(found, report)
    refused = any(problem.severity == "error" for problem in problems)
    return Judged(report, None if refused else believed, problems)


def _judge_what_can_be(believed: Believed, context: Context, reading: Reading) -> None:
    """Rules over a report whose fields already have problems: a rule that misses a value it needs is silent, the rest speak."""
    for rule in RULES:
        before = len(reading.problems)
        try:
            rule(believed, context, reading)
        except KeyError:
            del reading.problems[before:]


def read(report: CaseReport, reading: Reading) -> Believed | None:
    """The report's values as far as each field can be believed."""
    data = report.data
    if not isinstance(data, dict):
        reading.refuse("wrong-type", "", "Send an object with named fields.")
        return None
    believed = Believed()
    control = data.get("object_kind") == "none"
    required = Case.CONTROL_REQUIRED if control else None
    believed.case = read_row(CASE, data, "", reading, required=required)
    for name, section in SECTIONS.items():
        believed.sections[name] = read_list(section, data[name], name, reading) if name in data else []
    if data.get("procedure") is not None:
        _read_procedure(data["procedure"], believed, reading)
    if data.get("or_log_number") is not None:
        try:
            believed.or_log_number = read_number(data["or_log_number"])
        except Refused as refused:
            reading.refuse(refused.code, "or_log_number", refused.message)
    _carry_references(data, believed)
    return believed


def read_number(said: Any) -> str | None:
    """The number of an operation in the OR log. Raises `Refused`."""
    return text(said, 64) or None


def _read_procedure(data: Any, believed: Believed, reading: Reading) -> None:
    believed.procedure = read_row(PROCEDURE, data, "procedure", reading, required=OF_A_PROCEDURE)
    if isinstance(data, dict) and "times" in data:
        believed.times = read_list(TIMES, data["times"], "procedure.times", reading)


def _carry_references(data: dict[str, Any], believed: Believed) -> None:
    """Printer labels and material names stay as said until the rules look them up."""
    prints = data.get("prints")
    for row, said in zip(believed.sections.get("prints", []), prints if isinstance(prints, list) else [], strict=False):
        if isinstance(said, dict):
            row["printer"], row["materials"] = said.get("printer"), said.get("materials", [])
