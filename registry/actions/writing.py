"""Reports as case rows: judged together, written together, and told of once."""

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from registry.actions import audit, clock, encounters, rows
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake.check import check, placed
from registry.intake.context import Context
from registry.intake.lines import digest_of
from registry.intake.report import Believed, CaseReport, Judged
from registry.intake.restate import PREFETCH, report_of
from registry.models import Case, Site, Submission, Upload
from registry.models.case import LOCAL_ID, UNDONE
from registry.permissions import Actor, check_submit
from registry.statistics.stale import mark_stale
from registry.vocabulary.workflow import CaseState, PrivacyMode

CREATED, AMENDED, UNCHANGED, REFUSED = "created", "amended", "unchanged", "refused"
_IDS_OF_SITE = 7_202
CASE_EXISTS = "case-exists"
WITHDRAWN = Problem(
    "case-withdrawn",
    "local_case_id",
    "This case was withdrawn. To have it count again, reinstate it with a reason, on its page or by REST.",
)
"""What answers every report of a withdrawn case: whoever withdrew it is not overruled by a file that is sent every night."""


@dataclass(frozen=True)
class Submitted:
    """What became of one report: the case as it now stands, and the warnings kept with it.

    `prior_revision` and `prior`: which revision an amended case had before, and its report.
    """

    case: Case
    result: str
    warnings: list[Problem]
    months: frozenset[date] = frozenset()
    prior_revision: int | None = None
    prior: dict[str, Any] | None = None


Outcome = Submitted | Judged


def write(
    reports: Sequence[CaseReport],
    *,
    site: Site,
    by: Actor,
    via: str,
    amending: bool,
    beside: Callable[[CaseReport, Case], CaseReport],
) -> list[Outcome]:
    """Each report becomes rows or a refusal. `beside` makes of a known case's report what is judged, given what is recorded."""
    check_submit(by, site)
    with transaction.atomic():
        lock_encounters(site, [report.data for report in reports])
        outcomes, claims = put(reports, context=Context.of(site), amending=amending, beside=beside)
        finish("case.submit", Tally.of(outcomes, claims), site=site, by=by, via=via)
    return outcomes


def put(
    reports: Sequence[CaseReport],
    *,
    context: Context,
    amending: bool,
    beside: Callable[[CaseReport, Case], CaseReport],
) -> tuple[list[Outcome], list[encounters.Claim]]:
    """Within an act: each report is rows or a refusal. The act has locked encounters, and is still to be told of (`finish`)."""
    held = _held(context.site, [report.local_case_id for report in reports])
    return _put(judge(reports, held, context, beside=beside), held, context, amending=amending)


def judge(
    reports: Sequence[CaseReport],
    known: dict[str, Case],
    context: Context,
    *,
    beside: Callable[[CaseReport, Case], CaseReport],
) -> list[Judged]:
    """A verdict on each report, in order; that of a known case is judged as `beside` makes it of what is recorded."""
    said = [
        beside(report, case) if (case := _case_of(report, known)) and not comes_back(case) else report
        for report in reports
    ]
    return [_unless_withdrawn(verdict, known) for verdict in check(said, site=context.site, context=context)]


def _unless_withdrawn(judged: Judged, known: dict[str, Case]) -> Judged:
    """The verdict, or that the case was withdrawn, which is all there is to say of its report."""
    case = _case_of(judged.report, known)
    stays = case is not None and case.state == CaseState.WITHDRAWN and not comes_back(case)
    return _refused(judged, [WITHDRAWN]) if stays else judged


def comes_back(case: Case) -> bool:
    """Whether the next report of the case reinstates it: its upload was undone, and nobody withdrew it. It is then as new."""
    return case.state == CaseState.WITHDRAWN and case.withdrawal_reason == UNDONE


def _put(
    verdicts: list[Judged], known: dict[str, Case], context: Context, *, amending: bool
) -> tuple[list[Outcome], list[encounters.Claim]]:
    """What is believed is rows: all at once, but each by itself where another case may bear its OR-log number."""
    outcomes: list[Outcome] = list(verdicts)
    claims: list[encounters.Claim] = []
    numbers = _numbers(verdicts, known, context)

    def put(places: list[int]) -> None:
        chosen = [verdicts[place] for place in places]
        digests = [numbers.sure(place) for place in places]
        done = _recorded(chosen, digests, known, context.site, amending=amending)
        claims.extend(claim(done, chosen))
        for place, outcome in zip(places, done, strict=True):
            outcomes[place] = outcome

    believed = [place for place, judged in enumerate(verdicts) if judged.rows is not None]
    put([place for place in believed if place not in numbers.contested])
    for place in sorted(numbers.contested):
        try:
            with transaction.atomic():
                put([place])
        except Conflict as refusal:
            outcomes[place] = _refused(verdicts[place], [Problem(refusal.code, "or_log_number", refusal.message)])
        except InvalidReport as refusal:
            outcomes[place] = _refused(verdicts[place], refusal.problems)
    return outcomes, claims


def _numbers(verdicts: list[Judged], known: dict[str, Case], context: Context) -> encounters.Numbers:
    """The OR-log numbers that believed reports name; none in safe-harbor mode, where nothing is kept of them."""
    if context.mode == PrivacyMode.SAFE_HARBOR:
        return encounters.Numbers()
    said = {
        place: judged.rows.or_log_number
        for place, judged in enumerate(verdicts)
        if judged.rows is not None and judged.rows.or_log_number
    }
    owners = {place: case.pk for place in said if (case := _case_of(verdicts[place].report, known))}
    return encounters.Numbers.of(context.site.pk, said, owners)


def _recorded(
    verdicts: list[Judged], digests: list[str | None], known: dict[str, Case], site: Site, *, amending: bool
) -> list[Outcome]:
    """Believed reports as rows: new cases together, known ones each as it is settled."""
    pairs = zip(verdicts, digests, strict=True)
    fresh = [(judged, digest) for judged, digest in pairs if _case_of(judged.report, known) is None]
    created = iter(_created([judged for judged, _ in fresh], [digest for _, digest in fresh], site=site))
    return [
        _restated(case, judged, amending=amending) if (case := _case_of(judged.report, known)) else next(created)
        for judged in verdicts
    ]


def _restated(case: Case, judged: Judged, *, amending: bool) -> Outcome:
    if judged.rows is not None and (amending or comes_back(case) or case.content_digest == digest_of(judged.rows)):
        return settled(case, judged)
    message = "A case with this id is recorded with other content. Amend it, or send it with PUT."
    return _refused(judged, [Problem(CASE_EXISTS, "local_case_id", message)])


def _created(verdicts: list[Judged], digests: list[str | None], *, site: Site) -> list[Submitted]:
    """New cases, with the number that is surely theirs; a control never bears one itself."""
    believed = [judged.rows for judged in verdicts if judged.rows is not None]
    cases = [
        Case(site=site, content_digest=digest_of(said), encounter_digest=number, **said.case)
        for said, digest in zip(believed, digests, strict=True)
        for number in [None if said.is_control else digest]
    ]
    rows.create(cases, believed)
    return [
        Submitted(case, CREATED, judged.warnings, _months_said(said))
        for case, judged, said in zip(cases, verdicts, believed, strict=True)
    ]


def _refused(judged: Judged, problems: Iterable[Problem]) -> Judged:
    return Judged(judged.report, None, placed(problems, judged.report))


def _months_said(said: Believed) -> frozenset[date]:
    months = (said.case.get("order_month"), (said.procedure or {}).get("performed_month"))
    return frozenset(month for month in months if month)


def settled(case: Case, judged: Judged) -> Submitted:
    """The recorded case, which is not withdrawn unless it comes back, says what is believed now."""
    if judged.rows is None:
        raise InvalidReport(judged.problems)
    digest, back = digest_of(judged.rows), comes_back(case)
    if case.content_digest == digest and not back:
        return Submitted(case, UNCHANGED, judged.warnings)
    months, before = months_of(case) | _months_said(judged.rows), case.revision
    prior = None if back else report_of(case)
    rows.settle(case, judged.rows)
    for name, value in judged.rows.case.items():
        setattr(case, name, value)
    case.content_digest, case.revision, case.changed_at = digest, case.revision + 1, now()
    if back:
        case.state, case.withdrawal_reason = CaseState.SUBMITTED, ""
    case.save()
    return Submitted(case, CREATED if back else AMENDED, judged.warnings, frozenset(months), before, prior)


def lock_encounters(site: Site, sent: Iterable[Any]) -> None:
    """Before any case is locked, as the OR log does, so that the two never wait for each other."""
    if any(isinstance(data, dict) and data.get("or_log_number") for data in sent):
        encounters.lock(site.pk)


def claim(outcomes: list[Outcome], verdicts: list[Judged]) -> list[encounters.Claim]:
    """Cases that name their OR-log number bear its keyed hash, and take over the time of a control that came from it."""
    claims = []
    for place, (outcome, judged) in enumerate(zip(outcomes, verdicts, strict=True)):
        if not isinstance(outcome, Submitted) or judged.rows is None or not judged.rows.or_log_number:
            continue
        case, result = outcome.case, outcome.result
        digest = encounters.digest_of(judged.rows.or_log_number, site_id=case.site_id)
        if case.encounter_digest == digest:
            continue
        before = report_of(case) if result == UNCHANGED else outcome.prior
        claimed = encounters.claim_for(case, digest)
        if claimed is not None:
            claims.append(claimed)
            case.refresh_from_db()
            result = AMENDED if result == UNCHANGED else result
            outcomes[place] = dataclasses.replace(outcome, result=result, prior=before)
    return claims


@dataclass
class Tally:
    """What an act did: how many reports had which result, the months it moved, what was wrong, and its one case if it was of one."""

    results: Counter[str]
    months: set[date]
    problems: list[Problem]
    claims: Sequence[encounters.Claim] = ()
    alone: Submitted | None = None

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], claims: Sequence[encounters.Claim]) -> "Tally":
        """The tally of these reports and no others."""
        done = [outcome for outcome in outcomes if isinstance(outcome, Submitted)]
        problems = [
            problem
            for outcome in outcomes
            for problem in (outcome.warnings if isinstance(outcome, Submitted) else outcome.problems)
        ]
        return cls(
            results=Counter(outcome.result if isinstance(outcome, Submitted) else REFUSED for outcome in outcomes),
            months=set().union(*(outcome.months for outcome in done), *(claim.months for claim in claims)),
            problems=problems,
            claims=claims,
            alone=done[0] if len(outcomes) == 1 and done else None,
        )


def finish(
    act: str, tally: Tally, *, site: Site, by: Actor, via: str, reason: str = "", upload: Upload | None = None
) -> None:
    """All months are marked at once, the act is a submission and, if it changed anything, on the chain; then the clock rings.

    In this order for everybody: whoever marked a month waits for no other's audit event, and the other way round.
    """
    mark_stale(site.pk, tally.months)
    for claim in tally.claims:
        claim.tell(by=by, via=via)
    alone, results = tally.alone, tally.results
    submission = Submission.objects.create(
        site=site,
        channel=via,
        by_label=by.label if hasattr(by, "label") else "nobody",
        n_created=results[CREATED],
        n_amended=results[AMENDED],
        n_unchanged=results[UNCHANGED],
        n_refused=results[REFUSED],
        problems=[{"code": each.code, "path": each.path, "row": each.row} for each in tally.problems[:1000]],
        case=alone.case if alone else None,
        upload=upload,
    )
    if not (results[CREATED] or results[AMENDED]):
        return
    audit.record(
        act if alone and alone.result == CREATED else "case.amend" if alone else "case.submit_batch",
        by=by,
        via=via,
        site=site,
        subject=alone.case if alone else submission,
        reason=reason,
        digest=alone.case.content_digest if alone else "",
    )
    clock.ring("refresh")


def hold(site: Site, local_ids: Iterable[str]) -> dict[str, Case]:
    """The known cases among these ids, locked until the transaction ends, in the order in which every act takes its locks."""
    encounters.lock(site.pk)
    return _held(site, local_ids)


def _held(site: Site, local_ids: Iterable[Any]) -> dict[str, Case]:
    """The known cases among these ids, locked. The ids are locked even where there is no row yet, in one order for everybody."""
    ids = _ids(local_ids)
    _lock_site(site, "_shared")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(id)) FROM unnest(%s::text[]) AS id", [site.pk, ids])
    return _by_id(Case.objects.select_for_update(of=("self",)), site, ids)


def lock_site(site: Site) -> None:
    """Until the transaction ends no other act holds a case id of this site, or comes to.

    A file locks so many ids that the lock table would not hold them; it takes this one lock where others share it.
    """
    _lock_site(site, "")


def _lock_site(site: Site, shared: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s, %s)", [_IDS_OF_SITE, site.pk % 2**31])


def find(site: Site, local_ids: Iterable[Any]) -> dict[str, Case]:
    """The known cases among these ids, for reading only."""
    return _by_id(Case.objects.all(), site, _ids(local_ids))


def _ids(sent: Iterable[Any]) -> list[str]:
    return sorted({name for name in sent if isinstance(name, str) and re.match(LOCAL_ID, name, re.ASCII)})


def _by_id(cases: QuerySet[Case], site: Site, ids: list[str]) -> dict[str, Case]:
    found = cases.filter(site=site, local_case_id__in=ids).select_related("site").prefetch_related(*PREFETCH)
    return {case.local_case_id: case for case in found}


def _case_of(report: CaseReport, known: dict[str, Case]) -> Case | None:
    return known.get(report.local_case_id) if isinstance(report.local_case_id, str) else None


def months_of(case: Case) -> set[date]:
    """The months whose figures this case may stand in: its procedure's and its order's."""
    procedure = getattr(case, "procedure", None)
    return {month for month in (case.order_month, procedure and procedure.performed_month) if month}
