"""Unsent reports, kept as they were typed: begun, saved section by section, submitted or discarded. They are not the record."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from registry.actions import cases
from registry.errors import Conflict, IllegalTransition
from registry.intake import flat
from registry.intake.restate import PREFETCH, report_of
from registry.models import Case, Draft, Site, User
from registry.permissions import check_submit
from registry.vocabulary.workflow import CaseState

SAVED = "_saved"
"""Under this name a draft keeps which of its sections somebody has saved."""
LONGEST = 4_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def begin(site: Site, data: Mapping[str, str], *, by: User) -> Draft:
    """A draft of a new case stands with these texts. Raises NotPermitted."""
    check_submit(by, site)
    return Draft.objects.create(site=site, owner=by, data=_clean(data))


def begin_amending(case: Case, *, by: User) -> Draft:
    """A draft says what is recorded of the case, to be changed and submitted again. The one there is, if there is one.

    Raises NotPermitted, IllegalTransition for a withdrawn case.
    """
    check_submit(by, case.site)
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).prefetch_related(*PREFETCH).get(pk=case.pk)
        if held.state == CaseState.WITHDRAWN:
            raise IllegalTransition("This case was withdrawn. Submit it again to reinstate it.", "case-withdrawn")
        known = Draft.objects.filter(case=held, case_revision=held.revision).order_by("-id").first()
        if known is not None:
            return known
        data = flat.said_of(report_of(held))
        return Draft.objects.create(site=case.site, owner=by, case=held, case_revision=held.revision, data=_clean(data))


def save(
    draft: Draft, texts: Mapping[str, str], *, section: str, names: Iterable[str], version: int, by: User
) -> Draft:
    """The draft says these texts where it said `names`, and the section counts as saved; what cannot be believed is kept too.

    Raises Conflict ("draft-changed") when the draft is not at `version` any more; nothing is saved then.
    """
    check_submit(by, draft.site)
    with transaction.atomic():
        held = Draft.objects.select_for_update(of=("self",)).select_related("site").get(pk=draft.pk)
        if held.version != version:
            message = "This draft was changed elsewhere since you opened it. Nothing was overwritten."
            raise Conflict(message, "draft-changed")
        gone = set(names)
        kept = {name: text for name, text in held.data.items() if name not in gone}
        saved = sorted({*held.data.get(SAVED, "").split(), section})
        held.data = {**kept, **_clean(texts), SAVED: " ".join(saved)}
        held.version, held.changed_at = held.version + 1, now()
        held.save(update_fields=["data", "version", "changed_at"])
    return held


def discard(draft: Draft, *, by: User) -> None:
    """The draft is gone; a recorded case stays as it is."""
    check_submit(by, draft.site)
    Draft.objects.filter(pk=draft.pk).delete()


def submit(draft: Draft, *, by: User, via: str) -> cases.Submitted:
    """The case is recorded, or amended, and the draft is gone.

    Raises InvalidReport, NotPermitted, Conflict ("case-exists", or "case-changed" when somebody amended the case meanwhile).
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update(of=("self",)).select_related("site").get(pk=draft.pk)
        report = flat.read(held.data)
        if held.case_id is None:
            done = cases.submit(report, site=held.site, by=by, via=via)
        else:
            case = Case.objects.select_for_update(of=("self",)).get(pk=held.case_id)
            if case.revision != held.case_revision:
                message = "The case was changed since this draft was begun. Discard the draft, and amend the case as it is now."
                raise Conflict(message, "case-changed")
            report.data["local_case_id"] = case.local_case_id
            done = cases.replace(report, site=held.site, by=by, via=via)
        held.delete()
    return done


def _clean(texts: Mapping[str, Any]) -> dict[str, str]:
    """Texts by known names, without what PostgreSQL cannot keep; empty ones are left out."""
    said = {name: _CONTROL.sub(" ", str(text)).strip()[:LONGEST] for name, text in texts.items() if flat.column(name)}
    return {name: text for name, text in said.items() if text}
