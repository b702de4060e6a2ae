"""Begin, save, discard and submit drafts: reports not yet sent, kept as typed, invalid or not.

A draft is not the record: it has no audit event of its own, and only `submit` asks by which door it came.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from registry.actions import cases, writing
from registry.errors import Conflict, IllegalTransition, NotFound
from registry.intake import flat
from registry.intake.restate import PREFETCH, report_of
from registry.models import Case, Draft, Site, User
from registry.permissions import Actor, check_submit
from registry.vocabulary.workflow import CaseState

SAVED = "_saved"
"""The name under which a draft remembers which sections of the form were ever saved, by a blank between them."""
LONGEST = 4_000


def begin(site: Site, *, by: User, data: Mapping[str, str] | None = None, case: Case | None = None) -> Draft:
    """A new draft that says `data`; one that amends `case` knows the revision it began from. Raises `NotPermitted`."""
    check_submit(by, site)
    return Draft.objects.create(
        site=site, owner=by, data=_kept(data or {}), case=case, case_revision=case.revision if case else None
    )


def draft_of(case: Case, *, by: User) -> Draft:
    """A new draft that says what is recorded of the case. Raises `NotPermitted`, `IllegalTransition` for a withdrawn case."""
    check_submit(by, case.site)
    if case.state == CaseState.WITHDRAWN:
        raise IllegalTransition(writing.WITHDRAWN.message, writing.WITHDRAWN.code)
    held = Case.objects.select_related("site").prefetch_related(*PREFETCH).get(pk=case.pk)
    return begin(held.site, by=by, data=flat.said_of(report_of(held)), case=held)


def save(draft: Draft, texts: Mapping[str, str], *, names: Iterable[str], version: int, by: Actor) -> Draft:
    """The draft says `texts` in place of all it said under `names`, and its version is one higher; the rest of it stays.

    Raises `NotPermitted`, `NotFound` once it was submitted or discarded, and `Conflict` (`draft-changed`) if the draft is
    no longer of `version`.
    """
    check_submit(by, draft.site)
    with transaction.atomic():
        held = _held(draft)
        if held.version != version:
            raise Conflict("Somebody else saved this draft in the meantime.", "draft-changed")
        replaced = set(names)
        said = {name: text for name, text in texts.items() if name in replaced}
        stays = {name: text for name, text in held.data.items() if name not in replaced}
        held.data = stays | _kept(said)
        held.version, held.changed_at = held.version + 1, now()
        held.save(update_fields=["data", "version", "changed_at"])
    return held


def discard(draft: Draft, *, by: Actor) -> None:
    """The draft is gone; what it would have amended stays as it is. Discarding twice changes nothing."""
    check_submit(by, draft.site)
    Draft.objects.filter(pk=draft.pk).delete()


def submit(draft: Draft, *, by: Actor, via: str, reason: str = "") -> writing.Submitted:
    """What the draft says is recorded, with the reason where it amends a case, and the draft is gone.

    Raises `NotPermitted`, `NotFound`, `InvalidReport`, `Conflict`: `case-exists` for a known local case id with other
    content, `case-changed` if the case was changed since the draft began, `case-withdrawn` if it was withdrawn.
    """
    check_submit(by, draft.site)
    with transaction.atomic():
        held = _held(draft)
        report = flat.read(held.data)
        if held.case is None:
            submitted = cases.submit(report, site=held.site, by=by, via=via)
        else:
            submitted = cases.restate(held.case, report, revision=held.case_revision, by=by, via=via, reason=reason)
        held.delete()
    return submitted


def _held(draft: Draft) -> Draft:
    found = Draft.objects.select_for_update(of=("self",)).select_related("site", "case__site").filter(pk=draft.pk)
    if (held := found.first()) is None:
        raise NotFound
    return held


def _kept(texts: Mapping[str, Any]) -> dict[str, str]:
    """What a draft keeps of these texts: those of a report's columns, none of them endless, and no clock time whose minutes are known."""
    # JSON in PostgreSQL holds no NUL.
    plain = {name: str(text).replace("\0", "").strip()[:LONGEST] for name, text in texts.items()}
    plain = flat.without_clock_times(plain)
    return {name: text for name, text in plain.items() if text and (name == SAVED or flat.column(name))}
