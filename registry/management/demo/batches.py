"""How a synthetic site sends its reports: most as one CSV file, the newest one by one as JSON."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from registry.intake import flat
from registry.management.demo.reports import Report, Reports

ONE_BY_ONE = 40


def newest(of_sites: Mapping[str, Reports]) -> set[str]:
    """Local case ids of the registry's newest orders: those that are sent one by one."""
    ordered = [case for reports in of_sites.values() for case in reports.cases if "order_month" in case]
    ordered.sort(key=lambda case: (case["order_month"], case["local_case_id"]))
    return {case["local_case_id"] for case in ordered[-ONE_BY_ONE:]}


def as_csv(cases: Sequence[Report]) -> bytes:
    """The cases as one file in the registry's own columns, one row a case; the same cases give the same file."""
    said = [flat.said_of(case) for case in cases]
    used = {name for row in said for name in row}
    longest = Counter[str]()
    for case in cases:
        for section, rows in _lists(case).items():
            longest[section] = max(longest[section], len(rows))
    names = [column.name for column in flat.columns(longest) if column.name in used]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(said)
    return text.getvalue().encode()


def _lists(case: Report) -> dict[str, list[Any]]:
    """The lists of a report by the name of their section; effort has a column of its own for each row."""
    lists = {name: rows for name, rows in case.items() if isinstance(rows, list) and name in flat.ONE_OF}
    times = (case.get("procedure") or {}).get("times")
    return lists | ({"times": times} if times else {})
