"""How far the data can be trusted."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import quality


def _sections(results: Results) -> list[Section]:
    trusted, *counts = quality.trusted(results["data-quality"])
    return [Section("What to look at", (trusted, quality.fields(results["fields-known"]), *counts))]


QUALITY = Topic("quality", _("Data quality"), ("data-quality", "fields-known"), _sections)
