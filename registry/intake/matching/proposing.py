"""A plan for a file that nobody has explained yet, and for each of its columns how certain it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from registry.intake import flat
from registry.intake.conversions import CHECKED
from registry.intake.matching import converting, efforts, identifiers, known_as, redcap, shapes
from registry.intake.matching.headings import Heading, heading
from registry.intake.matching.identifiers import Flag
from registry.intake.matching.shapes import SiteWords
from registry.intake.plan import Plan, Taken

LOOKED_AT = 2_000
"""So many rows of a file tell what its columns hold; the check reads them all."""
CLOSE = 86
"""From this score on (of 100) a heading is spelt like one that is known."""
_ENOUGH = 0.5
_SEVERAL = {"code_#_code", "imaging_#_modality"}
_OPPOSITE = {"fail", "failed", "failure", "not", "no", "non", "without", "never", "denied", "rejected"}
"""Words that turn what a heading means around: `print failed` is not how `print success` is spelt elsewhere."""


class Certainty(StrEnum):
    """`matched`: by our own name, as remembered, or as the field calls it. `suggested`: by likeness of name or by values."""

    MATCHED = "matched"
    SUGGESTED = "suggested"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A column of the file and what it is taken for; `asks` what only its owner knows, `flag` why it is off."""

    place: int
    header: str
    texts: tuple[str, ...]
    name: str = ""
    conversion: str = ""
    certainty: Certainty = Certainty.NONE
    asks: str = ""
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The columns in the order of the file, the plan they make, and by number of a time the clock that its heading names."""

    columns: tuple[Proposed, ...]
    plan: Plan
    clocks: Mapping[int, str]


@dataclass
class _Names:
    """The names that are given away, and the numbers that times have by their clock."""

    taken: set[str] = field(default_factory=set)
    clocks: dict[str, int] = field(default_factory=dict)

    def give(self, target: str, number: int = 0) -> str:
        """The name of this target that is free, "" where none is."""
        name = self._time(target) if target.startswith("time:") else self._row(target, number)
        if not name or name in self.taken or flat.column(name) is None:
            return ""
        self.taken.add(name)
        return name

    def _time(self, target: str) -> str:
        _, clock, what = target.split(known_as.SEPARATOR)
        return flat.row_name("times", self.clocks.setdefault(clock, len(self.clocks) + 1), what)

    def _row(self, target: str, number: int) -> str:
        if "#" not in target or number:
            return target.replace("#", str(number))
        # Two columns called CPT are two codes; two called material are hardly two prints.
        numbers = range(1, 21) if target in _SEVERAL else (1,)
        return next((name for each in numbers if (name := target.replace("#", str(each))) not in self.taken), "")


def propose(
    header: Sequence[str],
    sample_rows: Sequence[Sequence[str]],
    *,
    site_words: SiteWords,
    remembered: Mapping[str, Taken],
) -> Proposal:
    """What the columns of a file seem to be. `remembered`: by `key` of a header, what it once was. No value leaves but in `texts`."""
    columns = [Proposed(place, title, _texts(sample_rows, place)) for place, title in enumerate(header)]
    names, numbered = _Names(), redcap.is_export(header)
    columns = [_called(column, names, remembered) for column in columns]
    columns = [_known(column, names) for column in columns]
    for how in (_perhaps, _alike, partial(_shaped, site_words=site_words)):
        columns = [how(column, names) if _is_open(column) else column for column in columns]
    columns = [_converted(_of_a_row(column, names), numbered=numbered) for column in columns]
    columns = [_guarded(column) for column in columns]
    taken = tuple(Taken(each.header, each.name, each.conversion) for each in columns)
    values = {
        each.name: found for each in columns if (found := _values(each.name, _all(sample_rows, each.place), site_words))
    }
    clocks = {number: clock for clock, number in names.clocks.items()}
    return Proposal(tuple(columns), Plan(taken, values=values), clocks)


def key(header: str) -> str:
    """A header as it is remembered: capitals and spaces do not count."""
    return " ".join(header.casefold().split())


def _all(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place].strip() for row in rows[:LOOKED_AT] if place < len(row) and row[place].strip()]


def _texts(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    """The different values, in the order of the file, an empty column has none."""
    return tuple(dict.fromkeys(_all(rows, place)))[:500]


def _is_open(column: Proposed) -> bool:
    return not column.name and column.flag is None and bool(column.header or column.texts)


def _called(column: Proposed, names: _Names, remembered: Mapping[str, Taken]) -> Proposed:
    """By our own name, as it was once matched, or as a checkbox of one of our lists; what is REDCap's own is off."""
    ours = re.sub(r"[\s-]+", "_", column.header.strip().casefold())
    if flat.column(ours) and (name := names.give(ours)):
        return replace(column, name=name, certainty=Certainty.MATCHED)
    if (once := remembered.get(key(column.header))) is not None:
        return _remembered(column, once, names)
    if identifiers.is_system(column.header):
        return replace(column, flag=Flag.SYSTEM)
    if found := redcap.checkbox(column.header):
        question = heading(found[0])
        name = found[0] if flat.column(found[0]) else known_as.known().get(question.words, "")
        if word := redcap.word_checked(name, found[1]):
            names.taken.add(name)
            return replace(column, name=name, conversion=CHECKED + word, certainty=Certainty.MATCHED)
    return column


def _remembered(column: Proposed, once: Taken, names: _Names) -> Proposed:
    """What it was last time; one that was left out stays so, and what it may hold of a person is still said."""
    if not once.name:
        flag = identifiers.flag_of_heading(heading(column.header).whole) or identifiers.flag_of_values(column.texts)
        return replace(column, flag=flag or Flag.LEFT_OUT)
    shared = once.conversion.startswith(CHECKED) and once.name in names.taken
    name = once.name if shared else names.give(once.name)
    return replace(column, name=name, conversion=once.conversion if name else "", certainty=Certainty.MATCHED)


def _known(column: Proposed, names: _Names) -> Proposed:
    """By what the field calls it; what a heading says of a person goes before, but for those of our own fields."""
    if not _is_open(column):
        return column
    said = heading(column.header)
    known = known_as.known()
    target = known.get(said.whole) or known.get(said.words) or known.get(said.bare, "")
    effort, is_certain = efforts.effort_of(said)
    flag = identifiers.flag_of_heading(said.whole)
    if flag and (flag == Flag.FREE_TEXT or not (target or effort)):
        return replace(column, flag=flag)
    if target == "code_#_code" and shapes.are_procedure_codes(column.texts):
        name = names.give("procedure_code")
        return replace(column, name=name, certainty=Certainty.SUGGESTED) if name else column
    if target:
        name = names.give(target, said.number if said.whole not in known else 0)
        return replace(column, name=name, certainty=Certainty.MATCHED) if name else column
    if effort and (name := names.give(effort)):
        return replace(column, name=name, certainty=Certainty.MATCHED if is_certain else Certainty.SUGGESTED)
    return column


def _perhaps(column: Proposed, names: _Names) -> Proposed:
    said = heading(column.header)
    target = known_as.perhaps().get(said.whole) or known_as.perhaps().get(said.words, "")
    return _suggested(column, target, said, names) if target else column


def _alike(column: Proposed, names: _Names) -> Proposed:
    """By a heading that is spelt alike, or that has all words of a known one, where the values do not speak against it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only where a file is matched

    said, known = heading(column.header), known_as.known()
    if len(said.words) < 3:
        return column
    found = process.extractOne(said.words, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=CLOSE)
    within = max(
        (name for name in known if " " in name and {*name.split()} <= {*said.words.split()}), key=len, default=""
    )
    alike = found[0] if found else within
    target = "" if _OPPOSITE & ({*said.whole.split()} ^ {*alike.split()}) else known.get(alike, "")
    return _suggested(column, target, said, names) if target else column


def _shaped(column: Proposed, names: _Names, site_words: SiteWords) -> Proposed:
    if identifiers.flag_of_values(column.texts):
        return column
    target = shapes.target_of(column.texts, site_words)
    return _suggested(column, target, heading(column.header), names) if target else column


def _suggested(column: Proposed, target: str, said: Heading, names: _Names) -> Proposed:
    trial = _Names({*names.taken}, {**names.clocks}).give(target, said.number)
    if not trial:
        return column
    conversion = converting.proposed(trial, column.texts, said.unit)
    readable = converting.share_understood(trial, conversion.name, column.texts)
    if column.texts and readable < _ENOUGH and not conversion.asks:
        return column
    return replace(column, name=names.give(target, said.number), certainty=Certainty.SUGGESTED)


def _of_a_row(column: Proposed, names: _Names) -> Proposed:
    """A second material is of the same print, unless a second print has a printer."""
    at = flat.column(column.name) if column.name else None
    ours = at is not None and column.header.strip().casefold() == column.name
    if at is None or ours or at.field != flat.MATERIALS or at.number == 1:
        return column
    has_printer = flat.row_name("prints", at.number, "printer") in names.taken
    return column if has_printer else Proposed(column.place, column.header, column.texts)


def _converted(column: Proposed, *, numbered: bool) -> Proposed:
    if not column.name or column.conversion:
        return column
    unit = efforts.hours_in(heading(column.header))
    found = converting.proposed(column.name, column.texts, unit, numbered=numbered)
    return replace(column, conversion=found.name, asks=found.asks)


def _guarded(column: Proposed) -> Proposed:
    """Off, where the values may be of a person. Our own names, and a case id, are for their owner and the check to judge."""
    ours = column.certainty == Certainty.MATCHED and flat.column(column.header.strip().casefold()) is not None
    if ours or column.flag or column.name == "local_case_id":
        return column
    flag = identifiers.flag_of_values(column.texts)
    readable = converting.share_understood(column.name, column.conversion, column.texts) if column.name else 0.0
    if not flag and readable < _ENOUGH and not column.asks:
        if identifiers.look_like_free_text(column.texts):
            flag = Flag.FREE_TEXT
        elif not column.name and identifiers.look_like_record_numbers(column.texts):
            flag = Flag.RECORD_NUMBER
        elif not column.name and identifiers.look_like_names(column.texts):
            flag = Flag.NAME
    return Proposed(column.place, column.header, column.texts, flag=flag) if flag else column


def _values(name: str, texts: Sequence[str], site_words: SiteWords) -> dict[str, str]:
    """The site's own names that the texts of printers and materials mean."""
    at = flat.column(name) if name else None
    if at is None or at.section != "prints" or at.field not in {"printer", flat.MATERIALS}:
        return {}
    meant: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        if at.field == "printer":
            instead = site_words.printer(text)
        else:
            parts = [site_words.material(part) for part in re.split(r"[;,/+&]", text) if part.strip()]
            instead = "; ".join(parts) if parts and all(parts) else site_words.material(text)
        if instead and instead != text:
            meant[text.casefold()] = instead
    return meant
