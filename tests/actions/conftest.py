import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.intake.report import CaseReport
from tests import people
from tests.people import People, equipped_for_the_example

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def them(db: None) -> Iterator[People]:
    """Alice, Bob, Charlie and Dana, in the scope of Alice's site, whose printer and material are those of the example."""
    gathered = people.gathered()
    equipped_for_the_example(gathered.site)
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
