"""How the page of matching speaks of fields, conversions and columns that stay at home."""

from collections.abc import Mapping
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.intake import flat, typed
from registry.intake.conversions import CHECKED, NUMBERED, WORDS, convert
from registry.intake.matching.identifiers import Flag
from registry.vocabulary import synonyms
from registry.vocabulary.fields import Words, label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.vocabulary.procedures import Clock
from registry.vocabulary.synonyms import plain

AS_WRITTEN = "as-written"
SECTIONS: dict[str, Words] = {
    "case": _("Case"),
    "imaging": _("Imaging"),
    "parts": _("Anatomy"),
    "guides": _("Guides"),
    "prints": _("Print"),
    "effort": _("Effort"),
    "codes": _("Codes"),
    "procedure": _("Procedure"),
    "times": _("OR times"),
    "assessments": _("Assessment"),
}
_ROW: dict[str, Words] = {
    "imaging": _("scan"),
    "parts": _("part"),
    "guides": _("guide"),
    "prints": _("print"),
    "codes": _("code"),
    "times": _("time"),
    "assessments": _("answer"),
}
_CALLED: dict[tuple[str, str], Words] = {
    ("codes", "code"): _("Billing code"),
    ("prints", "materials"): _("Materials"),
    ("times", "from"): _("Start, time of day"),
    ("times", "to"): _("End, time of day"),
    ("times", "source"): _("Where the time was read"),
    ("guides", "region"): _("Region of the guide"),
}
CONVERSIONS: dict[str, Words] = {
    AS_WRITTEN: _("as written"),
    "hours": _("hours to minutes"),
    "minutes": _("minutes"),
    "days": _("days to minutes"),
    "clock": _("time of day"),
    "month": _("day to month"),
    "month_mdy": _("month/day/year"),
    "month_dmy": _("day/month/year"),
    "number": _("number; a comma parts thousands"),
    "decimal_comma": _("number; a comma parts decimals"),
    "fraction": _("share to per cent"),
    "millimetres": _("millimetres"),
    "centimetres": _("centimetres to mm"),
    "inches": _("inches to mm"),
    "micrometres": _("micrometres to mm"),
    "millilitres": _("millilitres"),
    "litres": _("litres to mL"),
    "cubic_millimetres": _("mm³ to mL"),
    "grams": _("grams"),
    "kilograms": _("kilograms to g"),
    "pounds": _("pounds to g"),
    "ounces": _("ounces to g"),
    "age": _("completed years"),
    "yes_no": _("yes or no"),
    "code": _("code without its name"),
    "icd": _("code without its name"),
    "case_id": _("without # and /"),
}
FLAGS: dict[Flag, Words] = {
    Flag.NAME: _("Names are not sent"),
    Flag.RECORD_NUMBER: _("Record numbers are not sent"),
    Flag.BIRTH: _("Days of birth are not sent"),
    Flag.CONTACT: _("Addresses are not sent"),
    Flag.ACCOUNT: _("Account numbers are not sent"),
    Flag.FREE_TEXT: _("Free text is not sent"),
    Flag.SYSTEM: _("REDCap’s own"),
    Flag.LEFT_OUT: _("Left out last time"),
}
ASKS: dict[str, Words] = {
    "order": _("Every date could be month first or day first, or both are mixed. Choose how they are written."),
    "unit": _("These could be minutes or hours. Choose which."),
    "decimal": _("The comma could part thousands or decimals. Choose which."),
}


def field_label(name: str, clocks: Mapping[int, str] | None = None) -> str:
    """What a column says, told apart from the same field of another row: "Printer, print 2"; of a time, its clock where it is known."""
    at = flat.column(name)
    if at is None:
        return name
    if at.section == "effort":
        activity, staff = at.field.split()
        return f"{EffortActivity(activity).label}, {str(StaffGroup(staff).label).lower()}, minutes"
    said = str(_CALLED.get((at.section, at.field)) or label(at.section, at.field))
    if not at.number:
        return said
    clock = str(Clock(clocks[at.number]).label).partition(" (")[0] if clocks and at.number in clocks else ""
    if at.section == "times" and clock:
        return f"{clock}: {said[:1].lower()}{said[1:]}, {_ROW[at.section]} {at.number}"
    return f"{said}, {_ROW[at.section]} {at.number}"


def fields(rows: Mapping[str, int], clocks: Mapping[int, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every field with so many rows of each list, by section: (section, [(name, label)])."""
    grouped: dict[str, list[tuple[str, str]]] = {section: [] for section in SECTIONS}
    for column in flat.columns(rows):
        grouped[column.section].append((column.name, field_label(column.name, clocks)))
    return [(str(SECTIONS[section]), listed) for section, listed in grouped.items()]


class Options:
    """The options of a select of fields, written once for the many selects of a wide file, which differ by the chosen one."""

    def __init__(self, sections: list[tuple[str, list[tuple[str, str]]]]) -> None:
        self.sections = sections
        self.of = lru_cache(maxsize=None)(self._written)

    def _written(self, chosen: str) -> SafeString:
        groups = [
            format_html(
                '<optgroup label="{}">{}</optgroup>',
                section,
                format_html_join(
                    "",
                    '<option value="{}"{}>{}</option>',
                    ((name, _MARK[name == chosen], label) for name, label in listed),
                ),
            )
            for section, listed in self.sections
        ]
        return format_html(
            '<option value="">{}</option>{}',
            _("Do not import"),
            format_html_join("", "{}", ((group,) for group in groups)),
        )


_MARK = {True: format_html("{}", " selected"), False: ""}


def conversion_label(conversion: str) -> str:
    """What a conversion does, in a few words."""
    if conversion.startswith(WORDS):
        return str(_("your words to ours"))
    if conversion.startswith(NUMBERED):
        return str(_("REDCap’s numbers to our words"))
    if conversion.startswith(CHECKED):
        return str(_("ticked means “%s”")) % _word(conversion.removeprefix(CHECKED))
    return str(CONVERSIONS[conversion or AS_WRITTEN])


def example(conversion: str, texts: tuple[str, ...], values: Mapping[str, str]) -> str:
    """The first text that is read as another, and how many more there are: "PolyJet → Material jetting, and 3 more"."""
    if conversion.startswith(CHECKED):
        return ""
    read = {text: values.get(convert(conversion, text).casefold(), convert(conversion, text)) for text in texts}
    shown = {text: _shown(conversion, said) for text, said in read.items() if said}
    same = plain if conversion.startswith((WORDS, NUMBERED)) else str.casefold
    changed = [(text, said) for text, said in shown.items() if same(said) != same(text)]
    if not changed:
        return ""
    first, more = f"{changed[0][0][:30]} → {changed[0][1]}", len(changed) - 1
    return str(_("%(first)s, and %(more)s more")) % {"first": first, "more": f"{more:,}"} if more else first


def _shown(conversion: str, said: str) -> str:
    kind, _sign, about = conversion.partition(":")
    if f"{kind}:" in {WORDS, NUMBERED}:
        labels = {str(code): str(text) for code, text in synonyms.CHOICES[about].choices}
        return "; ".join(labels.get(word, word) for word in said.split("; "))
    if conversion in {"hours", "days"} and isinstance(length := typed.minutes(said), int):
        return f"{length:,} min"
    return said


def _word(code: str) -> str:
    for words in synonyms.CHOICES.values():
        if code in words.values:
            return str(words(code).label)
    return code
