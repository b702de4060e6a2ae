"""The second wall alone: what PostgreSQL refuses when every queryset scope is gone."""

import json
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from registry.actions import cases, sites
from registry.intake.report import CaseReport
from registry.models import AnatomicPart, ApiToken, AuditEvent, Case, Membership, Procedure, RowHistory, Site, Upload
from registry.models.scope import acting_as, acting_for, as_statistics, as_token_lookup
from tests import people
from tests.people import HAND, People

EXAMPLE = json.loads((Path(__file__).parent.parent / "examples" / "case.json").read_text())


@pytest.fixture
def both(db: None) -> People:
    """Two sites, each with the example case and all that hangs on it."""
    them = people.gathered()
    for site, person in ((them.site, them.alice), (them.other, them.charlie)):
        with acting_for(sites=[site.pk], administrator=True):
            sites.add_printer(
                site, label="SLA bench", manufacturer="A", model="B", process="vat_photopolymerization", **HAND
            )
            sites.add_material(
                site, name="Surgical resin", material_class="photopolymer_rigid", biocompatible="yes", **HAND
            )
            cases.submit(CaseReport(EXAMPLE), site=site, by=person, via="rest")
            sites.issue_token(site, name="lab", scopes=["cases:read"], expires_in_days=30, **HAND)
    return them


def site_models() -> list[Any]:
    return [model for model in apps.get_models() if any(f.column == "site_id" for f in model._meta.concrete_fields)]


def test_every_table_with_a_site_has_forced_row_level_security_and_policies(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, "
            "(SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attname = 'site_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
        )
        tables = cursor.fetchall()
    assert len(tables) >= len(site_models())
    assert [name for name, forced, policies in tables if not forced or not policies] == []


def test_a_table_without_a_policy_would_be_noticed(superuser_dsn: str, committed_db: None) -> None:
    with psycopg2.connect(superuser_dsn) as made, made.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (site_id bigint)")
        cursor.execute("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = 'planted'")
        assert cursor.fetchone() == (False,)
        made.rollback()


def test_every_unique_of_a_sites_table_starts_with_the_site(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
            "JOIN pg_attribute s ON s.attrelid = t.oid AND s.attname = 'site_id' WHERE i.indisunique AND NOT i.indisprimary "
            "AND t.relname ~ '^(registry|statistics)_' AND i.indkey[0] <> s.attnum"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "table", ["registry_release", "registry_codereference", "django_migrations", "registry_rowhistory"]
)
def test_the_doors_cannot_rewrite_what_is_not_theirs(table: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(role, %s, act)) FROM unnest(ARRAY['strata_app', 'strata_worker']) role, "
            "unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) act",
            [table],
        )
        assert cursor.fetchone() == (False,)


def test_statistics_cannot_read_what_names_a_patient(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_column_privilege('strata_stats', 'registry_case', name, 'SELECT')) "
            "FROM unnest(ARRAY['local_case_id', 'comment', 'encounter_digest']) name"
        )
        assert cursor.fetchone() == (False,)


def test_the_suite_runs_as_the_application_role_which_cannot_bypass_the_wall(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("strata_app", False, False)


def test_without_any_scoping_a_person_sees_no_foreign_row_of_any_model(both: People) -> None:
    """`_base_manager` knows no scope: what is not shown here is hidden by PostgreSQL alone."""
    with acting_as(both.alice):
        foreign = {
            model.__name__: model._base_manager.exclude(site_id=both.site.pk).filter(site_id__isnull=False).count()
            for model in site_models()
        }
    assert len(foreign) >= 28
    assert {name: count for name, count in foreign.items() if count} == {}


def test_outside_a_scope_no_row_of_any_site_is_visible(both: People) -> None:
    visible = {model.__name__: model._base_manager.filter(site_id__isnull=False).count() for model in site_models()}
    assert {name: count for name, count in visible.items() if count} == {}


def test_the_fixture_has_rows_on_both_sides_of_the_wall(both: People) -> None:
    with acting_for(sites=[both.site.pk, both.other.pk]):
        for model in (Case, AnatomicPart, Procedure, ApiToken, Membership, AuditEvent):
            assert set(model._base_manager.values_list("site_id", flat=True)) == {both.site.pk, both.other.pk}


def test_no_row_can_be_written_for_another_site(both: People) -> None:
    with acting_as(both.alice), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Case.objects.create(site=both.other, local_case_id="X1", object_kind="none", content_digest="x")


@pytest.mark.parametrize(
    ("child", "column"), [("anatomicpart", "case_id"), ("procedure", "case_id"), ("print", "printer_id")]
)
def test_a_child_cannot_point_to_a_parent_of_another_site(child: str, column: str, both: People) -> None:
    parent = {"case_id": "registry_case", "printer_id": "registry_printer"}[column]
    with (
        acting_for(sites=[both.site.pk, both.other.pk]),
        pytest.raises(IntegrityError, match="of_site"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT id FROM {parent} WHERE site_id = %s LIMIT 1", [both.other.pk])
        (foreign,) = cursor.fetchone()
        if child == "procedure":
            cursor.execute("UPDATE registry_procedure SET case_id = -1 WHERE site_id = %s", [both.other.pk])
        cursor.execute(f"UPDATE registry_{child} SET {column} = %s WHERE site_id = %s", [foreign, both.site.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_control_case_cannot_be_given_a_part_even_past_every_rule(both: People) -> None:
    with both.at_site(), pytest.raises(IntegrityError, match="case_id_of_site"), transaction.atomic():
        control = Case.objects.create(site=both.site, local_case_id="C1", object_kind="none", content_digest="x")
        AnatomicPart.objects.create(site=both.site, case=control, number=1, region="head", structure="bone")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_scope_ends_with_its_block_and_the_outer_one_returns(both: People) -> None:
    with acting_for(sites=[both.site.pk]):
        with acting_for(sites=[both.other.pk]):
            assert set(Case.objects.values_list("site_id", flat=True)) == {both.other.pk}
        assert set(Case.objects.values_list("site_id", flat=True)) == {both.site.pk}
    assert Case.objects.count() == 0


def test_a_person_without_membership_sees_nothing_and_an_administrator_sees_no_rows_of_a_site(both: People) -> None:
    with acting_as(both.dana):
        assert Case.objects.count() == 0
        assert Site.objects.visible_to(both.dana).count() == 4


def test_an_administrator_sees_the_state_of_uploads_and_cannot_change_it(both: People) -> None:
    with both.at_site():
        Upload.objects.create(
            site=both.site, kind="or_log", file="x", sha256="0" * 64, size_bytes=1, created_by_label="a"
        )
    with acting_as(both.dana):
        assert Upload.objects.get().state == "waiting"
        assert Upload.objects.update(state="failed") == 0


def test_statistics_read_every_site_and_cannot_change_a_case(both: People) -> None:
    with acting_for(sites=()), as_statistics():
        assert Case.objects.count() == 2
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Case.objects.update(state="withdrawn")
    assert Case.objects.count() == 0


def test_a_token_is_found_by_its_digest_and_by_nothing_else(both: People) -> None:
    with acting_for(sites=[both.site.pk]):
        digest = ApiToken.objects.get().digest
    with acting_for(sites=()):
        assert ApiToken.objects.count() == 0
        with as_token_lookup(digest):
            assert ApiToken.objects.get().site_id == both.site.pk
        assert ApiToken.objects.count() == 0


def test_the_trail_is_append_only(both: People) -> None:
    for table in ("registry_auditevent", "registry_rowhistory"):
        for statement in (f"UPDATE {table} SET txid = 0", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with both.at_site(), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_changed_row_leaves_its_before_image_with_the_transaction_of_the_audit_event(both: People) -> None:
    with both.at_site():
        case = Case.objects.get()
        cases.amend(case, {"complexity": "complex"}, by=both.alice, via="rest")
        kept = RowHistory.objects.filter(table_name="registry_case").latest("id")
        event = AuditEvent.objects.filter(act="case.amend").latest("seq")
    assert kept.before["complexity"] == "intermediate"
    assert "comment" not in kept.before
    assert "encounter_digest" not in kept.before
    assert kept.txid == event.txid
