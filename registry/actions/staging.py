"""New cases of a file as rows: lines of text copied beside the tables, and from there inserted into each with one statement.

Beside, because PostgreSQL refuses COPY into a table under row-level security. A temporary table is its session's own, is made once,
and is empty again after every commit.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

from registry.intake.by_columns.clean import Clean
from registry.intake.lines import ALL, columns
from registry.models import Case, Print, PrintMaterial, Procedure, Upload, UploadRow
from registry.models.fields import random_ids
from registry.vocabulary.workflow import RowOutcome

_KEYS: dict[str, tuple[str, ...]] = {
    "case": ("id", "row_number", "public_id", "content_digest", "encounter_digest"),
    "prints": ("id", "case_id"),
    "procedure": ("id", "case_id"),
    "times": ("procedure_id",),
}
"""What stands before the columns of a line; of any other section the case alone."""
_MATERIALS = f"""
INSERT INTO {PrintMaterial._meta.db_table} (site_id, print_id, material_id, position)
SELECT %s, staged.id, used.material, used.position
FROM staged_prints staged, unnest(staged.materials) WITH ORDINALITY used (material, position)
"""  # noqa: S608 - names of our own tables, here and below
_ROWS = f"""
INSERT INTO {UploadRow._meta.db_table} (site_id, upload_id, row_number, outcome, case_id)
SELECT %s, %s, row_number, %s, id FROM staged_case
"""  # noqa: S608
_TYPES = {"row_number": "bigint", "materials": "bigint[]"}


@dataclass(frozen=True)
class New:
    """Which of the clean rows are new cases, with the number of each in the file and the digest of the OR-log number it bears."""

    clean: Clean
    places: Sequence[int]
    row_numbers: Sequence[int]
    encounters: Sequence[str | None]


def create(new: New, *, site_id: int, upload: Upload | None = None) -> list[int]:
    """The cases, everything believed of them and what became of their rows of the file are rows; the keys of the cases, in order."""
    keys = _next_keys(Case, len(new.places))
    with connection.cursor() as cursor:
        _make_ready(cursor)
        for section, lines in _staged(new, keys).items():
            names = ", ".join((*_keys(section), *columns(section)))
            cursor.copy_expert(f"COPY {_table(section)} ({names}) FROM STDIN", io.StringIO("\n".join(lines)))
        for section in ALL:
            cursor.execute(*_insert(section, site_id))
        cursor.execute(_MATERIALS, [site_id])
        if upload is not None:
            cursor.execute(_ROWS, [site_id, upload.pk, RowOutcome.CREATED])
    return keys


def _staged(new: New, keys: list[int]) -> dict[str, list[str]]:
    """By section, the lines for COPY, each behind its keys."""
    places, lines = new.places, new.clean.lines
    public = random_ids("cas_", len(keys))
    digests = [new.clean.digests[place] for place in places]
    own = zip(keys, new.row_numbers, public, digests, [number or r"\N" for number in new.encounters], strict=True)
    staged = {section: list[str]() for section in ALL}
    staged["case"] = [
        f"{key}\t{row}\t{name}\t{digest}\t{number}\t{lines['case', 0][place]}"
        for (key, row, name, digest, number), place in zip(own, places, strict=True)
    ]
    procedures = keys
    for line in sorted(lines, key=lambda line: line[0] == "times"):  # times point to procedures
        section = line[0]
        if section == "case":
            continue
        said = [lines[line][place] for place in places]
        owners = procedures if section == "times" else keys
        if section in {"prints", "procedure"}:
            their = iter(_next_keys(Print if section == "prints" else Procedure, sum(map(bool, said))))
            owners = [next(their) if text else 0 for text in said]
            staged[section] += [
                f"{own}\t{key}\t{text}" for own, key, text in zip(owners, keys, said, strict=True) if text
            ]
            procedures = owners if section == "procedure" else procedures
        else:
            staged[section] += [f"{owner}\t{text}" for owner, text in zip(owners, said, strict=True) if text]
    return staged


def _next_keys(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _keys(section: str) -> tuple[str, ...]:
    return _KEYS.get(section, ("case_id",))


def _table(section: str) -> str:
    return f"staged_{section}"


def _make_ready(cursor: Any) -> None:
    """The tables are there and empty; within a longer transaction an earlier batch may have filled them."""
    cursor.execute("SELECT to_regclass(%s)", [f"pg_temp.{_table('times')}"])
    if cursor.fetchone()[0] is None:
        cursor.execute(_made())
    else:
        cursor.execute("; ".join(f"DELETE FROM {_table(section)}" for section in ALL))  # noqa: S608


@cache
def _made() -> str:
    """The statements that make the tables."""
    statements = []
    for section, described in ALL.items():
        types = {field.column: field.db_type(connection) for field in described.model._meta.concrete_fields} | _TYPES
        fields = ", ".join(f"{name} {types[name]}" for name in (*_keys(section), *columns(section)))
        statements.append(f"CREATE TEMPORARY TABLE {_table(section)} ({fields}) ON COMMIT DELETE ROWS")
    return "; ".join(statements)


def _insert(section: str, site_id: int) -> tuple[str, list[Any]]:
    """The statement that makes rows of what is staged; what is not staged is as the model says by default."""
    staged = {name for name in (*_keys(section), *columns(section)) if name not in {"row_number", "materials"}}
    names: list[str] = []
    values: list[str] = []
    given: list[Any] = []
    for field in ALL[section].model._meta.concrete_fields:
        if field.column is None or (field.column == "id" and "id" not in staged):
            continue
        names.append(field.column)
        if field.column in staged:
            values.append(field.column)
        else:
            values.append(f"%s::{field.db_type(connection)}")
            given.append(site_id if field.column == "site_id" else field.get_default())
    into = ALL[section].model._meta.db_table
    return f"INSERT INTO {into} ({', '.join(names)}) SELECT {', '.join(values)} FROM {_table(section)}", given  # noqa: S608
