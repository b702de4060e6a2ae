"""What a case needs and no column of a file says: asked once, for all its rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.intake import flat
from registry.intake.matching.shapes import SiteWords
from registry.intake.sections import SECTIONS, TIMES
from registry.models import Case
from registry.models.fields import Choice, ChoiceList, Month
from registry.vocabulary.fields import hint

ATTESTED = "exclusions_attested"
"""Said by a person and by nobody else: it has no default."""
_USUAL = {
    "age_years": "unknown",
    "sex": "unknown",
    "intended_uses": "preop_planning",
    "print_decision": "printed",
    "indication_system": "icd10cm",
    "procedure_code_system": "cpt",
    "outcome": "success",
    "units": "1",
    "clock": "in_room",
    "source": "or_log",
    "respondent_role": "surgeon",
    "count": "1",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A name of `intake.flat` to be said of all rows: its hint, the words to choose from, and what it usually is.

    `kind`: one, several, month, text or attested.
    """

    name: str
    hint: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    usual: str


def asked(
    names: Iterable[str], *, empty: Collection[str] = (), site_words: SiteWords, clocks: Mapping[int, str]
) -> list[Asked]:
    """In the order of a report, all that columns of these names leave unsaid; the `empty` ones say nothing in any row."""
    said = {name for name in names if name}
    wanted = [name for name in Case.REQUIRED if name != "local_case_id"]
    if "indication_code" in said:
        wanted.append("indication_system")
    wanted += _of_rows(said)
    if any(name.startswith(("procedure_", "time_")) for name in said):
        wanted += ["procedure_performed_month"]
        wanted += ["procedure_code_system"] if "procedure_code" in said else ["procedure_category"]
    order = sorted(dict.fromkeys(wanted), key=lambda name: name == ATTESTED)
    return [_asked(name, said, site_words, clocks) for name in order if name not in said or name in empty]


def lacking(names: Iterable[str]) -> list[str]:
    """The lists that a case of a print must have and none of these columns begins: parts, prints."""
    begun = {at.section for name in names if (at := flat.column(name))}
    return [section for section in ("parts", "prints") if section not in begun]


def _of_rows(said: set[str]) -> list[str]:
    """What every row that has begun must say."""
    begun = {(at.section, at.number) for name in said if (at := flat.column(name)) and at.number}
    lists = {**SECTIONS, "times": TIMES}
    wanted = []
    for section, number in sorted(begun, key=lambda row: ([*flat.ONE_OF].index(row[0]), row[1])):
        fields = [*lists[section].extra, *lists[section].required]
        fields = [field for field in fields if not (section == "times" and field == "minutes")]
        wanted += [flat.row_name(section, number, field) for field in fields if field != "times"]
    return wanted


def _asked(name: str, said: set[str], site_words: SiteWords, clocks: Mapping[int, str]) -> Asked:
    at = flat.column(name)
    if at is None:
        raise KeyError(name)
    field: Any = flat.model_field(at)
    choices: tuple[tuple[str, str], ...] = ()
    kind, usual = "text", _USUAL.get(at.field, "")
    if name == ATTESTED:
        kind = "attested"
    elif at.field in {"printer", flat.MATERIALS}:
        own = [*site_words.printers] if at.field == "printer" else [*site_words.materials]
        kind, choices, usual = "one", tuple((word, word) for word in own), own[0] if len(own) == 1 else ""
    elif isinstance(field, Choice):
        unknown = (("unknown", "Unknown"),) if field.null and "unknown" not in field.words else ()
        kind, choices = "one", (*((str(code), str(text)) for code, text in field.flatchoices), *unknown)
    elif isinstance(field, ChoiceList):
        kind, choices = "several", tuple((str(code), str(text)) for code, text in field.labels.items())
    elif isinstance(field, Month):
        kind = "month"
    if at.field == "clock":
        usual = clocks.get(at.number, usual)
    if name == "object_kind":
        usual = _kind_of(said)
    return Asked(name, hint(at.section, at.field), kind, choices, usual)


def _kind_of(said: set[str]) -> str:
    has_guides = any(name.startswith("guide_") for name in said)
    has_parts = any(name.startswith("part_") for name in said)
    return ("both" if has_parts else "anatomic_guide") if has_guides else "anatomic_model"
