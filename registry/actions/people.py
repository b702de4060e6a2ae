"""People: who they are and how they sign in. What they may do at a site is a membership."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from registry.actions import audit, mail
from registry.actions.belief import believe
from registry.errors import Conflict, InvalidReport, NotPermitted, Problem
from registry.models import User
from registry.permissions import Actor, check_administer_registry

RESET_HOURS = settings.PASSWORD_RESET_TIMEOUT // 3600


def register_person(email: str, *, name: str, password: str, by: Actor, via: str) -> User:
    """The person exists and may sign in; what they may do at a site comes with a membership."""
    check_administer_registry(by)
    with transaction.atomic():
        if User.objects.filter(email__iexact=email).exists():
            raise Conflict("A person with this e-mail is registered already.", "person-exists")
        person = User(email=email.lower(), name=name)
        person.set_password(password)
        believe(person)
        person.save()
        audit.record("person.register", by=by, via=via, site=None, subject=person)
    return person


def appoint_administrator(person: User, *, by: Actor, via: str) -> User:
    """The person is a registry administrator."""
    check_administer_registry(by)
    with transaction.atomic():
        person.is_registry_administrator = True
        person.save(update_fields=["is_registry_administrator"])
        audit.record("person.appoint", by=by, via=via, site=None, subject=person)
    return person


def rename(person: User, name: str, *, by: Actor, via: str) -> User:
    """The person is called so from now on. Only the person may."""
    _check_is(person, by)
    if person.name == name:
        return person
    with transaction.atomic():
        person.name = name
        believe(person, but=["password"])
        person.save(update_fields=["name"])
        audit.record("person.rename", by=by, via=via, site=None, subject=person)
    return person


def set_password(person: User, password: str, *, by: Actor, via: str) -> User:
    """The person signs in with this password from now on; every other session of theirs has ended. Only the person may.

    Raises `InvalidReport` with what the password validators of the settings say.
    """
    _check_is(person, by)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise InvalidReport([Problem("weak-password", "password", text) for text in weak.messages]) from None
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        audit.record("person.set_password", by=by, via=via, site=None, subject=person)
    return person


def offer_reset(person: User, link: str, *, by: Actor, via: str) -> None:
    """A letter with the link goes to the person's own address, whoever asked for it."""
    body = (
        f"{person.name},\n\nsomebody, probably you, asked for a new password of Strata. Choose it here:\n\n{link}\n\n"
        f"The link works once, for {RESET_HOURS} hours. If it was not you, do nothing: your password stays as it is.\n"
    )
    with transaction.atomic():
        mail.write(person.email, subject="A new password for Strata", body=body)
        audit.record("person.offer_reset", by=by, via=via, site=None, subject=person)


def _check_is(person: User, by: Actor) -> None:
    if not isinstance(by, User) or by.pk != person.pk:
        raise NotPermitted("Only you yourself may change how you are called and how you sign in.")
