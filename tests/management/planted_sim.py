"""How often the demonstration's interval holds the saving that was planted, category by category, over many seeds.

`make planted`; SEEDS=20 for a quick look. The cases of each seed are drawn as `make run` draws them and counted into histograms
by site, category and arm, without the doors; the strata and their sum are those of the measure `minutes-saved`. The site of the
real OR log is no part of it.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

from registry.management.demo.plan import PLANTED
from registry.management.demo.reports import Report, reports_of
from registry.statistics.histogram import Histogram
from registry.statistics.strata import MIN_PER_ARM
from registry.statistics.two_arms import Arm, Difference, att

FEWEST, MOST = 0.91, 0.99
"""Of intervals of 95 %: 182 to 198 of 200."""
Minutes = dict[tuple[str, str, bool], list[int]]
"""By category, site, and whether there is a print."""


def observed(seed: int) -> Minutes:
    """The minutes in the room of all operations with an observed time."""
    found: Minutes = defaultdict(list)
    for site, reports in reports_of(seed).items():
        for case in reports.cases:
            procedure = case.get("procedure") or reports.late.get(case["local_case_id"], {}).get("procedure")
            if procedure is not None and case.get("print_decision") in {None, "printed"}:
                printed = case["object_kind"] != "none"
                found[procedure["category"], site, printed] += _in_room(procedure)
    return found


def _in_room(procedure: Report) -> Iterator[int]:
    return (
        time["minutes"]
        for time in procedure.get("times", [])
        if time["clock"] == "in_room" and time["source"] != "recall"
    )


def saved(minutes: Minutes, category: str) -> Difference:
    """The difference over the sites with cases enough in both arms, weighted to the printed cases."""
    sites = sorted({site for named, site, _ in minutes if named == category})
    pairs = [
        tuple(Arm.of(Histogram.of(minutes.get((category, site, arm), []))) for arm in (False, True)) for site in sites
    ]
    return att([(without, printed) for without, printed in pairs if min(without.n, printed.n) >= MIN_PER_ARM])


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
