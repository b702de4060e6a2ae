import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import registry.models.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessmentCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("item", models.CharField(blank=True, max_length=40)),
                ("score", models.SmallIntegerField()),
                ("n", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(fields=("site", "month", "item", "score"), name="assessmentcell_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("organ_system", models.CharField(blank=True, max_length=40)),
                ("process", models.CharField(blank=True, max_length=40)),
                ("print_decision", models.CharField(blank=True, max_length=40)),
                ("n_cases", models.PositiveIntegerField()),
                ("n_with_or_time", models.PositiveIntegerField()),
                ("n_with_recall_only", models.PositiveIntegerField()),
                ("n_awaiting", models.PositiveIntegerField()),
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
                "indexes": [models.Index(fields=["definition_version"], name="casecell_version")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "month", "object_kind", "organ_system", "process", "print_decision"),
                        name="casecell_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("code", models.CharField(blank=True, max_length=40)),
                ("modifier", models.CharField(blank=True, max_length=40)),
                ("claim", models.CharField(blank=True, max_length=40)),
                ("n_cases", models.PositiveIntegerField()),
                ("units", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(fields=("site", "month", "code", "modifier", "claim"), name="codecell_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlyPrint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(blank=True, max_length=40)),
                ("case_id", models.BigIntegerField()),
                ("month", registry.models.fields.Month()),
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
                "indexes": [models.Index(fields=["site", "month"], name="earlyprint_by_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "category", "case_id"), name="earlyprint_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EffortCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("activity", models.CharField(blank=True, max_length=40)),
                ("staff", models.CharField(blank=True, max_length=40)),
                ("histogram", models.BinaryField()),
                ("n_known", models.PositiveIntegerField()),
                ("n_unknown", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(
                        fields=("site", "month", "object_kind", "activity", "staff"), name="effortcell_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("category", models.CharField(blank=True, max_length=40)),
                ("complexity", models.CharField(blank=True, max_length=40)),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("print_decision", models.CharField(blank=True, max_length=40)),
                ("process", models.CharField(blank=True, max_length=40)),
                ("clock", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("used_in_or", models.CharField(blank=True, max_length=40)),
                ("early", models.BooleanField()),
                ("histogram", models.BinaryField()),
                ("n", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(
                        fields=(
                            "site",
                            "month",
                            "category",
                            "complexity",
                            "object_kind",
                            "print_decision",
                            "process",
                            "clock",
                            "source",
                            "used_in_or",
                            "early",
                        ),
                        name="minutescell_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("process", models.CharField(blank=True, max_length=40)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("sterilised", models.CharField(blank=True, max_length=40)),
                ("qa_result", models.CharField(blank=True, max_length=40)),
                ("n", models.PositiveIntegerField()),
                ("copies", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(
                        fields=("site", "month", "process", "outcome", "sterilised", "qa_result"), name="printcell_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcedureCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("definition_version", models.SmallIntegerField()),
                ("category", models.CharField(blank=True, max_length=40)),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("print_decision", models.CharField(blank=True, max_length=40)),
                ("n", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(
                        fields=("site", "month", "category", "object_kind", "print_decision"), name="procedurecell_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaleMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", registry.models.fields.Month()),
                ("marked_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "indexes": [models.Index(fields=["marked_at"], name="stalemonth_oldest")],
                "constraints": [models.UniqueConstraint(fields=("site", "month"), name="stalemonth_once")],
            },
        ),
    ]
