"""The file of an export, by its kind: the one thing the doors hand to `exports.work`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from registry.errors import NotFound
from registry.models import Site
from registry.reports import case_rows, registry_pack
from registry.reports.writers import Written
from registry.vocabulary.workflow import ExportKind


def write(
    path: Path, *, kind: str, format: str, site: Site | None, for_user: Any, progress: Callable[[int, int], None]
) -> Written:
    """The file is at `path`: the registry report as `for_user` may see it, or the cases of `site`."""
    if kind == ExportKind.REGISTRY_REPORT:
        return registry_pack.write(path, format=format, for_user=for_user, progress=progress)
    if site is None:
        raise NotFound
    return case_rows.write(path, site=site, format=format, progress=progress)
