"""Cells of what the billing codes say: groups of cases, claims and their answers, rules, and minutes by group.

What the older cells lack is filled by the refresh: the definition version marks every month.
"""

import django.db.models.deletion
from django.db import migrations, models

import registry.models.fields
from registry.models import walls

CELLS = "coderulecell codedminutescell".split()


def statements() -> str:
    sql = [walls.policies(f"statistics_{name}") for name in CELLS]
    for name in CELLS:
        sql.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON statistics_{name} TO strata_stats;")
        sql.append(f"REVOKE INSERT, UPDATE, DELETE ON statistics_{name} FROM {walls.DOORS};")
    # By which dated rules a code is judged.
    sql.append("GRANT SELECT ON registry_codereference TO strata_stats;")
    return "\n".join(sql)


def word() -> models.CharField:
    return models.CharField(blank=True, max_length=40)


def of_site_and_month() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("month", registry.models.fields.Month()),
        ("definition_version", models.SmallIntegerField()),
        (
            "site",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.site"
            ),
        ),
    ]


def unique(*names: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=("site", "month", *names), name=name)


def more(model: str, name: str, field: models.Field) -> migrations.AddField:
    return migrations.AddField(model, name, field, preserve_default=False)


def said() -> models.CharField:
    return models.CharField(blank=True, default="", max_length=40)


CASES = ("object_kind", "organ_system", "billing_group", "process", "print_decision", "expects_outcome")
CODES = ("code", "modifier", "organ_system", "claim", "claim_status")
MINUTES = ("category", "complexity", "organ_system", "billing_group", "clock")


class Migration(migrations.Migration):
    dependencies = [("statistics", "0003_prints"), ("registry", "0007_material_names")]

    operations = [
        migrations.RemoveConstraint("casecell", "casecell_key"),
        more("casecell", "billing_group", said()),
        migrations.AddConstraint("casecell", unique(*CASES, name="casecell_key")),
        migrations.RemoveConstraint("codecell", "codecell_key"),
        more("codecell", "organ_system", said()),
        more("codecell", "claim_status", said()),
        more("codecell", "n_again", models.PositiveIntegerField(default=0)),
        migrations.AddConstraint("codecell", unique(*CODES, name="codecell_key")),
        migrations.CreateModel(
            name="CodeRuleCell",
            fields=[
                *of_site_and_month(),
                ("code", word()),
                ("rule", word()),
                ("n", models.PositiveIntegerField()),
                ("n_broken", models.PositiveIntegerField()),
            ],
            options={"constraints": [unique("code", "rule", name="coderulecell_key")]},
        ),
        migrations.CreateModel(
            name="CodedMinutesCell",
            fields=[
                *of_site_and_month(),
                *((name, word()) for name in MINUTES),
                ("histogram", models.BinaryField()),
                ("n_known", models.PositiveIntegerField()),
                ("n_unknown", models.PositiveIntegerField()),
            ],
            options={"constraints": [unique(*MINUTES, name="codedminutescell_key")]},
        ),
        migrations.RunSQL(statements(), migrations.RunSQL.noop),
    ]
