"""Enrolling sites and keeping what belongs to them: tokens, printers, materials, maps, baselines and rates."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils.timezone import now

from registry.actions import audit
from registry.actions.belief import amend, believe
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake.baseline import read_baseline
from registry.intake.context import Context
from registry.models import (
    ApiToken,
    Baseline,
    CostRate,
    Material,
    Organisation,
    Printer,
    ProcedureMap,
    Site,
)
from registry.models.scope import narrow_to
from registry.permissions import SCOPES, Actor, check_administer_registry, check_equip, check_manage, check_set_baseline
from registry.vocabulary.workflow import SiteKind, SiteStatus

NAME_LENGTH, SANDBOX = 160, " (sandbox)"
LONGEST_TOKEN_DAYS = 365
RECOGNISED = len("reg_live_") + 4
"""So many characters of a token are kept to tell it from others; 39 random ones are not."""


def enrol(
    code: str,
    *,
    name: str,
    organisation: str,
    category: str,
    country: str,
    by: Actor,
    via: str,
    synthetic_note: str = "",
) -> Site:
    """The site and its sandbox twin exist. `synthetic_note` labels demonstration data wherever it is shown."""
    check_administer_registry(by)
    with transaction.atomic():
        # Two enrolments at once would see the same codes free.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('site.enrol'))")
        if Site.objects.filter(code=code).exists():
            raise Conflict("A site with this code is enrolled already. Choose another code.", "site-exists")
        owner, _ = Organisation.objects.get_or_create(name=organisation)
        common: dict[str, Any] = {
            "organisation": owner, "category": category, "country": country, "status": SiteStatus.ACTIVE,
            "is_synthetic": bool(synthetic_note), "data_note": synthetic_note,
        }  # fmt: skip
        site = Site(code=code, name=name, **common)
        believe(site, but=["organisation"])
        site.save()
        called = f"{name[: NAME_LENGTH - len(SANDBOX)]}{SANDBOX}"
        Site.objects.create(code=_sandbox_code(code), name=called, kind=SiteKind.SANDBOX, of=site, **common)
        narrow_to([site.pk])
        audit.record("site.enrol", by=by, via=via, site=None, subject=site)
    return site


def _sandbox_code(code: str) -> str:
    """NORTHSB for NORTH; with a number where another site's sandbox is called so already."""
    codes = (f"{code[:6]}SB", *(f"{code[: 6 - len(str(n))]}SB{n}" for n in range(2, 1000)))
    taken = set(Site.objects.filter(code__in=codes).values_list("code", flat=True))
    return next(free for free in codes if free not in taken)


def describe_data(site: Site, note: str, *, by: Actor, via: str) -> Site:
    """Pages and files that show this site's data carry `note` (where real data come from, under which licence)."""
    check_administer_registry(by)
    with transaction.atomic():
        site.data_note = note
        site.save(update_fields=["data_note"])
        audit.record("site.describe", by=by, via=via, site=None, subject=site)
    return site


def sign_agreement(site: Site, on: date, *, by: Actor, via: str) -> Site:
    """The participation agreement is on record: the site and its sandbox may submit. Raises `InvalidReport` for a day to come."""
    check_administer_registry(by)
    if on and on > now().date():
        raise InvalidReport([Problem("out-of-range", "on", "An agreement is recorded once it is signed.")])
    with transaction.atomic():
        site.agreement_signed_on = on
        Site.objects.filter(Q(pk=site.pk) | Q(of=site)).update(agreement_signed_on=on)
        audit.record("site.sign_agreement", by=by, via=via, site=None, subject=site)
    return site


def suspend(site: Site, *, by: Actor, via: str) -> Site:
    """The site and its sandbox may submit nothing until they are reactivated; what they submitted stays and counts."""
    return _set_status(site, SiteStatus.SUSPENDED, "site.suspend", by=by, via=via)


def reactivate(site: Site, *, by: Actor, via: str) -> Site:
    """The site and its sandbox may submit again, given an agreement."""
    return _set_status(site, SiteStatus.ACTIVE, "site.reactivate", by=by, via=via)


def _set_status(site: Site, status: str, act: str, *, by: Actor, via: str) -> Site:
    check_administer_registry(by)
    with transaction.atomic():
        held = Site.objects.hold(site.pk)
        if held.status != status:
            Site.objects.filter(Q(pk=site.pk) | Q(of=site)).update(status=status)
            held.status = status
            audit.record(act, by=by, via=via, site=None, subject=held)
    return held


def amend_site(
    site: Site,
    *,
    name: str,
    category: str,
    community_size: str | None,
    trauma_level: str | None,
    country: str,
    timezone: str,
    currency: str,
    annual_fixed_cost: Decimal | None,
    by: Actor,
    via: str,
) -> Site:
    """The site describes itself so; what it said before is in its history."""
    check_manage(by, site)
    said = {
        "name": name, "category": category, "community_size": community_size, "trauma_level": trauma_level, "country": country,
        "timezone": timezone, "currency": currency, "annual_fixed_cost": annual_fixed_cost,
    }  # fmt: skip
    with transaction.atomic():
        held = Site.objects.hold(site.pk)
        if amend(held, said):
            audit.record("site.amend", by=by, via=via, site=held, subject=held)
    return held


def issue_token(
    site: Site, *, name: str, scopes: list[str], expires_in_days: int, by: Actor, via: str
) -> tuple[ApiToken, str]:
    """The token and its text, which is shown once and never stored."""
    check_manage(by, site)
    problems = []
    if not scopes or set(scopes) - SCOPES.keys():
        problems.append(Problem("not-a-choice", "scopes", f"Name one or more of {', '.join(SCOPES)}."))
    if not 1 <= expires_in_days <= LONGEST_TOKEN_DAYS:
        message = f"A token works for 1 to {LONGEST_TOKEN_DAYS} days."
        problems.append(Problem("out-of-range", "expires_in_days", message))
    if problems:
        raise InvalidReport(problems)
    text = ("reg_live_" if site.kind == SiteKind.LIVE else "reg_test_") + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            site=site, name=name, prefix=text[:RECOGNISED], digest=ApiToken.digest_of(text), scopes=scopes,
            created_by=by.label if hasattr(by, "label") else "", expires_at=now() + timedelta(days=expires_in_days),
        )  # fmt: skip
        audit.record("token.issue", by=by, via=via, site=site, subject=token)
    return token, text


def revoke_token(token: ApiToken, *, by: Actor, via: str) -> ApiToken:
    """The token opens nothing any more. Revoking twice changes nothing."""
    check_manage(by, token.site)
    with transaction.atomic():
        if token.revoked_at is None and amend(token, {"revoked_at": now()}):
            audit.record("token.revoke", by=by, via=via, site=token.site, subject=token)
    return token


def note_use(token: ApiToken) -> None:
    """The token was shown today. No act of anybody: it has no event, and writes no more than once a day."""
    today = now()
    if token.last_used_at is None or token.last_used_at < today - timedelta(days=1):
        # Whoever notes it in this moment is not waited for.
        free = ApiToken.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=token.pk)
        ApiToken.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(last_used_at=today)


def add_printer(site: Site, *, label: str, manufacturer: str, model: str, process: str, by: Actor, via: str) -> Printer:
    """The site's cases may name this printer by its label."""
    check_equip(by, site)
    with transaction.atomic():
        Site.objects.hold(site.pk)
        if Printer.objects.filter(site=site, label=label).exists():
            raise Conflict("This site has a printer with this label already. Choose another label.", "printer-exists")
        printer = Printer(site=site, label=label, manufacturer=manufacturer, model=model, process=process)
        believe(printer, but=["site"])
        printer.save()
        audit.record("printer.add", by=by, via=via, site=site, subject=printer)
    return printer


def add_material(
    site: Site, *, name: str, material_class: str, biocompatible: str, by: Actor, via: str, manufacturer: str = ""
) -> Material:
    """The site's prints may name this material."""
    check_equip(by, site)
    with transaction.atomic():
        Site.objects.hold(site.pk)
        if Material.objects.filter(site=site, name=name).exists():
            raise Conflict("This site has a material with this name already. Choose another name.", "material-exists")
        material = Material(
            site=site, name=name, material_class=material_class, biocompatible=biocompatible, manufacturer=manufacturer
        )
        believe(material, but=["site"])
        material.save()
        audit.record("material.add", by=by, via=via, site=site, subject=material)
    return material


def set_procedure_map(site: Site, entries: Mapping[tuple[str, str], str], *, by: Actor, via: str) -> int:
    """The codes of the site's own files mean these categories from now on; returns the version. Recorded procedures keep theirs."""
    check_equip(by, site)
    with transaction.atomic():
        Site.objects.hold(site.pk)
        newest = ProcedureMap.objects.filter(site=site).aggregate(Max("version"))["version__max"] or 0
        rows = [
            ProcedureMap(site=site, code_system=system, code=code, category=category, version=newest + 1)
            for (system, code), category in entries.items()
        ]
        for row in rows:
            believe(row, but=["site"])
        ProcedureMap.objects.bulk_create(rows)
        audit.record("map.set", by=by, via=via, site=site, subject=site)
    return newest + 1


def set_baseline(site: Site, report: dict[str, Any], *, by: Actor, via: str) -> tuple[Baseline, list[Problem]]:
    """The site's newest baseline of this category and clock, and warnings; earlier versions stay. The same again changes nothing."""
    check_set_baseline(by, site)
    with transaction.atomic():
        row, warnings = read_baseline(report, context=Context.of(site))
        Site.objects.hold(site.pk)
        same = Baseline.objects.filter(site=site, category=row["category"], clock=row["clock"], kind=row["kind"])
        current = same.filter(superseded_at__isnull=True).first()
        if current and all(getattr(current, name) == value for name, value in row.items()):
            return current, warnings
        newest = same.aggregate(Max("version"))["version__max"] or 0
        same.filter(superseded_at__isnull=True).update(superseded_at=now())
        baseline = Baseline.objects.create(site=site, version=newest + 1, **row)
        audit.record("baseline.set", by=by, via=via, site=site, subject=baseline)
    return baseline, warnings


def set_cost_rate(
    site: Site,
    *,
    per_minute: str,
    currency: str,
    year: int,
    source: str,
    clinician_wage: str | None = None,
    non_clinician_wage: str | None = None,
    outsourced_per_case: str | None = None,
    by: Actor,
    via: str,
) -> CostRate:
    """What an OR minute, an hour of staff and printing outside cost this site, from now on; None is unknown.

    Earlier rates stay. The same again changes nothing.
    """
    check_manage(by, site)
    with transaction.atomic():
        Site.objects.hold(site.pk)
        current = CostRate.objects.filter(site=site).order_by("version").last()
        version = current.version + 1 if current else 1
        said = {
            "per_minute": per_minute, "currency": currency, "year": year, "source": source, "clinician_wage": clinician_wage,
            "non_clinician_wage": non_clinician_wage, "outsourced_per_case": outsourced_per_case,
        }  # fmt: skip
        rate = CostRate(site=site, version=version, **said)
        believe(rate, but=["site"])
        if current and all(getattr(current, name) == getattr(rate, name) for name in said):
            return current
        rate.save()
        audit.record("rate.set", by=by, via=via, site=site, subject=rate)
    return rate
