"""The addresses: REST under /api/v1/, pages everywhere else."""

from django.urls import URLPattern, URLResolver, include, path

from api.views.meta import problem

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("api.urls")),
    # Where `type` and `see` of a problem document point to.
    path("problems/<slug:code>", problem, name="problem"),
    path("", include("registry.web.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
