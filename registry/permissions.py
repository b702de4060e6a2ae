"""May this person or machine: one table of role × verb, and a `can_` / `check_` pair for each verb.

Whether a *thing* may happen now (an agreement on record, a state) is not asked here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from registry.errors import NotPermitted
from registry.models import ApiToken, Membership, Site, User

READ_CASES = "read_cases"
SUBMIT = "submit"
RECORD = "record"
ASSESS = "assess"
UPLOAD = "upload"
MATCH = "match_or_times"
EXPORT_CASES = "export_cases"
READ_STATISTICS = "read_statistics"
MANAGE = "manage"
EQUIP = "equip"
SET_BASELINE = "set_baseline"

_READS = frozenset({READ_CASES, READ_STATISTICS})
_ENTERS = _READS | {SUBMIT, RECORD, ASSESS, UPLOAD, MATCH, EXPORT_CASES, SET_BASELINE}
ROLES: dict[str, frozenset[str]] = {
    "data_manager": _ENTERS,
    "champion": _ENTERS,
    "facility_administrator": _ENTERS | {MANAGE, EQUIP},
    "assessor": frozenset({READ_STATISTICS, ASSESS}),
    "read_only": _READS,
}
SCOPES: dict[str, frozenset[str]] = {
    "cases:read": frozenset({READ_CASES}),
    "cases:write": frozenset({SUBMIT, RECORD, ASSESS, SET_BASELINE}),
    "or_times:write": frozenset({RECORD, MATCH}),
    "uploads:write": frozenset({UPLOAD, MATCH}),
    "exports:read": frozenset({EXPORT_CASES}),
    "statistics:read": frozenset({READ_STATISTICS}),
    "site:manage": frozenset({EQUIP}),
}


@dataclass(frozen=True)
class Operator:
    """The operator's hand at the machine: may act for any site, and says under which command it did."""

    command: str

    @property
    def label(self) -> str:
        return f"operator ({self.command})"


Actor = User | ApiToken | Operator | AnonymousUser


def verbs_of(actor: Actor, site: Site) -> frozenset[str]:
    """What this actor may do at this site; nothing when the two have nothing to do with each other."""
    if isinstance(actor, Operator):
        return _ENTERS | {MANAGE, EQUIP}
    if isinstance(actor, ApiToken):
        return (
            frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in actor.scopes))
            if actor.site_id == site.pk
            else frozenset()
        )
    if not isinstance(actor, User) or not actor.is_active:
        return frozenset()
    roles = Membership.objects.active().filter(user_id=actor.pk, site_id__in=[site.pk, site.of_id or site.pk])
    granted = frozenset().union(*(ROLES[role] for role in roles.values_list("role", flat=True)))
    return granted | {MANAGE, EQUIP} if actor.is_registry_administrator else granted


def _pair(verb: str, sentence: str) -> tuple[Callable[[Actor, Site], bool], Callable[[Actor, Site], None]]:
    def can(actor: Actor, site: Site) -> bool:
        return verb in verbs_of(actor, site)

    def check(actor: Actor, site: Site) -> None:
        if not can(actor, site):
            raise NotPermitted(sentence)

    return can, check


can_read_cases, check_read_cases = _pair(READ_CASES, "You may not read the cases of this site.")
can_submit, check_submit = _pair(SUBMIT, "You may not submit cases for this site.")
can_record, check_record = _pair(RECORD, "You may not record outcomes for this site.")
can_assess, check_assess = _pair(ASSESS, "You may not record assessments for this site.")
can_upload, check_upload = _pair(UPLOAD, "You may not upload files for this site.")
can_match, check_match = _pair(MATCH, "You may not send the OR times of this site.")
can_export_cases, check_export_cases = _pair(EXPORT_CASES, "You may not export the cases of this site.")
can_read_statistics, check_read_statistics = _pair(READ_STATISTICS, "You may not read the statistics of this site.")
can_manage, check_manage = _pair(MANAGE, "Only the facility administrator may change the settings of this site.")
can_equip, check_equip = _pair(
    EQUIP, "Only the facility administrator may change the printers, materials and procedure map of this site."
)
can_set_baseline, check_set_baseline = _pair(SET_BASELINE, "You may not set the baselines of this site.")


def can_administer_registry(actor: Actor) -> bool:
    """Registry administrators and the operator: enrolment, registry-wide statistics, reports and jobs. Never a site's rows."""
    return isinstance(actor, Operator) or (
        isinstance(actor, User) and actor.is_active and actor.is_registry_administrator
    )


def check_administer_registry(actor: Actor) -> None:
    if not can_administer_registry(actor):
        raise NotPermitted("Only a registry administrator may do this.")
