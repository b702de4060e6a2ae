"""The name of a material may stand in a list whose items are parted by ; or |, so it has neither."""

from django.db import migrations, models
from django.db.models import Q

# The owner may not UPDATE the rows, for row policies bind it too.
WITHOUT = "ALTER TABLE registry_material ALTER COLUMN name TYPE varchar(80) USING translate(name, ';|', ',/');"


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_written_by")]

    operations = [
        migrations.RunSQL(WITHOUT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "material",
            models.CheckConstraint(
                condition=~Q(name__regex="[;|]"),
                name="material_name_in_a_list",
                violation_error_message="Leave ; and | out of the name: they part the names of a list.",
            ),
        ),
    ]
