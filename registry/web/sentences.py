"""What the registry refuses, said to somebody in front of a form; every other problem's own sentence is plain enough."""

from django.utils.translation import gettext_lazy as _

from registry.errors import Problem

BY_CODE = {
    "required": _("Fill this in"),
    "not-a-choice": _("Choose one of the list."),
    "not-a-month": _("Write the month as 2026-03, without a day."),
    "age-over-89": _("Write ages over 89 as 90+."),
    "unknown-printer": _("Choose a printer. The facility administrator adds printers under Settings."),
    "unknown-material": _("Choose a material. The facility administrator adds materials under Settings."),
    "material-missing": _("Choose at least one material."),
    "unmapped-code": _("Choose a category, or give a code of your site's procedure map, which stands under Settings."),
    "digital-is-not-printed": _("What is digital only cannot be printed: choose digital only or cancelled."),
    "control-has-no-print": _("A control case has no print: leave this out."),
    "case-exists": _("A case with this id is recorded already. Choose another id, or amend that case."),
    "case-withdrawn": _(
        "The case with this id was withdrawn. To have it count again, reinstate it on its page, with a reason."
    ),
}
BY_PLACE = {
    ("malformed", "local_case_id"): _(
        "Use letters, digits, points, hyphens and underscores, without blanks, 32 at most."
    ),
    ("malformed", "indication_code"): _("Use letters, digits, points and hyphens, as in M26.213."),
    ("required", "exclusions_attested"): _(
        "Confirm it with Yes: cases with biologic material, implants or prostheses are not reported."
    ),
    # A form of an outcome in which nothing was filled in.
    ("unknown-field", ""): _("Record the procedure, or choose why there is none."),
}
OR_UNKNOWN = _("Fill this in, or say that it is unknown")


def for_a_form(problem: Problem, *, may_be_unknown: bool = False) -> str:
    """The sentence that stands at the input; where it may be answered with unknown, that too."""
    if problem.code == "required" and may_be_unknown:
        return str(OR_UNKNOWN)
    said = str(BY_PLACE.get((problem.code, problem.path)) or BY_CODE.get(problem.code) or problem.message)
    return "Give" + said.removeprefix("Send") if said.startswith("Send ") else said
