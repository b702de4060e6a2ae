"""What the registry refuses, said to somebody in front of a form; every other problem's own sentence is plain enough."""

from django.utils.translation import gettext_lazy as _

from registry.errors import Problem

BY_CODE = {
    "required": _("Fill this in"),
    "not-a-choice": _("Choose one of the list."),
    "unknown-printer": _("Choose a printer. The facility administrator adds printers under Settings."),
    "unknown-material": _("Choose a material. The facility administrator adds materials under Settings."),
    "material-missing": _("Choose at least one material."),
    "unmapped-code": _("Choose a category, or give a code of your site's procedure map, which stands under Settings."),
    "case-exists": _("A case with this id is recorded already. Choose another id, or amend that case."),
}
BY_PLACE = {
    ("malformed", "local_case_id"): _(
        "Use letters, digits, points, hyphens and underscores, without blanks, 32 at most."
    ),
    ("malformed", "indication_code"): _("Use letters, digits, points and hyphens, as in M26.213."),
    ("required", "exclusions_attested"): _(
        "Confirm it with Yes: cases with biologic material, implants or prostheses are not reported."
    ),
}


def for_a_form(problem: Problem) -> str:
    """The sentence that stands at the input."""
    said = BY_PLACE.get((problem.code, problem.path)) or BY_CODE.get(problem.code)
    return str(said) if said else problem.message
