"""Letters about work that took its time: whoever asked for it need not wait at a page."""

from datetime import timedelta

from django.conf import settings

from registry.actions import mail
from registry.models import Upload, User

LONG = timedelta(minutes=1)
"""Whoever waits longer does something else meanwhile."""


def tell_if_long(upload: Upload) -> None:
    """Within the caller's transaction: a letter waits for the person who sent a file that took longer than a minute to import."""
    if upload.began_at is None or upload.finished_at is None or upload.finished_at - upload.began_at < LONG:
        return
    person = User.objects.filter(email=upload.created_by_label, is_active=True).first()
    if person is None:  # a machine asks by REST
        return
    counts = upload.counts
    done = ", ".join(
        f"{counts[word]:,} {said}"
        for word, said in {
            "created": "new",
            "amended": "amended",
            "unchanged": "known already",
            "refused": "refused",
        }.items()
        if counts.get(word)
    )
    body = (
        f"{person.name},\n\nthe file you sent on {upload.created_at:%-d %B} is imported: {done or 'nothing to record'}.\n\n"
        f"{settings.STRATA_PUBLIC_URL}/s/{upload.site.code}/uploads/{upload.public_id}/\n\n"
        "It can be undone there for 7 days.\n"
    )
    mail.write(person.email, subject="Your file is imported", body=body)
