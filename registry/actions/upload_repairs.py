"""What the owner of a checked file does about its problems: kept with the upload's plan, and the file is checked again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from registry.actions import audit, kept_rows
from registry.actions.uploads import in_state, wait_for
from registry.errors import IllegalTransition
from registry.intake import repairs
from registry.intake.plan import read_plan
from registry.models import Upload, UploadReview
from registry.permissions import Actor, check_upload
from registry.vocabulary.workflow import JobState, UploadPhase


def mend(upload: Upload, repair: Mapping[str, Any], *, by: Actor, via: str) -> Upload:
    """The checked file is read with this repair from now on, and waits to be checked again.

    Raises InvalidReport where it is no repair, IllegalTransition when the file is not checked.
    """
    check_upload(by, upload.site)
    made = repairs.read(repair)
    with transaction.atomic():
        held, review = _checked(upload)
        review.matched = review.matched if review.repairs else review.plan
        _settle(held, review, [*review.repairs, made])
        audit.record("upload.mended", by=by, via=via, site=held.site, subject=held, reason=made["kind"])
    return held


def take_back(upload: Upload, number: int, *, by: Actor, via: str) -> Upload:
    """The repair of this number, from 0, was never made, and the file waits to be checked again; one that is none changes nothing.

    Raises IllegalTransition when the file is not checked.
    """
    check_upload(by, upload.site)
    with transaction.atomic():
        held, review = _checked(upload)
        if 0 <= number < len(review.repairs):
            _settle(held, review, [*review.repairs[:number], *review.repairs[number + 1 :]])
            audit.record("upload.repair_undone", by=by, via=via, site=held.site, subject=held)
    return held


def leave_out(upload: Upload, cause: str, called: str, *, by: Actor, via: str) -> Upload:
    """The rows with this cause are not read. `called`: how the cause is named in the list of repairs. Raises as `mend`."""
    check_upload(by, upload.site)
    rows = kept_rows.numbers(upload, cause=cause)
    return mend(upload, {"kind": repairs.LEAVE_OUT, "rows": rows, "cause": called}, by=by, via=via)


def _checked(upload: Upload) -> tuple[Upload, UploadReview]:
    held = in_state(upload, JobState.HELD)
    if held.phase != UploadPhase.IMPORT:
        raise IllegalTransition("This file is not checked yet.")
    return held, UploadReview.objects.select_for_update().get(upload=held)


def _settle(held: Upload, review: UploadReview, made: list[dict[str, Any]]) -> None:
    plan = repairs.applied(read_plan(review.matched), made)
    review.plan, review.repairs = plan.as_json(), made
    review.save(update_fields=["plan", "matched", "repairs"])
    wait_for(held, UploadPhase.CHECK)
