"""What can only be said of several fields or rows together. Each rule names the place and what to do; none repeats a field's own rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.intake.context import Context
from registry.intake.report import Believed
from registry.intake.sections import Reading
from registry.intake.standing import standing
from registry.vocabulary.anatomy import LATERALITY_REQUIRED, SUBREGIONS_OF

MODELS = {"anatomic_model", "both"}
GUIDES = {"anatomic_guide", "both"}
OF_A_PRINT = ("imaging", "parts", "guides", "prints", "effort", "codes", "assessments")
CONTROL_FIELDS = {"local_case_id", "object_kind", "age_years", "age_months", "sex", "complexity", "unknown_fields"}

Rule = Callable[[Believed, Context, Reading], None]
OfOne = Callable[[dict[str, Any], str, Believed, Context, Reading], None]


@dataclass(frozen=True)
class Each:
    """A rule about every row of a list: `of_one` says it of one of them, at its path."""

    section: str
    of_one: OfOne

    def __call__(self, believed: Believed, context: Context, reading: Reading) -> None:
        path = "procedure.times" if self.section == "times" else self.section
        for index, row in enumerate(believed.rows(self.section)):
            self.of_one(row, f"{path}[{index}]", believed, context, reading)


def each(section: str) -> Callable[[OfOne], Each]:
    """Makes a rule about one row of a list a rule about all of them."""
    return lambda of_one: Each(section, of_one)


def takes_part(believed: Believed, context: Context, reading: Reading) -> None:
    if problem := standing(context.site):
        reading.refuse(problem.code, problem.path, problem.message)


def control(believed: Believed, context: Context, reading: Reading) -> None:
    """A control is the same procedure without a print: nothing of a print, and one OR time."""
    if not believed.is_control:
        return
    said = [name for name, value in believed.case.items() if name not in CONTROL_FIELDS and value not in (None, "", [])]
    said += [name for name in OF_A_PRINT if believed.sections.get(name)]
    for name in said:
        reading.refuse(
            "control-has-no-print", name, "A control case has no print: leave this out, or change object_kind."
        )
    if believed.procedure is None:
        reading.refuse(
            "control-needs-procedure",
            "procedure",
            "A control case needs its procedure month, category and one OR time.",
        )
    elif not believed.times:
        reading.refuse("control-needs-time", "procedure.times", "A control case needs one OR time.")


def what_was_made(believed: Believed, context: Context, reading: Reading) -> None:
    kind, decision = believed.case["object_kind"], believed.case.get("print_decision")
    if believed.is_control:
        return
    sections = believed.sections
    for name in ("order_month", "organ_system", "print_decision", "intended_uses", "ordering_services"):
        if name in believed.case and not believed.case[name]:
            reading.refuse("required", name, "This must be known for every case but a control.")
    if kind in MODELS and not sections["parts"]:
        reading.refuse(
            "model-needs-parts", "parts", "A model needs at least one anatomic part, the dominant one first."
        )
    if kind in GUIDES and not sections["guides"]:
        reading.refuse("guide-needs-guide", "guides", "A guide case needs at least one guide with its type.")
    if kind == "digital_only" and decision == "printed":
        reading.refuse(
            "digital-is-not-printed",
            "print_decision",
            "A digital-only case cannot be printed: use digital_only or cancelled.",
        )
    if decision == "printed" and not sections["prints"] and kind != "digital_only":
        reading.refuse(
            "print-missing", "prints", "A printed case needs at least one print, with its printer and outcome."
        )
    if decision == "digital_only" and sections["prints"]:
        reading.refuse("print-not-expected", "prints", "A case decided as digital only has no prints.")
    # Where it was not said at all, or not understood, that is told already.
    if believed.case.get("exclusions_attested", True) is not True:
        reading.refuse(
            "exclusions-not-attested",
            "exclusions_attested",
            "Confirm that no biologic, implant or prosthesis is reported.",
        )


@each("parts")
def part(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    _subregion(row, path, reading)
    _laterality(row, path, reading)


@each("guides")
def guide(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    _laterality(row, path, reading)


def _subregion(part: dict[str, Any], path: str, reading: Reading) -> None:
    subregion = part.get("subregion")
    if subregion and part.get("region") and subregion not in SUBREGIONS_OF[part["region"]]:
        reading.refuse(
            "subregion-of-other-region",
            f"{path}.subregion",
            "This subregion does not belong to the region named beside it.",
        )


def _laterality(row: dict[str, Any], path: str, reading: Reading) -> None:
    sided = {row.get("region"), row.get("subregion")} & LATERALITY_REQUIRED
    if sided and row.get("laterality") in (None, "na") and "laterality" not in row.get("unknown_fields", []):
        reading.refuse("laterality-needed", f"{path}.laterality", "Say which side: this region has a left and a right.")


@each("prints")
def prints(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    """Printers and materials become references of this site; parts must be declared ones."""
    label = row.pop("printer", None)
    if isinstance(label, str) and label in context.printers:
        row["printer_id"], row["process"] = context.printers[label].pk, context.printers[label].process
    else:
        reading.refuse(
            "unknown-printer",
            f"{path}.printer",
            "Name a printer of this site by its label: GET /api/v1/printers lists them. "
            "The facility administrator adds one: POST /api/v1/printers.",
        )
    row["materials"] = _materials(row.get("materials"), f"{path}.materials", context, reading)
    if set(row.get("parts", [])) - set(range(1, len(believed.sections["parts"]) + 1)):
        reading.refuse(
            "unknown-part",
            f"{path}.parts",
            "A print may name only the parts declared for this case, by number from 1.",
        )


def _materials(said: Any, path: str, context: Context, reading: Reading) -> list[int]:
    if not isinstance(said, list) or not said:
        reading.refuse("material-missing", path, "Name at least one material of this site.")
        return []
    known = [context.materials[name].pk for name in said if isinstance(name, str) and name in context.materials]
    if len(known) != len(said):
        reading.refuse(
            "unknown-material",
            path,
            "Name materials of this site: GET /api/v1/materials lists them. "
            "The facility administrator adds one: POST /api/v1/materials.",
        )
    if len(set(known)) != len(known):
        reading.refuse("said-twice", path, "Name each material only once.")
    return known


@each("prints")
def sterility(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    """What lay in the sterile field was sterilised, and the method must be said."""
    if believed.procedure is None or believed.procedure.get("used_in_or") != "sterile_field":
        return
    if row.get("outcome") != "failed" and row.get("sterilisation") in (None, "none"):
        reading.refuse(
            "sterilisation-missing",
            f"{path}.sterilisation",
            "Use in the sterile field needs a sterilisation method.",
        )


def months(believed: Believed, context: Context, reading: Reading) -> None:
    ordered = believed.case.get("order_month")
    performed = (believed.procedure or {}).get("performed_month")
    if ordered and performed and performed < ordered:
        reading.refuse(
            "months-out-of-order", "procedure.performed_month", "The procedure cannot come before the order."
        )


def procedure(believed: Believed, context: Context, reading: Reading) -> None:
    """The category is said, or found in the site's map by the code; either is kept with the map's version."""
    row = believed.procedure
    if row is None:
        return
    if believed.case.get("no_procedure_reason"):
        reading.refuse(
            "procedure-and-none", "no_procedure_reason", "A case has a procedure or a reason for none, not both."
        )
    key = (row.get("procedure_code_system") or "", row.get("procedure_code") or "")
    if row.get("procedure_code") and not row.get("procedure_code_system"):
        reading.refuse(
            "code-system-missing", "procedure.procedure_code_system", "Name the system of the procedure code."
        )
    mapped = context.procedure_map.get(key)
    if row.get("category") is None:
        if mapped is not None:
            row["category"], row["map_version"] = mapped
        # A category that was sent and refused is told once, as what it is.
        elif not any(problem.path == "procedure.category" for problem in reading.problems):
            reading.refuse(
                "unmapped-code",
                "procedure.category",
                "Name a category, or a code of the site's procedure map: GET /api/v1/procedure-map shows it. "
                "The facility administrator adds codes: PUT /api/v1/procedure-map.",
            )
    elif mapped is not None and mapped[0] == row["category"]:
        row["map_version"] = mapped[1]


@each("times")
def times(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    """The procedure lies inside the stay in the room, source by source."""
    if row["clock"] not in ("incision_closure", "tourniquet", "bypass"):
        return
    stays = [time for time in believed.times if time["clock"] == "in_room" and time["source"] == row["source"]]
    if stays and row["minutes"] > stays[-1]["minutes"]:
        reading.refuse(
            "times-contradict",
            f"{path}.minutes",
            "This is longer than the stay in the room. Check both times.",
        )


@each("times")
def usual_times(row: dict[str, Any], path: str, believed: Believed, context: Context, reading: Reading) -> None:
    """A time far from the others of its procedure asks for a second look, and is kept; one that was confirmed asks for none."""
    category = (believed.procedure or {}).get("category")
    if category and not row["confirmed"] and context.usual.is_strange(category, row["clock"], row["minutes"]):
        reading.warn(
            "time-unusual",
            f"{path}.minutes",
            "This is far from the other times of this procedure at your site. Check it; if it is right, say that it is confirmed.",
        )


def age(believed: Believed, context: Context, reading: Reading) -> None:
    months_old, years = believed.case.get("age_months"), believed.case.get("age_years")
    if months_old is not None and (years is None or years != months_old // 12):
        reading.refuse(
            "age-contradicts", "age_months", "Months of age are for children under two and must agree with the years."
        )


def indication(believed: Believed, context: Context, reading: Reading) -> None:
    if believed.case.get("indication_code") and not believed.case.get("indication_system"):
        reading.refuse("code-system-missing", "indication_system", "Name the system of the indication code.")


RULES: tuple[Rule, ...] = (
    takes_part,
    control,
    what_was_made,
    part,
    guide,
    prints,
    sterility,
    months,
    procedure,
    times,
    usual_times,
    age,
    indication,
)
