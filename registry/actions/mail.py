"""Letters are rows; a tick sends them."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from registry.actions import clock
from registry.models import Mail

log = logging.getLogger("strata.mail")


def write(to: str, *, subject: str, body: str) -> None:
    """Within the caller's transaction: a letter waits to be sent."""
    Mail.objects.create(to=to, subject=subject, body=body)
    clock.ring("mail")


def send_due(limit: int = 50) -> int:
    """How many waiting letters were sent; none where no mail server is set, then the outbox page shows them.

    A letter whose sending fails waits for the next tick, and so do those after it.
    Each letter is sent while its row is locked, so that two ticks never send it twice; one that a crash interrupts between
    sending and committing is sent again, which is the lesser evil.
    """
    sent = 0
    while settings.EMAIL_HOST and sent < limit:
        with transaction.atomic():
            letter = Mail.objects.select_for_update(skip_locked=True).filter(sent_at=None).order_by("id").first()
            if letter is None:
                break
            try:
                send_mail(letter.subject, letter.body, None, [letter.to])
            except (SMTPException, OSError) as away:
                log.warning("mail not sent: %s", type(away).__name__)
                break
            letter.sent_at = timezone.now()
            letter.save(update_fields=["sent_at"])
        sent += 1
    return sent
