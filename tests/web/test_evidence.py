"""What was published beside what is found here: apart, labelled, and never one number of both."""

from typing import Any

import pytest

from registry.models import Site
from registry.models.scope import acting_for
from registry.statistics.measures import BY_SLUG
from registry.statistics.results import NoNumber, Row, Statistic
from registry.web.sections import FIGURES
from registry.web.topics import evidence
from tests.people import People
from tests.reports.registry import filled
from tests.web.conftest import SignedIn
from tests.web.test_overview import read, table
from tests.web.test_topics import measured

SLUG = "minutes-saved-by-kind"


def kind(name: str, saved: Any, *, data: str = "real", clock: str = "in_room", n: int = 20) -> Row:
    low, high = (saved, saved) if isinstance(saved, NoNumber) else (saved - 5, saved + 5)
    none: Row = {column.name: NoNumber("too few sites") for column in BY_SLUG[SLUG].columns}
    return {**none, "object_kind": name, "clock": clock, "comparator": "A", "n": n, "n_without": 30, "saved": saved, "low": low,
            "high": high, "sites": 2, "data": data, "remark": ""}  # fmt: skip


def groups(result: Statistic) -> dict[str, list[str]]:
    """Title of each group of the figure, and the labels in it."""
    figure = FIGURES[SLUG](result)
    assert figure is not None
    return {
        " ".join(group["title"]["text"]): [value["label"].replace("\n", " ") for value in group["data"]["values"]]
        for group in figure.narrow["vconcat"]
    }


def test_studies_stand_by_kind_and_the_registry_stands_last_and_by_itself() -> None:
    found = groups(measured(SLUG, [kind("", 15.0), kind("anatomic_guide", 18.0)], scope="registry"))
    assert list(found)[-1] == "This registry, in room"
    assert list(found.values())[-1] == ["All kinds", "Anatomic guide"]
    models, guides = (found[f"Published, anatomic {name}, operation time"] for name in ("models", "guides"))
    assert models[-2:] == ["Models, pooled (6)", "Ballard 2020, models"]
    assert guides[-2:] == ["Guides, pooled (3)", "Ballard 2020, guides"]
    assert found["Published, by other clocks"][:2] == ["Nunley 2011, in room", "Nunley 2011, tourniquet"]


@pytest.mark.parametrize(
    ("data", "words"),
    [("synthetic", "SYNTHETIC demonstration data, no evidence"), ("synthetic and real", "partly SYNTHETIC")],
)
def test_synthetic_data_are_called_so_in_the_figure_in_each_line_and_in_the_sentence(data: str, words: str) -> None:
    from registry.statistics.provenance import Provenance

    fed_by = Provenance(synthetic=("NORTH",), real=("SOUTH",) if "real" in data else ())
    result = measured(SLUG, [kind("", 15.0, data=data)], data=fed_by, scope="registry")
    title, labels = list(groups(result).items())[-1]
    assert words in title
    assert labels[0] in {"All kinds, synthetic", "All kinds, partly synthetic"}
    assert "synthetic" in evidence.beside(result).table.finding.partition("This registry")[2]


def test_the_sentence_gives_both_with_their_intervals_and_says_that_they_are_not_combined() -> None:
    said = evidence.beside(measured(SLUG, [kind("", 15.0)], scope="registry")).table.finding
    assert "8 orthopaedic studies of operating time average 23.3 minutes saved (95% interval 9.0 to 37.7" in said
    assert "This registry, in room: 15.0 minutes saved (95% interval 10.0 to 20.0) over 20 printed cases." in said
    assert "They are of different clocks and operations, and are not combined." in said


def test_without_an_estimate_the_published_stand_alone_and_the_registry_says_so() -> None:
    result = measured(SLUG, [kind("", NoNumber("no controls"))], scope="ALPHA")
    assert not any("This registry" in title for title in groups(result))
    assert "This registry cannot say yet what is saved." in evidence.beside(result).table.finding
    assert evidence.beside(measured(SLUG, [], scope="ALPHA")).figure is not None


def test_another_clock_is_in_a_table_of_its_own() -> None:
    rows = [kind("", 15.0), kind("", -4.0, clock="tourniquet", n=5)]
    result = measured(SLUG, rows, scope="registry")
    assert len(evidence.beside(result).table.rows) == 1
    (other,) = evidence.by_other_clocks(result)
    assert len(other.table.rows) == 1
    assert "Tourniquet" in other.table.finding


def test_both_figures_have_one_scale() -> None:
    domains = {
        group["layer"][0]["encoding"]["x"]["scale"]["domain"][0]
        for slug in (SLUG, "published-effects")
        for figure in [FIGURES[slug](measured(slug, [], scope="registry"))]
        if figure is not None
        for group in figure.wide["vconcat"]
    }
    assert len(domains) == 1


@pytest.fixture
def registry(db: None) -> People:
    return filled()


@pytest.mark.parametrize("where", ["/registry/evidence/", "/s/ALPHA/statistics/evidence/"])
def test_the_page_shows_both_and_what_cannot_be_compared(registry: People, as_person: SignedIn, where: str) -> None:
    page = read(as_person(registry.dana if "registry" in where else registry.alice), where)
    for heading in ("What cannot be compared", "Published studies of operating time", "OR minutes saved by specialty"):
        assert heading in page
    assert "Nunley 2011 has the same 57 and 57 knees" in page
    assert page.count('<figure class="plot"') == 2


def test_charlie_finds_no_evidence_of_another_site(registry: People, as_person: SignedIn) -> None:
    charlie = as_person(registry.charlie)
    assert charlie.get("/s/ALPHA/statistics/evidence/").status_code == 404
    assert charlie.get("/s/ALPHA/tables/minutes-saved-by-kind.csv").status_code == 404
    assert charlie.get("/registry/evidence/").status_code == 403


def test_the_published_are_files_with_their_sources(registry: People, as_person: SignedIn) -> None:
    alice = as_person(registry.alice)
    studies = {row["study"]: row for row in table(alice, "/s/ALPHA/tables/published-studies.csv")}
    assert float(studies["Eight orthopaedic studies"]["saved"]) == pytest.approx(23.3127, abs=5e-5)
    assert studies["Guides"]["new_low"].startswith("not shown: 3 studies")
    assert studies["Lou 2017"]["low"].startswith("not shown")
    effects = table(alice, "/s/ALPHA/tables/published-effects.csv")
    assert all(row["source"] and row["data"] == "published" for row in (*studies.values(), *effects))
    ballard = next(row for row in effects if row["study"] == "Ballard 2020, models")
    assert (ballard["saved"], ballard["as_published"]) == ("62.0", "62 minutes")


def test_a_synthetic_site_s_page_says_so_beside_the_published(registry: People, as_person: SignedIn) -> None:
    with acting_for(sites=[registry.site.pk], administrator=True):
        Site.objects.filter(pk=registry.site.pk).update(is_synthetic=True)
    page = read(as_person(registry.alice), "/s/ALPHA/statistics/evidence/")
    assert "SYNTHETIC" in page
    assert "This registry, on synthetic demonstration data, in room:" in page
