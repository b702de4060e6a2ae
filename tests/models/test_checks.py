"""What a field says of itself is what PostgreSQL keeps: a changed choice or range needs a migration of its CHECK."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

KEPT = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'c' AND conkey = ARRAY[(
    SELECT attnum FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s
)]
"""
CHECKED: list[Any] = [
    field
    for label in ("registry", "statistics")
    for model in apps.get_app_config(label).get_models()
    for field in model._meta.local_fields
    if type(field).db_check.__module__.startswith("registry.")
]


def kept(table: str, column: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [table, table, column])
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("field", CHECKED, ids=[f"{f.model.__name__}.{f.name}" for f in CHECKED])
def test_the_check_of_a_field_is_the_one_that_the_field_declares(field: Any) -> None:
    said = field.db_parameters(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMPORARY TABLE declared ("{field.column}" {said["type"]} CHECK ({said["check"]})) ON COMMIT DROP'
        )
    assert kept("declared", field.column) <= kept(field.model._meta.db_table, field.column)


def test_there_are_such_fields() -> None:
    assert len(CHECKED) > 80
