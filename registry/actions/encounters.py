"""Encounters of the OR log that are known: which case each belongs to, and how a printed case takes over a control's time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from registry.actions import audit, rows
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake import lines, or_log, restate
from registry.intake.check import check
from registry.intake.report import CaseReport
from registry.models import Case, Deployment, EncounterSeen
from registry.permissions import Actor
from registry.vocabulary.workflow import CaseState, PrivacyMode

REMEMBERED = timedelta(days=400)
TAKEN_OVER = "Its OR time belongs to a case with a print."
_LOCK = 7_201


def digest_of(number: str, *, site_id: int) -> str:
    """The keyed hash of one site's encounter number; the number itself is never kept."""
    return or_log.encounter_digest(number, site_id=site_id, key=settings.STRATA_ENCOUNTER_KEY)


def lock(site_id: int) -> None:
    """Until the transaction ends nobody else decides what an encounter of this site belongs to.

    Without it a case submitted while its encounter is becoming a control would see no control, and the log no case.
    Whoever needs it takes it before any lock on cases, stale months or the audit chain.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, site_id % 2**31])


def remember(site_id: int, cases: Iterable[tuple[str, int]]) -> None:
    """Each digest belongs to its case from now on."""
    today = timezone.now().date()
    EncounterSeen.objects.bulk_create(
        [EncounterSeen(site_id=site_id, digest=digest, case_id=case, seen_on=today) for digest, case in cases]
    )


def forget_old(site_id: int) -> None:
    """Encounters seen more than 400 days ago are forgotten."""
    EncounterSeen.objects.filter(site_id=site_id, seen_on__lt=timezone.now().date() - REMEMBERED).delete()


@dataclass(frozen=True)
class Numbers:
    """The OR-log numbers that the reports of a batch name, by place, and the places whose number another case may bear."""

    named: Mapping[int, str] = field(default_factory=dict)
    contested: frozenset[int] = frozenset()

    @classmethod
    def of(cls, site_id: int, said: Mapping[int, str], owners: Mapping[int, int]) -> "Numbers":
        """Two queries, and none where no report names a number. `owners` are the recorded cases of the reports."""
        named = {place: digest_of(number, site_id=site_id) for place, number in said.items()}
        if not named:
            return cls()
        wanted, times = list(named.values()), Counter(named.values())
        seen = EncounterSeen.objects.filter(site_id=site_id, digest__in=wanted).values_list("digest", "case_id")
        borne = Case.objects.filter(site_id=site_id, encounter_digest__in=wanted).values_list("encounter_digest", "pk")
        bearers: dict[str | None, set[int]] = {}
        for digest, case in (*seen, *borne):
            bearers.setdefault(digest, set()).add(case)
        contested = {
            place
            for place, digest in named.items()
            if times[digest] > 1 or bearers.get(digest, set()) - {owners.get(place, 0)}
        }
        return cls(named, frozenset(contested))

    def sure(self, place: int) -> str | None:
        """The digest of the number named at this place, if no other case may bear it."""
        return None if place in self.contested else self.named.get(place)


@dataclass(frozen=True)
class Claim:
    """What a claimed number changed: the months whose figures it moves, and the control the case took the place of."""

    case: Case
    months: frozenset[date] = frozenset()
    replaced: Case | None = None

    def tell(self, *, by: Actor, via: str) -> None:
        """The take-over is on the site's chain; called after the months are marked, as audit comes last."""
        if self.replaced is None:
            return
        site, told = self.case.site, f"from {self.replaced.public_id}"
        audit.record("case.withdraw", by=by, via=via, site=site, subject=self.replaced, reason=TAKEN_OVER)
        digest = self.case.content_digest
        audit.record("case.take_over", by=by, via=via, site=site, subject=self.case, reason=told, digest=digest)


def claim_for(case: Case, digest: str) -> Claim | None:
    """`case` (just written, in an open transaction) bears the encounter's number; None when it did already.

    A control made of this encounter hands its OR time to a case with a print and is withdrawn. The caller marks the months
    and lets the claim `tell`.
    Raises Conflict ("encounter-taken") when another case has the encounter, InvalidReport when the case contradicts its
    operation. In safe-harbor mode nothing is kept of the number and nothing happens.
    """
    if Deployment.objects.values_list("privacy_mode", flat=True).get() == PrivacyMode.SAFE_HARBOR:
        return None
    with transaction.atomic():
        lock(case.site_id)
        seen = EncounterSeen.objects.select_related("case").filter(site_id=case.site_id, digest=digest).first()
        if case.encounter_digest == digest or (case.is_control and seen is not None and seen.case_id == case.pk):
            return None
        _refuse_if_taken(case, digest, seen)
        if case.is_control:
            # A control never bears the number itself: a case with a print may still come and claim it.
            EncounterSeen.objects.filter(site_id=case.site_id, digest=digest).delete()
            remember(case.site_id, [(digest, case.pk)])
            return Claim(case)
        _bearers(case, digest).update(encounter_digest=None)
        case.encounter_digest = digest
        case.save(update_fields=["encounter_digest"])
        return _replace(seen, case) if seen is not None and seen.case_id != case.pk else Claim(case)


def _refuse_if_taken(case: Case, digest: str, seen: EncounterSeen | None) -> None:
    owner = seen.case if seen is not None and seen.case_id != case.pk else None
    seen_elsewhere = (
        owner is not None and owner.state == CaseState.SUBMITTED and (case.is_control or not owner.is_control)
    )
    if seen_elsewhere or _bearers(case, digest).filter(state=CaseState.SUBMITTED).exists():
        raise Conflict(
            "Another case has this OR-log number. Check the number, or correct the other case first.", "encounter-taken"
        )


def _bearers(case: Case, digest: str) -> models.QuerySet[Case]:
    return Case.objects.filter(site_id=case.site_id, encounter_digest=digest).exclude(pk=case.pk)


def _replace(seen: EncounterSeen, case: Case) -> Claim:
    control = seen.case
    if control.state != CaseState.SUBMITTED:
        # Somebody withdrew what the log gave; the log may tell this case its time when it is read again.
        seen.delete()
        return Claim(case)
    months = _take_time(case, control)
    EncounterSeen.objects.filter(pk=seen.pk).update(case=case)
    control.state, control.withdrawal_reason = CaseState.WITHDRAWN, TAKEN_OVER
    control.revision, control.changed_at = control.revision + 1, timezone.now()
    control.save(update_fields=["state", "withdrawal_reason", "revision", "changed_at"])
    return Claim(case, frozenset(months), control)


def _take_time(case: Case, control: Case) -> set[date]:
    """The operation of the control lies under what the case says of its own; gives the months whose figures change."""
    if case.no_procedure_reason:
        message = (
            "The OR log has the operation of this number. Leave the reason for no procedure out, or correct the number."
        )
        raise InvalidReport([Problem("procedure-and-none", "no_procedure_reason", message)])
    recorded = Case.objects.select_related("site").prefetch_related(*restate.PREFETCH)
    held, theirs = recorded.get(pk=case.pk), restate.report_of(recorded.get(pk=control.pk))["procedure"]
    judged = check([CaseReport(restate.overlaid({"procedure": theirs}, restate.report_of(held)))], site=held.site)[0]
    if judged.rows is None or judged.rows.procedure is None:
        raise InvalidReport(judged.problems)
    months = {control.procedure.performed_month, case.order_month, judged.rows.procedure["performed_month"]}
    rows.settle(held, judged.rows)
    case.content_digest, case.revision, case.changed_at = (
        lines.digest_of(judged.rows),
        case.revision + 1,
        timezone.now(),
    )
    case.save(update_fields=["content_digest", "revision", "changed_at"])
    return {month for month in months if month}
