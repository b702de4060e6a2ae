"""Enrolling sites and keeping what belongs to them: people, tokens, printers, materials, maps, baselines and rates."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.timezone import now

from registry.actions import audit, mail
from registry.errors import Conflict, InvalidReport, Problem
from registry.intake.baseline import read_baseline
from registry.intake.context import Context
from registry.models import (
    ApiToken,
    Baseline,
    CostRate,
    Material,
    Membership,
    Organisation,
    Printer,
    ProcedureMap,
    Site,
    User,
)
from registry.models.scope import narrow_to
from registry.permissions import SCOPES, Actor, check_administer_registry, check_equip, check_manage, check_set_baseline
from registry.vocabulary.workflow import Role, SiteKind, SiteStatus

LONGEST_TOKEN_DAYS = 365


def _believe(row: models.Model, *, but: list[str]) -> None:
    """Raises `InvalidReport` with every field of the row that its model refuses."""
    try:
        row.full_clean(exclude=but)
    except ValidationError as refused:
        said = refused.message_dict.items()
        raise InvalidReport(
            [Problem("invalid", "" if name == "__all__" else name, " ".join(texts)) for name, texts in said]
        ) from None


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
        if Site.objects.filter(code=code).exists():
            raise Conflict("A site with this code is enrolled already. Choose another code.", "site-exists")
        owner, _ = Organisation.objects.get_or_create(name=organisation)
        common: dict[str, Any] = {
            "organisation": owner, "category": category, "country": country, "status": SiteStatus.ACTIVE,
            "is_synthetic": bool(synthetic_note), "data_note": synthetic_note,
        }  # fmt: skip
        site = Site(code=code, name=name, **common)
        _believe(site, but=["organisation"])
        site.save()
        twin = f"{code[:6]}SB"
        Site.objects.create(code=twin, name=f"{name} (sandbox)", kind=SiteKind.SANDBOX, of=site, **common)
        narrow_to([site.pk])
        audit.record("site.enrol", by=by, via=via, site=None, subject=site)
    return site


def describe_data(site: Site, note: str, *, by: Actor, via: str) -> Site:
    """Pages and files that show this site's data carry `note` (where real data come from, under which licence)."""
    check_administer_registry(by)
    with transaction.atomic():
        site.data_note = note
        site.save(update_fields=["data_note"])
        audit.record("site.describe", by=by, via=via, site=None, subject=site)
    return site


def sign_agreement(site: Site, on: date, *, by: Actor, via: str) -> Site:
    """The participation agreement is on record: the site and its sandbox may submit."""
    check_administer_registry(by)
    with transaction.atomic():
        site.agreement_signed_on = on
        Site.objects.filter(Q(pk=site.pk) | Q(of=site)).update(agreement_signed_on=on)
        audit.record("site.sign_agreement", by=by, via=via, site=None, subject=site)
    return site


def register_person(email: str, *, name: str, password: str, by: Actor, via: str) -> User:
    """The person exists and may sign in; what they may do at a site comes with `invite`."""
    check_administer_registry(by)
    with transaction.atomic():
        if User.objects.filter(email__iexact=email).exists():
            raise Conflict("A person with this e-mail is registered already.", "person-exists")
        person = User(email=email.lower(), name=name)
        person.set_password(password)
        _believe(person, but=[])
        person.save()
        audit.record("person.register", by=by, via=via, site=None, subject=person)
    return person


def appoint_administrator(person: User, *, by: Actor, via: str) -> User:
    """The person is a registry administrator."""
    check_administer_registry(by)
    with transaction.atomic():
        person.is_registry_administrator = True
        person.save(update_fields=["is_registry_administrator"])
        audit.record("person.appoint", by=by, via=via, site=None, subject=person)
    return person


def invite(person: User, *, site: Site, role: str, by: Actor, via: str) -> Membership:
    """The person has the role at the site, accepted at once; a role held before ends."""
    check_manage(by, site)
    with transaction.atomic():
        Membership.objects.filter(site=site, user=person, revoked_at__isnull=True).update(revoked_at=now())
        membership = Membership(
            site=site, user=person, role=role, accepted_at=now(), invited_by=by if isinstance(by, User) else None
        )
        _believe(membership, but=["invited_by"])
        membership.save()
        mail.write(person.email, subject=f"{site.name}: your place in Strata", body=_welcome(membership))
        audit.record("membership.invite", by=by, via=via, site=site, subject=membership)
    return membership


def _welcome(membership: Membership) -> str:
    role = Role(membership.role).label.lower()
    return f"{membership.user.name},\n\nyou are now {role} of {membership.site.name}. Sign in at {settings.STRATA_PUBLIC_URL}/.\n"


def issue_token(
    site: Site, *, name: str, scopes: list[str], expires_in_days: int, by: Actor, via: str
) -> tuple[ApiToken, str]:
    """The token and its text, which is shown once and never stored."""
    check_manage(by, site)
    if set(scopes) - SCOPES.keys() or not 1 <= expires_in_days <= LONGEST_TOKEN_DAYS:
        raise InvalidReport(
            [Problem("not-a-choice", "scopes", f"Name known scopes and an expiry of 1 to {LONGEST_TOKEN_DAYS} days.")]
        )
    prefix = "reg_live_" if site.kind == SiteKind.LIVE else "reg_test_"
    text = prefix + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            site=site, name=name, prefix=prefix, digest=ApiToken.digest_of(text), scopes=scopes,
            created_by=by.label if hasattr(by, "label") else "", expires_at=now() + timedelta(days=expires_in_days),
        )  # fmt: skip
        audit.record("token.issue", by=by, via=via, site=site, subject=token)
    return token, text


def revoke_token(token: ApiToken, *, by: Actor, via: str) -> ApiToken:
    """The token opens nothing any more."""
    check_manage(by, token.site)
    with transaction.atomic():
        token.revoked_at = token.revoked_at or now()
        token.save(update_fields=["revoked_at"])
        audit.record("token.revoke", by=by, via=via, site=token.site, subject=token)
    return token


def add_printer(site: Site, *, label: str, manufacturer: str, model: str, process: str, by: Actor, via: str) -> Printer:
    """The site's cases may name this printer by its label."""
    check_equip(by, site)
    with transaction.atomic():
        if Printer.objects.filter(site=site, label=label).exists():
            raise Conflict("This site has a printer with this label already. Choose another label.", "printer-exists")
        printer = Printer(site=site, label=label, manufacturer=manufacturer, model=model, process=process)
        _believe(printer, but=["site"])
        printer.save()
        audit.record("printer.add", by=by, via=via, site=site, subject=printer)
    return printer


def add_material(site: Site, *, name: str, material_class: str, biocompatible: str, by: Actor, via: str) -> Material:
    """The site's prints may name this material."""
    check_equip(by, site)
    with transaction.atomic():
        if Material.objects.filter(site=site, name=name).exists():
            raise Conflict("This site has a material with this name already. Choose another name.", "material-exists")
        material = Material(site=site, name=name, material_class=material_class, biocompatible=biocompatible)
        _believe(material, but=["site"])
        material.save()
        audit.record("material.add", by=by, via=via, site=site, subject=material)
    return material


def set_procedure_map(site: Site, entries: Mapping[tuple[str, str], str], *, by: Actor, via: str) -> int:
    """The codes of the site's own files mean these categories from now on; returns the version. Recorded procedures keep theirs."""
    check_equip(by, site)
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        newest = ProcedureMap.objects.filter(site=site).aggregate(Max("version"))["version__max"] or 0
        rows = [
            ProcedureMap(site=site, code_system=system, code=code, category=category, version=newest + 1)
            for (system, code), category in entries.items()
        ]
        for row in rows:
            _believe(row, but=["site"])
        ProcedureMap.objects.bulk_create(rows)
        audit.record("map.set", by=by, via=via, site=site, subject=site)
    return newest + 1


def set_baseline(site: Site, report: dict[str, Any], *, by: Actor, via: str) -> tuple[Baseline, list[Problem]]:
    """The site's newest baseline of this category and clock, and warnings; earlier versions stay. The same again changes nothing."""
    check_set_baseline(by, site)
    with transaction.atomic():
        row, warnings = read_baseline(report, context=Context.of(site))
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
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
    site: Site, *, per_minute: str, currency: str, year: int, source: str, by: Actor, via: str
) -> CostRate:
    """What an OR minute costs at this site, from now on; earlier rates stay."""
    check_manage(by, site)
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        newest = CostRate.objects.filter(site=site).aggregate(Max("version"))["version__max"] or 0
        rate = CostRate(
            site=site, per_minute=per_minute, currency=currency, year=year, source=source, version=newest + 1
        )
        _believe(rate, but=["site"])
        rate.save()
        audit.record("rate.set", by=by, via=via, site=site, subject=rate)
    return rate
