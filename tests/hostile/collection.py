"""All hostile files together."""

from tests.hostile.csv_files import all_csv
from tests.hostile.other_files import all_others
from tests.hostile.outcomes import Hostile
from tests.hostile.xlsx_files import all_xlsx


def collection() -> list[Hostile]:
    """Every hostile file with its documented outcome."""
    return [*all_csv(), *all_xlsx(), *all_others()]
