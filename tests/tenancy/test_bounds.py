import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from registry.actions import memberships
from registry.models import AuditEvent
from registry.models.scope import acting_for
from registry.permissions import verbs_of
from registry.vocabulary.workflow import Role
from tests import people
from tests.people import HAND, People
from tests.tenancy.test_walls import both, site_models  # noqa: F401


def test_every_reference_between_rows_of_sites_is_bound_to_one_site(db: None) -> None:
    """A queue of statistics and who did what may point by number alone; what a site reports may not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, array_agg(a.attname::text) FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)"
            " WHERE c.contype = 'f' GROUP BY c.oid"
        )
        keys = {(table, column) for table, columns in cursor.fetchall() if "site_id" in columns for column in columns}
    owned = set(site_models())
    loose = {
        (model._meta.db_table, field.column)
        for model in owned
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in owned
    }
    assert loose - keys == set()


def test_the_doors_hold_no_right_to_write_a_cell(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, role, verb FROM pg_class c, unnest(ARRAY['strata_app', 'strata_worker']) AS role,"
            " unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS verb"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND (c.relname LIKE 'statistics\\_%%cell' OR c.relname = 'statistics_earlyprint')"
            " AND has_table_privilege(role, c.oid, verb)",
            [],
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "change",
    ["actor = 'x'", "via = 'x'", "act = 'x'", "object_type = 'x'", "object_label = 'x'", "object_id = 'x'",
     "reason = 'x'", "digest = 'x'", "txid = 0", "at = at + interval '1 second'"],
)  # fmt: skip
def test_a_changed_column_of_an_event_breaks_the_chain(
    change: str,
    both: People,
) -> None:
    """The hash, taken again over the changed event, is another: whoever changed it would have to write every hash after it."""
    with both.at_site(), connection.cursor() as cursor:
        column = change.split(" ", maxsplit=1)[0]
        value = change.partition("= ")[2]
        cursor.execute(
            "SELECT count(*) FROM registry_auditevent event WHERE event.hash <> strata_audit_hash(jsonb_populate_record("
            f"event, jsonb_build_object('{column}', {value})))"
        )
        changed = cursor.fetchone()[0]
        assert changed == AuditEvent.objects.count() > 0


def test_a_row_of_another_site_is_refused_by_the_policy_itself(both: People) -> None:
    """Without RETURNING: an INSERT that reads its row back is already stopped by what may be seen."""
    month = "INSERT INTO statistics_stalemonth (site_id, month, marked_at) VALUES (%s, '2001-01-01', now())"
    with both.at_site(), connection.cursor() as cursor:
        cursor.execute(month, [both.site.pk])
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(month, [both.other.pk])


def test_what_a_door_may_write_is_bound_to_its_sites_in_every_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT polrelid::regclass::text FROM pg_policy"
            " WHERE polname = 'own_sites' AND position('app.sites' in pg_get_expr(polwithcheck, polrelid)) = 0"
        )
        assert cursor.fetchall() == []


ENTERS = {
    "read_cases", "submit", "record", "assess", "upload", "match_or_times", "export_cases", "read_statistics", "set_baseline"
}  # fmt: skip
ROLES = {
    "data_manager": ENTERS,
    "champion": ENTERS,
    "facility_administrator": ENTERS | {"manage", "equip"},
    "assessor": {"read_statistics", "assess"},
    "read_only": {"read_cases", "read_statistics"},
}


@pytest.mark.parametrize("role", Role.values)
def test_each_role_may_do_just_what_the_table_says(role: str, db: None) -> None:
    them = people.gathered()
    erin = people.person("Erin")
    with acting_for(sites=[them.site.pk], administrator=True):
        if role == "facility_administrator":
            erin = them.bob
        else:
            memberships.admit(erin, site=them.site, role=role, **HAND)
        assert verbs_of(erin, them.site) == ROLES[role]
        assert verbs_of(erin, them.other) == frozenset()
