"""What a row's own model says against it, in the registry's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from registry.errors import InvalidReport, Problem


def believe(row: models.Model, *, but: Sequence[str] = ()) -> None:
    """Raises `InvalidReport` with every field of the row that its model refuses, except the fields named in `but`."""
    try:
        row.full_clean(exclude=list(but))
    except ValidationError as refused:
        said = refused.message_dict.items()
        raise InvalidReport(
            [Problem("invalid", "" if name == "__all__" else name, " ".join(texts)) for name, texts in said]
        ) from None


def amend(row: models.Model, said: Mapping[str, Any]) -> bool:
    """The row says what was said, and whether that is anything new. Raises `InvalidReport`."""
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        # Keys need no look-up: what the row belongs to does not change.
        believe(row, but=[field.name for field in row._meta.fields if field.is_relation])
        row.save(update_fields=changed)
    return bool(changed)
