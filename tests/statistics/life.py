"""A registry that lives at random: cases arrive, are amended, get late outcomes, are withdrawn and come back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from registry.actions import cases, outcomes, sites
from registry.errors import InvalidReport
from registry.intake.report import CaseReport
from registry.models import Case, Site
from tests.people import HAND
from tests.statistics import reports

MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
# One category is so common that it has more than five prints.
CATEGORIES = ["tka", "tka", "tka", "acetabular_fracture"]
KINDS = ["anatomic_model", "anatomic_guide", "both"]
PRINTERS = ["J750", "Form"]
# Two of the same class, so that a print may hold one class twice.
MATERIALS = {"VeroClear": "photopolymer_rigid", "Agilus": "photopolymer_flexible", "Grey": "resin_standard"}
ACTIVITIES = ["consultation", "segmentation", "cad", "prep_postprocess"]


def equip(site: Site) -> None:
    """What a life's prints need beside the printer and the material of `tests.people`."""
    sites.add_printer(
        site, label="Form", manufacturer="Formlabs", model="3B", process="vat_photopolymerization", **HAND
    )
    for name, material_class in MATERIALS.items():
        sites.add_material(site, name=name, material_class=material_class, biocompatible="no", **HAND)


@dataclass
class Life:
    """One registry in the making; every act goes through an action."""

    seed: int
    site: Site
    random: Random = field(init=False)
    born: int = 0
    last: Any = None

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def act(self) -> None:
        """One act of somebody at the site."""
        acts: list[Callable[[], Any]] = [
            self.new,
            self.new,
            self.new,
            self._amended,
            self._late,
            self._withdrawn,
            self._assessed,
        ]
        self.random.choice(acts)()

    def _one(self, **conditions: Any) -> Case | None:
        held = list(Case.objects.filter(site=self.site, **conditions).order_by("pk"))
        return self.random.choice(held) if held else None

    def new(self) -> None:
        """A case nobody has reported before, or the last one again under another id."""
        self.born += 1
        local_id = f"{self.site.code}-{self.born:04}"
        again = self.last and self.random.random() < 0.2
        self.last = CaseReport({**self.last.data, "local_case_id": local_id}) if again else self._report(local_id)
        cases.submit(self.last, site=self.site, **HAND)

    def _amended(self) -> None:
        """The same case id with other content: months, category, arm and all may move. A withdrawn case comes back first."""
        case = self._one()
        if case is not None:
            cases.reinstate(case, reason="the right patient after all", **HAND)
            # Refused where the new order comes after a procedure that the new report leaves as it was.
            with suppress(InvalidReport):
                cases.replace(self._report(case.local_case_id, control=case.is_control), site=self.site, **HAND)

    def _late(self) -> None:
        case = self._one(state="submitted", no_procedure_reason__isnull=True, procedure__isnull=True)
        if case is not None:
            outcomes.record_procedure(
                case, {"procedure": self._procedure(MONTHS.index(f"{case.order_month:%Y-%m}"))}, **HAND
            )

    def _withdrawn(self) -> None:
        case = self._one(state="submitted")
        if case is not None:
            cases.withdraw(case, reason="entered twice", **HAND)

    def _assessed(self) -> None:
        case = self._one(state="submitted", print_decision="printed")
        if case is not None:
            answers = {"q1_easy": self.random.choice([None, 1, 3, 5]), "q7_confident_after": self.random.randint(1, 5)}
            outcomes.record_assessment(case, {"respondent_role": "surgeon", **answers}, **HAND)

    def _report(self, local_id: str, *, control: bool | None = None) -> CaseReport:
        pick = self.random.choice
        if pick([True, False, False]) if control is None else control:
            times = self._times() or [reports.time(self.random.randint(60, 70))]
            more = {"complexity": pick([None, "basic", "complex"]), **self._maybe("age_years", [None, 0, 71])}
            return reports.control(local_id, pick(MONTHS), pick(CATEGORIES), *times, **more)
        decision = pick(["printed", "printed", "printed", "digital_only", "cancelled"])
        kind = pick(KINDS) if decision == "printed" else pick([*KINDS, "digital_only"])
        ordered = self.random.randrange(len(MONTHS))
        more = {
            "organ_system": pick(["msk", "spine"]),
            "age_years": pick([None, 0, 40, 40, "90+"]),
            "effort": self._effort(),
            **self._outcome(ordered),
            "codes": self._codes(kind),
        }
        if decision == "printed":
            more["prints"] = self._prints()
        return reports.asked(local_id, MONTHS[ordered], decision=decision, kind=kind, **more)

    def _outcome(self, ordered: int) -> dict[str, Any]:
        outcome = self.random.choice(["waits", "none", *["done"] * 5])
        if outcome == "done":
            return {"procedure": self._procedure(ordered)}
        return {"no_procedure_reason": "cancelled"} if outcome == "none" else {}

    def _procedure(self, ordered: int) -> dict[str, Any]:
        month, category = self.random.choice(MONTHS[ordered:]), self.random.choice(CATEGORIES)
        used = self.random.choice([None, "planning_only", "not_used"])
        return reports.procedure(month, category, *self._times(), used=used)

    def _times(self) -> list[dict[str, Any]]:
        # Few different values, so that histograms have counts above one.
        pairs = [
            ("in_room", "or_log"),
            ("in_room", "chart"),
            ("in_room", "recall"),
            ("anaesthesia", "recall"),
            ("anaesthesia", "ehr"),
        ]
        wanted = self.random.sample(pairs, self.random.randint(0, 3))
        return [reports.time(self.random.randint(60, 66), clock, source) for clock, source in wanted]

    def _prints(self) -> list[dict[str, Any]]:
        pick = self.random.choice
        return [
            reports.print_(
                pick(PRINTERS),
                materials=self.random.sample(["Vero", *MATERIALS], self.random.randint(1, 3)),
                outcome=pick(["success", "reprint", "failed"]),
                copies=self.random.randint(1, 3),
                **self._maybe("sterilisation", [None, "none", "steam_134"]),
                **self._maybe("qa_result", [None, "pass", "not_done"]),
                **self._maybe("volume_cm3", [None, 100, 100.5, 102]),
                **self._maybe("print_hours", [None, 0, 0.01, 7.25, 240]),
                **self._maybe("material_cost", [None, 0, 0.1, 19.99, 1000000]),
            )
            for _ in range(self.random.randint(1, 2))
        ]

    def _maybe(self, name: str, values: list[Any]) -> dict[str, Any]:
        """Said, said to be unknown, or not asked."""
        return {name: self.random.choice(values)} if self.random.random() < 0.8 else {}

    def _effort(self) -> list[dict[str, Any]]:
        return [
            {"activity": activity, "staff": staff, "minutes": self.random.choice([None, 0, 30, 30, 30, 6000])}
            for staff in ("clinician", "non_clinician")
            for activity in self.random.sample(ACTIVITIES, self.random.choice([0, 1, 3, 4, 4]))
        ]

    def _codes(self, kind: str) -> list[dict[str, Any]]:
        """Some of the codes that go with the kind, in months on both sides of every date of the reference."""
        pick, wanted = self.random.choice, list[tuple[str, str]]()
        if kind in {"anatomic_model", "both"}:
            wanted += pick([[], [("0559T", "")], [("0559T", ""), ("0559T", "52")], [("0559T", ""), ("0560T", "")]])
        if kind in {"anatomic_guide", "both"}:
            wanted += pick([[], [("0561T", "")], [("0561T", "52"), ("0562T", "")]])
        wanted += pick([[], [], [("1030T", "")], [("76376", "")]])
        return [self._code(code, modifier) for code, modifier in wanted]

    def _code(self, code: str, modifier: str) -> dict[str, Any]:
        pick = self.random.choice
        dated = modifier or code == "1030T"
        return {
            "code": code,
            "modifier": modifier,
            "units": 1 if code in {"0559T", "0561T"} else self.random.randint(1, 7),
            "applied_month": pick(["2026-07", "2026-08"] if dated else ["2026-03", "2026-04", "2026-08"]),
            "claim": pick(["billed", "billed", "not_billed", "unknown"]),
            **self._maybe("claim_status", [None, "paid", "denied", "pending", "zero_paid", "na"]),
        }
