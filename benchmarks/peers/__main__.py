"""`python -m benchmarks.peers bulk|validated|serializer FILE WARM` prints seconds, CPU seconds and peak memory as JSON."""

import csv
import json
import sys
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import django

django.setup()

import tablib  # noqa: E402 - Django first
from django.db import connection, transaction  # noqa: E402
from import_export import resources  # noqa: E402
from import_export.instance_loaders import CachedInstanceLoader  # noqa: E402
from rest_framework import serializers  # noqa: E402

from benchmarks.peers.models import FlatCase  # noqa: E402
from benchmarks.ways import measured  # noqa: E402

AT_ONCE = 1_000


class Bulk(resources.ModelResource):
    """django-import-export at its fastest that still knows a case again; it checks types and lengths no further than PostgreSQL does."""

    class Meta:
        model = FlatCase
        import_id_fields = ("local_case_id",)
        exclude = ("id",)
        use_bulk = True
        batch_size = AT_ONCE
        skip_diff = True
        skip_html_diff = True
        use_transactions = True
        instance_loader_class = CachedInstanceLoader


class Validated(Bulk):
    """The same, with each row validated by its model."""

    class Meta(Bulk.Meta):
        clean_model_instances = True


class FlatSerializer(serializers.ModelSerializer[Any]):
    """Django REST framework's own way: every row validated, and inserted for itself."""

    class Meta:
        model = FlatCase
        exclude = ("id",)


def imported(resource: type[resources.ModelResource], path: Path) -> None:
    """The file through `resource`."""
    dataset = tablib.Dataset().load(path.read_text(), format="csv")
    result = resource().import_data(dataset, raise_errors=True)
    if result.has_validation_errors():
        raise SystemExit(f"refused: {result.invalid_rows[0].error}")


def serialized(path: Path) -> None:
    """The file through the serializer, in one transaction."""
    with path.open(newline="") as file, transaction.atomic():
        rows = csv.DictReader(file)
        while chunk := list(islice(rows, AT_ONCE)):
            said = [{name: text for name, text in row.items() if text} for row in chunk]
            many = FlatSerializer(data=said, many=True)
            many.is_valid(raise_exception=True)
            many.save()


WAYS: dict[str, Callable[[Path], None]] = {
    "bulk": partial(imported, Bulk),
    "validated": partial(imported, Validated),
    "serializer": serialized,
}


def main() -> None:
    """The way that is asked for, in an empty table."""
    way, file, warm = WAYS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3])
    with connection.schema_editor() as editor:
        editor.create_model(FlatCase)
    way(warm)
    FlatCase.objects.all().delete()
    found = measured(lambda: way(file))
    wanted = sum(1 for _ in csv.reader(file.open(newline=""))) - 1
    if FlatCase.objects.count() != wanted:
        raise SystemExit("not all rows are there")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
