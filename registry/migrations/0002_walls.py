"""The second wall, composite keys, before-images and the audit chain. See docs/adr/0002 to 0004."""

from django.db import migrations

from registry.models import walls

SITE_TABLES = [
    "apitoken",
    "membership",
    "printer",
    "material",
    "proceduremap",
    "costrate",
    "baseline",
    "case",
    "imagingsource",
    "anatomicpart",
    "guide",
    "print",
    "printmaterial",
    "effort",
    "appliedcode",
    "procedure",
    "proceduretime",
    "userassessment",
    "assessmentrequest",
    "encounterseen",
    "draft",
    "submission",
    "uploadrow",
    "reminder",
    "idempotencykey",
    "rowhistory",
]
PARTS = ("imagingsource", "anatomicpart", "guide", "print", "effort", "appliedcode", "userassessment")
PARENTS = ("apitoken", "printer", "material", "case", "print", "procedure", "upload")
CHILDREN = (
    ("print", "printer_id", "printer"),
    ("printmaterial", "print_id", "print"),
    ("printmaterial", "material_id", "material"),
    ("procedure", "case_id", "case"),
    ("proceduretime", "procedure_id", "procedure"),
    ("assessmentrequest", "case_id", "case"),
    ("encounterseen", "case_id", "case"),
    ("draft", "case_id", "case"),
    ("submission", "case_id", "case"),
    ("submission", "upload_id", "upload"),
    ("uploadrow", "upload_id", "upload"),
    ("uploadrow", "case_id", "case"),
    ("reminder", "case_id", "case"),
    ("idempotencykey", "token_id", "apitoken"),
)
# Queue columns of uploads, drafts, keys and logs change all the time and are not the record; the record has history.
KEPT = [
    "membership",
    "apitoken",
    "printer",
    "material",
    "proceduremap",
    "costrate",
    "baseline",
    "imagingsource",
    "anatomicpart",
    "guide",
    "print",
    "printmaterial",
    "effort",
    "appliedcode",
    "procedure",
    "proceduretime",
    "userassessment",
]

CASE_KEYS = """
ALTER TABLE registry_case ADD COLUMN is_control boolean GENERATED ALWAYS AS (object_kind = 'none') STORED;
ALTER TABLE registry_case ADD CONSTRAINT registry_case_kind_key UNIQUE (site_id, id, is_control);
"""

HISTORY = """
CREATE FUNCTION strata_keep_before_image() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_rowhistory (site_id, table_name, row_id, operation, at, txid, before)
    VALUES (OLD.site_id, TG_TABLE_NAME, OLD.id, TG_OP, clock_timestamp(), txid_current(), to_jsonb(OLD) - coalesce(TG_ARGV, '{}'::text[]));
    RETURN NULL;
END $$;

CREATE FUNCTION strata_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# The trigger runs as its owner, so that the doors need no right to write the heads of the chains.
AUDIT = """
CREATE FUNCTION strata_audit_hash(event registry_auditevent) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        event.previous_hash, event.site_id, event.seq, extract(epoch FROM event.at)::text, event.actor, event.via, event.act,
        event.object_type, event.object_label, event.object_id, event.reason, event.digest, event.txid
    )::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION strata_chain_audit_event() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head registry_audithead;
BEGIN
    INSERT INTO registry_audithead (chain, seq, hash) VALUES (coalesce(NEW.site_id, 0), 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM registry_audithead WHERE chain = coalesce(NEW.site_id, 0) FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.previous_hash := head.hash;
    NEW.at := clock_timestamp();
    NEW.txid := txid_current();
    NEW.hash := strata_audit_hash(NEW);
    UPDATE registry_audithead SET seq = NEW.seq, hash = NEW.hash WHERE chain = head.chain;
    RETURN NEW;
END $$;

CREATE TRIGGER chain BEFORE INSERT ON registry_auditevent FOR EACH ROW EXECUTE FUNCTION strata_chain_audit_event();
REVOKE INSERT, UPDATE, DELETE ON registry_audithead FROM strata_app, strata_worker;
"""

# In safe-harbor mode only the year is kept, as 1 January. An empty deployment (a dump being restored) forbids nothing.
YEARS_ONLY = """
CREATE FUNCTION strata_years_only() RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT privacy_mode = 'safe_harbor' FROM registry_deployment
$$;
ALTER TABLE registry_case ADD CHECK (NOT strata_years_only() OR extract(month FROM order_month) = 1);
ALTER TABLE registry_procedure ADD CHECK (NOT strata_years_only() OR extract(month FROM performed_month) = 1);
ALTER TABLE registry_appliedcode ADD CHECK (NOT strata_years_only() OR extract(month FROM applied_month) = 1);
"""

# A table that was just filled looks empty to the planner until autovacuum comes round, and a refresh then compares every case
# with every other (2,172 cases: 11 s, and 0.1 s once the sizes are known). Only an owner may analyse, hence the definer.
SIZES = """
CREATE FUNCTION strata_learn_sizes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    outdated text;
BEGIN
    FOR outdated IN
        SELECT relname FROM pg_stat_user_tables
        WHERE schemaname = 'public' AND relname LIKE 'registry\\_%' AND n_mod_since_analyze > 500 + n_live_tup / 5
    LOOP
        EXECUTE format('ANALYZE public.%I', outdated);
    END LOOP;
END $$;
"""

# Statistics read what they count and nothing that names a patient or a person.
STATISTICS = """
GRANT SELECT ON registry_site, registry_procedure, registry_proceduretime, registry_print, registry_printmaterial,
    registry_material, registry_effort, registry_appliedcode, registry_userassessment, registry_guide, registry_anatomicpart,
    registry_imagingsource, registry_baseline, registry_costrate TO strata_stats;
DO $$
BEGIN
    EXECUTE (
        SELECT format('GRANT SELECT (%s) ON registry_case TO strata_stats', string_agg(quote_ident(column_name), ', '))
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'registry_case'
            AND column_name NOT IN ('local_case_id', 'comment', 'encounter_digest', 'withdrawal_reason')
    );
END $$;
REVOKE EXECUTE ON FUNCTION strata_learn_sizes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION strata_learn_sizes() TO strata_stats;
"""

# What the doors have no business to write; the before-images are written by the trigger, as its owner.
LEAST = """
CREATE POLICY keeper ON registry_rowhistory FOR INSERT TO strata_owner WITH CHECK (true);
REVOKE INSERT ON registry_rowhistory FROM strata_app, strata_worker;
REVOKE INSERT, UPDATE, DELETE ON registry_release, registry_codereference, django_migrations FROM strata_app, strata_worker;
REVOKE INSERT, DELETE ON registry_deployment FROM strata_app, strata_worker;
REVOKE UPDATE ON registry_deployment FROM strata_worker;
REVOKE INSERT, UPDATE, DELETE ON registry_user, registry_membership, registry_apitoken FROM strata_worker;
"""

# A UNIQUE that does not start with the site would tell one site that another has a row.
UNIQUE_BY_SITE = """
ALTER TABLE registry_procedure DROP CONSTRAINT registry_procedure_case_id_key;
ALTER TABLE registry_procedure ADD CONSTRAINT procedure_of_case UNIQUE (site_id, case_id);
CREATE INDEX procedure_by_case ON registry_procedure (case_id);
"""


def statements() -> str:
    own_token = "digest = nullif(current_setting('app.token', true), '')"
    own_user = "user_id = nullif(current_setting('app.user', true), '')::bigint"
    visible = {"apitoken": own_token, "membership": f"{own_user} OR {walls.ADMINISTRATOR}"}
    sql = [CASE_KEYS, UNIQUE_BY_SITE, HISTORY, AUDIT, YEARS_ONLY, SIZES, STATISTICS]
    sql += [walls.policies(f"registry_{name}", visible=visible.get(name, "")) for name in SITE_TABLES]
    sql.append(walls.policies("registry_site", visible=walls.ADMINISTRATOR, column="id"))
    sql.append(
        walls.policies(
            "registry_auditevent", readable=walls.ADMINISTRATOR, writable=f"site_id IS NULL OR {walls.ADMINISTRATOR}"
        )
    )
    sql.append(walls.policies("registry_export", visible=f"(site_id IS NULL AND {walls.ADMINISTRATOR})", queue=True))
    sql.append(walls.policies("registry_upload", readable=walls.ADMINISTRATOR, queue=True))
    sql += [walls.parent_key(f"registry_{name}") for name in PARENTS]
    sql += [walls.part_key(f"registry_{name}") for name in PARTS]
    sql += [
        walls.composite_key(f"registry_{child}", column, f"registry_{parent}") for child, column, parent in CHILDREN
    ]
    sql += [walls.history(f"registry_{name}") for name in KEPT]
    sql.append(walls.history("registry_case", except_columns=("comment", "encounter_digest")))
    sql += [walls.append_only("registry_auditevent"), walls.append_only("registry_rowhistory"), LEAST]
    return "\n".join(sql)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_facts")]

    operations = [migrations.RunSQL(statements(), migrations.RunSQL.noop)]
