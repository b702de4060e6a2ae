"""Of how many cases and prints the registry knows what its figures rest on. Unknown and not said are counted apart."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.statistics.models import AgeCell, CostCell, EffortCell, HoursCell, PrintCell
from registry.statistics.prints import PROCESS
from registry.statistics.reading import WITH_PRINT, Minutes, Reading
from registry.vocabulary.manufacturing import ObjectKind, StaffGroup

FIELDS = {
    "age": "Age",
    f"effort_{StaffGroup.CLINICIAN}": "Effort of clinicians, all four activities",
    f"effort_{StaffGroup.NON_CLINICIAN}": "Effort of other staff, all four activities",
    "complexity": "Complexity, of cases with an OR time",
    "used_in_or": "Use in the room, of printed cases with an OR time",
    "hours": "Machine hours of a print",
    "cost": "Material cost of a print",
    "sterilised": "Sterilisation of a print",
    "qa_result": "Quality check of a print",
}


@dataclass(frozen=True)
class Asked:
    """How many are asked for a field, how many know it, and how many said that they do not; the rest says nothing."""

    applies: int
    known: int
    unknown: int

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(self.applies + other.applies, self.known + other.known, self.unknown + other.unknown)


NOBODY = Asked(0, 0, 0)


def asked_cases(reading: Reading) -> list[dict[str, Any]]:
    """Cases that asked for an object, by site, month and whether they expect an outcome."""
    return reading.cases("month", "expects_outcome")


def fields_known(reading: Reading) -> dict[int, dict[str, Asked]]:
    """By site and field, where anybody is asked for it."""
    found: dict[int, dict[str, Asked]] = defaultdict(dict)
    for one in (_of_cases, _of_times, _of_prints):
        for site_id, name, asked in one(reading):
            if asked.applies:
                found[site_id][name] = found[site_id].get(name, NOBODY) + asked
    return dict(found)


Said = Iterator[tuple[int, str, Asked]]


def _of_cases(reading: Reading) -> Said:
    """Age and effort, of cases that asked for an object."""
    cases: Counter[int] = Counter()
    for row in reading.once(asked_cases):
        cases[row["site_id"]] += row["n_cases"]
    said: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for row in reading.sums(AgeCell, ("site_id", "object_kind"), ("n_known", "n_unknown")):
        if row["object_kind"] != ObjectKind.NONE:
            said[row["site_id"], "age"].update(known=row["n_known"], unknown=row["n_unknown"])
    for row in reading.sums(EffortCell, ("site_id", "activity", "staff"), ("n_known", "n_unknown")):
        if not row["activity"]:
            said[row["site_id"], f"effort_{row['staff']}"].update(known=row["n_known"], unknown=row["n_unknown"])
    for site_id, n in cases.items():
        for name in list(FIELDS)[:3]:
            counts = said[site_id, name]
            yield site_id, name, Asked(n, counts["known"], counts["unknown"])


def _of_times(reading: Reading) -> Said:
    """Complexity and use in the room, of cases timed by the clock that the site records most; these sums keep no word for unknown."""
    by_site: dict[int, dict[str, list[Minutes]]] = defaultdict(lambda: defaultdict(list))
    for each in reading.minutes:
        by_site[each.site_id][each.clock].append(each)
    for site_id, clocks in by_site.items():
        for each in max(clocks.values(), key=lambda timed: sum(one.n for one in timed)):
            yield site_id, "complexity", Asked(each.n, each.n if each.complexity else 0, 0)
            if each.arm == WITH_PRINT:
                yield site_id, "used_in_or", Asked(each.n, each.n if each.used_in_or else 0, 0)


def _of_prints(reading: Reading) -> Said:
    prints: Counter[int] = Counter()
    for row in reading.sums(PrintCell, ("site_id", "grouping", "sterilised", "qa_result"), ("n",)):
        if row["grouping"] == PROCESS:
            prints[row["site_id"]] += row["n"]
            for name in ("sterilised", "qa_result"):
                unknown = row["n"] if row[name] == "unknown" else 0
                yield row["site_id"], name, Asked(row["n"], row["n"] - unknown if row[name] else 0, unknown)
    for name, model in (("hours", HoursCell), ("cost", CostCell)):
        said = {site_id: Asked(n, 0, 0) for site_id, n in prints.items()}
        for row in reading.sums(model, ("site_id", "grouping"), ("n_known", "n_unknown")):
            if row["grouping"] == PROCESS:
                said[row["site_id"]] = Asked(prints[row["site_id"]], row["n_known"], row["n_unknown"])
        yield from ((site_id, name, asked) for site_id, asked in said.items())
