"""Back to what the migrations left, after tests that committed."""

import io
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql

KEPT = "django_migrations"


@dataclass(frozen=True)
class Seed:
    """The rows that migrations wrote, by table; taken before the first test commits."""

    dsn: str
    tables: tuple[str, ...]
    rows: dict[str, str]

    @classmethod
    def read(cls, dsn: str) -> "Seed":
        """Read every table of the public schema."""
        with closing(psycopg2.connect(dsn)) as connection:
            tables = tuple(name for name in _tables(connection) if name != KEPT)
            rows = {name: _copied_out(connection, name) for name in tables}
        return cls(dsn, tables, {name: text for name, text in rows.items() if text})

    def restore(self) -> None:
        """End every other session of the database, empty the tables, put the rows back.

        As a replica: the triggers that forbid deletion and keep history rest meanwhile.
        """
        with closing(psycopg2.connect(self.dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            cursor.execute("SET session_replication_role = replica; SET lock_timeout = '10s'")
            cursor.execute(
                sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in self.tables)
            )
            for name, text in self.rows.items():
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), _columns(connection, name))
                cursor.copy_expert(into, io.StringIO(text))
            connection.commit()


def _tables(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall()]


def _columns(connection: Any, table: str) -> sql.Composed:
    """Return the columns that can be written, which excludes generated ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [f'public."{table}"'],
        )
        return sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())


def _copied_out(connection: Any, table: str) -> str:
    out = io.StringIO()
    # The query form, because a partitioned table has no COPY of its own.
    rows = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_columns(connection, table), sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.copy_expert(rows, out)
    return out.getvalue()
