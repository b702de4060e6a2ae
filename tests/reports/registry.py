"""A small registry with something to say: two sites, two procedures, one of them slower with a print."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from registry.actions import cases, writing
from registry.intake.report import CaseReport
from registry.models import Site, User
from registry.models.scope import acting_for
from registry.statistics import refresh_due
from tests.people import People, gathered

EXAMPLE = json.loads((Path(__file__).parent.parent / "examples" / "case.json").read_text())
FASTER, SLOWER = "partial_nephrectomy", "congenital_heart_repair"
# category: (minutes with a print, minutes without); the spread around them is fixed, so every figure is too.
MEANS = {FASTER: (170, 200), SLOWER: (320, 300)}
SPREAD = (-22, -14, -9, -5, -2, 0, 1, 4, 8, 11, 13, 15)


def printed(number: int, category: str, minutes: int | None, **changes: Any) -> CaseReport:
    """A printed model; without minutes it waits for its OR time."""
    data = copy.deepcopy(EXAMPLE)
    for name in ("guides", "assessments"):
        del data[name]
    data.update(local_case_id=f"P-{category[:3]}-{number}", object_kind="anatomic_model", organ_system="gu")
    data["codes"] = [{"code": "0559T", "units": 1, "claim": "billed", "claim_status": "paid"}]
    data["intended_uses"] = ["preop_planning"]
    data["prints"] = [
        {"printer": "J750", "materials": ["Vero"], "parts": [1, 2], "outcome": "success", "sterilisation": "steam_134"}
    ]
    data["procedure"].update(category=category, times=[{"clock": "in_room", "minutes": minutes, "source": "or_log"}])
    if minutes is None:
        del data["procedure"]
    return CaseReport({**data, **changes})


def control(number: int, category: str, minutes: int) -> CaseReport:
    times = [{"clock": "in_room", "minutes": minutes, "source": "or_log"}]
    procedure = {"performed_month": "2026-03", "category": category, "times": times}
    return CaseReport({"local_case_id": f"C-{category[:3]}-{number}", "object_kind": "none", "procedure": procedure})


def reports(*, apart: int = 0) -> Iterator[CaseReport]:
    """Twelve printed cases and twelve controls of each procedure, and three printed cases that wait; `apart` shifts the minutes."""
    for category, (with_print, without) in MEANS.items():
        for number, off in enumerate(SPREAD):
            yield printed(number, category, with_print + off + apart)
            yield control(number, category, without + 2 * off + apart)
    for number in range(3):
        yield printed(100 + number, FASTER, None)


def submitted(site: Site, by: User, said: list[CaseReport]) -> None:
    with acting_for(sites=[site.pk]):
        outcomes = cases.submit_batch(said, site=site, by=by, via="rest")
        refused = [outcome for outcome in outcomes if not isinstance(outcome, writing.Submitted)]
        assert refused == [], [outcome.problems for outcome in refused]


def filled() -> People:
    """Two sites and four people, with cases entered and statistics refreshed."""
    people = gathered()
    submitted(people.site, people.alice, list(reports()))
    submitted(people.other, people.charlie, list(reports(apart=7)))
    refreshed()
    return people


def refreshed() -> None:
    """Nothing is stale any more."""
    while refresh_due(100):
        pass
