"""How often the demonstration's interval holds the saving that was planted, category by category, over many seeds.

`make planted`; SEEDS=20 for a quick look. The cases of each seed are drawn as `make run` draws them and counted into histograms
by site, category, complexity and arm, without the doors; the strata and their sum are those of the measure `minutes-saved`. The site of the
real OR log is no part of it.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

from registry.management.demo.plan import PLANTED
from registry.management.demo.reports import Report, reports_of
from registry.statistics.compared import strata_of
from registry.statistics.histogram import Histogram
from registry.statistics.reading import WITH_PRINT, WITHOUT_PRINT, Timed
from registry.statistics.strata import MIN_PER_ARM
from registry.statistics.two_arms import Difference, Pair, att_of_groups

FEWEST, MOST = 0.91, 0.99
"""Of intervals of 95 %: 182 to 198 of 200."""
Minutes = dict[tuple[str, str, str, str], list[int]]
"""By category, site, complexity, and arm."""


def observed(seed: int) -> Minutes:
    """The minutes in the room of all operations with an observed time."""
    found: Minutes = defaultdict(list)
    for site, reports in reports_of(seed).items():
        for case in reports.cases:
            procedure = case.get("procedure") or reports.late.get(case["local_case_id"], {}).get("procedure")
            if procedure is not None and case.get("print_decision") in {None, "printed"}:
                arm = WITHOUT_PRINT if case["object_kind"] == "none" else WITH_PRINT
                found[procedure["category"], site, case.get("complexity", ""), arm] += _in_room(procedure)
    return found


def _in_room(procedure: Report) -> Iterator[int]:
    return (
        time["minutes"]
        for time in procedure.get("times", [])
        if time["clock"] == "in_room" and time["source"] != "recall"
    )


def saved(minutes: Minutes, category: str) -> Difference:
    """The difference over the sites with cases enough in both arms, weighted to the printed cases."""
    group: list[Pair] = []
    for site in sorted({site for named, site, *_ in minutes if named == category}):
        by_complexity: dict[str, dict[str, Histogram]] = defaultdict(dict)
        for (named, at, complexity, arm), values in minutes.items():
            if (named, at) == (category, site):
                by_complexity[complexity][arm] = Histogram.of(values)
        parts = {complexity: Timed(arms, {}) for complexity, arms in by_complexity.items()}
        _, strata, *_ = strata_of((site, "", category), parts, [])
        if all(sum(stratum.minutes[arm].n for stratum in strata) >= MIN_PER_ARM for arm in (0, 1)):
            group += [stratum.minutes for stratum in strata]
    return att_of_groups([group])


def main(seeds: int) -> bool:
    """Print how often each planted saving was held; whether all were as often as they should be."""
    held, sums = Counter[str](), defaultdict[str, float](float)
    for seed in range(1, seeds + 1):
        minutes = observed(seed)
        for planted in PLANTED:
            found = saved(minutes, planted.category)
            if found.low is None or found.high is None or found.estimate is None:
                continue
            held[planted.category] += found.low <= planted.saving <= found.high
            sums[planted.category] += float(found.estimate)
    print(f"{seeds} seeds; the interval of 95 % should hold the planted saving in {FEWEST:.0%} to {MOST:.0%} of them")
    fine = all([_told(row.category, row.saving, held, sums, seeds) for row in PLANTED])  # noqa: C419 - all are shown
    print("all as often as they should" if fine else "OUTSIDE for some category")
    return fine


def _told(category: str, planted: int, held: Counter[str], sums: dict[str, float], seeds: int) -> bool:
    good = FEWEST <= held[category] / seeds <= MOST
    found = f"planted {planted:4}   found on average {sums[category] / seeds:6.1f}"
    print(f"{category:34} {found}   held {held[category]:4} of {seeds}{'' if good else '  OUTSIDE'}")
    return good


def run() -> None:
    """Ends the program with 1 where a category is outside."""
    sys.exit(not main(int(os.environ.get("SEEDS", "200"))))
