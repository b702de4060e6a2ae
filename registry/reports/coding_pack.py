"""The coding evidence as one workbook, for a payer or a code panel: every measure of the billing codes, with how it was made."""

from pathlib import Path

from registry.permissions import Actor
from registry.reports import workbook
from registry.reports.writers import Written
from registry.statistics.measures import about_codes
from registry.statistics.published import published_together
from registry.statistics.results import Period, Scope, Statistic

TITLE = "Strata coding evidence"


def write(path: Path, *, scope: Scope, period: Period | None, for_user: Actor) -> Written:
    """The workbook is at `path`, its figures as published for `for_user`, in full precision."""
    slugs = [measure.slug for measure in about_codes.MEASURES]
    results = list(published_together(slugs, scope=scope, for_user=for_user, period=period).values())
    whose = "the registry, all live sites" if scope.site_id is None else f"the site {scope.label}"
    known = next((result for result in results if isinstance(result, Statistic)), None)
    said = [
        ("Report", f"{TITLE}: {whose}, {known.period if known else 'not shown'}. One sheet for each table."),
        ("Codes", "Numbers of codes with the registry's own short labels. Codes and descriptors of CPT are the AMA's."),
    ]
    if known:
        said += [
            ("Data", str(known.data)),
            ("Data cut-off", f"{known.cut_off:%Y-%m-%d %H:%M:%S} UTC: every change recorded before it is counted."),
        ]
    return workbook.write(path, results, title=TITLE, said=said)
