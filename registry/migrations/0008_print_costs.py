"""What a print costs a site beside material: wages of an hour, and printing outside; null is unknown."""

from django.db import migrations

import registry.models.fields


def amount(high: str) -> registry.models.fields.Amount:
    return registry.models.fields.Amount(blank=True, decimal_places=2, high=high, low="0", max_digits=12, null=True)


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_material_names")]

    operations = [
        migrations.AddField("costrate", "clinician_wage", amount("100000")),
        migrations.AddField("costrate", "non_clinician_wage", amount("100000")),
        migrations.AddField("costrate", "outsourced_per_case", amount("1000000")),
    ]
