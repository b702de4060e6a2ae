"""One example case by every door: the same rows, the same acts on the chain, the same stale months, the same statistics."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from registry.actions import memberships, upload_turns, uploads
from registry.intake import flat
from registry.models import AuditEvent, Case, Site, Submission, Upload
from registry.models.scope import acting_for
from registry.reports.case_template import workbook_of
from registry.statistics import refresh_due
from registry.statistics.measures import MEASURES
from registry.statistics.published import published
from registry.statistics.results import Scope, Statistic
from registry.web import case_form
from tests.api.conftest import Caller, issued
from tests.people import HAND, People, enrolled, equipped_for_the_example, gathered

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parents[1] / "examples"
ROWS = (
    "case imagingsource anatomicpart guide print printmaterial effort appliedcode procedure proceduretime userassessment"
).split()
# What differs from one site to the next: keys, random names and moments, and the digest, which knows printers by key.
OWN = frozenset(
    "id site_id case_id print_id procedure_id material_id printer_id public_id content_digest".split()
    + "submitted_at changed_at recorded_at responded_at".split()
)
Door = Callable[[People, Site, dict[str, Any]], None]


def rest(people: People, site: Site, report: dict[str, Any]) -> None:
    assert Caller(issued(site)).post("cases", report).status_code == 201


def csv_file(people: People, site: Site, report: dict[str, Any]) -> None:
    said = flat.said_of(report)
    lines = ["\t".join(said), "\t".join(said.values())]
    _uploaded(people, site, "\r\n".join(lines).encode("utf-16"))


def xlsx_file(people: People, site: Site, report: dict[str, Any]) -> None:
    _uploaded(people, site, workbook_of([flat.said_of(report)]))


def _uploaded(people: People, site: Site, content: bytes) -> None:
    with acting_for(sites=[site.pk]):
        sent = uploads.receive("cases", site=site, by=people.alice, via="form", stream=io.BytesIO(content), options={})
    upload_turns.work(sent)
    with acting_for(sites=[site.pk]):
        upload = Upload.objects.get(site=site)
        assert (upload.state, upload.problems) == ("done", [])


def form(people: People, site: Site, report: dict[str, Any]) -> None:
    """Alice types the case into the form, section by section, and submits it."""
    alice = Client()
    alice.force_login(people.alice)
    address = alice.post(f"/s/{site.code}/cases/new/", {"kind": "print"})["Location"].rsplit("/", 2)[0]
    said = flat.said_of(report)
    for version, section in enumerate(case_form.PRINTED, 1):
        names = section.names(case_form.rows_of(said))
        texts = {name: said[name].split("; ") for name in names if name in said}
        assert alice.post(f"{address}/{section.key}/", {**texts, "version": version}).status_code == 302
    assert alice.post(f"{address}/check/").status_code == 302


DOORS: dict[str, Door] = {"REST": rest, "form": form, "CSV": csv_file, "XLSX": xlsx_file}


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> People:
    settings.STRATA_DATA = tmp_path
    return gathered()


def equipped(people: People, code: str) -> Site:
    """A site where Alice enters cases, with the printer and the material of the example."""
    site = enrolled(code, f"Hospital {code}")
    equipped_for_the_example(site)
    with acting_for(sites=[site.pk], administrator=True):
        memberships.admit(people.alice, site=site, role="data_manager", **HAND)
    return site


def rows_of(site: Site) -> dict[str, list[str]]:
    """Every row the site's cases consist of, less what is never the same twice."""
    found = {}
    with acting_for(sites=[site.pk]), connection.cursor() as cursor:
        for name in ROWS:
            cursor.execute(f"SELECT to_jsonb(row) FROM registry_{name} row WHERE site_id = %s", [site.pk])
            rows = [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
            found[name] = sorted(
                json.dumps({k: v for k, v in row.items() if k not in OWN}, sort_keys=True) for row in rows
            )
    return found


def acts_of(site: Site) -> list[tuple[Any, ...]]:
    """What the chain says was done to cases since the site was equipped, and what the submission says of it."""
    with acting_for(sites=[site.pk]):
        events = AuditEvent.objects.filter(site=site, act__startswith="case.").order_by("seq")
        sent = Submission.objects.filter(site=site)
        counts = sent.values_list("n_created", "n_amended", "n_unchanged", "n_refused", "by_label")
        actors = dict.fromkeys(("token tests", "alice@example.org"), "sender")
        acts = [(act, actors[actor]) for act, actor in events.values_list("act", "actor")]
        return [*acts, *[(*numbers, actors[by]) for *numbers, by in counts]]


def stale_months_of(site: Site) -> list[Any]:
    with acting_for(sites=[site.pk]), connection.cursor() as cursor:
        cursor.execute("SELECT month FROM statistics_stalemonth WHERE site_id = %s ORDER BY month", [site.pk])
        return cursor.fetchall()


def statistics_of(site: Site, people: People) -> list[Any]:
    found = [published(measure.slug, scope=Scope.of(site), for_user=people.alice) for measure in MEASURES]
    assert all(isinstance(each, Statistic) for each in found)
    named = [(each.measure, each.n, repr(each.rows)) for each in found if isinstance(each, Statistic)]
    return [(slug, n, rows.replace(site.code, "SITE")) for slug, n, rows in named]


def test_the_example_case_is_the_same_by_every_door(people: People) -> None:
    report = json.loads((EXAMPLES / "case.json").read_text())
    left = {}
    for number, (name, door) in enumerate(DOORS.items()):
        site = equipped(people, f"DOOR{number}")
        door(people, site, report)
        months = stale_months_of(site)
        left[name] = {"rows": rows_of(site), "acts": acts_of(site), "months": months}
        while refresh_due(100):
            pass
        left[name]["statistics"] = statistics_of(site, people)
    first = left["REST"]
    assert len(first["rows"]["case"]) == 1
    assert len(first["rows"]["appliedcode"]) == 4
    assert len(first["months"]) == 2
    for name, other in left.items():
        for what, said in first.items():
            assert other[what] == said, (name, what)


@pytest.mark.parametrize("name", ["CSV", "XLSX"])
def test_the_same_case_by_a_second_door_is_unchanged(name: str, people: People) -> None:
    report = json.loads((EXAMPLES / "case.json").read_text())
    site = equipped(people, "DOOR0")
    rest(people, site, report)
    before = rows_of(site)
    DOORS[name](people, site, report)
    assert rows_of(site) == before
    with acting_for(sites=[site.pk]):
        assert Case.objects.get(site=site).revision == 1
        assert Submission.objects.filter(site=site, n_unchanged=1).count() == 1
