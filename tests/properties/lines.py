"""Lines of a file of cases: a believable one, spelled as people spell, and then whatever may be wrong with it.

Names are those of `intake.flat`; what is good or bad for a field is drawn from its model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from registry.intake import flat
from registry.intake.sections import KNOWN_BY
from registry.vocabulary.anatomy import SUBREGIONS_OF
from registry.vocabulary.manufacturing import ObjectKind
from registry.vocabulary.procedures import Clock, TimeSource
from tests.properties import spelling

Line = dict[str, str]
PRINTERS, MATERIALS = ("J750", "Form 3B, bench"), ("Vero", "Agilus", "Surgical resin")
USUAL = "tka"
"""The one procedure that the sites have done often enough to know what is usual."""
CATEGORIES = (USUAL, USUAL, "acetabular_fracture", "orthognathic_two_jaw")
CODES_OF = {"anatomic_model": ("0559T", "0560T"), "anatomic_guide": ("0561T", "0562T")}
MAPPED, UNMAPPED = "27447", "99999"
_NAMES = tuple(column.name for column in flat.columns(dict.fromkeys(flat.ONE_OF, 3)))


KEY = "local_case_id"


def _row(name: str) -> tuple[str, int]:
    """The section and the number of the row that a name belongs to."""
    at = flat.column(name)
    return (at.section, at.number) if at else ("", 0)


def _field(name: str):  # type: ignore[no-untyped-def]
    at = flat.column(name)
    return flat.model_field(at) if at else None


@dataclass
class Author:
    """Whoever writes the file, by dice."""

    dice: Random

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def line(self, local_id: str) -> Line:
        """A believable case."""
        line = self._control() if self.chance(0.3) else self._made()
        return {"local_case_id": local_id, **line}

    def spoiled(self, line: Line) -> Line:
        """One to three things of it are otherwise: often wrong, sometimes only unusual."""
        line = dict(line)
        for _ in range(self.dice.randint(1, 3)):
            self.dice.choice((self._bad, self._bad, self._unknown, self._gone, self._strange, self._any, self._moved))(
                line
            )
        return line

    def partial(self, line: Line, *, local_id: str) -> Line:
        """A later line of the same case: some of what it says, and some of it new."""
        rows = {_row(name) for name in line if self.chance(0.3)}
        kept = [name for name in line if (_row(name) in rows if _row(name)[0] in KNOWN_BY else self.chance(0.3))]
        said = {name: line[name] for name in kept}
        near = sorted(name for name in _NAMES if _row(name) in {_row(each) for each in line} and name != KEY)
        for _ in range(self.dice.randint(0, 3)):
            name = self.dice.choice(near)
            said[name] = self._good(name) or said.get(name, "")
        if self.chance(0.4):
            self.dice.choice((self._outcome, self._outcome, self._any, self._unknown, self._bad))(said)
        return {**said, "local_case_id": local_id}

    # -- believable cases

    def _good(self, name: str) -> str:
        field = _field(name)
        return spelling.good(field, self.dice) if field else ""

    def _some(self, line: Line, names: Mapping[str, float]) -> None:
        line.update({name: self._good(name) for name, share in names.items() if self.chance(share)})

    def _control(self) -> Line:
        line = {"object_kind": spelling.word("none", dict(ObjectKind.choices), self.dice)}
        self._some(line, {"sex": 0.5, "complexity": 0.4})
        if self.chance(0.5):
            line["age_years"] = str(self.dice.randint(2, 89))
        self._operation(line, earliest=(2024, 1))
        return line

    def _made(self) -> Line:
        kind = self.dice.choice(("anatomic_model", "anatomic_model", "anatomic_guide", "both", "digital_only"))
        year, month = self.dice.randint(2024, 2025), self.dice.randint(1, 11)
        line = {
            "object_kind": kind,
            "order_month": spelling.month(year, month, self.dice),
            "sex": self._good("sex"),
            "organ_system": self._good("organ_system"),
            "intended_uses": self._good("intended_uses"),
            "ordering_services": self._good("ordering_services"),
            "exclusions_attested": self.dice.choice(("yes", "Yes", "TRUE", "1")),
            "print_decision": "digital_only"
            if kind == "digital_only"
            else self.dice.choice(("printed", "printed", "cancelled")),
        }
        self._age(line)
        self._some(
            line,
            {
                "appropriateness": 0.4,
                "complexity": 0.7,
                "regulatory_pathway": 0.3,
                "poc_attestation": 0.4,
                "comment": 0.2,
            },
        )
        if self.chance(0.4):
            line["indication_system"], line["indication_code"] = "icd10cm", "M26.213"
        self._imaged(line)
        self._designed(line, kind)
        self._printed(line)
        self._worked(line)
        if kind in {"anatomic_model", "anatomic_guide", "both"} and self.chance(0.6):
            self._coded(line, kind)
        if self.chance(0.7):
            self._operation(line, earliest=(year, month))
            self._assessed(line)
        elif self.chance(0.3):
            line["no_procedure_reason"] = "cancelled"
        return line

    def _age(self, line: Line) -> None:
        if self.chance(0.1):
            months = self.dice.randint(0, 23)
            line["age_years"], line["age_months"] = str(months // 12), str(months)
        else:
            line["age_years"] = self.dice.choice((str(self.dice.randint(2, 89)), "90+", "unknown", "?"))

    def _imaged(self, line: Line) -> None:
        for number in range(1, self.dice.choice((1, 1, 2, 3)) + 1):
            line[f"imaging_{number}_modality"] = self._good("imaging_1_modality")
            self._some(
                line,
                {f"imaging_{number}_{name}": 0.4 for name in ("slice_mm", "contrast", "acquired_for_print", "fused")},
            )

    def _designed(self, line: Line, kind: str) -> None:
        for number in range(1, self.dice.choice((1, 1, 2, 3)) + 1):
            region = self.dice.choice(sorted(SUBREGIONS_OF))
            line |= {f"part_{number}_region": region, f"part_{number}_structure": "bone"}
            line[f"part_{number}_laterality"] = self.dice.choice(("left", "Right", "bilateral", "midline"))
            if self.chance(0.5) and SUBREGIONS_OF[region]:
                line[f"part_{number}_subregion"] = str(self.dice.choice(sorted(SUBREGIONS_OF[region])))
            self._some(line, {f"part_{number}_comment": 0.2})
        if kind in {"anatomic_guide", "both"} or self.chance(0.05):
            for number in range(1, self.dice.choice((1, 1, 2)) + 1):
                line |= {
                    f"guide_{number}_guide_type": "cutting",
                    f"guide_{number}_region": "head",
                    f"guide_{number}_laterality": "midline",
                }
                self._some(line, {f"guide_{number}_count": 0.5})

    def _printed(self, line: Line) -> None:
        if line["print_decision"] == "digital_only":
            return
        fields = [name for name in flat.fields_of("prints") if name not in {"printer", "materials", "outcome", "parts"}]
        for number in range(1, self.dice.choice((1, 1, 1, 2, 3)) + 1):
            materials = self.dice.sample(MATERIALS, self.dice.choice((1, 1, 2)))
            line[f"print_{number}_printer"] = self.dice.choice(PRINTERS)
            line[f"print_{number}_materials"] = spelling.listed(materials, self.dice)
            line[f"print_{number}_outcome"] = self._good("print_1_outcome")
            line[f"print_{number}_parts"] = "1"
            self._some(line, {f"print_{number}_{name}": 0.25 for name in fields})
            if self.chance(0.8):
                line[f"print_{number}_sterilisation"] = "steam_134"

    def _worked(self, line: Line) -> None:
        for name in (name for name in _NAMES if name.startswith("effort_")):
            if self.chance(0.4):
                length = self.dice.randint(0, 300)
                line[name] = spelling.minutes(length, self.dice) if self.chance(0.85) else spelling.unknown(self.dice)

    def _coded(self, line: Line, kind: str) -> None:
        codes = [code for made, pair in CODES_OF.items() if kind in {made, "both"} for code in pair]
        place = 0
        for code in codes:
            place += 1 + self.chance(0.1)  # a number left out
            line[f"code_{place}_code"], line[f"code_{place}_units"] = code, "1"
            self._some(
                line, {f"code_{place}_claim": 0.3, f"code_{place}_claim_status": 0.2, f"code_{place}_amount_paid": 0.2}
            )

    def _operation(self, line: Line, *, earliest: tuple[int, int]) -> None:
        at = earliest[0] * 12 + earliest[1] - 1 + self.dice.randint(0, 3)
        line["procedure_performed_month"] = spelling.month(at // 12, at % 12 + 1, self.dice)
        if self.chance(0.2):
            line |= {"procedure_code_system": "cpt", "procedure_code": MAPPED if self.chance(0.8) else UNMAPPED}
        if "procedure_code" not in line or self.chance(0.4):
            line["procedure_category"] = self.dice.choice(CATEGORIES)
        self._some(line, {"procedure_approach": 0.3, "procedure_used_in_or": 0.5, "procedure_surgeon_experience": 0.3})
        length = self.dice.choice(
            (
                self.dice.randint(70, 230),
                self.dice.randint(70, 230),
                self.dice.randint(5, 40),
                self.dice.randint(400, 1440),
            )
        )
        place = 1 + self.chance(0.05)
        self._time(line, place, "in_room", length)
        if length > 30 and self.chance(0.5):
            self._time(line, place + 1, "incision_closure", length - self.dice.randint(5, 25))

    def _time(self, line: Line, number: int, clock: str, length: int) -> None:
        line[f"time_{number}_clock"] = spelling.word(clock, dict(Clock.choices), self.dice)
        line[f"time_{number}_source"] = spelling.word("or_log", dict(TimeSource.choices), self.dice)
        if self.chance(0.25):
            start = self.dice.randint(0, 1439)
            end, over = (start + length) % 1440, (start + length) // 1440
            line[f"time_{number}_from"] = f"{start // 60:02d}:{start % 60:02d}"
            line[f"time_{number}_to"] = f"{end // 60:02d}:{end % 60:02d}" + ("+1" if over else "")
        else:
            line[f"time_{number}_minutes"] = spelling.minutes(length, self.dice)
        if self.chance(0.15):
            line[f"time_{number}_confirmed"] = "yes"

    def _assessed(self, line: Line) -> None:
        for number in range(1, self.dice.choice((0, 0, 1, 2)) + 1):
            line[f"assessment_{number}_respondent_role"] = "surgeon"
            names = [name for name in flat.fields_of("assessments") if name != "respondent_role"]
            self._some(line, {f"assessment_{number}_{name}": 0.5 for name in names})

    # -- what may be otherwise

    def _one_of(self, line: Line) -> str:
        return self.dice.choice(sorted(line)) if line else "sex"

    def _bad(self, line: Line) -> None:
        name = self._one_of(line) if self.chance(0.7) else self.dice.choice(_NAMES)
        if name == KEY and self.chance(0.8):
            return
        field = _field(name)
        if field is not None:
            line[name] = spelling.bad(field, self.dice)
        elif name.endswith("_materials"):
            line[name] = self.dice.choice(("Nobody's", "Vero; Vero", ";", "vero", "Vero; Nobody's"))
        else:
            line[name] = self.dice.choice(("25:00", "8:1", "0814", "noon", "07:00", "7:00+1", "23:59"))

    def _unknown(self, line: Line) -> None:
        line[self._one_of(line)] = spelling.unknown(self.dice)

    def _gone(self, line: Line) -> None:
        line.pop(self._one_of(line), None)

    def _any(self, line: Line) -> None:
        """Any field at all, also of a row that nothing else is said of."""
        name = self.dice.choice(_NAMES)
        if name != KEY and (text := self._good(name)):
            line[name] = text

    def _moved(self, line: Line) -> None:
        """The row of a list stands under another number: a gap, or a row beyond what may be."""
        name = self._one_of(line)
        at = flat.column(name)
        if at is None or not at.number:
            return
        to = self.dice.choice((at.number + 1, at.number + 2, flat.most_of(at.section), flat.most_of(at.section) + 1))
        old, new = (flat.row_name(at.section, number, "") for number in (at.number, to))
        for each in [each for each in line if each.startswith(old)]:
            if flat.column(new + each.removeprefix(old)):
                line[new + each.removeprefix(old)] = line.pop(each)

    def _outcome(self, line: Line) -> None:
        self._operation(line, earliest=(2025, 11))

    def _strange(self, line: Line) -> None:
        """What no single field forbids."""
        line |= self.dice.choice(
            (
                {"object_kind": "none"},
                {"object_kind": "digital_only"},
                {"object_kind": "anatomic_guide"},
                {"print_decision": "digital_only"},
                {"no_procedure_reason": "no_procedure"},
                {"procedure_used_in_or": "sterile_field", "print_1_sterilisation": "none"},
                {"procedure_performed_month": "2023-01"},
                {"exclusions_attested": "no"},
                {"part_1_region": "upper_extremity", "part_1_laterality": "na"},
                {"part_1_region": "head", "part_1_subregion": "knee"},
                {"code_1_code": "0560T", "code_1_units": "9"},
                {"code_1_code": "0559T", "code_1_units": "2"},
                {"code_2_code": "76377", "code_2_units": "1"},
                {"code_2_code": "1030T", "code_2_units": "1"},
                {"code_1_code": "0559T", "code_1_units": "1", "code_1_modifier": "52"},
                {"code_3_code": "0559T", "code_3_units": "1", "code_3_applied_month": "2018-01"},
                {"code_3_code": "ZZZZZ", "code_3_units": "1"},
                {"print_1_parts": "1; 2; 9"},
                {"print_1_printer": "Nobody's"},
                {"time_2_clock": "tourniquet", "time_2_source": "or_log", "time_2_minutes": "1440"},
                {"time_3_clock": "in_room", "time_3_source": "or_log", "time_3_minutes": "100"},
                {"time_1_from": "10:00", "time_1_to": "09:00", "time_1_minutes": ""},
                {"time_1_from": "10:00", "time_1_to": "", "time_1_minutes": ""},
                {"age_years": "1", "age_months": "3"},
                {"indication_code": "X1", "indication_system": ""},
                {"procedure_code": UNMAPPED, "procedure_code_system": "", "procedure_category": ""},
                {"procedure_code": MAPPED, "procedure_code_system": "cpt", "procedure_category": ""},
            )
        )
