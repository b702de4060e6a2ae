"""Each rule of a case report: what breaks it, where the problem is placed, and that nothing is written or echoed."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.intake.check import check, check_one
from registry.intake.context import Context
from registry.intake.report import CaseReport, Judged
from registry.intake.usual import Usual
from registry.models import CodeReference, Material, Printer, Site
from registry.vocabulary.billing import CODE_REFERENCE

EXAMPLES = Path(__file__).parent.parent / "examples"
CASE = json.loads((EXAMPLES / "case.json").read_text())
CONTROL = json.loads((EXAMPLES / "control.json").read_text())
LIMITED, TODAY = "limited_data_set", date(2026, 11, 23)


def context(**changes: Any) -> Context:
    codes = [CodeReference(**{name: getattr(row, name) for name in row.__dataclass_fields__}) for row in CODE_REFERENCE]
    made = Context(
        site=Site(pk=1, code="ALPHA", agreement_signed_on=TODAY),
        mode=LIMITED,
        today=TODAY,
        printers={"SLA bench": Printer(pk=7, label="SLA bench", process="vat_photopolymerization")},
        materials={"Surgical resin": Material(pk=9, name="Surgical resin")},
        procedure_map={("cpt", "21141"): ("orthognathic_two_jaw", 3)},
        codes={code.code: code for code in codes},
        usual=Usual(lambda category, clock: []),
    )
    return replace(made, **changes)


def judged(
    change: Callable[[dict[str, Any]], Any] | None = None, base: dict[str, Any] = CASE, **changes: Any
) -> Judged:
    data = copy.deepcopy(base)
    if change:
        change(data)
    return check_one(CaseReport(data), context(**changes))


def codes_at(verdict: Judged) -> set[tuple[str, str]]:
    return {(problem.code, problem.path) for problem in verdict.problems}


def test_the_example_case_is_believed_without_a_problem() -> None:
    verdict = judged()
    assert verdict.problems == []
    assert verdict.rows is not None
    assert verdict.rows.sections["prints"][0]["process"] == "vat_photopolymerization"


def test_the_example_control_is_believed() -> None:
    assert judged(base=CONTROL).problems == []


Change = Callable[[dict[str, Any]], Any]
ERRORS: list[tuple[str, str, Change]] = [
    ("unknown-field", "age", lambda c: c.update(age=4)),
    ("unknown-field", "prints[0].colour", lambda c: c["prints"][0].update(colour=4)),
    ("required", "sex", lambda c: c.pop("sex")),
    ("required", "prints[0].outcome", lambda c: c["prints"][0].pop("outcome")),
    ("required", "organ_system", lambda c: c.update(organ_system=None)),
    ("wrong-type", "age_years", lambda c: c.update(age_years="34")),
    ("wrong-type", "age_years", lambda c: c.update(age_years=True)),
    ("wrong-type", "parts", lambda c: c.update(parts={})),
    ("wrong-type", "parts[0]", lambda c: c.update(parts=["bone"])),
    ("wrong-type", "procedure", lambda c: c.update(procedure="tka")),
    ("out-of-range", "appropriateness", lambda c: c.update(appropriateness=10)),
    ("out-of-range", "effort[2].minutes", lambda c: c["effort"][2].update(minutes=6001)),
    ("out-of-range", "prints[0].print_hours", lambda c: c["prints"][0].update(print_hours=240.5)),
    ("out-of-range", "prints[0].print_hours", lambda c: c["prints"][0].update(print_hours=float("inf"))),
    ("out-of-range", "procedure.times[0].minutes", lambda c: c["procedure"]["times"][0].update(minutes=4)),
    ("out-of-range", "procedure.times[0].minutes", lambda c: c["procedure"]["times"][0].update(minutes=1441)),
    ("too-precise", "prints[0].material_cost", lambda c: c["prints"][0].update(material_cost=1.005)),
    ("too-long", "comment", lambda c: c.update(comment="x" * 81)),
    ("forbidden-character", "comment", lambda c: c.update(comment="a\x00b")),
    ("forbidden-character", "comment", lambda c: c.update(comment="a\u202eb")),
    ("forbidden-character", "comment", lambda c: c.update(comment="a\ud800b")),
    ("malformed", "local_case_id", lambda c: c.update(local_case_id="a b")),
    ("not-a-choice", "organ_system", lambda c: c.update(organ_system="Heart")),
    ("not-a-choice", "intended_uses", lambda c: c.update(intended_uses=["fun"])),
    ("said-twice", "intended_uses", lambda c: c.update(intended_uses=["preop_planning", "preop_planning"])),
    ("too-many", "prints", lambda c: c.update(prints=c["prints"] * 6)),
    ("not-a-month", "order_month", lambda c: c.update(order_month="2026-02-11")),
    ("not-a-month", "order_month", lambda c: c.update(order_month="２０２６-02")),
    ("month-out-of-range", "order_month", lambda c: c.update(order_month="2027-01")),
    ("age-over-89", "age_years", lambda c: c.update(age_years=93)),
    ("age-contradicts", "age_months", lambda c: c.update(age_months=5)),
    ("model-needs-parts", "parts", lambda c: c.pop("parts")),
    ("guide-needs-guide", "guides", lambda c: c.pop("guides")),
    ("print-missing", "prints", lambda c: c.pop("prints")),
    ("print-not-expected", "prints", lambda c: c.update(print_decision="digital_only")),
    ("exclusions-not-attested", "exclusions_attested", lambda c: c.update(exclusions_attested=False)),
    ("digital-is-not-printed", "print_decision", lambda c: c.update(object_kind="digital_only", prints=[], codes=[])),
    ("subregion-of-other-region", "parts[0].subregion", lambda c: c["parts"][0].update(subregion="knee")),
    (
        "laterality-needed",
        "parts[0].laterality",
        lambda c: c["parts"][0].update(region="breast", subregion=None, laterality="na"),
    ),
    ("unknown-printer", "prints[0].printer", lambda c: c["prints"][0].update(printer="J750")),
    ("unknown-material", "prints[0].materials", lambda c: c["prints"][0].update(materials=["Gold"])),
    ("material-missing", "prints[0].materials", lambda c: c["prints"][0].pop("materials")),
    ("unknown-part", "prints[0].parts", lambda c: c["prints"][0].update(parts=[3])),
    ("sterilisation-missing", "prints[0].sterilisation", lambda c: c["prints"][0].pop("sterilisation")),
    ("sterilisation-missing", "prints[0].sterilisation", lambda c: c["prints"][0].update(sterilisation="none")),
    ("months-out-of-order", "procedure.performed_month", lambda c: c["procedure"].update(performed_month="2026-01")),
    ("procedure-and-none", "no_procedure_reason", lambda c: c.update(no_procedure_reason="cancelled")),
    ("times-contradict", "procedure.times[1].minutes", lambda c: c["procedure"]["times"][1].update(minutes=400)),
    ("said-twice", "procedure.times[1]", lambda c: c["procedure"]["times"][1].update(clock="in_room")),
    ("said-twice", "effort[1]", lambda c: c["effort"][1].update(activity="consultation")),
    ("add-on-without-primary", "codes[0].code", lambda c: c.update(codes=[{"code": "0560T", "units": 1}])),
    (
        "code-of-other-kind",
        "codes[0].code",
        lambda c: c.update(object_kind="anatomic_model", guides=[], codes=[{"code": "0561T", "units": 1}]),
    ),
    ("unknown-code", "codes[0].code", lambda c: c.update(codes=[{"code": "99999", "units": 1}])),
    ("first-code-once", "codes[0].units", lambda c: c["codes"][0].update(units=2)),
    (
        "code-not-yet-valid",
        "codes[0].applied_month",
        lambda c: c.update(codes=[{"code": "1030T", "units": 1, "applied_month": "2026-06"}]),
    ),
    (
        "modifier-not-yet-valid",
        "codes[0].modifier",
        lambda c: c.update(codes=[{"code": "0559T", "units": 1, "modifier": "52", "applied_month": "2026-06"}]),
    ),
    (
        "unmapped-code",
        "procedure.category",
        lambda c: (
            c["procedure"].pop("category"),
            c["procedure"].update(procedure_code_system="cpt", procedure_code="1"),
        ),
    ),
]
WARNINGS: list[tuple[str, str, Change]] = [
    ("units-differ", "codes[1].units", lambda c: c["codes"][1].update(units=2)),
    ("units-unlikely", "codes[3].units", lambda c: c["codes"][3].update(units=3, applied_month="2026-04")),
    ("rendering-beside-print", "codes[4].code", lambda c: c["codes"].append({"code": "76377", "units": 1})),
    ("surface-model-beside-print", "codes[4].code", lambda c: c["codes"].append({"code": "1030T", "units": 1, "applied_month": "2026-07"})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "change"), ERRORS, ids=[f"{code} {path}" for code, path, _ in ERRORS])
def test_a_broken_rule_is_refused_at_its_place(code: str, path: str, change: Change) -> None:
    verdict = judged(change)
    assert (code, path) in codes_at(verdict)
    assert verdict.rows is None
    assert all(len(problem.message) > 10 for problem in verdict.problems)


@pytest.mark.parametrize(("code", "path", "change"), WARNINGS, ids=[code for code, _, _ in WARNINGS])
def test_a_warning_is_kept_and_refuses_nothing(code: str, path: str, change: Change) -> None:
    verdict = judged(change)
    assert (code, path) in {(problem.code, problem.path) for problem in verdict.warnings}
    assert verdict.rows is not None


def test_the_medically_unlikely_limit_does_not_speak_before_its_date() -> None:
    verdict = judged(lambda c: c["codes"][3].update(units=3, applied_month="2026-03"))
    assert "units-unlikely" not in {problem.code for problem in verdict.problems}


def test_no_agreement_on_record_is_a_problem_of_the_whole_report() -> None:
    assert ("no-agreement", "") in codes_at(judged(site=Site(pk=1, code="ALPHA")))


def test_a_suspended_site_is_a_problem_of_the_whole_report() -> None:
    suspended = Site(pk=1, code="ALPHA", status="suspended", agreement_signed_on=TODAY)
    assert ("site-suspended", "") in codes_at(judged(site=suspended))


def test_ninety_plus_is_kept_as_ninety_and_a_code_of_the_map_finds_its_category() -> None:
    def change(data: dict[str, Any]) -> None:
        data["age_years"] = "90+"
        data["procedure"].pop("category")
        data["procedure"].update(procedure_code_system="cpt", procedure_code="21141")

    rows = judged(change).rows
    assert rows is not None
    assert rows.case["age_years"] == 90
    assert rows.procedure is not None
    assert (rows.procedure["category"], rows.procedure["map_version"]) == ("orthognathic_two_jaw", 3)


def test_all_problems_of_a_report_come_at_once() -> None:
    def change(data: dict[str, Any]) -> None:
        data.update(sex="man", age_years=200, order_month="last week")
        data["codes"][0]["units"] = 2

    found = {code for code, _ in codes_at(judged(change))}
    assert {"not-a-choice", "age-over-89", "not-a-month", "first-code-once"} <= found


def test_unknown_not_asked_and_zero_are_three_values() -> None:
    rows = judged().rows
    assert rows is not None
    effort = {(row["activity"], row["staff"]): row for row in rows.sections["effort"]}
    assert effort["segmentation", "clinician"]["minutes"] == 0
    assert effort["prep_postprocess", "non_clinician"]["minutes"] is None
    assert ("cad", "clinician") not in effort
    assert rows.sections["imaging"][1]["unknown_fields"] == ["contrast"]
    assert rows.sections["imaging"][0]["unknown_fields"] == []


def test_values_are_never_echoed() -> None:
    secret = "ZZSECRETZZ"

    def change(data: dict[str, Any]) -> None:
        data.update(
            {secret: 1, "sex": secret, "local_case_id": secret * 9, "order_month": secret, "comment": secret * 20}
        )
        data["prints"][0]["printer"] = secret
        data["parts"][0]["structure"] = secret

    verdict = judged(change)
    assert len(verdict.problems) >= 6
    assert not any(secret in problem.message + problem.path for problem in verdict.problems)


def test_a_control_has_nothing_of_a_print_and_one_time() -> None:
    verdict = judged(lambda c: c.update(organ_system="msk", codes=[{"code": "0559T", "units": 1}]), base=CONTROL)
    assert {("control-has-no-print", "organ_system"), ("control-has-no-print", "codes")} <= codes_at(verdict)
    assert ("control-needs-time", "procedure.times") in codes_at(
        judged(lambda c: c["procedure"].update(times=[]), base=CONTROL)
    )
    assert ("control-needs-procedure", "procedure") in codes_at(judged(lambda c: c.pop("procedure"), base=CONTROL))


def test_in_safe_harbor_mode_only_the_year_is_kept() -> None:
    rows = judged(mode="safe_harbor").rows
    assert rows is not None
    assert rows.case["order_month"] == date(2026, 1, 1)


def test_the_same_case_id_twice_in_one_batch_is_a_problem_of_the_second() -> None:
    first, second = check([CaseReport(CASE, 1), CaseReport(CASE, 2)], site=Site(pk=1), context=context())
    assert first.problems == []
    assert [(problem.code, problem.row) for problem in second.problems] == [("duplicate-in-batch", 2)]


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_a_report_that_is_no_object_is_refused(data: Any) -> None:
    assert judged(base={}).rows is None
    assert check_one(CaseReport(data), context()).rows is None


def test_null_is_offered_only_where_a_field_may_be_unknown() -> None:
    def silent(report: dict[str, Any]) -> None:
        report.pop("sex")
        report["procedure"].pop("performed_month")

    said = {problem.path: problem.message for problem in judged(silent).problems}
    assert said["sex"] == "This must be said; send null if it is unknown."
    assert said["procedure.performed_month"] == "This must be said."
