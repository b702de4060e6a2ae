"""The naive twin of the cells of prints: plain loops over prints and their materials."""

from collections import Counter
from decimal import Decimal
from typing import Any

from registry.models import Case, Print, Procedure


def _groups(made: Print) -> list[tuple[str, str]]:
    classes = {used.material.material_class for used in made.materials.all()}
    return [("process", made.process), *(("material", name) for name in classes)]


def _said(made: Print, name: str) -> bool:
    return getattr(made, name) is not None or name in made.unknown_fields


def _word(made: Print, name: str) -> str:
    return getattr(made, name) or ("unknown" if name in made.unknown_fields else "")


def count_prints(place: Any, case: Case, found: dict[str, dict[tuple[Any, ...], Any]]) -> None:
    for made in case.prints.all():
        sterilised = {"none": "no", "unknown": "unknown", "": ""}.get(_word(made, "sterilisation"), "yes")
        for group in _groups(made):
            key = (*place, *group, made.outcome, sterilised, _word(made, "qa_result"))
            counts = found["PrintCell"].setdefault(key, [0, 0])
            counts[0] += 1
            counts[1] += made.copies
            if _said(made, "print_hours"):
                hours = found["HoursCell"].setdefault((*place, *group), [Counter(), 0])
                if made.print_hours is None:
                    hours[1] += 1
                else:
                    hours[0][int(made.print_hours * 100)] += 1
            if _said(made, "material_cost"):
                _cost(found["CostCell"].setdefault((*place, *group), [0, Decimal(0), Decimal(0), 0]), made)


def _cost(sums: list[Any], made: Print) -> None:
    cost = made.material_cost
    if cost is None:
        sums[3] += 1
    else:
        sums[0] += 1
        sums[1] += cost
        sums[2] += cost * cost


def count_turnaround(
    place: Any, case: Case, procedure: Procedure | None, found: dict[str, dict[tuple[Any, ...], Any]]
) -> None:
    for made in case.prints.all():
        if made.number != 1:
            continue
        for group in _groups(made):
            months = found["TurnaroundCell"].setdefault((*place, *group), [Counter(), 0])
            if procedure is None:
                months[1] += 1
            else:
                years = procedure.performed_month.year - case.order_month.year
                months[0][12 * years + procedure.performed_month.month - case.order_month.month] += 1
