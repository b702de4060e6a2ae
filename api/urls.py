"""Addresses under /api/v1/. Nouns in the plural; a colon marks an act that is no resource of its own."""

import re

from django.urls import path, re_path, register_converter

from api.views import cases, files, index, meta, or_log, outcomes, site, statistics

_PUBLIC_ID = re.compile(r"[a-z]{3}_[0-9A-Z]{16}", re.ASCII)


class PublicIdConverter:
    """An opaque id. What cannot be one becomes the empty id, which no row bears, so that it is answered as an unknown one."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        return value if _PUBLIC_ID.fullmatch(value) else ""

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicIdConverter, "public_id")

urlpatterns = [
    path("", index.Index.as_view()),
    path("cases", cases.Cases.as_view()),
    path("cases:validate", cases.Validate.as_view()),
    path("cases/by-local-id/<str:local_case_id>", cases.CaseByLocalId.as_view()),
    path("cases/<public_id:public_id>", cases.CaseDetail.as_view()),
    path("cases/<public_id:public_id>/withdraw", cases.Withdraw.as_view()),
    path("cases/<public_id:public_id>/reinstate", cases.Reinstate.as_view()),
    path("cases/<public_id:public_id>/procedure", outcomes.ProcedureOfCase.as_view()),
    path("cases/<public_id:public_id>/or-times", outcomes.OrTimes.as_view()),
    path("cases/<public_id:public_id>/assessments", outcomes.Assessments.as_view()),
    path("or-times:match", or_log.MatchOrTimes.as_view()),
    path("printers", site.Printers.as_view()),
    path("materials", site.Materials.as_view()),
    path("procedure-map", site.Map.as_view()),
    path("baselines", site.Baselines.as_view()),
    path("uploads", files.Uploads.as_view()),
    path("uploads/<public_id:public_id>", files.UploadDetail.as_view()),
    path("templates/cases.csv", files.Template.as_view()),
    path("templates/cases.xlsx", files.Template.as_view(template="template.xlsx")),
    path("templates/datapackage.json", files.Template.as_view(template="datapackage.json")),
    path("templates/redcap.csv", files.Template.as_view(template="redcap.csv")),
    path("templates/or-log.csv", files.Template.as_view(template="or-log.csv")),
    path("templates/or-log.xlsx", files.Template.as_view(template="or-log.xlsx")),
    path("exports", files.Exports.as_view()),
    path("exports/<public_id:public_id>", files.ExportDetail.as_view()),
    path("exports/<public_id:public_id>/file", files.ExportFile.as_view()),
    path("statistics", statistics.Measures.as_view()),
    path("statistics/<slug:measure>", statistics.Measure.as_view()),
    path("vocabulary", meta.Vocabulary.as_view()),
    path("problems", meta.Problems.as_view()),
    path("problems/<slug:code>", meta.ProblemPage.as_view()),
    re_path(".*", meta.nothing),
]
