"""The real log, by the operator's command: 2,172 controls whose figures an independent script confirms to the last digit."""

import hashlib
import subprocess
import sys
from collections import defaultdict
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.actions import sites
from registry.management import demo
from registry.models import Case, ProcedureTime, Site
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.statistics import Scope, Statistic, refresh_due
from registry.statistics.histogram import Histogram
from registry.statistics.published import published
from registry.statistics.reading import WITHOUT_PRINT, Reading
from tests.people import HAND, enrolled

FOLDER = Path(demo.__file__).parent
LOG = FOLDER / "or_log_2022q1.csv"
SCRIPT = Path(__file__).parents[1] / "examples" / "independent_or_log.py"
WINDOW = {"controls_from": "2022-01", "controls_to": "2022-03"}
# Of each service its first code in the log, and the category that code has in the demonstration's map.
ONE_CATEGORY = {
    "ENT": "nose_sinus",
    "General": "cholecystectomy",
    "OBGYN": "hysteroscopy_cervix",
    "Ophthalmology": "eye_surgery",
    "Orthopedics": "tha",
    "Pediatrics": "paediatric_ear",
    "Plastic": "plastics_other",
    "Podiatry": "forefoot_correction",
    "Urology": "stone_surgery",
    "Vascular": "dialysis_access",
}

Figures = dict[str, tuple[int, float, float, float]]


def independent() -> Figures:
    """n, mean, SD and median per service by the script that imports nothing of ours."""
    with LOG.open() as log:
        told = subprocess.run([sys.executable, str(SCRIPT)], stdin=log, check=True, capture_output=True, text=True)
    lines = [line.split("\t") for line in told.stdout.splitlines()]
    return {
        service: (int(n), float(Fraction(mean)), float(sd), float(Fraction(median)))
        for service, n, mean, sd, median in lines
    }


def figures(histogram: Histogram) -> tuple[int, float, float, float]:
    assert histogram.mean is not None
    assert histogram.sd is not None
    assert histogram.median is not None
    return histogram.n, float(histogram.mean), histogram.sd, float(histogram.median)


def code_to(column: str) -> dict[str, str]:
    """CPT code → category by the demonstration's map, or → service by the log itself."""
    import csv

    name, key = ("or_log_map.csv", "code") if column == "category" else ("or_log_2022q1.csv", "CPT Code")
    with (FOLDER / name).open(newline="") as file:
        return {row[key]: row[column] for row in csv.DictReader(file)}


@pytest.fixture
def site(committed_db: None, settings: Any, tmp_path: Path) -> Site:
    settings.STRATA_DATA = tmp_path
    return enrolled("ALPHA", "Alpha Hospital")


def read_log(**said: Any) -> str:
    out = StringIO()
    call_command("or_log", str(LOG), stdout=out, **({"site": "ALPHA"} | WINDOW | said))
    return out.getvalue().splitlines()[-1]


def test_the_real_log_becomes_2172_controls_with_the_figures_of_an_independent_script(site):
    with acting_for(sites=[site.pk]):
        entries = {("cpt", code): category for code, category in code_to("category").items()}
        sites.set_procedure_map(site, entries, **HAND)
    assert read_log().endswith(": 2,172 rows: 2,172 created")
    refresh_due(100)
    services = code_to("Service")
    from_cells = defaultdict[str, list[Histogram]](list)
    in_rows = defaultdict[str, list[int]](list)
    with acting_for(sites=[site.pk]):
        assert Case.objects.filter(object_kind="none", state="submitted").count() == 2172
        times = ProcedureTime.objects.filter(clock="in_room").values_list("procedure__procedure_code", "minutes")
        for code, minutes in times:
            in_rows[services[code]].append(minutes)
        for (_, category, clock), timed in Reading(Scope.of(site), None).timed.items():
            (service,) = {services[code] for code, named in code_to("category").items() if named == category}
            if clock == "in_room":
                from_cells[service].append(timed.observed[WITHOUT_PRINT])
    unions = {service: Histogram.unpacked(part.pack() for part in parts) for service, parts in from_cells.items()}
    assert {service: figures(Histogram.of(minutes)) for service, minutes in in_rows.items()} == independent()
    assert {service: figures(union) for service, union in unions.items()} == independent()


def test_what_is_published_of_the_real_log_equals_the_independent_script(site):
    with acting_for(sites=[site.pk]):
        entries = {("service", service): category for service, category in ONE_CATEGORY.items()}
        sites.set_procedure_map(site, entries, **HAND)
    read_log()
    refresh_due(100)
    statistic = published("or-minutes", scope=Scope.of(site), for_user=Operator("tests"))
    assert isinstance(statistic, Statistic)
    service = {category: name for name, category in ONE_CATEGORY.items()}
    told = {
        service[str(row["category"])]: (row["n"], row["mean"], row["sd"], row["median"])
        for row in statistic.rows
        if (row["arm"], row["clock"]) == (WITHOUT_PRINT, "in_room")
    }
    assert told == independent()


def test_the_same_log_again_changes_nothing(site):
    with acting_for(sites=[site.pk]):
        sites.set_procedure_map(site, {("cpt", code): name for code, name in code_to("category").items()}, **HAND)
    read_log()
    assert read_log().endswith(": 2,172 rows: 2,172 unchanged")
    with acting_for(sites=[site.pk]):
        assert Case.objects.filter(revision=1).count() == 2172


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"site": "NOBODY"}, "No site has the code NOBODY"),
        ({"columns": "{"}, "no JSON"),
        ({"columns": '{"encounter": "Nummer"}'}, "the encounter number"),
        ({"controls_to": None}, "controls_to"),
    ],
)
def test_the_command_says_what_is_wrong(site, said, answer):
    with pytest.raises(CommandError, match=answer):
        read_log(**said)


def test_the_cases_of_the_site_are_exported_by_command(site, tmp_path):
    out, told = tmp_path / "cases.csv", StringIO()
    call_command("export", "cases", site="ALPHA", format="csv", out=out, stdout=told)
    assert out.stat().st_size > 0
    assert "0 rows, SHA-256" in told.getvalue()
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("export", "cases", site="ALPHA", format="csv", out=tmp_path / "none" / "cases.csv")
    with pytest.raises(CommandError, match="Name a site"):
        call_command("export", "cases", format="csv", out=out)


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_the_registry_report_is_exported_by_the_operator(site, tmp_path, format):
    out, told = tmp_path / f"report.{format}", StringIO()
    call_command("export", "registry-report", format=format, out=out, stdout=told)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert told.getvalue().strip().endswith(f"rows, SHA-256 {digest}")
