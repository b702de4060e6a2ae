"""The template of a case file: every column is one that is read, and a workbook helps to fill it in."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest
import python_calamine

from registry.actions import sites
from registry.intake import flat
from registry.intake.case_file import EXAMPLE_ID
from registry.intake.check import check
from registry.models import Case
from registry.models.scope import acting_for
from registry.reports import case_template
from tests.case_files import read
from tests.people import HAND, People, gathered

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Any) -> People:
    settings.STRATA_DATA = tmp_path
    return gathered()


def book_of(content: bytes) -> Any:
    return python_calamine.load_workbook(io.BytesIO(content))


def rows_of(content: bytes, sheet: str) -> list[list[Any]]:
    found: list[list[Any]] = book_of(content).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return found


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_the_text_is_one_line_of_columns_that_are_all_read() -> None:
    (header,) = csv.reader(io.StringIO(case_template.csv_template()))
    assert flat.strangers(header) == []
    assert len(header) == len(set(header))
    assert {"local_case_id", "imaging_2_modality", "part_3_region", "code_4_code", "time_2_minutes"} <= set(header)


def test_the_workbook_has_the_same_columns_a_dictionary_of_them_and_a_page_to_read() -> None:
    content = case_template.xlsx_template()
    assert book_of(content).sheet_names == ["cases", "words", "dictionary", "read me"]
    assert rows_of(content, "cases")[0] == case_template.names()
    dictionary = rows_of(content, "dictionary")
    assert [row[0] for row in dictionary[1:]] == case_template.names()
    assert all(label and kind for _name, label, _needed, kind, _hint in dictionary[1:])
    needed = {row[0]: row[2] for row in dictionary}
    assert needed["local_case_id"] == "yes"
    assert needed["sex"] == "yes, but not for a control"
    assert needed["print_1_printer"] == "if print 1 is described"
    assert needed["procedure_performed_month"] == "if there was a procedure"
    assert needed["effort_cad_clinician"] == ""


def test_a_column_of_a_vocabulary_offers_its_words_and_all_cells_are_text() -> None:
    content = case_template.xlsx_template()
    sheet = part(content, "xl/worksheets/sheet1.xml")
    words = rows_of(content, "words")
    place = case_template.names().index("sex")
    assert [row[place] for row in words if row[place]] == ["female", "male", "other", "unknown"]
    assert sheet.count("<dataValidation ") > 40
    assert 'ySplit="1"' in sheet
    assert re.search(r'formatCode="@"|numFmtId="49"', part(content, "xl/styles.xml"))
    assert all('style="1"' in column for column in re.findall(r"<col [^>]*>", sheet))
    assert 'name="words"' in part(content, "xl/workbook.xml")
    assert 'state="hidden"' in part(content, "xl/workbook.xml")


def test_the_sites_own_printers_and_materials_are_offered_and_never_as_a_formula(people: People) -> None:
    with acting_for(sites=[people.site.pk], administrator=True):
        sites.add_printer(people.site, label="=1+1", manufacturer="A", model="B", process="material_jetting", **HAND)
        content = case_template.xlsx_template(people.site)
    words = rows_of(content, "words")
    columns = {name: place for place, name in enumerate(case_template.names())}
    offered = {row[columns["print_1_printer"]] for row in words} - {""}
    assert offered == {"=1+1", "J750"}
    assert {row[columns["print_1_materials"]] for row in words} - {""} == {"Vero"}
    assert "<f>" not in part(content, "xl/worksheets/sheet2.xml")


def test_the_same_site_gives_the_same_bytes(people: People) -> None:
    with people.at_site():
        assert case_template.xlsx_template(people.site) == case_template.xlsx_template(people.site)


def test_an_empty_template_sent_back_says_that_it_has_no_rows(people: People) -> None:
    with people.at_site():
        upload = read(people, case_template.csv_template())
    assert [problem["code"] for problem in upload.problems] == ["no-rows"]


def test_the_example_is_one_row_that_names_what_the_site_has(people: People) -> None:
    with people.at_site():
        header, *rows = rows_of(case_template.xlsx_template(people.site), "cases")
    (said,) = (dict(zip(header, row, strict=True)) for row in rows)
    assert (said["local_case_id"], said["print_1_printer"]) == (EXAMPLE_ID, "J750")
    assert flat.strangers(case_template.EXAMPLE) == []


def test_the_example_is_a_case_that_would_be_believed(people: People) -> None:
    own = {"local_case_id": "C-1", "print_1_printer": "J750", "print_1_materials": "Vero"}
    said = {**case_template.EXAMPLE, **own}
    with people.at_site():
        (judged,) = check([flat.read(said)], site=people.site)
    assert (judged.problems, judged.rows is not None) == ([], True)


def test_the_example_sent_back_is_passed_over_with_a_sentence_and_the_rows_below_it_are_read(people: People) -> None:
    with people.at_site():
        header, example = rows_of(case_template.xlsx_template(people.site), "cases")
        own = [{"local_case_id": "C-1"}.get(name, text) for name, text in zip(header, example, strict=True)]
        with io.StringIO() as out:
            csv.writer(out).writerows([header, example, own])
            upload = read(people, out.getvalue())
        assert [(each["code"], each["row"]) for each in upload.problems if each["severity"] == "error"] == [
            ("example-row", 2)
        ]
        assert upload.counts == {"refused": 1, "created": 1}
        assert list(Case.objects.values_list("local_case_id", flat=True)) == ["C-1"]
