"""The OR log that a site's machine sends every night: read as its owner last had one read, for the cases that wait and no others."""

from pathlib import Path
from typing import Any

from django.db import transaction

from registry.actions import encounters, log_maps
from registry.actions.uploads import Stream, check_kind, dropped_if_refused, path_of, recorded, store
from registry.errors import InvalidReport
from registry.intake.sources.opening import open_table
from registry.models import Site, Upload
from registry.models.fields import random_id
from registry.permissions import Actor, check_match
from registry.vocabulary.workflow import JobState, UploadKind, UploadPhase


def receive(*, site: Site, by: Actor, via: str, stream: Stream) -> Upload:
    """An OR log that is sent by a machine every night: received, and read as the site last had a log of these columns read.

    Only cases that wait are touched: which months may give controls is said for each file anew, never by a machine. The same file
    again, while the former waits or once it is read, is the same upload. Raises NotPermitted, InvalidReport, FileTooLarge.
    """
    check_match(by, site)
    check_kind(UploadKind.OR_LOG, site)
    stored = store(random_id("upl_"), stream)
    with dropped_if_refused(stored), transaction.atomic():
        # Two that send the same file at once are one upload.
        encounters.lock(site.pk)
        same = Upload.objects.filter(site=site, kind=UploadKind.OR_LOG, phase=UploadPhase.IMPORT, sha256=stored.sha256)
        former = same.filter(state__in=(JobState.WAITING, JobState.RUNNING, JobState.DONE)).order_by("-id").first()
        if former is not None:
            path_of(stored.file).unlink()
            return former
        options = {
            name: said
            for name, said in _as_last_time(site, path_of(stored.file)).items()
            if name not in ("controls_from", "controls_to")
        }
        return recorded(
            UploadKind.OR_LOG, JobState.WAITING, stored, site=site, by=by, via=via, options=options, name=""
        )


def _as_last_time(site: Site, path: Path) -> dict[str, Any]:
    try:
        return log_maps.remembered(site, open_table(path).header)
    except InvalidReport:
        return {}  # the worker says why it cannot be read
