"""An image says which (sub)transaction had written the row as it was: who added it. See docs/adr/0004."""

from django.db import migrations, models

IMAGES = """
CREATE OR REPLACE FUNCTION strata_keep_before_image() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_rowhistory (site_id, table_name, row_id, operation, at, txid, written_by, before)
    VALUES (OLD.site_id, TG_TABLE_NAME, OLD.id, TG_OP, clock_timestamp(), txid_current(), OLD.xmin::text::bigint,
        to_jsonb(OLD) - coalesce(TG_ARGV, '{}'::text[]));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION strata_keep_site_image() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_rowhistory (site_id, table_name, row_id, operation, at, txid, written_by, before)
    VALUES (OLD.id, TG_TABLE_NAME, OLD.id, TG_OP, clock_timestamp(), txid_current(), OLD.xmin::text::bigint, to_jsonb(OLD));
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_settings")]

    operations = [
        migrations.AddField("rowhistory", "written_by", models.BigIntegerField(null=True)),
        migrations.RunSQL(IMAGES, migrations.RunSQL.noop),
    ]
