"""What a column is taken for, how certain that is, and what is never taken for granted."""

import pytest

from registry.intake.matching.headings import heading
from registry.intake.matching.identifiers import Flag, are_birthdays, flag_of_heading, flag_of_values, masked
from registry.intake.matching.proposing import Certainty, Proposed, propose
from registry.intake.matching.shapes import SiteWords
from registry.intake.plan import Taken

WORDS = SiteWords({"J750": ("J750", "Stratasys J750", "Stratasys", "material_jetting")}, ("VeroClear", "Agilus30"))


def column(header: str, *texts: str, site_words: SiteWords = WORDS) -> Proposed:
    return propose([header], [[text] for text in texts], site_words=site_words, remembered={}).columns[0]


def names(*header: str) -> list[str]:
    found = propose(header, [], site_words=WORDS, remembered={})
    return [each.name for each in found.columns]


@pytest.mark.parametrize(
    ("header", "words", "number", "unit"),
    [
        ("Case #", "case number", 0, ""),
        ("Case No.", "case number", 0, ""),
        ("CPT 2", "cpt", 2, ""),
        ("Modality2", "modality", 2, ""),
        ("Part 1 region", "part region", 1, ""),
        ("Secondary modality", "modality", 2, ""),
        ("ICD-10-CM", "icd10", 0, ""),
        ("Seg hrs", "seg", 0, "hours"),
        ("Slice thickness (mm)", "slice thickness", 0, "millimetres"),
        ("Resin used (mL)", "resin used", 0, "millilitres"),
        ("Deviation [in]", "deviation", 0, "inches"),
        ("Room in", "room in", 0, ""),
        ("PrintTime", "print time", 0, ""),
        ("Patient's age", "patient age", 0, ""),
    ],
)
def test_a_heading_says_words_number_and_unit(header: str, words: str, number: int, unit: str) -> None:
    found = heading(header)
    assert (found.words, found.number, found.unit) == (words, number, unit)


@pytest.mark.parametrize(
    ("header", "texts", "name", "certainty"),
    [
        ("local_case_id", ("A",), "local_case_id", Certainty.MATCHED),
        ("Organ system", ("Cardiac",), "organ_system", Certainty.MATCHED),
        ("Gender", ("F",), "sex", Certainty.MATCHED),
        ("Slice thicknes", ("1.0",), "imaging_1_slice_mm", Certainty.SUGGESTED),
        ("Seg hrs", ("2.5",), "effort_segmentation_non_clinician", Certainty.SUGGESTED),
        ("Radiologist segmentation (min)", ("30",), "effort_segmentation_clinician", Certainty.MATCHED),
        ("X1", ("0559T", "0561T"), "code_1_code", Certainty.SUGGESTED),
        ("X1", ("J750",), "print_1_printer", Certainty.SUGGESTED),
        ("X1", ("MJT",), "print_1_printer", Certainty.SUGGESTED),
        ("X1", ("veroclear",), "print_1_materials", Certainty.SUGGESTED),
        ("X1", ("M", "F"), "sex", Certainty.SUGGESTED),
        ("X1", ("C64.1", "Q21.3"), "indication_code", Certainty.SUGGESTED),
        ("X1", ("Mar 2025",), "order_month", Certainty.SUGGESTED),
        ("X1", ("CTA", "MRI"), "imaging_1_modality", Certainty.SUGGESTED),
        ("Infill", ("20%",), "", Certainty.NONE),
        ("X1", ("Yes", "No"), "", Certainty.NONE),
        ("Print failed?", ("No", "Yes"), "", Certainty.NONE),
        ("X1", ("120", "90"), "", Certainty.NONE),
    ],
)
def test_a_column_is_known_by_name_by_likeness_or_by_its_values(
    header: str, texts: tuple[str, ...], name: str, certainty: Certainty
) -> None:
    found = column(header, *texts)
    assert (found.name, found.certainty) == (name, certainty)


def test_repeated_groups_get_numbers() -> None:
    assert names("CPT 1", "CPT 2", "CPT 1 units", "Part 1 region", "Part 2 region", "Modality", "Modality 2") == [
        "code_1_code", "code_2_code", "code_1_units", "part_1_region", "part_2_region", "imaging_1_modality", "imaging_2_modality",
    ]  # fmt: skip
    assert names("CPT", "CPT") == ["code_1_code", "code_2_code"]


def test_a_second_material_is_no_second_print_unless_that_has_a_printer() -> None:
    assert names("Material 1", "Material 2") == ["print_1_materials", ""]
    assert names("Printer 1", "Printer 2", "Material 2")[2] == "print_2_materials"


def test_the_times_of_a_clock_share_a_row_and_those_of_another_have_their_own() -> None:
    found = propose(["Wheels in", "Wheels out", "Skin to skin (min)"], [], site_words=WORDS, remembered={})
    assert [each.name for each in found.columns] == ["time_1_from", "time_1_to", "time_2_minutes"]
    assert found.clocks == {1: "in_room", 2: "incision_closure"}


def test_codes_of_operations_are_no_codes_of_prints() -> None:
    assert column("CPT", "27447", "21244").name == "procedure_code"


def test_what_stands_for_a_printer_is_read_as_its_label() -> None:
    found = propose(["Technology"], [["PolyJet"], ["J750"], ["SLA"]], site_words=WORDS, remembered={})
    assert found.plan.values == {"print_1_printer": {"polyjet": "J750"}}
    materials = propose(["Material"], [["veroclear, agilus30"], ["PLA"]], site_words=WORDS, remembered={})
    assert materials.plan.values == {"print_1_materials": {"veroclear, agilus30": "VeroClear; Agilus30"}}


@pytest.mark.parametrize(
    ("header", "texts", "asks"),
    [
        ("Order date", ("3/4/25", "5/6/25"), "order"),
        ("Order date", ("13/4/25", "5/16/25"), "order"),
        ("Order date", ("13/4/25", "5/6/25", "TBD"), ""),
        ("Segmentation time", ("2", "3"), "unit"),
        ("Segmentation time (min)", ("2", "3"), ""),
        ("Segmentation time", ("2", "90"), ""),
        ("Material cost", ("1,234", "2,500"), "decimal"),
        ("Material cost", ("1,234", "12.50"), ""),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(header: str, texts: tuple[str, ...], asks: str) -> None:
    found = column(header, *texts)
    assert found.asks == asks
    if asks:
        assert found.conversion == ""


@pytest.mark.parametrize(
    ("header", "flag"),
    [
        ("Patient name", Flag.NAME), ("Last Name", Flag.NAME), ("Pt initials", Flag.NAME), ("Surgeon", Flag.NAME),
        ("MRN", Flag.RECORD_NUMBER), ("SSN", Flag.RECORD_NUMBER), ("Accession #", Flag.RECORD_NUMBER),
        ("DOB", Flag.BIRTH), ("Date of birth", Flag.BIRTH), ("Home address", Flag.CONTACT), ("Cell phone", Flag.CONTACT),
        ("E-mail", Flag.CONTACT), ("Acct no", Flag.ACCOUNT), ("Insurance ID", Flag.ACCOUNT), ("Notes", Flag.FREE_TEXT),
        ("Comments", Flag.FREE_TEXT), ("STL file name", Flag.NAME), ("record_id", Flag.SYSTEM), ("case_complete", Flag.SYSTEM),
    ],
)  # fmt: skip
def test_a_heading_of_a_person_turns_its_column_off(header: str, flag: Flag) -> None:
    found = column(header, "something")
    assert (found.flag, found.name) == (flag, "")


@pytest.mark.parametrize(
    "header", ["Patient age", "Patient sex", "Surgeon experience", "Printer name", "Case number", "Cell count"]
)
def test_a_heading_that_only_mentions_a_person_does_not(header: str) -> None:
    assert column(header, "1").flag is None


@pytest.mark.parametrize(
    ("texts", "flag"),
    [
        (("Doe, Jane", "Roe, Rick"), Flag.NAME),
        (("Jane Doe", "Rick Roe"), Flag.NAME),
        (("jane@example.org", ""), Flag.CONTACT),
        (("555-123-4567", "555-123-4568"), Flag.CONTACT),
        (("123-45-6789",), Flag.RECORD_NUMBER),
        (("00123456", "00123457"), Flag.RECORD_NUMBER),
        (("03/14/1961", "04/02/1987", "01/01/2004"), Flag.BIRTH),
        (("pt prefers mornings and calls often", "rush case for the clinic on Monday"), Flag.FREE_TEXT),
    ],
)
def test_values_of_a_person_turn_a_column_off_whatever_it_is_called(texts: tuple[str, ...], flag: Flag) -> None:
    found = column("X1", *texts)
    assert (found.flag, found.name) == (flag, "")


def test_free_text_under_a_heading_of_ours_stays_at_home() -> None:
    assert column("Procedure", "Left robotic partial nephrectomy with guide", "Redo sternotomy and valve in valve").flag


def test_days_of_this_century_are_no_birthdays() -> None:
    assert not are_birthdays(["3/14/2025", "3/2/2025"])
    assert flag_of_values(["2025-03-14"]) is None
    assert flag_of_heading("order date") is None


def test_a_masked_value_has_no_letter_and_no_digit() -> None:
    assert masked("Doe, Jane 42") == "•••, •••• "


def test_what_was_remembered_goes_before_what_is_known() -> None:
    remembered = {"side": Taken("Side", "guide_1_laterality", "words:laterality"), "dx": Taken("Dx")}
    found = propose(["SIDE", "Dx"], [["L", "C64.1"]], site_words=WORDS, remembered=remembered).columns
    assert (found[0].name, found[0].certainty) == ("guide_1_laterality", Certainty.MATCHED)
    assert (found[1].name, found[1].flag) == ("", Flag.LEFT_OUT)


def test_checkboxes_of_redcap_become_one_list() -> None:
    found = propose(
        ["record_id", "intended_uses___1", "intended_uses___simulation", "Ordering services (choice=Urology)"],
        [["1", "0", "1", "Checked"]],
        site_words=WORDS,
        remembered={},
    ).columns
    assert [(each.name, each.conversion) for each in found] == [
        ("", ""), ("intended_uses", "checked:diagnosis"), ("intended_uses", "checked:simulation"),
        ("ordering_services", "checked:urology"),
    ]  # fmt: skip


def test_numbers_are_choices_only_in_an_export_of_redcap() -> None:
    raw = propose(["sex", "form_complete"], [["1", "2"]], site_words=WORDS, remembered={}).columns[0]
    assert raw.conversion == "numbered:sex"
    assert column("sex", "1").conversion == ""
