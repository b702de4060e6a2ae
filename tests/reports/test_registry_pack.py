"""The registry report: each measure as published, with what must be said beside it, in a workbook or in one long table."""

import csv
import hashlib
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from registry.models import Case, Site
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.reports import registry_pack
from registry.reports.writers import Written
from registry.statistics.measures import OF_THE_REGISTRY
from tests.people import People
from tests.reports.registry import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(db: None) -> People:
    return filled()


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def written(path: Path, format: str, by: Any) -> Written:
    with acting_for(sites=(), administrator=True):
        return registry_pack.write(path, format=format, for_user=by, progress=quiet)


def figures(path: Path, by: Any) -> list[dict[str, str]]:
    written(path, "csv", by)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_workbook_has_notes_and_a_sheet_for_each_measure(registry: People, tmp_path: Path) -> None:
    written(tmp_path / "r.xlsx", "xlsx", registry.dana)
    book = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    assert book.sheet_names == ["Notes", *(measure.slug for measure in OF_THE_REGISTRY)]
    said = {(sheet, name) for sheet, name, _ in book.get_sheet_by_name("Notes").to_python()[1:]}
    for measure in OF_THE_REGISTRY:
        for name in ("Method", "Version", "Source", "Data cut-off"):
            assert (measure.slug, name) in said
    assert {("minutes-saved", name) for name in ("Cases", "Coverage")} <= said
    assert ("published-studies", "Cases") not in said, "none of them is of this registry"


def test_the_workbook_holds_numbers_and_labels(registry: People, tmp_path: Path) -> None:
    written(tmp_path / "r.xlsx", "xlsx", registry.dana)
    book = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    rows = book.get_sheet_by_name("minutes-saved").to_python()
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    found = {line["Procedure category"]: line["Minutes saved a case"] for line in lines if line["Site"] == "All sites"}
    assert (found["Partial nephrectomy"], found["Congenital heart repair"]) == (30, -20)


def test_the_long_table_says_beside_each_figure_what_it_rests_on(registry: People, tmp_path: Path) -> None:
    rows = figures(tmp_path / "r.csv", registry.dana)
    silent = {"minutes-saved-weakly", "estimated-minutes-saved"}  # nobody here has a weak baseline or has guessed
    assert {row["measure"] for row in rows} == {measure.slug for measure in OF_THE_REGISTRY} - silent
    (row,) = [
        row
        for row in rows
        if row["measure"] == "minutes-saved"
        and row["figure"] == "saved"
        and row["strata"].startswith("Site: All sites; Procedure category: Partial nephrectomy")
    ]
    assert (row["value"], row["unit"]) == ("30.0", "saved")
    assert (row["n"], row["sites"], row["covered"], row["eligible"]) == ("48", "2", "48", "48")
    assert row["method"]
    assert row["data_cut_off"].endswith("Z")


def test_a_figure_that_does_not_exist_says_why(registry: People, tmp_path: Path) -> None:
    missing = [row for row in figures(tmp_path / "r.csv", registry.dana) if row["not_shown"]]
    assert all(row["value"] == "" for row in missing)


def test_the_file_says_what_the_data_are(registry: People, tmp_path: Path) -> None:
    with acting_for(sites=[registry.site.pk], administrator=True):
        assert Site.objects.filter(pk=registry.site.pk).update(is_synthetic=True)
    rows = figures(tmp_path / "r.csv", registry.dana)
    assert (rows[0]["data"], rows[0]["data_notes"]) == (
        "synthetic and real",
        "synthetic and real: synthetic demonstration data (ALPHA); real: 1 site entered cases of its own",
    )
    kinds = {(row["strata"].partition(";")[0], row["data"]) for row in rows if row["measure"] == "minutes-saved"}
    assert kinds == {("Site: All sites", "synthetic and real"), ("Site: ALPHA", "synthetic"), ("Site: CHARLIE", "real")}
    written(tmp_path / "r.xlsx", "xlsx", registry.dana)
    notes = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_name("Notes").to_python()
    assert ["all", "Data", "synthetic demonstration data (ALPHA)"] in notes
    assert ["all", "Data", "real: 1 site entered cases of its own"] in notes


def test_one_who_may_not_see_the_figures_gets_reasons_and_no_number(registry: People, tmp_path: Path) -> None:
    rows = figures(tmp_path / "r.csv", registry.alice)
    assert [row["measure"] for row in rows] == [measure.slug for measure in OF_THE_REGISTRY]
    assert all(row["not_shown"] and not row["value"] and not row["n"] for row in rows)
    assert written(tmp_path / "r.xlsx", "xlsx", registry.alice).rows


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_site_s_own_case_id_is_in_a_file_of_the_registry(registry: People, tmp_path: Path, format: str) -> None:
    path = tmp_path / f"r.{format}"
    written(path, format, registry.dana)
    if format == "csv":
        text = path.read_text(encoding="utf-8-sig")
    else:
        book = CalamineWorkbook.from_path(str(path))
        text = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    with registry.at_site():
        ids = list(Case.objects.values_list("local_case_id", flat=True))
    assert len(ids) > 40
    assert not [name for name in (*ids, "local_case_id") if name in text]


def test_the_operator_may_have_it(registry: People, tmp_path: Path) -> None:
    assert any(row["value"] for row in figures(tmp_path / "r.csv", Operator("export")))


def test_the_file_tells_its_rows_its_checksum_and_its_progress(registry: People, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "r.csv"
    with acting_for(sites=(), administrator=True):
        result = registry_pack.write(
            path, format="csv", for_user=registry.dana, progress=lambda done, total: told.append((done, total))
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert result.rows == len(list(csv.reader(file))) - 1
    assert result.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told[-1] == (len(OF_THE_REGISTRY), len(OF_THE_REGISTRY))
