"""The second wall around the derived tables: the doors read their own sites' cells, and only the statistics role writes them."""

from django.db import migrations

from registry.models import walls

CELLS = "minutescell casecell procedurecell effortcell codecell printcell assessmentcell earlyprint".split()


def statements() -> str:
    sql = [walls.policies("statistics_stalemonth", queue=True)]
    sql += [walls.policies(f"statistics_{name}") for name in CELLS]
    for name in ("stalemonth", *CELLS):
        sql.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON statistics_{name} TO strata_stats;")
    for name in CELLS:
        sql.append(f"REVOKE INSERT, UPDATE, DELETE ON statistics_{name} FROM {walls.DOORS};")
    return "\n".join(sql)


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_cells"), ("registry", "0002_walls")]

    operations = [migrations.RunSQL(statements(), migrations.RunSQL.noop)]
