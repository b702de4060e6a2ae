"""A page of the dashboards, as it is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

from registry.statistics.results import Scope
from registry.web.panels import Results, Section

SIGN = "Minutes saved are those without a print minus those with one: above zero is faster with a print, below zero slower."


@dataclass(frozen=True)
class Topic:
    """A page of the dashboard; the overview has an empty slug.

    `only`: for a site, or for the registry, alone; `pack`: the workbook of all its measures, where there is one;
    `has_headline`: it begins with the finding and the large numbers, and so reads what they need.
    """

    slug: str
    title: str | Promise
    measures: tuple[str, ...]
    sections: Callable[[Results], list[Section]]
    only: Literal["", "site", "registry"] = ""
    pack: str = ""
    has_headline: bool = False

    def is_for(self, scope: Scope) -> bool:
        return self.only in {"", "registry" if scope.site_id is None else "site"}
