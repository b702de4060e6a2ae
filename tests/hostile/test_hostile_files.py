"""Any file is read as documented or refused as documented, and no row is silently changed."""

from pathlib import Path

import pytest

from tests.hostile.collection import collection
from tests.hostile.outcomes import Hostile, outcome

FILES = collection()


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_a_hostile_file_comes_to_its_documented_outcome(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    hostile.make(path)
    found = outcome(path)
    if isinstance(hostile.rows, int):
        assert len(found.rows) == hostile.rows
    else:
        assert found.rows == hostile.rows
    assert (dict(found.problems), found.refused) == (
        {row: [*codes] for row, codes in hostile.problems.items()},
        hostile.refused,
    )
    assert found.is_as_documented(hostile)


def test_the_collection_is_as_large_as_promised_and_names_no_file_twice() -> None:
    endings = [hostile.name.rpartition(".")[2] for hostile in FILES]
    assert len({hostile.name for hostile in FILES}) == len(FILES)
    assert sum(ending == "csv" for ending in endings) >= 72
    assert sum(hostile.name.startswith("spectrum-") for hostile in FILES) == 12
    assert sum(ending in {"xlsx", "xlsm"} for ending in endings) >= 20
