"""A sign of life that only a worker doing its work can give."""

from datetime import timedelta

from django.utils import timezone

from registry.models import Heartbeat


def beat(name: str) -> None:
    """The row of this name says that its worker did something just now."""
    row = Heartbeat(name=name, at=timezone.now())
    Heartbeat.objects.bulk_create([row], update_conflicts=True, update_fields=["at"], unique_fields=["name"])


def age(name: str) -> timedelta | None:
    """How long ago the worker of this name last did something; None when it never has."""
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else timezone.now() - at
