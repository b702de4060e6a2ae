"""A site's cases as a file: all of them, flat, and nothing that the privacy manifests keep back."""

import copy
import csv
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from python_calamine import CalamineWorkbook

from registry.actions import cases, sites
from registry.intake.report import CaseReport
from registry.models import Case
from registry.reports import case_rows, coarsening
from tests.people import HAND, People, gathered

EXAMPLE = json.loads((Path(__file__).parent.parent / "examples" / "case.json").read_text())
CONTROL = json.loads((Path(__file__).parent.parent / "examples" / "control.json").read_text())

pytestmark = pytest.mark.django_db


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def people() -> Iterator[People]:
    people = gathered()
    with people.at_site():
        sites.add_printer(
            people.site, label="SLA bench", manufacturer="F", model="3", process="vat_photopolymerization", **HAND
        )
        sites.add_material(
            people.site, name="Surgical resin", material_class="resin_biocompatible", biocompatible="yes", **HAND
        )
        yield people


def example(**changes: Any) -> CaseReport:
    return CaseReport({**copy.deepcopy(EXAMPLE), **changes})


def submitted(people: People, *reports: CaseReport) -> list[Case]:
    return [cases.submit(report, site=people.site, by=people.alice, via="rest").case for report in reports]


def exported(people: People, path: Path) -> list[dict[str, str]]:
    case_rows.write(path, site=people.site, format="csv", progress=quiet)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_case_is_one_row_with_all_that_hangs_on_it(people: People, tmp_path: Path) -> None:
    case = submitted(people, example())[0]
    (row,) = exported(people, tmp_path / "cases.csv")
    expected = {
        "site": "ALPHA",
        "public_id": case.public_id,
        "object_kind": "both",
        "intended_uses": "preop_planning; tool_fabrication",
        "imaging_1_modality": "CT",
        "imaging_2_modality": "OSS",
        "parts_2_structure": "teeth",
        "guides_1_count": "2",
        "prints_1_printer": "SLA bench",
        "prints_1_process": "vat_photopolymerization",
        "prints_1_parts": "1; 2",
        "prints_1_materials": "Surgical resin",
        "effort_segmentation_non_clinician_minutes": "150",
        "procedure_category": "orthognathic_two_jaw",
        "procedure_times_1_minutes": "371",
        "procedure_times_2_clock": "incision_closure",
        "codes_4_code": "0562T",
        "assessments_1_time_saved_minutes": "40",
    }
    assert {name: row[name] for name in expected} == expected


def test_unknown_not_asked_and_zero_are_three_values(people: People, tmp_path: Path) -> None:
    submitted(people, example(appropriateness=None))
    (row,) = exported(people, tmp_path / "cases.csv")
    assert row["effort_segmentation_clinician_minutes"] == "0"
    assert row["effort_prep_postprocess_non_clinician_minutes"] == "unknown"
    assert row["effort_cad_clinician_minutes"] == ""
    assert row["appropriateness"] == "unknown"
    assert row["imaging_1_fused"] == ""
    assert row["imaging_2_contrast"] == "unknown"


def test_coarse_fields_leave_as_bands(people: People, tmp_path: Path) -> None:
    submitted(people, example())
    (row,) = exported(people, tmp_path / "cases.csv")
    assert (row["age_years"], row["order_month"], row["indication_code"]) == ("30-34", "2026-Q1", "M26")
    assert (row["procedure_performed_month"], row["prints_1_material_cost"]) == ("2026-Q1", "41.00")


def test_what_is_withheld_never_leaves(people: People, tmp_path: Path) -> None:
    said = "Canary-comment"
    submitted(people, example(comment=said))
    exported(people, tmp_path / "cases.csv")
    text = (tmp_path / "cases.csv").read_text()
    assert said not in text
    for model in (Case, *(relation.related_model for relation in Case._meta.related_objects)):
        withheld = {name for name, kind in model.PRIVACY.items() if kind == "withheld"}
        assert not withheld & set(case_rows.exported_names(model))


def test_a_site_finds_its_cases_again_by_its_own_ids(people: People, tmp_path: Path) -> None:
    submitted(people, example(), example(local_case_id="EXAMPLE-002"))
    rows = exported(people, tmp_path / "cases.csv")
    assert [row["local_case_id"] for row in rows] == [EXAMPLE["local_case_id"], "EXAMPLE-002"]


def test_no_free_text_of_any_model_is_open() -> None:
    for model in apps.get_app_config("registry").get_models():
        manifest = getattr(model, "PRIVACY", {})
        free = {name for name in ("comment", "withdrawal_reason") if name in manifest}
        assert all(manifest[name] == "withheld" for name in free)


def test_every_coarse_field_of_a_case_has_a_way_to_be_coarsened() -> None:
    examples: dict[type[models.Field], Any] = {
        models.DateField: date(2026, 5, 1),
        models.DecimalField: Decimal("1234.50"),
    }
    for relation in (Case, *(relation.related_model for relation in Case._meta.related_objects)):
        for name in case_rows.exported_names(relation):
            if relation.PRIVACY[name] == "coarse":
                field = relation._meta.get_field(name)
                value = next((value for kind, value in examples.items() if isinstance(field, kind)), 7)
                coarsening.coarse(name, str(value) if isinstance(field, models.CharField) else value, by_year=False)


def test_withdrawn_cases_and_other_sites_stay_out(people: People, tmp_path: Path) -> None:
    first, _ = submitted(people, example(), example(local_case_id="EXAMPLE-002"))
    cases.withdraw(first, reason="entered twice", by=people.alice, via="rest")
    rows = exported(people, tmp_path / "cases.csv")
    assert [row["public_id"] for row in rows] != [first.public_id]
    assert len(rows) == 1


def test_a_control_has_a_procedure_and_nothing_of_a_print(people: People, tmp_path: Path) -> None:
    cases.submit(CaseReport(copy.deepcopy(CONTROL)), site=people.site, by=people.alice, via="rest")
    (row,) = exported(people, tmp_path / "cases.csv")
    assert row["object_kind"] == "none"
    assert row["procedure_times_1_minutes"].isdigit()
    assert not any(value for name, value in row.items() if name.startswith(("prints_", "parts_", "effort_", "codes_")))


def test_the_file_tells_its_rows_its_checksum_and_its_progress(people: People, tmp_path: Path) -> None:
    submitted(people, example(), example(local_case_id="EXAMPLE-002"))
    told: list[tuple[int, int]] = []
    path = tmp_path / "cases.csv"
    written = case_rows.write(
        path, site=people.site, format="csv", progress=lambda done, total: told.append((done, total))
    )
    assert written.rows == 2
    assert written.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told[-1] == (2, 2)


def test_the_workbook_holds_the_same_cells_as_the_csv(people: People, tmp_path: Path) -> None:
    submitted(people, example())
    (row,) = exported(people, tmp_path / "cases.csv")
    case_rows.write(tmp_path / "cases.xlsx", site=people.site, format="xlsx", progress=quiet)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "cases.xlsx")).get_sheet_by_name("Cases").to_python()
    numbers = dict(zip(sheet[0], sheet[1], strict=True))
    assert list(numbers) == list(row)
    assert numbers["procedure_times_1_minutes"] == 371
    assert numbers["effort_prep_postprocess_non_clinician_minutes"] == "unknown"


def test_the_number_of_queries_does_not_grow_with_the_cases(
    people: People, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    submitted(people, example())
    with CaptureQueriesContext(connection) as one:
        exported(people, tmp_path / "one.csv")
    submitted(people, example(local_case_id="EXAMPLE-002"), example(local_case_id="EXAMPLE-003"))
    with django_assert_num_queries(len(one)):
        exported(people, tmp_path / "three.csv")
