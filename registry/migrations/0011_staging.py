"""The worker may make temporary tables, in which it stages the cases of a file: databases from before do not say so (config/roles.sql)."""

from django.db import migrations

# Only the owner of the database can grant it; another's throw-away database lets everybody make them.
STAGING = """
DO $$
BEGIN
    IF (SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()) THEN
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO strata_worker', current_database());
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_review")]

    operations = [migrations.RunSQL(STAGING, migrations.RunSQL.noop)]
