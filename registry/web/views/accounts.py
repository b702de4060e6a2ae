"""Signing in and out, a lost password, and one's own account: Django's own views in Strata's words, where Django has one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import (
    LoginView,
    LogoutView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registry.actions import people
from registry.models import Membership
from registry.vocabulary.workflow import Channel
from registry.web.forms.accounts import SignInForm
from registry.web.forms.people import NameForm, NewPasswordForm, PasswordForm, ResetForm
from registry.web.views.common import Request, signed_in


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """GET shows the form, POST signs in and goes to `next` (a path of this host only) or to the start page."""

    template_name = "strata/sign_in.html"
    authentication_form = SignInForm
    next_page = "home"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """POST ends the session and shows the sign-in page."""

    next_page = "sign-in"


@method_decorator(never_cache, name="dispatch")
class PasswordReset(PasswordResetView):
    """Asks for an address; what follows is the same whether or not somebody has it."""

    template_name = "strata/password_reset.html"
    form_class = ResetForm
    success_url = reverse_lazy("password-reset-sent")

    def form_invalid(self, form: Any) -> HttpResponse:
        """422, and nothing was written."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PasswordResetSent(PasswordResetDoneView):
    """Says that a letter is on its way, if somebody has the address."""

    template_name = "strata/password_reset_sent.html"


class PasswordResetConfirm(PasswordResetConfirmView):
    """Takes a new password from whoever has the link of the letter. Django moves the link out of the address first."""

    template_name = "strata/password_reset_confirm.html"
    form_class = NewPasswordForm  # type: ignore[assignment]
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        """The password is set; on to signing in with it."""
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """422, and the old password stays."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


@signed_in
@require_safe
def account(request: Request) -> HttpResponse:
    """One's own name, password and places."""
    return _account(request)


@signed_in
@require_POST
def rename(request: Request) -> HttpResponse:
    """One is called so from now on."""
    form = NameForm(request.POST, auto_id="account_%s")
    if form.done(people.rename, request.user, by=request.user, via=Channel.FORM):
        messages.success(request, _("Your name is saved."))
        return redirect("account")
    return _account(request, name=form)


@signed_in
@require_POST
def change_password(request: Request) -> HttpResponse:
    """One signs in with another password from now on, and stays signed in here alone."""
    form = PasswordForm(request.POST, person=request.user)
    if form.done(people.set_password, request.user, by=request.user, via=Channel.FORM):
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. You were signed out everywhere else."))
        return redirect("account")
    return _account(request, password=form)


def _account(request: Request, *, name: NameForm | None = None, password: PasswordForm | None = None) -> HttpResponse:
    places = Membership.objects.visible_to(request.user).active().filter(user=request.user).select_related("site")
    refused = name or password
    context = {
        "form": refused,
        "name": name or NameForm(initial={"name": request.user.name}, auto_id="account_%s"),
        "password": password or PasswordForm(person=request.user),
        "places": list(places.order_by("site__code")),
    }
    return render(request, "strata/account.html", context, status=422 if refused else 200)
