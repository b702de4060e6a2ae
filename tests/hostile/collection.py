"""All hostile files together."""

from tests.hostile.csv_files import all_csv
from tests.hostile.outcomes import Hostile


def collection() -> list[Hostile]:
    """Every hostile file with its documented outcome."""
    return [*all_csv()]
