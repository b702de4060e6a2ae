"""SQL for the second wall, written once: policies, composite keys and history triggers. Migrations call these."""

SITES = "string_to_array(current_setting('app.sites', true), ',')::bigint[]"
ADMINISTRATOR = "current_setting('app.administrator', true) = 'on'"
DOORS = "strata_app, strata_worker"


def policies(
    table: str,
    *,
    visible: str = "",
    readable: str = "",
    writable: str = "",
    queue: bool = False,
    column: str = "site_id",
) -> str:
    """Row-level security with FORCE: own sites for the doors, every row for statistics, and for the worker if it is a queue.

    `visible` is a further SQL condition under which a door may see and write a row; `readable` and
    `writable` are conditions under which it may do only the one.
    """
    own = f"{column} = ANY({SITES})" + (f" OR {visible}" if visible else "")
    check = own + (f" OR {writable}" if writable else "")
    parts = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_sites ON {table} TO {DOORS} USING ({own}) WITH CHECK ({check})",
        f"CREATE POLICY statistics ON {table} TO strata_stats USING (true) WITH CHECK (true)",
    ]
    if readable:
        parts.append(f"CREATE POLICY readable ON {table} FOR SELECT TO {DOORS} USING ({readable})")
    if queue:
        parts.append(f"CREATE POLICY queue ON {table} TO strata_worker USING (true) WITH CHECK (true)")
    return ";\n".join(parts) + ";"


def parent_key(table: str) -> str:
    """UNIQUE(site_id, id), which the composite keys of children point to."""
    return f"ALTER TABLE {table} ADD CONSTRAINT {table}_site_key UNIQUE (site_id, id);"


def composite_key(table: str, column: str, parent: str, *, on_delete: str = "NO ACTION") -> str:
    """A foreign key by (site, id): no row can point to a parent of another site."""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_of_site FOREIGN KEY (site_id, {column}) "
        f"REFERENCES {parent} (site_id, id) ON DELETE {on_delete} DEFERRABLE INITIALLY DEFERRED;"
    )


def part_key(table: str) -> str:
    """The composite key of what a control case must not have: it can only point to a case that is no control."""
    return (
        f"ALTER TABLE {table} ADD COLUMN of_control boolean NOT NULL DEFAULT false CHECK (NOT of_control);\n"
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_case_id_of_site FOREIGN KEY (site_id, case_id, of_control) "
        f"REFERENCES registry_case (site_id, id, is_control) DEFERRABLE INITIALLY DEFERRED;"
    )


def check_again(table: str, column: str, check: str) -> str:
    """The CHECK of one column is this one. Django's AlterField leaves the CHECKs of our own fields as they were."""
    name = f"{table}_{column}_check"
    return f"ALTER TABLE {table} DROP CONSTRAINT {name};\nALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check});"


def history(table: str, *, except_columns: tuple[str, ...] = ()) -> str:
    """Before-images of changed and deleted rows, less the columns that history must not keep."""
    left_out = ", ".join(f"'{name}'" for name in except_columns)
    return (
        f"CREATE TRIGGER keep_update AFTER UPDATE ON {table} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) "
        f"EXECUTE FUNCTION strata_keep_before_image({left_out});\n"
        f"CREATE TRIGGER keep_delete AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION strata_keep_before_image({left_out});"
    )


def append_only(table: str) -> str:
    """UPDATE, DELETE and TRUNCATE raise, and the doors have no right to them."""
    return (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {DOORS};\n"
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION strata_refuse_change();\n"
        f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION strata_refuse_change();"
    )
