"""The page of coding evidence and its workbook: the same numbers on both, and nothing of either for a stranger."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from registry.models import Site
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.reports import coding_pack
from registry.reports.measure_tables import as_table
from registry.statistics.measures import about_codes
from registry.statistics.published import published
from registry.statistics.results import NoNumber, Row, Scope, Statistic
from registry.web.charts.frame import PAPER, STEPS
from registry.web.charts.heat import Spot, heat
from registry.web.numbers import written
from registry.web.topics import codes
from tests.people import People
from tests.reports.registry import FASTER, MEANS, SLOWER, SPREAD, control, printed, refreshed, submitted
from tests.web.conftest import SignedIn
from tests.web.test_topics import measured

pytestmark = pytest.mark.django_db
BILLED: dict[str, Any] = {"code": "0559T", "units": 1, "claim": "billed"}
PAID, DENIED, WAITING = ({**BILLED, "claim_status": status} for status in ("paid", "denied", "pending"))
FURTHER = {"code": "0560T", "units": 4}
SAID: list[list[dict[str, Any]]] = [[PAID], [DENIED], [WAITING, FURTHER], [{"code": "0559T", "units": 1}], []]


@pytest.fixture
def coded(people: People) -> People:
    """Two sites, two procedures, and codes with every answer in turn; one further component is billed too often."""
    for site, by in ((people.site, people.alice), (people.other, people.charlie)):
        said = [
            control(place, category, MEANS[category][1] + off) for category in MEANS for place, off in enumerate(SPREAD)
        ]
        said += [
            printed(place, category, MEANS[category][0] + off, codes=SAID[place % len(SAID)])
            for category in (FASTER, SLOWER)
            for place, off in enumerate(SPREAD)
        ]
        submitted(site, by, said)
    refreshed()
    return people


def book(answer: Any) -> CalamineWorkbook:
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content))


def test_the_page_says_in_words_how_often_a_code_is_billed_and_paid(coded: People, as_person: SignedIn) -> None:
    page = as_person(coded.dana).get("/registry/codes/").content.decode()
    assert (
        "0559T was applied in 40 cases at 2 sites; 80.0% of its lines billed; of the 24 billed with a known answer 50.0% paid."
        in page
    )
    assert "40 of 48 cases bear a printing or a digital code; each case is in one column." in page
    assert "Model codes only: " in page
    assert "8 claim lines have a warning, and 0 claim lines have a date of service outside" in page
    assert 'href="/packs/codes.xlsx"' in page


def test_a_site_has_the_page_of_its_own_cases(coded: People, as_person: SignedIn) -> None:
    page = as_person(coded.bob).get("/s/ALPHA/statistics/codes/?period=2026").content.decode()
    assert "0559T was applied in 20 cases at 1 site; 80.0% of its lines billed" in page
    assert 'href="/s/ALPHA/packs/codes.xlsx?period=2026"' in page


def test_the_workbook_has_notes_and_a_sheet_for_each_table(coded: People, as_person: SignedIn) -> None:
    answer = as_person(coded.dana).get("/packs/codes.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="strata-registry-codes.xlsx"'
    found = book(answer)
    assert found.sheet_names == ["Notes", *(measure.slug for measure in about_codes.MEASURES)]
    notes = found.get_sheet_by_name("Notes").to_python()
    names = {(sheet, name) for sheet, name, _ in notes}
    assert {("all", name) for name in ("Report", "Codes", "Data", "Data cut-off", "Not shown")} <= names
    for measure in about_codes.MEASURES:
        assert {(measure.slug, name) for name in ("Title", "Method", "Coverage", "Source", "Data cut-off")} <= names
    assert any(
        sheet == "coding-evidence" and name == "Mind" and text.startswith("Observational")
        for sheet, name, text in notes
    )


@pytest.mark.parametrize(("path", "site"), [("/packs/codes.xlsx", None), ("/s/ALPHA/packs/codes.xlsx", "ALPHA")])
def test_the_numbers_of_the_workbook_are_those_published(
    path: str, site: str | None, coded: People, as_person: SignedIn
) -> None:
    who, scope = (coded.alice, Scope.of(coded.site)) if site else (coded.dana, Scope.registry())
    found = book(as_person(who).get(path))
    for measure in about_codes.MEASURES:
        with acting_for(sites=(), administrator=True):
            result = published(measure.slug, scope=scope, for_user=who)
        heading, *rows = found.get_sheet_by_name(measure.slug).to_python()
        wanted = as_table(result)
        assert heading == [column.heading for column in wanted.columns]
        assert len(rows) == len(wanted.rows) > 0
        for row, cells in zip(rows, wanted.cells(), strict=True):
            assert row == [
                pytest.approx(cell) if isinstance(cell, float) else "" if cell is None else cell for cell in cells
            ]


def test_the_numbers_of_the_page_are_those_of_the_workbook(coded: People, as_person: SignedIn) -> None:
    dana = as_person(coded.dana)
    heading, *rows = book(dana.get("/packs/codes.xlsx")).get_sheet_by_name("coding-evidence").to_python()
    page = dana.get("/registry/codes/").content.decode()
    shown = page.partition('id="coding-evidence"')[2].partition("<table")[2].partition("</table>")[0]
    over_all = [dict(zip(heading, row, strict=True)) for row in rows if row[1] == "All indications"]
    assert len(over_all) == 3
    for row in over_all:
        assert row["Billing group"] in shown
        assert f">{written(row['Minutes saved a case'], 'saved')}<" in shown


def test_the_workbook_of_a_year_holds_that_year_alone(coded: People, as_person: SignedIn) -> None:
    answer = as_person(coded.dana).get("/packs/codes.xlsx?period=2025")
    assert answer["Content-Disposition"] == 'attachment; filename="strata-registry-codes-2025.xlsx"'
    assert book(answer).get_sheet_by_name("codes-applied").to_python()[1][0] == "no case yet"


def test_strangers_find_no_workbook(coded: People, as_person: SignedIn) -> None:
    assert as_person(coded.charlie).get("/s/ALPHA/packs/codes.xlsx").status_code == 404
    assert as_person(coded.charlie).get("/packs/codes.xlsx").status_code in {403, 404}
    assert as_person(coded.alice).get("/s/ALPHA/packs/prints.xlsx").status_code == 404
    assert as_person(coded.dana).get("/packs/prints.xlsx").status_code == 404


def test_whoever_may_not_see_the_figures_gets_reasons_and_no_number(coded: People, tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    with acting_for(sites=()):
        coding_pack.write(path, scope=Scope.registry(), period=None, for_user=coded.alice)
    found = CalamineWorkbook.from_path(str(path))
    for measure in about_codes.MEASURES:
        assert found.get_sheet_by_name(measure.slug).to_python() == [
            ["Not shown"],
            ["no release has been published yet"],
        ]


def test_the_workbook_says_what_is_synthetic_and_runs_no_formula_of_a_site(coded: People, tmp_path: Path) -> None:
    with acting_for(sites=[coded.site.pk], administrator=True):
        Site.objects.filter(pk=coded.site.pk).update(
            is_synthetic=True, data_note='synthetic: =HYPERLINK("http://a","b")'
        )
    path = tmp_path / "codes.xlsx"
    with acting_for(sites=(), administrator=True):
        coding_pack.write(path, scope=Scope.registry(), period=None, for_user=Operator("tests"))
    notes = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Notes").to_python()
    (said,) = [text for sheet, name, text in notes if (sheet, name) == ("all", "Data")]
    assert said.startswith("synthetic and real: synthetic (ALPHA): =HYPERLINK")
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name) or b"hyperlink" in parts.read(name)]


def applied(**changes: Any) -> Row:
    numbers = dict.fromkeys((column.name for column in about_codes.coding.CODES_COLUMNS), 0)
    return {
        **numbers,
        "code": "0559T",
        "n": 1,
        "sites": 1,
        "billed_share": 0.0,
        "paid_share": NoNumber("none"),
        "data": "real",
        **changes,
    }


def test_no_answer_of_a_payer_is_said_as_such() -> None:
    panel = codes.applied(measured("codes-applied", [applied()]))
    assert panel.table.finding.startswith(
        "0559T was applied in 1 case at 1 site; 0.0% of its lines billed; no payer's answer is known."
    )


def test_answers_that_no_line_has_leave_room_on_the_page() -> None:
    panel = codes.applied(measured("codes-applied", [applied(pending=1)]))
    names = [column.name for column in panel.table.columns]
    assert "pending" in names
    assert "denied" not in names


def test_a_heat_table_writes_every_number_and_shades_by_share() -> None:
    spots = [
        Spot("Spine", "Model", "6", 0.6, "six"),
        Spot("Spine", "None", "4", 0.4, "four"),
        Spot("Spine", "Both", "0", 0.0, "none"),
    ]
    figure = heat(spots, rows=["Spine"], columns=["Model", "Both", "None"], title="Cases")
    for spec in (figure.wide, figure.narrow):
        drawn = {value["text"]: (value["shade"], value["ink"] == PAPER) for value in spec["data"]["values"]}
        assert drawn == {"6": (STEPS[0], True), "4": (STEPS[1], False), "0": (PAPER, False)}


def test_every_indication_has_a_number_for_every_group() -> None:
    row: Row = {"organ_system": "spine", "billing_group": "model", "n": 3, "share": 1.0, "sites": 1, "data": "real"}
    figure = codes.indications_figure(measured("indication-by-code", [row]))
    assert figure
    assert [value["text"] for value in figure.wide["data"]["values"]] == ["3", "0", "0", "0", "0"]
    assert codes.indications_figure(measured("indication-by-code", [])) is None


def test_other_clocks_stand_apart_from_the_main_one(coded: People) -> None:
    with acting_for(sites=(), administrator=True):
        result = published("coding-evidence", scope=Scope.registry(), for_user=coded.dana)
    assert isinstance(result, Statistic)
    assert [panel.table.key for panel in codes.evidence_in_full(result)] == ["evidence-by-indication"]
