"""What the owner of a file does about many rows at once, as a change of its plan. Pure; the file itself is not touched."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from registry.errors import InvalidReport, Problem
from registry.intake import flat
from registry.intake.plan import AMEND, LEAVE, Plan
from registry.intake.typed import UNKNOWN, listed
from registry.models.fields import Choice, ChoiceList

Repair = Mapping[str, Any]
"""As it is kept: `kind` and what that kind says. One that `read` gave."""
USE, NEXT_DAY, EMPTY_IS_UNKNOWN, LEAVE_OUT, WRITE, KNOWN = "use", "next_day", "unknown", "leave_out", "write", "known"
LONGEST = 2_000
NEAR_ENOUGH = 72.0
"""Of 100, by the ratio of common letters: 0559T for 559T has 89, kidney for kidny 91."""


def _use(plan: Plan, repair: Repair) -> Plan:
    """Wherever the column says `text`, in whatever case of letters, `instead` is read; also where an earlier repair put `text`."""
    said, text, instead = plan.values.get(repair["name"], {}), repair["text"].casefold(), repair["instead"]
    moved = {word: instead if put.casefold() == text else put for word, put in said.items()}
    return replace(plan, values={**plan.values, repair["name"]: {**moved, text: instead}})


def _next_day(plan: Plan, _repair: Repair) -> Plan:
    return replace(plan, next_day=True)


def _unknown(plan: Plan, repair: Repair) -> Plan:
    return replace(plan, of_all={**plan.of_all, repair["name"]: UNKNOWN})


def _leave_out(plan: Plan, repair: Repair) -> Plan:
    return replace(plan, left_out=plan.left_out | {*repair["rows"]})


def _write(plan: Plan, repair: Repair) -> Plan:
    written = {int(row): texts for row, texts in repair["cells"].items()}
    return replace(
        plan, cells={**plan.cells, **{row: {**plan.cells.get(row, {}), **texts} for row, texts in written.items()}}
    )


def _known(plan: Plan, repair: Repair) -> Plan:
    return replace(plan, known=repair["known"])


_KINDS: dict[str, Callable[[Plan, Repair], Plan]] = {
    USE: _use,
    NEXT_DAY: _next_day,
    EMPTY_IS_UNKNOWN: _unknown,
    LEAVE_OUT: _leave_out,
    WRITE: _write,
    KNOWN: _known,
}


def apply(plan: Plan, repair: Repair) -> Plan:
    """The plan with this repair in it."""
    return _KINDS[repair["kind"]](plan, repair)


def applied(plan: Plan, repairs: Sequence[Repair]) -> Plan:
    """The plan with these repairs in it, one after the other: a later word stands."""
    return reduce(apply, repairs, plan)


def is_settled(made: Sequence[Repair]) -> bool:
    """Whether the owner said what becomes of cases that are recorded already with other content."""
    return any(repair["kind"] == KNOWN for repair in made)


def read(said: Mapping[str, Any]) -> dict[str, Any]:
    """The repair that somebody asked for; raises InvalidReport where it is none."""
    kind = said.get("kind")
    repair: dict[str, Any] = {}
    try:
        match kind:
            case "use":
                repair = {"name": _column(said["name"]), "text": _text(said["text"]), "instead": _text(said["instead"])}
            case "next_day":
                pass
            case "unknown":
                repair = {"name": _column(said["name"])}
            case "leave_out":
                repair = {"rows": sorted({int(row) for row in said["rows"]}), "cause": str(said.get("cause", ""))[:200]}
            case "write":
                repair = {"cells": {str(int(row)): _texts(texts) for row, texts in said["cells"].items()}}
            case "known":
                repair = {"known": LEAVE if said["known"] == LEAVE else AMEND}
            case _:
                raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InvalidReport([Problem("bad-value", "repair", "This is no repair of a file.")]) from None
    return {"kind": kind, **repair}


def _column(name: Any) -> str:
    if flat.column(str(name)) is None:
        raise ValueError
    return str(name)


def _text(text: Any) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or "\0" in text:
        raise ValueError
    return text.strip()


def _texts(texts: Mapping[str, Any]) -> dict[str, str]:
    said = {_column(name): str(text)[:LONGEST] for name, text in texts.items()}
    if any("\0" in text for text in said.values()):
        raise ValueError
    return said


def words_for(name: str, site_words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What may stand in this column, by word its label; empty where that is no list.

    `site_words`: by field (printer, materials, code, procedure_code) the words that a site or the code reference has.
    """
    column = flat.column(name)
    if column is None:
        return {}
    if column.field in site_words:
        return {word: word for word in site_words[column.field]}
    field = flat.model_field(column)
    if not isinstance(field, Choice | ChoiceList):
        return {}
    labels = getattr(field, "labels", None) or dict(getattr(field, "flatchoices", ()))
    found = {word: str(labels.get(word, word)) for word in field.words}
    if isinstance(field, Choice) and field.null and UNKNOWN not in found:
        found[UNKNOWN] = "Unknown"
    return found


def is_list(name: str) -> bool:
    """Whether a cell of this column holds several words, parted by semicolons."""
    column = flat.column(name)
    return column is not None and (column.field == flat.MATERIALS or isinstance(flat.model_field(column), ChoiceList))


def nearest(text: str, words: Mapping[str, str], *, most: int = 3) -> list[str]:
    """The words most like this text, by word or by label; none where nothing is much like it."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - heavy; only where something is wrong

    said = [(word, each) for word, label in words.items() for each in dict.fromkeys((word.replace("_", " "), label))]
    found = process.extract(
        text, [each for _, each in said], scorer=fuzz.ratio, processor=utils.default_process,
        score_cutoff=NEAR_ENOUGH, limit=most * 2,
    )  # fmt: skip
    return [*dict.fromkeys(said[place][0] for _, _, place in found)][:most]


def near_in_a_list(text: str, words: Mapping[str, str]) -> list[str]:
    """As `nearest`, for a cell of several words: the whole cell with the nearest word for each one that is not in the list."""
    known = {each.casefold(): word for word, label in words.items() for each in (word, label)}
    items: list[str] = []
    for item in listed(text):
        near = known.get(item.casefold()) or next(iter(nearest(item, words, most=1)), None)
        if near is None:
            return []
        items.append(near)
    return ["; ".join(dict.fromkeys(items))]
