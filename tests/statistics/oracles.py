"""The shared oracle files, read once."""

import csv
import json
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "oracles"


def oracle(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(), parse_float=Decimal)


def nist_datasets() -> dict[str, list[Decimal]]:
    sets: dict[str, list[Decimal]] = defaultdict(list)
    with (FOLDER / "nist_strd_univariate.csv").open() as file:
        for row in csv.DictReader(file):
            sets[row["dataset"]].append(Decimal(row["y"]))
    return sets


def as_integers(values: list[Any]) -> tuple[list[int], int]:
    """The values times the smallest power of ten that makes them whole, and that power."""
    scale = 1
    while any(Fraction(value) * scale % 1 for value in values):
        scale *= 10
    return [int(Fraction(value) * scale) for value in values], scale
