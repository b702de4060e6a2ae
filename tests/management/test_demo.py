"""The demonstration: the same at every run, acceptable, and honest about what it is."""

import csv
import io
import json
import stat
import subprocess
from pathlib import Path

import pytest

from registry.intake import flat
from registry.intake.check import check
from registry.intake.context import Context
from registry.intake.lines import digest_of
from registry.intake.payload import read_case
from registry.management.demo import accounts, batches, setup, showing
from registry.management.demo.plan import SYNTHETIC
from registry.management.demo.reports import reports_of
from registry.management.demo.sites import REAL, REAL_SITE, SITES, SYNTHETIC_SITES
from registry.models import Membership, ProcedureMap, Site
from registry.models.scope import acting_for


def test_an_accounts_file_is_its_owners_alone_and_reads_back_as_kept(tmp_path: Path):
    path = tmp_path / "demo-accounts.json"
    assert accounts.read(path) == accounts.Remembered()
    remembered = accounts.fresh()
    assert len(set(remembered.passwords.values())) == len(accounts.PEOPLE)
    accounts.keep(path, remembered)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert accounts.read(path) == remembered


@pytest.fixture
def prepared(db) -> accounts.Remembered:
    remembered = accounts.fresh()
    setup.prepare(remembered, keep=lambda: None)
    return remembered


def test_the_demonstration_prepares_21_sites_and_says_what_their_data_are(prepared):
    assert setup.is_prepared()
    assert set(prepared.tokens) == {site.code for site in SITES}
    with acting_for(sites=(), administrator=True):
        notes = dict(Site.objects.live().values_list("code", "data_note"))
        synthetic = set(Site.objects.live().filter(is_synthetic=True).values_list("code", flat=True))
    assert synthetic == {site.code for site in SYNTHETIC_SITES}
    assert {notes[code] for code in synthetic} == {SYNTHETIC}
    assert notes[REAL_SITE.code].startswith(REAL)
    assert "CC BY 4.0" in notes[REAL_SITE.code]


def test_everybody_of_the_demonstration_holds_the_roles_that_are_printed(prepared):
    with acting_for(sites=(), administrator=True):
        held = Membership.objects.active().values_list("user__email", "site__code", "role")
        assert set(held) == {(p.email, code, role) for p in accounts.PEOPLE for code, role in p.memberships}


def test_every_report_of_the_demonstration_is_accepted_without_a_warning(prepared):
    for code, reports in reports_of().items():
        with acting_for(sites=(), administrator=True):
            site = Site.objects.get(code=code)
        with acting_for(sites=[site.pk]):
            late = [
                case | reports.late[case["local_case_id"]]
                for case in reports.cases
                if case["local_case_id"] in reports.late
            ]
            assert len(late) == len(reports.late)
            context = Context.of(site)
            for cases in (reports.cases, late):
                judged = check([read_case(case) for case in cases], site=site, context=context)
                assert [each.problems for each in judged if each.problems] == []


def test_a_file_of_cases_says_what_the_reports_say(prepared):
    for code in ("NORTH", "KIDS"):
        with acting_for(sites=(), administrator=True):
            site = Site.objects.get(code=code)
        cases = reports_of()[code].cases
        rows = csv.DictReader(io.StringIO(batches.as_csv(cases).decode()))
        with acting_for(sites=[site.pk]):
            said = [digest_of(judged.rows) for judged in check([read_case(case) for case in cases], site=site)]
            read = [digest_of(judged.rows) for judged in check([flat.read(row) for row in rows], site=site)]
        assert read == said


def test_the_40_newest_orders_are_sent_one_by_one():
    newest = batches.newest(reports_of())
    months = {
        case["local_case_id"]: case["order_month"]
        for reports in reports_of().values()
        for case in reports.cases
        if "order_month" in case
    }
    assert len(newest) == 40
    assert {months[case] for case in newest} == {max(months.values())}


def test_the_example_case_is_accepted_at_every_site_of_the_demonstration(prepared):
    example = json.loads((Path(__file__).parents[1] / "examples" / "case.json").read_text())
    for planned in SITES:
        with acting_for(sites=(), administrator=True):
            site = Site.objects.get(code=planned.code)
        with acting_for(sites=[site.pk]):
            [judged] = check([read_case(example)], site=site)
            assert judged.errors == []


def test_the_real_log_has_its_map(prepared):
    with acting_for(sites=(), administrator=True):
        site = Site.objects.get(code=REAL_SITE.code)
    with acting_for(sites=[site.pk]):
        assert ProcedureMap.objects.filter(site=site).count() == 32


def test_the_ways_in_are_ready_to_use_and_show_no_token(prepared, tmp_path: Path):
    path = tmp_path / "an accounts' file.json"
    accounts.keep(path, prepared)
    lines = list(showing._ways_in("http://127.0.0.1:8001", prepared, path))
    assert not any(token in line for token in prepared.tokens.values() for line in lines)
    [curl] = [line for line in lines if "curl" in line]
    read = curl[curl.index("$(") + 2 : curl.index(')" http')]
    ended = subprocess.run(["sh", "-c", read], capture_output=True, text=True, check=True, timeout=30)
    assert ended.stdout.strip() == prepared.tokens["NORTH"]


def test_figures_that_did_not_change_have_the_same_digest(prepared):
    assert showing._digest_of_figures() == showing._digest_of_figures()
