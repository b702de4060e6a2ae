"""Which files a remembered matching covers."""

from registry.intake.matching.asking import asked, lacking
from registry.intake.matching.remembered import by_header, covering
from registry.intake.matching.shapes import SiteWords
from registry.intake.plan import Plan, Taken

PLAN = Plan(
    (Taken("Nr", "local_case_id"), Taken("Dx", "indication_code", "icd"), Taken("Notes")), of_all={"sex": "unknown"}
)
WORDS = SiteWords({"J750": ()}, ("Vero", "Agilus"))


def test_a_file_of_the_same_columns_in_any_order_is_covered() -> None:
    found = covering(PLAN, ["dx", "Notes", " NR "])
    assert found is not None
    assert [(taken.header, taken.name) for taken in found.columns] == [
        ("dx", "indication_code"), ("Notes", ""), (" NR ", "local_case_id"),
    ]  # fmt: skip
    assert found.of_all == PLAN.of_all


def test_a_file_with_fewer_columns_is_covered_while_it_has_the_case_id() -> None:
    assert covering(PLAN, ["Nr"]) is not None
    assert covering(PLAN, ["Dx"]) is None


def test_a_column_that_is_not_known_or_stands_twice_is_not_covered() -> None:
    assert covering(PLAN, ["Nr", "Shelf"]) is None
    assert covering(PLAN, ["Nr", "Dx", "Dx"]) is None


def test_empty_columns_at_the_end_do_not_matter() -> None:
    found = covering(PLAN, ["Nr", "", ""])
    assert found is not None
    assert found.names == ("local_case_id", "", "")


def test_the_first_plan_that_knows_a_header_tells_what_it_was() -> None:
    other = Plan((Taken("NR", "or_log_number"), Taken("Age", "age_years")))
    found = by_header([PLAN, other])
    assert (found["nr"].name, found["age"].name) == ("local_case_id", "age_years")


def names_asked(*names: str) -> dict[str, str]:
    return {each.name: each.usual for each in asked(names, site_words=WORDS, clocks={2: "incision_closure"})}


def test_what_every_case_needs_is_asked_where_no_column_says_it() -> None:
    found = names_asked("local_case_id", "sex")
    assert "sex" not in found
    assert (found["print_decision"], found["intended_uses"], found["ordering_services"]) == (
        "printed",
        "preop_planning",
        "",
    )
    assert list(found)[-1] == "exclusions_attested"
    assert found["exclusions_attested"] == ""


def test_a_row_that_has_begun_is_asked_for_the_rest() -> None:
    found = names_asked("part_1_region", "code_2_code", "print_1_volume_cm3", "time_2_minutes")
    assert {"part_1_structure", "code_2_units", "print_1_outcome"} <= {*found}
    assert (found["print_1_printer"], found["print_1_materials"]) == ("J750", "")
    assert (found["time_2_clock"], found["time_2_source"]) == ("incision_closure", "or_log")
    assert "procedure_performed_month" in found


def test_effort_without_columns_is_not_asked() -> None:
    assert not [name for name in names_asked("local_case_id") if name.startswith("effort")]


def test_lists_that_no_column_begins_are_told() -> None:
    assert lacking(name for name in ["part_1_region"]) == ["prints"]
    assert lacking(["print_1_printer"]) == ["parts"]
