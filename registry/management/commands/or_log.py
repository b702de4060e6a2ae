"""`manage.py or_log FILE --site CODE`: an OR log, received like any upload and read to its end."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.actions import upload_turns, uploads
from registry.errors import InvalidReport, StrataError
from registry.models import Site, Upload
from registry.models.scope import acting_for
from registry.permissions import Operator
from registry.vocabulary.workflow import Channel, JobState, UploadKind

_SHOWN = 20
_OPEN = (JobState.WAITING, JobState.RUNNING)


class Command(BaseCommand):
    """Receive the file, work it in the foreground in committed batches, print what became of its rows."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the file and how to read it."""
        parser.add_argument("file", type=Path, help="the log: CSV of any delimiter, or a workbook")
        parser.add_argument("--site", required=True, help="the code of the site whose log this is")
        parser.add_argument(
            "--columns", help='which column is which, as JSON: {"encounter": "Case No", "wheels_in": "In", …}'
        )
        parser.add_argument("--code-system", default="cpt", help="what the procedure codes are (default: %(default)s)")
        parser.add_argument(
            "--day-order", choices=("mdy", "dmy"), help="how dates are written, where the file cannot tell"
        )
        parser.add_argument("--next-day", action="store_true", help="times before wheels in are of the day after")
        parser.add_argument("--controls-from", help="first month whose printed cases are all entered, as 2022-01")
        parser.add_argument("--controls-to", help="last such month")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when the file was read to its end, whatever became of its rows; else a CommandError that says why not."""
        try:
            site = _site(options["site"])
            upload = self._receive(site, options["file"], _options(options))
            self._work(upload)
        except InvalidReport as refusal:
            places = "\n".join(f"{problem.path or 'file'}: {problem.message}" for problem in refusal.problems)
            raise CommandError(places) from None
        except StrataError as refusal:
            raise CommandError(refusal.message) from None
        self._tell(upload)

    def _receive(self, site: Site, path: Path, said: dict[str, Any]) -> Upload:
        try:
            stream = path.open("rb")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from None
        with stream, acting_for(sites=[site.pk]):
            by = Operator("or_log")
            return uploads.receive(
                UploadKind.OR_LOG, site=site, by=by, via=Channel.COMMAND, stream=stream, options=said
            )

    def _work(self, upload: Upload) -> None:
        """Turn by turn until the file is done. A worker that runs beside us may take it; then we watch."""
        while upload.state in _OPEN:
            upload_turns.work(upload)
            with acting_for(sites=[upload.site_id]):
                upload.refresh_from_db()
            if upload.state in _OPEN:
                self.stdout.write(f"{upload.cursor:,} of {upload.rows_total or 0:,} rows")
                time.sleep(0.5)

    def _tell(self, upload: Upload) -> None:
        for problem in upload.problems[:_SHOWN]:
            place = ", ".join(f"{name} {problem[name]}" for name in ("row", "column") if problem[name])
            self.stderr.write(f"{place or 'file'}: {problem['message']}")
        if len(upload.problems) > _SHOWN:
            self.stderr.write(f"… and {len(upload.problems) - _SHOWN:,} more")
        if upload.state != JobState.DONE:
            raise CommandError(upload.last_error or f"The upload is {upload.state}.")
        counts = ", ".join(f"{count:,} {word}" for word, count in sorted(upload.counts.items())) or "no rows"
        self.stdout.write(f"{upload.public_id}: {upload.cursor:,} rows: {counts}")


def _site(code: str) -> Site:
    with acting_for(sites=(), administrator=True):
        site = Site.objects.filter(code=code).select_related("of").first()
    if site is None:
        raise CommandError(f"No site has the code {code}.")
    return site


def _options(options: dict[str, Any]) -> dict[str, Any]:
    said = {
        name: options[name] for name in ("code_system", "day_order", "controls_from", "controls_to") if options[name]
    }
    if options["next_day"]:
        said["next_day"] = True
    if options["columns"]:
        try:
            said["columns"] = json.loads(options["columns"])
        except json.JSONDecodeError:
            raise CommandError('--columns is no JSON. Write it like \'{"encounter": "Case No"}\'.') from None
    return said
