"""The naive twin: all cells by plain loops over plain rows, with nothing of the SQL, the packing or the queue."""

from collections import Counter, defaultdict
from typing import Any

from registry.models import Case, Print, Procedure, Site
from registry.models.scope import as_statistics
from registry.statistics import models as cells
from registry.statistics.histogram import Histogram
from tests.statistics.naive_codes import billing_group, count_codes, count_rules
from tests.statistics.naive_duplicates import count_near_duplicates
from tests.statistics.naive_prints import count_prints, count_turnaround

SOURCES = ["or_log", "ehr", "chart", "recall"]
QUESTIONS = (
    "q1_easy q2_compatible q3_plan_changed q4_important q5_quality q6_confident_before q7_confident_after"
).split()
Cells = dict[str, dict[tuple[Any, ...], Any]]

# What the statistics role may not read of a case.
UNREADABLE = ("local_case_id", "comment", "encounter_digest", "withdrawal_reason")


def expected() -> Cells:
    """What the cells of every site must be, from the rows as they are now."""
    found: Cells = {model.__name__: {} for model in (*cells.CELLS, cells.EarlyPrint)}
    with as_statistics():
        for site in Site.objects.all():
            if site.kind == "live":
                _site(site, found)
    return found


def _procedure(case: Case) -> Procedure | None:
    return Procedure.objects.filter(case_id=case.pk).first()


def _month(case: Case) -> Any:
    procedure = _procedure(case)
    return procedure.performed_month if procedure else case.order_month


def _process(case: Case) -> str:
    first = Print.objects.filter(case_id=case.pk, number=1).first()
    return first.process if first else ""


def _first_five(cases: list[Case]) -> dict[str, list[Case]]:
    by_category: dict[str, list[tuple[Any, int, Case]]] = defaultdict(list)
    for case in cases:
        procedure = _procedure(case)
        if procedure and case.print_decision == "printed" and case.object_kind not in ("none", "digital_only"):
            by_category[procedure.category].append((procedure.performed_month, case.pk, case))
    return {
        category: [case for *_, case in sorted(rows, key=lambda row: row[:2])[:5]]
        for category, rows in by_category.items()
    }


def _site(site: Site, found: Cells) -> None:
    cases = list(Case.objects.filter(site=site, state="submitted").defer(*UNREADABLE))
    first_five = _first_five(cases)
    for category, early in first_five.items():
        for case in early:
            found["EarlyPrint"][site.pk, category, case.pk, _month(case)] = True
    for month, counts in count_near_duplicates(cases).items():
        found["NearDuplicateCell"][site.pk, month] = counts
    for case in cases:
        place = (site.pk, _month(case))
        _count_case(place, case, found)
        _count_procedure(place, case, found, first_five)
        _count_the_rest(place, case, found)


def _count_case(place: Any, case: Case, found: Cells) -> None:
    procedure = _procedure(case)
    sources = [time.source for time in procedure.times.all()] if procedure else []
    waits = case.object_kind != "none" and case.print_decision != "cancelled" and case.no_procedure_reason is None
    group = billing_group(case)
    key = (*place, case.object_kind, case.organ_system or "", group, _process(case), case.print_decision or "", waits)
    counts = found["CaseCell"].setdefault(key, [0, 0, 0, 0])
    counts[0] += 1
    counts[1] += any(source != "recall" for source in sources)
    counts[2] += bool(sources) and all(source == "recall" for source in sources)
    counts[3] += waits and not sources
    if case.age_years is not None or "age_years" in case.unknown_fields:
        _say(found["AgeCell"], (*place, case.object_kind, case.print_decision or ""), case.age_years)


def _say(counts: dict[Any, Any], key: Any, value: Any) -> None:
    """A known value, or one said to be unknown."""
    known = counts.setdefault(key, [Counter(), 0])
    if value is None:
        known[1] += 1
    else:
        known[0][value] += 1


def _count_procedure(place: Any, case: Case, found: Cells, first_five: dict[str, list[Case]]) -> None:
    procedure = _procedure(case)
    if procedure is None:
        return
    of_case = (case.object_kind, case.print_decision or "")
    counts = found["ProcedureCell"]
    key = (*place, procedure.category, *of_case)
    counts[key] = counts.get(key, 0) + 1
    best: dict[str, Any] = {}
    for time in procedure.times.all():
        held = best.get(time.clock)
        if held is None or SOURCES.index(time.source) < SOURCES.index(held.source):
            best[time.clock] = time
    early = case in first_five.get(procedure.category, [])
    for clock, time in best.items():
        key = (
            *place,
            procedure.category,
            case.complexity or "",
            *of_case,
            _process(case),
            clock,
            time.source,
            procedure.used_in_or or "",
            early,
        )
        found["MinutesCell"].setdefault(key, Counter())[time.minutes] += 1
        if case.print_decision == "printed" and case.object_kind not in ("none", "digital_only"):
            key = (*place, procedure.category, case.complexity or "", case.organ_system, billing_group(case), clock)
            _say(found["CodedMinutesCell"], key, None if time.source == "recall" else time.minutes)


def _count_the_rest(place: Any, case: Case, found: Cells) -> None:
    _count_effort(place, case, found)
    count_prints(place, case, found)
    count_turnaround(place, case, _procedure(case), found)
    count_codes(place, case, found)
    count_rules(place, case, _procedure(case), found)
    for answer in case.assessments.all():
        for question in (*QUESTIONS, "time_saved_minutes"):
            score = getattr(answer, question)
            if score is not None:
                key = (*place, question, score)
                found["AssessmentCell"][key] = found["AssessmentCell"].get(key, 0) + 1


def _count_effort(place: Any, case: Case, found: Cells) -> None:
    by_staff: dict[str, list[Any]] = defaultdict(list)
    for row in case.effort.all():
        _say(found["EffortCell"], (*place, case.object_kind, row.activity, row.staff), row.minutes)
        by_staff[row.staff].append(row.minutes)
    for staff, minutes in by_staff.items():
        if len(minutes) == 4:
            total = None if None in minutes else sum(minutes)
            _say(found["EffortCell"], (*place, case.object_kind, "", staff), total)


def kept() -> Cells:
    """What the cells are, in the same shape."""
    with as_statistics():
        return {model.__name__: _kept(model) for model in (*cells.CELLS, cells.EarlyPrint)}


def _kept(model: Any) -> dict[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Any] = {}
    for row in model.objects.all():
        place = (row.site_id, row.month)
        match row:
            case cells.MinutesCell():
                histogram = Histogram.unpacked([row.histogram])
                assert row.n == histogram.n
                key = (
                    *place,
                    row.category,
                    row.complexity,
                    row.object_kind,
                    row.print_decision,
                    row.process,
                    row.clock,
                    row.source,
                    row.used_in_or,
                    row.early,
                )
                found[key] = Counter(histogram.counts)
            case cells.CaseCell():
                key = (*place, row.object_kind, row.organ_system, row.billing_group)
                key += (row.process, row.print_decision, row.expects_outcome)
                found[key] = [row.n_cases, row.n_with_or_time, row.n_with_recall_only, row.n_awaiting]
            case cells.AgeCell():
                found[*place, row.object_kind, row.print_decision] = _known(row)
            case cells.ProcedureCell():
                found[*place, row.category, row.object_kind, row.print_decision] = row.n
            case cells.EffortCell():
                found[*place, row.object_kind, row.activity, row.staff] = _known(row)
            case cells.HoursCell() | cells.TurnaroundCell():
                found[*place, row.grouping, row.group] = _known(row)
            case cells.CostCell():
                found[*place, row.grouping, row.group] = [row.n_known, row.total, row.squares, row.n_unknown]
            case cells.CodeCell():
                key = (*place, row.code, row.modifier, row.organ_system, row.claim, row.claim_status)
                found[key] = [row.n_cases, row.n_again, row.units]
            case cells.CodeRuleCell():
                found[*place, row.code, row.rule] = [row.n, row.n_broken]
            case cells.CodedMinutesCell():
                key = (*place, row.category, row.complexity, row.organ_system, row.billing_group, row.clock)
                found[key] = _known(row)
            case cells.PrintCell():
                key = (*place, row.grouping, row.group, row.outcome, row.sterilised, row.qa_result)
                found[key] = [row.n, row.copies]
            case cells.AssessmentCell():
                found[*place, row.item, row.score] = row.n
            case cells.NearDuplicateCell():
                found[place] = [row.compared, row.pairs]
            case cells.EarlyPrint():
                found[row.site_id, row.category, row.case_id, row.month] = True
    return found


def _known(row: Any) -> list[Any]:
    histogram = Histogram.unpacked([row.histogram])
    assert row.n_known == histogram.n
    return [Counter(histogram.counts), row.n_unknown]
