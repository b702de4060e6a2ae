"""Inviting, joining, signing in: who somebody is and what they may do at a site."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from registry.actions import people
from registry.models import Membership, User
from registry.vocabulary.workflow import Channel, Role
from registry.web.forms.said import SaidForm, asks

PASSWORD_HINT = _("At least 12 characters. A few words that do not belong together are good")
GIVEN_ROLES = [(role.value, role.label) for role in Role if role != Role.FACILITY_ADMINISTRATOR]
"""What a site gives freely; the role of facility administrator is handed over."""


def new_password() -> forms.CharField:
    """A field for a password that somebody chooses now."""
    return forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password")},
    )


class InviteForm(SaidForm):
    """Whom to invite, by which name."""

    email = asks(User, "email", _("E-mail address"))
    name = asks(User, "name", _("Name"), _("As the letter addresses the person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = forms.EmailInput(attrs={"autocomplete": "off"})
        self.fields["name"].widget = forms.TextInput(attrs={"autocomplete": "off"})


class RoleForm(SaidForm):
    """What a member may do at the site."""

    role = asks(Membership, "role", _("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].widget = forms.Select(choices=[("", _("Choose…")), *GIVEN_ROLES])


class InviteToRoleForm(InviteForm, RoleForm):
    """Whom to invite, and to which role."""

    field_order = ("email", "name", "role")


class NameForm(SaidForm):
    """What somebody is called."""

    name = asks(User, "name", _("Your name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget = forms.TextInput(attrs={"autocomplete": "name"})


class JoinForm(NameForm):
    """Name and password of somebody who comes by an invitation."""

    password = new_password()


class PasswordForm(SaidForm):
    """Another password, given the present one."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your present password")},
    )
    password = new_password()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].label = _("New password")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "present" in said and not self.person.check_password(said.pop("present")):
            self.add_error("present", _("This is not your present password"))
        return said


class ResetForm(PasswordResetForm):
    """Whose password is lost. Nothing in the answer says whether anybody has the address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address"),
            "invalid": _("Enter an e-mail address, as in name@hospital.org"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def save(self, **_options: Any) -> None:  # type: ignore[override]
        """A letter waits for whoever has this address and a password; the link is of our own address, whatever host was asked."""
        for person in self.get_users(self.cleaned_data["email"]):
            uid = urlsafe_base64_encode(force_bytes(person.pk))
            token = default_token_generator.make_token(person)
            link = settings.STRATA_PUBLIC_URL + reverse("password-reset-confirm", args=[uid, token])
            people.offer_reset(person, link, by=AnonymousUser(), via=Channel.FORM)


class NewPasswordForm(SaidForm):
    """A new password for somebody who followed the link of a letter."""

    password = new_password()

    def __init__(self, user: User | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = user

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.person is not None and "password" in said:
            self.tried(people.set_password, self.person, by=self.person, via=Channel.FORM)
        return said

    def save(self) -> User | None:
        """The person, whose password is set already: only so can its refusal stand in the form."""
        return self.person
