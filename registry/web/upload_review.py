"""A checked file as its pages show it: how many rows are ready, what is wrong by cause, and what can be done about all of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.actions.upload_check import words_of
from registry.intake import flat, repairs
from registry.intake.causes import Cause
from registry.intake.plan import LEAVE
from registry.models import Site, Upload, UploadReview
from registry.vocabulary.workflow import JobState, RowOutcome, UploadKind, UploadPhase
from registry.web.judged import called, may_be_unknown
from registry.web.tags import plural

MOST_CHOICES = 400
NOT_KNOWN = {
    "not-a-choice": gettext_lazy("“{text}” is no word for {what}"),
    "unknown-code": gettext_lazy("“{text}” is not a code of the code reference"),
    "malformed": gettext_lazy("“{text}” is not a code of the code reference"),
    "zeros-lost": gettext_lazy("“{text}” has lost its leading zeros"),
    "unknown-printer": gettext_lazy("“{text}” is not a printer of your site"),
    "unknown-material": gettext_lazy("“{text}” is not a material of your site"),
    "unmapped-code": gettext_lazy("“{text}” is not in your procedure map"),
}
"""How a word is told that nobody knows."""
HEADINGS = {
    "required": gettext_lazy("{what} is missing"),
    "out-before-in": gettext_lazy("{what}: the end is before the start"),
    "case-withdrawn": gettext_lazy("Case withdrawn by a person of your site"),
    "duplicate-in-file": gettext_lazy("An earlier row of this file has the same case id"),
    "unknown-printer": gettext_lazy("{what}: not a printer of your site"),
    "unknown-material": gettext_lazy("{what}: not a material of your site"),
    "unmapped-code": gettext_lazy("{what}: neither a category nor a code of your procedure map"),
    "not-a-choice": gettext_lazy("{what}: a word that is not of the list"),
    "not-a-month": gettext_lazy("{what} is not a month"),
    "age-over-89": gettext_lazy("An age over 89 is not written as 90+"),
    "out-of-range": gettext_lazy("{what} is out of range"),
    "time-unusual": gettext_lazy("{what}: far from the other times of this procedure"),
}
"""What is wrong in a few words; where there are none, the registry's own sentence stands alone."""
ADVICE = {
    "required": "",
    "case-withdrawn": gettext_lazy("Reinstate it on its page, with a reason, or leave the row out."),
    "duplicate-in-file": gettext_lazy("Keep one of them."),
    "unknown-printer": gettext_lazy("The facility administrator adds printers under Settings."),
    "unknown-material": gettext_lazy("The facility administrator adds materials under Settings."),
    "unmapped-code": gettext_lazy("The facility administrator adds codes under Settings."),
    "not-a-choice": "",
    "unknown-code": "",
    "malformed": "",
    "zeros-lost": gettext_lazy("Spreadsheets make numbers of codes."),
    "out-before-in": gettext_lazy("Correct the times, or say that the end was the next day."),
}


@dataclass(frozen=True)
class Line:
    """A cause as a line of the page, with what can be done about it; `near` and `choices` are pairs of word and label."""

    cause: Cause
    heading: str
    advice: str
    near: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    next_day: bool = False
    unknown: bool = False


@dataclass(frozen=True)
class Review:
    """What the check of a file found: rows by what becomes of them, problems and warnings by cause, and the repairs made so far."""

    created: int
    amended: int
    unchanged: int
    refused: int
    settled: bool
    lines: tuple[Line, ...]
    warnings: tuple[Line, ...]
    made: tuple[str, ...]
    left_out: int
    known: str

    @property
    def ready(self) -> int:
        """Rows that an import would record now."""
        return self.created + (self.amended if self.settled else 0)

    @property
    def needs(self) -> int:
        """Rows that wait for their owner."""
        return self.refused + (0 if self.settled else self.amended)

    @property
    def heading(self) -> str:
        """Numbers before adjectives."""
        said = f"{plural(self.ready, 'row')} {'is' if self.ready == 1 else 'are'} ready"
        if self.needs:
            return f"{said}, {self.needs:,} {'needs' if self.needs == 1 else 'need'} you"
        if not self.ready and self.unchanged:
            return _("Every row is in the registry already")
        return said

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """The bar: of each kind of rows where it begins and how long it is, in per cent."""
        total, at, found = self.ready + self.unchanged + self.needs or 1, 0.0, []
        for kind, number in (("ready", self.ready), ("unchanged", self.unchanged), ("needs", self.needs)):
            length = 100 * number / total
            if number:
                # One row of a million is seen.
                found.append((kind, f"{min(at, 99.4):.3f}", f"{max(length, 0.6):.3f}"))
            at += length
        return found


def is_checked(upload: Upload) -> bool:
    """Whether the upload waits for its owner to mend or import what its check found."""
    held = upload.state == JobState.HELD and upload.phase == UploadPhase.IMPORT
    return bool(held and upload.kind == UploadKind.CASES)


def review_of(upload: Upload, site: Site) -> Review:
    """What its check found. Five queries."""
    kept = UploadReview.objects.get(upload=upload)
    counts: Mapping[str, int] = kept.found.get("counts", {})
    causes = [Cause(**each) for each in kept.found.get("causes", ())]
    offered = words_of(site)
    lines = [_line(cause, offered) for cause in causes]
    return Review(
        created=counts.get(RowOutcome.CREATED, 0),
        amended=counts.get(RowOutcome.AMENDED, 0),
        unchanged=counts.get(RowOutcome.UNCHANGED, 0),
        refused=counts.get(RowOutcome.REFUSED, 0),
        settled=repairs.is_settled(kept.repairs),
        lines=tuple(line for line in lines if line.cause.severity == "error"),
        warnings=tuple(line for line in lines if line.cause.severity == "warning"),
        made=tuple(sentence(repair) for repair in kept.repairs),
        left_out=len(kept.plan.get("left_out", ())),
        known=str(kept.plan.get("known", "")),
    )


def cause_of(upload: Upload, key: str) -> Cause | None:
    """The cause of this key that the check found, if there is one."""
    kept = UploadReview.objects.filter(upload=upload).first()
    return next((Cause(**each) for each in (kept.found.get("causes", ()) if kept else ()) if each["key"] == key), None)


def _line(cause: Cause, offered: Mapping[str, Sequence[str]]) -> Line:
    words = repairs.words_for(cause.name, offered) if cause.text else {}
    column = flat.column(cause.name)
    return Line(
        cause,
        heading_of(cause),
        str(ADVICE.get(cause.code, cause.message)) if cause.code in {**HEADINGS, **NOT_KNOWN} else "",
        near=tuple((word, words.get(word, word)) for word in cause.near),
        choices=() if repairs.is_list(cause.name) else tuple(words.items())[:MOST_CHOICES],
        next_day=cause.code == "out-before-in",
        unknown=cause.code == "required" and column is not None and may_be_unknown(column),
    )


def title_of(name: str) -> str:
    """What a column is read as, in words: "Print 2: Printer"; "" for none."""
    column = flat.column(name)
    return called(column) if column else ""


def heading_of(cause: Cause) -> str:
    """The problem in a few words."""
    what = title_of(cause.name)
    if cause.code == "out-before-in":  # of a time as a whole, not of its first half
        what = what.partition(":")[0]
    if cause.text and cause.code in NOT_KNOWN:
        return str(NOT_KNOWN[cause.code]).format(text=cause.text, what=what.lower())
    if cause.code in HEADINGS and (what or "{what}" not in str(HEADINGS[cause.code])):
        return str(HEADINGS[cause.code]).format(what=what)
    return f"{what}: {cause.message}" if what else cause.message


def sentence(repair: repairs.Repair) -> str:
    """What a repair does, for the list of those made."""
    match repair["kind"]:
        case repairs.USE:
            label = repairs.words_for(repair["name"], {}).get(repair["instead"], repair["instead"])
            return _("%(what)s: “%(text)s” is read as %(instead)s") % {
                "what": title_of(repair["name"]),
                "text": repair["text"],
                "instead": label,
            }
        case repairs.NEXT_DAY:
            return _("An end before its start is read as the next day")
        case repairs.EMPTY_IS_UNKNOWN:
            return _("%(what)s: empty is read as unknown") % {"what": title_of(repair["name"])}
        case repairs.LEAVE_OUT:
            return _("%(rows)s left out: %(cause)s") % {
                "rows": plural(len(repair["rows"]), "row"),
                "cause": repair["cause"],
            }
        case repairs.WRITE:
            return _("%(rows)s corrected by hand") % {"rows": plural(len(repair["cells"]), "row")}
        case _:
            left = repair["known"] == LEAVE
            return (
                _("Cases already in the registry stay as they are")
                if left
                else _("Cases already in the registry are updated")
            )


def repair_asked(said: Mapping[str, Any], cause: Cause | None) -> dict[str, Any] | None:
    """The repair that a button of the page asks for; None for none."""
    kind = said.get("do", "")
    if kind == repairs.KNOWN:
        return {"kind": kind, "known": said.get("known", "")}
    if cause is None:
        return None
    if kind == repairs.USE or "near" in said:
        instead = said.get("near") or said.get("instead", "")
        return {"kind": repairs.USE, "name": cause.name, "text": cause.text, "instead": instead}
    if kind == repairs.NEXT_DAY:
        return {"kind": kind}
    return {"kind": kind, "name": cause.name} if kind == repairs.EMPTY_IS_UNKNOWN else None
