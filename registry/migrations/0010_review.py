"""A checked file is mended and undone: since when a worker is at it, how long it can be undone, and the repairs of its review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0009_files_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="began_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="undo_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="uploadreview",
            name="matched",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="uploadreview",
            name="repairs",
            field=models.JSONField(default=list),
        ),
    ]
