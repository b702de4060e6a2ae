"""Changing what cases already name, describing a site, suspending it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now

from registry.actions import cases, equipment, sites
from registry.errors import InvalidReport, NotPermitted
from registry.intake.report import CaseReport
from registry.models import ApiToken, AuditEvent, CostRate, Material, Print, Printer, RowHistory, Site
from registry.models.scope import acting_for
from registry.statistics import refresh_due
from tests.people import HAND, People

Report = Callable[..., CaseReport]
DESCRIBED: dict[str, Any] = {
    "manufacturer": "Other", "model": "B2", "process": "binder_jetting", "in_service_from": None, "in_service_to": None,
}  # fmt: skip
SITE: dict[str, Any] = {
    "name": "Alpha General", "category": "community", "community_size": "metro", "trauma_level": None, "country": "CA",
    "timezone": "America/Toronto", "currency": "CAD", "annual_fixed_cost": None,
}  # fmt: skip


def events(act: str) -> int:
    return AuditEvent.objects.filter(act=act).count()


def test_a_printer_that_is_amended_leaves_recorded_prints_as_they_were(them: People, report: Report) -> None:
    cases.submit(report(), site=them.site, by=them.alice, via="rest")
    printer = Printer.objects.get(label="SLA bench")
    for _ in range(2):
        equipment.amend_printer(printer, **DESCRIBED, by=them.bob, via="form")
    assert (Printer.objects.get(pk=printer.pk).process, Print.objects.get().process) == (
        "binder_jetting",
        "vat_photopolymerization",
    )
    assert events("printer.amend") == 1
    assert RowHistory.objects.get(table_name="registry_printer").before["model"] == "B"


def test_a_printer_goes_out_of_service_after_it_came(them: People) -> None:
    months = {"in_service_from": date(2025, 3, 1), "in_service_to": date(2025, 1, 1)}
    with pytest.raises(InvalidReport) as refused:
        equipment.amend_printer(Printer.objects.first(), **{**DESCRIBED, **months}, by=them.bob, via="form")
    assert "check both months" in refused.value.problems[0].message


def test_a_retired_printer_keeps_its_cases_and_may_come_back(them: People, report: Report) -> None:
    printer = Printer.objects.get(label="SLA bench")
    for _ in range(2):
        equipment.retire_printer(printer, by=them.bob, via="form")
    case = cases.submit(report(), site=them.site, by=them.alice, via="rest").case
    assert case.prints.get().printer == printer
    assert events("printer.retire") == 1
    assert equipment.reactivate_printer(printer, by=them.bob, via="form").active


def test_a_material_that_is_amended_makes_the_months_of_its_prints_due(them: People, report: Report) -> None:
    cases.submit(report(), site=them.site, by=them.alice, via="rest")
    while refresh_due(10):
        pass
    material = Material.objects.get(name="Surgical resin")
    equipment.amend_material(
        material, material_class="pla", biocompatible="yes", manufacturer="M", by=them.bob, via="form"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM statistics_stalemonth")
        assert cursor.fetchone()[0] > 0


def test_only_who_equips_the_site_changes_its_equipment(them: People) -> None:
    printer, material = Printer.objects.first(), Material.objects.first()
    for act in (
        lambda: equipment.amend_printer(printer, **DESCRIBED, by=them.alice, via="form"),
        lambda: equipment.retire_printer(printer, by=them.alice, via="form"),
        lambda: equipment.reactivate_printer(printer, by=them.alice, via="form"),
        lambda: equipment.amend_material(
            material, material_class="pla", biocompatible="no", manufacturer="", by=them.alice, via="form"
        ),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_what_a_site_said_of_itself_before_is_in_its_history(them: People) -> None:
    for _ in range(2):
        sites.amend_site(them.site, **SITE, by=them.bob, via="form")
    assert Site.objects.get(pk=them.site.pk).name == "Alpha General"
    assert events("site.amend") == 1
    before = [row.before["name"] for row in RowHistory.objects.filter(table_name="registry_site").order_by("id")]
    assert before[-1] == "Alpha Hospital"


def test_a_time_zone_that_is_none_is_refused(them: People) -> None:
    with pytest.raises(InvalidReport) as refused:
        sites.amend_site(them.site, **{**SITE, "timezone": "Mars/Olympus"}, by=them.bob, via="form")
    assert [problem.path for problem in refused.value.problems] == ["timezone"]


def test_a_data_manager_does_not_describe_the_site(them: People) -> None:
    with pytest.raises(NotPermitted):
        sites.amend_site(them.site, **SITE, by=them.alice, via="form")


def test_a_suspended_site_and_its_sandbox_submit_nothing_until_reactivated(them: People, report: Report) -> None:
    with acting_for(sites=[them.site.pk], administrator=True):
        twin = Site.objects.get(of=them.site)
        for _ in range(2):
            sites.suspend(them.site, by=them.dana, via="form")
    with acting_for(sites=[them.site.pk, twin.pk]):
        for site in Site.objects.filter(pk__in=[them.site.pk, twin.pk]):
            with pytest.raises(InvalidReport) as refused:
                cases.submit(report(), site=site, **HAND)
            assert "site-suspended" in {problem.code for problem in refused.value.problems}
            with pytest.raises(InvalidReport):
                sites.set_baseline(site, {}, **HAND)
    with acting_for(sites=[them.site.pk], administrator=True):
        site = sites.reactivate(them.site, by=them.dana, via="form")
    assert cases.submit(report(), site=site, by=them.alice, via="rest").result == "created"


def test_only_the_registry_suspends_and_reactivates(them: People) -> None:
    for act in (sites.suspend, sites.reactivate):
        with pytest.raises(NotPermitted):
            act(them.site, by=them.bob, via="form")


def test_the_sandbox_of_a_site_with_a_long_code_finds_a_code_of_its_own(them: People) -> None:
    with acting_for(sites=(), administrator=True):
        for code in ("LAKESIDE", "LAKESIDA", "LAKESIDB"):
            sites.enrol(code, name=code * 20, organisation="L", category="other", country="US", **HAND)
    with acting_for(sites=(), administrator=True):
        found = Site.objects.filter(of__code__startswith="LAKESID").order_by("pk")
        assert [site.code for site in found] == ["LAKESISB", "LAKESSB2", "LAKESSB3"]
        assert all(len(site.name) <= 160 for site in found)


def test_an_agreement_of_tomorrow_is_not_recorded(them: People) -> None:
    with pytest.raises(InvalidReport):
        sites.sign_agreement(them.site, now().date() + timedelta(days=1), **HAND)


def test_the_same_cost_of_a_minute_is_one_version(them: People) -> None:
    said: dict[str, Any] = {"currency": "USD", "year": 2024, "source": "", "by": them.bob, "via": "form"}
    for amount in ("37", "37.00", "40"):
        sites.set_cost_rate(them.site, per_minute=amount, **said)
    assert list(CostRate.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_a_token_without_scopes_or_for_too_long_is_refused_at_both_fields(them: People) -> None:
    with pytest.raises(InvalidReport) as refused:
        sites.issue_token(them.site, name="x", scopes=[], expires_in_days=366, by=them.bob, via="form")
    assert [problem.path for problem in refused.value.problems] == ["scopes", "expires_in_days"]


def test_the_use_of_a_token_is_noted_once_a_day(them: People) -> None:
    token, _ = sites.issue_token(them.site, name="x", scopes=["cases:read"], expires_in_days=9, **HAND)
    for _ in range(2):
        sites.note_use(token)
        token.refresh_from_db()
    assert token.last_used_at is not None
    assert RowHistory.objects.filter(table_name="registry_apitoken").count() == 1
    ApiToken.objects.update(last_used_at=now() - timedelta(days=2))
    token.refresh_from_db()
    sites.note_use(token)
    assert ApiToken.objects.get().last_used_at > now() - timedelta(minutes=1)
