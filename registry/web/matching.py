"""A held file of cases before it is matched: its columns and first values, what they seem to be, and what may be chosen for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from registry.actions import column_maps, uploads
from registry.errors import InvalidReport
from registry.intake import case_file
from registry.intake.matching.proposing import LOOKED_AT, Proposal, propose
from registry.intake.matching.remembered import by_header, covering
from registry.intake.matching.shapes import SiteWords
from registry.intake.plan import Plan, kept_plan
from registry.intake.sources.opening import open_table, sheets
from registry.intake.sources.table import Table
from registry.models import ColumnMap, Material, Printer, Site, Upload, UploadReview
from registry.vocabulary.workflow import UploadKind

COUNTED = 50_000
"""So many rows are counted for the page; of a longer file it says that there are more."""
MAPS = 50


@dataclass(frozen=True)
class HeldFile:
    """`rows`: how many it has, or COUNTED. `of_all`: what was said of all rows before, here or in a matching."""

    table: Table
    sheets: list[str]
    sheet: str
    rows: int
    proposal: Proposal
    site_words: SiteWords
    of_all: Mapping[str, str] = field(default_factory=dict)
    map_name: str = ""

    @property
    def has_more(self) -> bool:
        return self.rows >= COUNTED


def words_of(site: Site) -> SiteWords:
    """What the site calls its printers and materials, and what else its printers are known by."""
    printers = Printer.objects.filter(site=site, active=True).order_by("label")
    return SiteWords(
        {
            each.label: (each.model, f"{each.manufacturer} {each.model}", each.manufacturer, each.process)
            for each in printers
        },
        tuple(Material.objects.filter(site=site).order_by("name").values_list("name", flat=True)),
    )


def look(upload: Upload, *, sheet: str = "") -> HeldFile:
    """The file as far as its columns, with what is proposed for them. Raises InvalidReport where it cannot be read at all."""
    path = uploads.path_of(upload.file)
    review = UploadReview.objects.filter(upload=upload).first()
    before = [kept_plan(review.plan)] if review and review.plan else []
    maps = _maps(upload.site)
    table = open_table(path, sheet=sheet or (before[0].sheet if before else ""))
    rows, count = _beginning(table)
    site_words = words_of(upload.site)
    plans = [*before, *(plan for _, plan in maps)]
    proposal = propose(
        table.header,
        rows[:LOOKED_AT],
        site_words=site_words,
        remembered=by_header(_of_this_header(plans, table.header)),
    )
    alike = [plan for plan in plans if covering(plan, table.header)]
    name = next((row.name for row, plan in maps if covering(plan, table.header)), "")
    of_all = alike[0].of_all if alike else {}
    names = [each.name for each in sheets(path)]
    return HeldFile(table, names, getattr(table, "sheet", ""), count, proposal, site_words, of_all, name)


def _beginning(table: Table) -> tuple[list[list[str]], int]:
    """The rows that tell what the columns hold, and how many there are in all, as far as they are counted."""
    records = table.records()
    rows = [record.cells for record in islice(records, LOOKED_AT) if record.cells]
    return rows, len(rows) + sum(1 for _ in islice(records, COUNTED - len(rows)))


def settled(upload: Upload) -> Plan | None:
    """The plan of a file that needs no matching: all its columns have our own names, or one matching of its site knows them all."""
    path = uploads.path_of(upload.file)
    try:
        return case_file.called_as_ours(open_table(path))
    except InvalidReport:
        pass
    try:
        return next(filter(None, (column_maps.fitted(plan, path) for _, plan in _maps(upload.site))), None)
    except InvalidReport:
        return None


def _maps(site: Site) -> list[tuple[ColumnMap, Plan]]:
    rows = ColumnMap.objects.filter(site=site, kind=UploadKind.CASES).order_by("-used_at")[:MAPS]
    return [(row, kept_plan(row.plan)) for row in rows]


def _of_this_header(plans: Sequence[Plan], header: Sequence[str]) -> list[Plan]:
    """The plans of files that had at least half of these columns: a heading of another file may mean something else."""
    titles = {title.casefold() for title in header if title}
    return [
        plan
        for plan in plans
        if 2 * len(titles & {taken.header.casefold() for taken in plan.columns if taken.header}) >= len(titles)
    ]
