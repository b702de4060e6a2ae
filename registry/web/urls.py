"""The addresses of the pages."""

from django.urls import URLPattern, URLResolver, path

from registry.web.views import accounts, exports, outbox, overview, waiting

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.home, name="home"),
    path("tables/<slug:key>.csv", overview.registry_table, name="registry-table"),
    path("s/<str:code>/", overview.site, name="site"),
    path("s/<str:code>/tables/<slug:key>.csv", overview.site_table, name="site-table"),
    path("s/<str:code>/export-cases/", exports.export_cases, name="export-cases"),
    path("s/<str:code>/waiting/", waiting.work_list, name="waiting"),
    path("s/<str:code>/waiting/<str:public_id>/", waiting.record, name="waiting-record"),
    path("s/<str:code>/waiting/<str:public_id>/not-done/", waiting.not_done, name="waiting-not-done"),
    path("export-registry-report/", exports.export_registry_report, name="export-registry-report"),
    path("exports/<str:public_id>/", exports.download, name="export-file"),
    path("jobs/", exports.jobs, name="jobs"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out/", accounts.SignOut.as_view(), name="sign-out"),
]
