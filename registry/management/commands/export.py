"""`manage.py export registry-report|cases`: a file requested like any export, written here and now, and put where you say."""

import shutil
import time
from argparse import ArgumentParser
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.actions import exports
from registry.errors import StrataError
from registry.models import Export, Site
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.reports import export_file
from registry.vocabulary.workflow import Channel, ExportFormat, ExportKind, JobState

_KINDS = {kind.value.replace("_", "-"): kind for kind in ExportKind}
_OPEN = (JobState.WAITING, JobState.RUNNING)


class Command(BaseCommand):
    """Request, write in the foreground, copy to --out, print rows and checksum."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define what to export and where to."""
        parser.add_argument("kind", choices=sorted(_KINDS))
        parser.add_argument("--format", choices=ExportFormat.values, default=ExportFormat.XLSX.value)
        parser.add_argument("--site", help="the code of the site whose cases to export")
        parser.add_argument("--out", type=Path, required=True, help="where the file is to lie")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when the file lies at --out, else a CommandError that says why not."""
        kind, out = _KINDS[options["kind"]], options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"There is no folder {out.parent}.")
        site = _site(options["site"]) if options["site"] else None
        try:
            with _scope(site):
                by = Operator("export")
                export = exports.request(kind, format=options["format"], site=site, by=by, via=Channel.COMMAND)
        except StrataError as refusal:
            problems = getattr(refusal, "problems", [])
            raise CommandError(" ".join(problem.message for problem in problems) or refusal.message) from None
        self._work(export, site)
        shutil.copyfile(exports.path_of(export), out)
        self.stdout.write(f"{out}: {export.row_count:,} rows, SHA-256 {export.sha256}")

    def _work(self, export: Export, site: Site | None) -> None:
        """Until the file is written. A worker that runs beside us may write it; then we watch."""
        while export.state in _OPEN:
            exports.work(export, write=export_file.write)
            with _scope(site):
                export.refresh_from_db()
            if export.state in _OPEN:
                self.stdout.write(f"{export.rows_done:,} of {export.rows_total or 0:,} rows. {export.last_error}")
                time.sleep(0.5)
        if export.state != JobState.DONE:
            raise CommandError(export.last_error or f"The export is {export.state}.")


def _scope(site: Site | None) -> AbstractContextManager[None]:
    return acting_for(sites=[site.pk] if site else (), administrator=site is None)


def _site(code: str) -> Site:
    with acting_for(sites=(), administrator=True):
        site = Site.objects.filter(code=code).first()
    if site is None:
        raise CommandError(f"No site has the code {code}.")
    return site
