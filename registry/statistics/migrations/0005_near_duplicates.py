"""Pairs of cases that may be one, by site and month. The definition version has the refresh fill it for every month."""

import django.db.models.deletion
from django.db import migrations, models

import registry.models.fields
from registry.models import walls

TABLE = "statistics_nearduplicatecell"
STATEMENTS = "\n".join(
    (
        walls.policies(TABLE),
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO strata_stats;",
        f"REVOKE INSERT, UPDATE, DELETE ON {TABLE} FROM {walls.DOORS};",
    )
)


class Migration(migrations.Migration):
    dependencies = [("statistics", "0004_coding")]

    operations = [
        migrations.CreateModel(
            name="NearDuplicateCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("compared", models.PositiveIntegerField()),
                ("pairs", models.PositiveIntegerField()),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.site",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("site", "month"), name="nearduplicatecell_key")]},
        ),
        migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop),
    ]
