"""Cells of ages, machine hours, material cost and turnaround; prints also by material class; which cases expect an outcome.

What the older cells lack is filled by the refresh: the definition version marks every month.
"""

import django.db.models.deletion
from django.db import migrations, models

import registry.models.fields
from registry.models import walls

CELLS = "agecell hourscell costcell turnaroundcell".split()


def statements() -> str:
    sql = [walls.policies(f"statistics_{name}") for name in CELLS]
    for name in CELLS:
        sql.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON statistics_{name} TO strata_stats;")
        sql.append(f"REVOKE INSERT, UPDATE, DELETE ON statistics_{name} FROM {walls.DOORS};")
    # Whether a period is a month or a year.
    sql.append("GRANT SELECT ON registry_deployment TO strata_stats;")
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


def known() -> list[tuple[str, models.Field]]:
    return [
        ("histogram", models.BinaryField()),
        ("n_known", models.PositiveIntegerField()),
        ("n_unknown", models.PositiveIntegerField()),
    ]


def key(*names: str, name: str) -> dict[str, list[models.UniqueConstraint]]:
    return {"constraints": [models.UniqueConstraint(fields=("site", "month", *names), name=name)]}


class Migration(migrations.Migration):
    dependencies = [("statistics", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="AgeCell",
            fields=[*of_site_and_month(), ("object_kind", word()), ("print_decision", word()), *known()],
            options=key("object_kind", "print_decision", name="agecell_key"),
        ),
        migrations.CreateModel(
            name="HoursCell",
            fields=[*of_site_and_month(), ("grouping", word()), ("group", word()), *known()],
            options=key("grouping", "group", name="hourscell_key"),
        ),
        migrations.CreateModel(
            name="TurnaroundCell",
            fields=[*of_site_and_month(), ("grouping", word()), ("group", word()), *known()],
            options=key("grouping", "group", name="turnaroundcell_key"),
        ),
        migrations.CreateModel(
            name="CostCell",
            fields=[
                *of_site_and_month(),
                ("grouping", word()),
                ("group", word()),
                ("n_known", models.PositiveIntegerField()),
                ("total", models.DecimalField(decimal_places=2, max_digits=20)),
                ("squares", models.DecimalField(decimal_places=4, max_digits=30)),
                ("n_unknown", models.PositiveIntegerField()),
            ],
            options=key("grouping", "group", name="costcell_key"),
        ),
        migrations.AddField("casecell", "expects_outcome", models.BooleanField(default=False), preserve_default=False),
        migrations.RemoveConstraint("casecell", "casecell_key"),
        migrations.AddConstraint(
            "casecell",
            models.UniqueConstraint(
                fields=(
                    "site",
                    "month",
                    "object_kind",
                    "organ_system",
                    "process",
                    "print_decision",
                    "expects_outcome",
                ),
                name="casecell_key",
            ),
        ),
        migrations.RemoveConstraint("printcell", "printcell_key"),
        migrations.RenameField("printcell", "process", "group"),
        migrations.AddField(
            "printcell",
            "grouping",
            models.CharField(blank=True, default="process", max_length=40),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "printcell",
            models.UniqueConstraint(
                fields=("site", "month", "grouping", "group", "outcome", "sterilised", "qa_result"),
                name="printcell_key",
            ),
        ),
        migrations.RunSQL(statements(), migrations.RunSQL.noop),
    ]
