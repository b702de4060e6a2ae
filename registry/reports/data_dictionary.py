"""The data dictionary, read off the models: what a report may say, of which kind, within which limits."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.intake.sections import CASE, PROCEDURE, SECTIONS, TIMES, Section
from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, WholeNumber

HEAD = """# Data dictionary

Made from the models by `manage.py data_dictionary`; do not edit. *Must be said* allows null where a field may be unknown.
A field that is not sent was not asked, null is unknown, and 0 is zero.
"""
EXTRA = {
    "case": [
        "| or_log_number | text, at most 64 characters | | withheld: only a keyed hash is kept |",
    ],
    "prints": [
        "| printer | the label of a printer of the site | yes | open |",
        "| materials | names of materials of the site | yes | open |",
    ],
}


def kind_of(field: "models.Field[Any, Any]") -> str:  # noqa: PLR0911 - one line a kind of field
    """What a value of this field must be, in words."""
    match field:
        case Choice():
            return "one of " + ", ".join(f"`{word}`" for word in field.words)
        case ChoiceList():
            return "any of " + ", ".join(f"`{word}`" for word in field.words)
        case ArrayField():
            return "numbers of declared parts, from 1"
        case WholeNumber():
            return "0 to 89, or `90+`" if field.name == "age_years" else f"whole number, {field.low} to {field.high}"
        case Amount():
            return f"number, {field.low} to {field.high}, {field.decimal_places} decimal places"
        case Month():
            return "month, YYYY-MM"
        case Pattern():
            return f"text like `{field.pattern}`".replace("|", "\\|")
        case models.BooleanField():
            return "true or false"
        case _:
            return f"text, at most {field.max_length} characters"


def _section(section: Section) -> Iterator[str]:
    model: Any = section.model
    many = f"at most {section.most} rows" if section.most > 1 else "one"
    yield f"\n## {section.name} ({many})\n"
    yield (
        (model.__doc__ or "").split("\n\n")[0].strip()
        if not (model.__doc__ or "").startswith(model.__name__ + "(")
        else ""
    )
    yield "\n| field | value | must be said | leaves the registry |\n|---|---|---|---|"
    for name in section.reported:
        said = "yes" if name in section.required else ""
        yield f"| {name} | {kind_of(model._meta.get_field(name))} | {said} | {model.PRIVACY[name]} |"
    yield from EXTRA.get(section.name, [])


def text() -> str:
    """The dictionary as Markdown."""
    lines = [HEAD]
    for section in (CASE, *SECTIONS.values(), PROCEDURE, TIMES):
        lines += _section(section)
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"
