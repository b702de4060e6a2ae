import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.actions import sites
from registry.intake.report import CaseReport
from registry.models.scope import acting_for
from tests import people
from tests.people import HAND, People

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def them(db: None) -> Iterator[People]:
    """Alice, Bob, Charlie and Dana, in the scope of Alice's site, whose printer and material are those of the example."""
    gathered = people.gathered()
    with acting_for(sites=[gathered.site.pk], administrator=True):
        sites.add_printer(
            gathered.site, label="SLA bench", manufacturer="A", model="B", process="vat_photopolymerization", **HAND
        )
        sites.add_material(
            gathered.site, name="Surgical resin", material_class="photopolymer_rigid", biocompatible="yes", **HAND
        )
    with gathered.at_site():
        yield gathered


@pytest.fixture
def report() -> Callable[..., CaseReport]:
    """report() is the example case, report("control") the example control; named fields replace or, if None is given as ..., drop."""

    def made(name: str = "case", **changes: Any) -> CaseReport:
        data = copy.deepcopy(json.loads((EXAMPLES / f"{name}.json").read_text()))
        data.update({field: value for field, value in changes.items() if value is not ...})
        for field in [field for field, value in changes.items() if value is ...]:
            del data[field]
        return CaseReport(data)

    return made
