"""What the settings pages stand on: names for outside, one facility administrator among those who accepted, a site's history."""

from django.db import migrations, models
from django.db.models import F, Q

import registry.models.fields
import registry.models.site

# In the alphabet of our random ids, and made for each row there is. The owner may not UPDATE them: row policies bind it too.
NAMED = "ALTER TABLE registry_{table} ADD COLUMN public_id varchar(24) NOT NULL DEFAULT '{prefix}' || upper(left(replace(gen_random_uuid()::text, '-', ''), 16)); ALTER TABLE registry_{table} ALTER COLUMN public_id DROP DEFAULT;"

# A site is the only kept row whose site is itself.
SITE_HISTORY = """
CREATE FUNCTION strata_keep_site_image() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_rowhistory (site_id, table_name, row_id, operation, at, txid, before)
    VALUES (OLD.id, TG_TABLE_NAME, OLD.id, TG_OP, clock_timestamp(), txid_current(), to_jsonb(OLD));
    RETURN NULL;
END $$;
CREATE TRIGGER keep_update AFTER UPDATE ON registry_site FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
EXECUTE FUNCTION strata_keep_site_image();
"""

# Who acts for a site can find its sandbox, and then act there in a scope of its own.
TWINS = """
CREATE POLICY twins ON registry_site FOR SELECT TO strata_app, strata_worker
USING (of_id = ANY(string_to_array(current_setting('app.sites', true), ',')::bigint[]));
"""


def named(table: str, prefix: str) -> migrations.SeparateDatabaseAndState:
    field = registry.models.fields.PublicId(editable=False, max_length=24, prefix=prefix)
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(NAMED.format(table=table, prefix=prefix), migrations.RunSQL.noop)],
        [migrations.AddField(table, "public_id", field)],
    )


def unique_name(table: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        table, models.UniqueConstraint(fields=["site", "public_id"], name=f"{table}_public_id")
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_doors")]

    operations = [
        named("membership", "mem_"),
        named("apitoken", "tok_"),
        named("material", "mat_"),
        unique_name("membership"),
        unique_name("apitoken"),
        unique_name("material"),
        migrations.RemoveConstraint("membership", "membership_one_facility_administrator"),
        migrations.AddConstraint(
            "membership",
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(accepted_at__isnull=False, revoked_at__isnull=True, role="facility_administrator"),
                name="membership_one_facility_administrator",
            ),
        ),
        migrations.AddConstraint(
            "printer",
            models.CheckConstraint(
                condition=Q(in_service_from__lte=F("in_service_to")),
                name="printer_service_in_order",
                violation_error_message="A printer goes out of service after it came into service: check both months.",
            ),
        ),
        migrations.AlterField(
            "site",
            "timezone",
            models.CharField(default="UTC", max_length=64, validators=[registry.models.site.known_timezone]),
        ),
        migrations.RunSQL(SITE_HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(TWINS, migrations.RunSQL.noop),
    ]
