"""The addresses of the pages."""

from django.urls import URLPattern, URLResolver, path, re_path

from registry.web.views import accounts, downloads, exports, jobs, outbox, overview

FIGURE = r"(?P<key>[-a-z0-9]+)\.(?P<format>svg|json)"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.home, name="home"),
    path("registry/<slug:slug>/", overview.registry_topic, name="registry-topic"),
    path("tables/<slug:key>.csv", downloads.registry_table, name="registry-table"),
    re_path(f"^figures/{FIGURE}$", downloads.registry_figure, name="registry-figure"),
    path("s/<str:code>/", overview.site, name="site"),
    path("s/<str:code>/statistics/<slug:slug>/", overview.site_topic, name="site-topic"),
    path("s/<str:code>/tables/<slug:key>.csv", downloads.site_table, name="site-table"),
    re_path(f"^s/(?P<code>[^/]+)/figures/{FIGURE}$", downloads.site_figure, name="site-figure"),
    path("s/<str:code>/exports/", exports.site_exports, name="site-exports"),
    path("exports/", exports.registry_exports, name="exports"),
    path("exports/<str:public_id>/", exports.download, name="export-file"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("freshness/", jobs.freshness, name="freshness"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out/", accounts.SignOut.as_view(), name="sign-out"),
]
