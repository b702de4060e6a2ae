"""Signing in and out: Django's own views in Strata's words."""

from django.contrib.auth.views import LoginView, LogoutView
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from registry.web.forms.accounts import SignInForm


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
