"""Files are matched, checked, imported and undone: the phase of an upload, its review, and the maps a site remembers."""

import django.db.models.deletion
import django.utils.timezone
import registry.models.fields
from django.db import migrations, models

from registry.models import walls


WALLS = "\n".join(
    [
        "ALTER TABLE registry_uploadreview DROP CONSTRAINT registry_uploadreview_upload_id_key;",
        "ALTER TABLE registry_uploadreview ADD CONSTRAINT uploadreview_of_upload UNIQUE (site_id, upload_id);",
        "CREATE INDEX uploadreview_by_upload ON registry_uploadreview (upload_id);",
        walls.policies("registry_columnmap"),
        walls.policies("registry_uploadreview"),
        walls.composite_key("registry_uploadreview", "upload_id", "registry_upload"),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_print_costs"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="phase",
            field=registry.models.fields.Choice(
                choices=[("check", "Check"), ("import", "Import"), ("undo", "Undo")], default="import", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="prior",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="UploadReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan", models.JSONField(default=dict)),
                ("found", models.JSONField(default=dict)),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.site",
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review",
                        to="registry.upload",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ColumnMap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", registry.models.fields.PublicId(max_length=24, prefix="map_")),
                (
                    "kind",
                    registry.models.fields.Choice(choices=[("or_log", "OR log"), ("cases", "Cases")], max_length=40),
                ),
                ("name", models.CharField(max_length=80)),
                ("plan", models.JSONField(default=dict)),
                ("created_by_label", models.CharField(max_length=254)),
                ("used_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("site", "kind", "name"), name="columnmap_name"),
                    models.UniqueConstraint(fields=("site", "public_id"), name="columnmap_public_id"),
                ],
            },
        ),
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
