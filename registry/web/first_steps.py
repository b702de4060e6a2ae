"""What somebody may do where there is no case yet, so that a first figure can be shown."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Site, User
from registry.permissions import EQUIP, SET_BASELINE, SUBMIT, UPLOAD, verbs_of


@dataclass(frozen=True)
class Step:
    """An act, why one would do it, the verb it takes, and its page by name."""

    what: str | Promise
    why: str | Promise
    verb: str
    name: str
    url: str = ""


AGREEMENT = Step(
    _("Sign the participation agreement"), _("The registry records it; nothing can be submitted before."), "", ""
)

OF_A_SITE = (
    Step(
        _("Name your printers and materials"),
        _("A print is reported by the printer and the material it was made with."),
        EQUIP,
        "settings-printers",
    ),
    Step(
        _("Enter the first case"),
        _("A model or guide, what went into it, and the operation it was for."),
        SUBMIT,
        "case-new",
    ),
    Step(
        _("Upload a file"),
        _("Many cases at once, or the log of the operating rooms: its operations without a print are the controls."),
        UPLOAD,
        "uploads",
    ),
    Step(
        _("State a baseline"),
        _(
            "Where there are no controls, minutes saved are counted from the mean and SD of your own earlier operations."
        ),
        SET_BASELINE,
        "settings-baselines",
    ),
)

TO_COMPARE = ("uploads", "settings-baselines")


def first_steps(user: User, site: Site | None) -> list[Step]:
    """The steps this person may take at `site`, each with its address where there is such a page."""
    if site is None:
        return [Step(_("Enrol a site"), _("Its people enter the cases."), "", "", _address("registry-enrol"))]
    verbs = verbs_of(user, site)
    before = [AGREEMENT] if site.agreement_signed_on is None else []
    return before + [
        Step(step.what, step.why, step.verb, step.name, _address(step.name, site.code))
        for step in OF_A_SITE
        if step.verb in verbs
    ]


def steps_to_compare(user: User, site: Site) -> list[Step]:
    """What this person may do so that minutes saved have something to be counted from."""
    return [step for step in first_steps(user, site) if step.name in TO_COMPARE]


def _address(name: str, *which: str) -> str:
    """The address of a page; nothing where there is none by this name."""
    try:
        return reverse(name, args=which)
    except NoReverseMatch:
        return ""
