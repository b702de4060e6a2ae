"""The prints themselves, by process and by material class: what became of them.

A print of several materials stands in each of its classes once, so these lines overlap; a line over all counts it once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from registry.statistics.counts import DATA, SITES, in_order, share, words
from registry.statistics.models import PrintCell
from registry.statistics.reading import Reading
from registry.statistics.results import Column, Coverage, Result, Row
from registry.vocabulary.manufacturing import MaterialClass, PrintOutcome, Process

T = TypeVar("T")
ALL, PROCESS, MATERIAL = "all", "process", "material"
EVERY = ""
OVERLAP = "A print of several materials stands in each of its classes, so the lines of material classes do not add up."

GROUPING = Column(
    "grouping", "Grouped by", words={ALL: "All prints", PROCESS: "Printing process", MATERIAL: "Material class"}
)
GROUP = Column("group", "Group", words={EVERY: "All", **words(Process), **words(MaterialClass)})
OUTCOMES = (
    Column("n", "Prints", "count"),
    Column("success", "Success", "count"),
    Column("reprint", "Printed again", "count"),
    Column("failed", "Failed", "count"),
    Column("success_share", "Share of success", "share"),
    Column("copies", "Copies", "count"),
    Column("sterilised", "Sterilised", "count"),
    Column("not_sterilised", "Not sterilised", "count"),
    Column("sterilisation_unknown", "Sterilisation unknown", "count"),
    Column("sterilisation_not_asked", "Sterilisation not said", "count"),
    Column("sterilisation_said", "Share that states sterilisation", "share"),
    Column("qa_pass", "QA passed", "count"),
    Column("qa_rework", "QA: reworked", "count"),
    Column("qa_reject", "QA: rejected", "count"),
    Column("qa_not_done", "QA not done", "count"),
    Column("qa_unknown", "QA unknown", "count"),
    Column("qa_not_asked", "QA not said", "count"),
    Column("qa_done", "Share with QA done", "share"),
    SITES,
    DATA,
)
BY_PROCESS = Column("process", "Printing process", words={EVERY: "All processes", **words(Process)})
BY_MATERIAL = Column("material_class", "Material class", words={EVERY: "All materials", **words(MaterialClass)})

Place: TypeAlias = tuple[int, str, str]
"""Site, grouping, group."""


def lines(found: Mapping[Place, T]) -> dict[tuple[str, str], list[T]]:
    """By (grouping, group), what the sites have: all prints first, then processes, then material classes.

    Every print has one process, so all prints are those of all processes.
    """
    order = (in_order(dict(GROUPING.words)), in_order(dict(GROUP.words)))
    parts: dict[tuple[str, str], list[T]] = defaultdict(list)
    for (_, grouping, group), value in found.items():
        parts[grouping, group].append(value)
        if grouping == PROCESS:
            parts[ALL, EVERY].append(value)
    return {key: parts[key] for key in sorted(parts, key=lambda key: (order[0](key[0]), order[1](key[1])))}


def outcomes(column: Column, grouping: str) -> Callable[[Reading], Result]:
    """The computation of print outcomes by process or by material class."""

    def compute(reading: Reading) -> Result:
        counted = _counted(reading)
        found = lines(counted)
        feeding = lines({place: place[0] for place in counted})
        rows: list[Row] = []
        for kind, group in (key for key in found if key[0] in {ALL, grouping}):
            sites = set(feeding[kind, group])
            beside: Row = {"sites": len(sites), "data": reading.data_of(sites).kind}
            rows.append({column.name: group, **_outcomes(sum(found[kind, group], Counter())), **beside})
        everything = sum(found.get((ALL, EVERY), []), Counter())
        cases = reading.cases_with_a_print
        coverage = Coverage(_checked(everything), everything["n"], "prints whose quality was checked")
        caveats = (OVERLAP,) if grouping == MATERIAL else ()
        return Result(tuple(rows), cases.total(), len(cases), reading.data_of(cases), coverage, caveats=caveats)

    return compute


def prints_of(reading: Reading) -> dict[Place, int]:
    """How many prints, by site, grouping and group."""
    key = ("site_id", "grouping", "group")
    return {(row["site_id"], row["grouping"], row["group"]): row["n"] for row in reading.sums(PrintCell, key, ("n",))}


def _counted(reading: Reading) -> dict[Place, Counter[str]]:
    found: dict[Place, Counter[str]] = defaultdict(Counter)
    by = ("site_id", "grouping", "group", "outcome", "sterilised", "qa_result")
    for row in reading.sums(PrintCell, by, ("n", "copies")):
        place = (row["site_id"], row["grouping"], row["group"])
        for said in ("n", row["outcome"], f"sterilised {row['sterilised']}", f"qa {row['qa_result']}"):
            found[place][said] += row["n"]
        found[place]["copies"] += row["copies"]
    return found


def _checked(said: Mapping[str, int]) -> int:
    return said["qa pass"] + said["qa rework"] + said["qa reject"]


def _outcomes(said: Counter[str]) -> Row:
    n = said["n"]
    return {
        "n": n,
        "success": said[PrintOutcome.SUCCESS],
        "reprint": said[PrintOutcome.REPRINT],
        "failed": said[PrintOutcome.FAILED],
        "success_share": share(said[PrintOutcome.SUCCESS], n),
        "copies": said["copies"],
        "sterilised": said["sterilised yes"],
        "not_sterilised": said["sterilised no"],
        "sterilisation_unknown": said["sterilised unknown"],
        "sterilisation_not_asked": said["sterilised "],
        "sterilisation_said": share(said["sterilised yes"] + said["sterilised no"], n),
        "qa_pass": said["qa pass"],
        "qa_rework": said["qa rework"],
        "qa_reject": said["qa reject"],
        "qa_not_done": said["qa not_done"],
        "qa_unknown": said["qa unknown"],
        "qa_not_asked": said["qa "],
        "qa_done": share(_checked(said), n),
    }
