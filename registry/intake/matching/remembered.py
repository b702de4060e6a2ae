"""Matchings that a site has named, and the files that they cover."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from registry.intake.matching.proposing import key
from registry.intake.plan import Plan, Taken


def by_header(plans: Iterable[Plan]) -> dict[str, Taken]:
    """By `key` of a header, what it was in the first of these plans that has it."""
    found: dict[str, Taken] = {}
    for plan in plans:
        for taken in plan.columns:
            found.setdefault(key(taken.header), taken)
    return found


def covering(plan: Plan, header: Sequence[str]) -> Plan | None:
    """This plan for a file of these columns, in the file's order; None where it does not know them all, or no case id is among them."""
    ours: dict[str, list[Taken]] = {}
    for taken in plan.columns:
        ours.setdefault(key(taken.header), []).append(taken)
    counts = Counter(map(key, header))
    if any(title and len(ours.get(title, ())) < count for title, count in counts.items()):
        return None
    columns = tuple(_next(ours, title) for title in header)
    return replace(plan, columns=columns) if any(taken.name == "local_case_id" for taken in columns) else None


def _next(ours: Mapping[str, list[Taken]], title: str) -> Taken:
    known = ours.get(key(title))
    return replace(known.pop(0), header=title) if known else Taken(title)
