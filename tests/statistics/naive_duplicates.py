"""The naive twin of near-duplicates: every case beside every other of its month, chains in the order of volume."""

from collections import Counter
from itertools import pairwise
from typing import Any

from registry.models import Case, Print, Procedure


def count_near_duplicates(cases: list[Case]) -> dict[Any, list[int]]:
    """Cases that can be compared, and pairs, by month."""
    lines, measured = [], set()
    for case in cases:
        procedure = Procedure.objects.filter(case_id=case.pk).first()
        made = Print.objects.filter(case_id=case.pk, number=1).first()
        if procedure and made and made.volume_cm3 is not None:
            measured |= {(procedure.performed_month, case.pk) for _ in procedure.times.all()}
            for time in procedure.times.all():
                block = (procedure.performed_month, procedure.category, time.clock, time.minutes)
                lines.append((block, made.volume_cm3, case.pk))
    pairs = set()
    lines.sort()
    for (block, less, before), (other, more, case) in pairwise(lines):
        if block == other and before != case and more - less <= more / 100:
            pairs.add((block[0], min(before, case), max(before, case)))
    months, alike = (Counter(month for month, *_ in found) for found in (measured, pairs))
    return {month: [months[month], alike[month]] for month in months}
