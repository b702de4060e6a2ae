"""The one row of the deployment and the dated code reference."""

from dataclasses import asdict
from typing import Any

from django.db import migrations

from registry.vocabulary.billing import CODE_REFERENCE


def load(apps: Any, schema_editor: Any) -> None:
    apps.get_model("registry", "Deployment").objects.create(id=1)
    reference = apps.get_model("registry", "CodeReference")
    rows = [asdict(row) for row in CODE_REFERENCE]
    reference.objects.bulk_create(reference(**{**row, "object_kind": row["object_kind"] or None}) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_walls")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
