"""The shared oracle files, and the tally of what was compared with them: `make oracles` prints it."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from math import inf
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "oracles"
HEADINGS = ("file of tests/oracles/", "passed", "failed", "largest relative error", "largest absolute error")


@dataclass
class Checks:
    """The numbers that were compared with one file, and the largest error among those with a tolerance of either kind."""

    passed: int = 0
    failed: int = 0
    relative: float | None = None
    absolute: float | None = None
    read: bool = False


class Tally:
    """Every check against the files of these names."""

    def __init__(self, names: Iterable[str]) -> None:
        self.of = {name: Checks() for name in sorted(names)}

    def agrees(self, found: Any, expected: Any, *, file: str, rel: float = 1e-9, within: float = 0.0) -> None:
        """Every number of `found` is that of `expected` in `file`, to `rel` of itself or to `within`, whichever is more.

        Sequences have the same length, mappings the same keys, and None is None. Each number is a check of its own and
        is counted, also where it fails. Raises AssertionError that names the file and the numbers.
        """
        pairs = list(_pairs(found, expected))
        wrong = [text for pair in pairs if (text := self._check(file, *pair, rel=rel, within=within))]
        assert pairs, f"{file}: nothing was compared"
        assert not wrong, f"{file}: " + "\n".join(wrong)

    def _check(self, file: str, at: str, found: Any, expected: Any, *, rel: float, within: float) -> str:
        """What is wrong, or nothing."""
        checks, error, size = self.of[file], _distance(found, expected), _size(expected)
        if size and rel * size >= within:
            checks.relative = max(checks.relative or 0.0, error / size)
        elif expected is not None:
            checks.absolute = max(checks.absolute or 0.0, error)
        if error <= max(rel * size, within):
            checks.passed += 1
            return ""
        checks.failed += 1
        return f"{at}found {found}, expected {expected}: off by {error:.3g}, allowed {max(rel * size, within):.3g}"

    @property
    def without_check(self) -> list[str]:
        """The files that nothing was compared with; a table of data is used once it is read."""
        return [name for name, each in self.of.items() if not (each.passed or each.failed or each.read)]

    @property
    def is_clean(self) -> bool:
        """No check failed and no file is without one."""
        return not self.without_check and not any(each.failed for each in self.of.values())

    def lines(self) -> list[str]:
        """A table, a line for each file, and the totals last."""
        rows = [HEADINGS, *(_row(name, each) for name, each in self.of.items())]
        passed, failed = (sum(getattr(each, of) for each in self.of.values()) for of in ("passed", "failed"))
        missing = ", ".join(self.without_check) or "none"
        return [
            *(f"{row[0]:<32}{row[1]:>8}{row[2]:>8}{row[3]:>24}{row[4]:>24}" for row in rows),
            f"{len(self.of)} files: {passed:,} checks passed, {failed:,} failed; files without a check: {missing}",
        ]


def _row(name: str, each: Checks) -> tuple[str, ...]:
    if not (each.passed or each.failed):
        return name, "data" if each.read else "NONE", "", "", ""
    errors = ("" if error is None else f"{error:.1e}" if error else "0" for error in (each.relative, each.absolute))
    return name, f"{each.passed:,}", f"{each.failed:,}", *errors


def _pairs(found: Any, expected: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, Mapping):
        for key in {**expected, **found}:
            yield from _pairs(found.get(key, "nothing"), expected.get(key, "nothing"), f"{at}{key}: ")
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        for place, (one, other) in enumerate(zip_longest(found, expected, fillvalue="nothing")):
            yield from _pairs(one, other, f"{at}{place}: ")
    else:
        yield at, found, expected


def _distance(found: Any, expected: Any) -> float:
    """Taken exactly; infinite where one of them is no number and they are not the same."""
    try:
        return float(abs(Fraction(found) - Fraction(expected)))
    except (TypeError, ValueError, OverflowError):
        return 0.0 if found == expected else inf


def _size(expected: Any) -> float:
    size = _distance(expected, 0)
    return size if size < inf else 0.0


TALLY = Tally(path.name for path in FOLDER.iterdir() if path.suffix in {".csv", ".json"})
agrees = TALLY.agrees


def oracle(name: str) -> Any:
    """What `name`.json holds, its numbers as they are printed."""
    return json.loads((FOLDER / f"{name}.json").read_text(), parse_float=Decimal)


def table(name: str) -> list[dict[str, str]]:
    """The rows of `name`.csv."""
    TALLY.of[f"{name}.csv"].read = True
    with (FOLDER / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def nist_datasets() -> dict[str, list[Decimal]]:
    sets: dict[str, list[Decimal]] = defaultdict(list)
    for row in table("nist_strd_univariate"):
        sets[row["dataset"]].append(Decimal(row["y"]))
    return sets


def as_integers(values: list[Any]) -> tuple[list[int], int]:
    """The values times the smallest power of ten that makes them whole, and that power."""
    scale = 1
    while any(Fraction(value) * scale % 1 for value in values):
        scale *= 10
    return [int(Fraction(value) * scale) for value in values], scale


def agrees_as_printed(found: float | None, printed: Any, *, file: str) -> None:
    """Agrees with a printed number to its last printed digit."""
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    agrees(found, printed, file=file, within=0.5 * 10.0**exponent * 1.001)
