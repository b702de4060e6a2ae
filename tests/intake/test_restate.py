"""Lines of a file laid over what is recorded: the same again changes nothing, and parts in any order give the whole."""

import copy
import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry.intake import flat
from registry.intake.restate import laid_by_row

EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "examples" / "case.json").read_text(), parse_float=Decimal
)
SAID = flat.said_of(EXAMPLE)


def plain(report: dict[str, Any]) -> Any:
    """The report without an order where rows are known by what they say."""
    said = json.loads(json.dumps(report, default=str))
    for rows in (said.get("effort", []), said.get("codes", []), said.get("procedure", {}).get("times", [])):
        rows.sort(key=json.dumps)
    return said


def piece_of(name: str) -> str:
    """What is said in one piece: a row of a list that is known by what it says; else each value is its own."""
    column = flat.column(name)
    assert column is not None
    return f"{column.section} {column.number}" if column.section in ("codes", "times") else name


PIECES = sorted({piece_of(name) for name in SAID})


def laid(recorded: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    return laid_by_row(recorded, flat.read(said)).data


def test_a_whole_report_laid_over_itself_is_itself() -> None:
    assert plain(laid(copy.deepcopy(EXAMPLE), SAID)) == plain(EXAMPLE)


@given(st.permutations(PIECES), st.lists(st.integers(0, len(PIECES)), max_size=6))
def test_parts_laid_in_any_order_give_the_whole(order: list[str], cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(order)]
    recorded: dict[str, Any] = {}
    for start, end in pairwise(places):
        part = {name: text for name, text in SAID.items() if piece_of(name) in order[start:end]}
        recorded = laid(recorded, part)
    assert plain(recorded) == plain(EXAMPLE)


@given(st.sets(st.sampled_from(sorted(SAID))), st.sets(st.sampled_from(sorted(SAID))))
def test_what_was_laid_is_said_and_what_was_not_stays(first: set[str], second: set[str]) -> None:
    recorded = laid(copy.deepcopy(EXAMPLE), {name: SAID[name] for name in first if piece_of(name) == name})
    again = laid(recorded, {name: SAID[name] for name in second if piece_of(name) == name})
    assert plain(again) == plain(EXAMPLE)


def test_two_sent_rows_that_say_the_same_stay_two() -> None:
    twice = {f"code_{n}_{field}": text for n in (1, 2) for field, text in (("code", "0559T"), ("units", str(n)))}
    report = laid_by_row(copy.deepcopy(EXAMPLE), flat.read(twice))
    assert [row["units"] for row in report.data["codes"] if row["code"] == "0559T"] == [1, 2]
    assert report.numbers is not None
    assert report.numbers["codes"] == [1, 0, 0, 0, 2]
