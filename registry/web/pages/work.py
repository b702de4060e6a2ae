"""The minutes of the staff."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import effort


def _sections(results: Results) -> list[Section]:
    return [Section("Minutes a case", (effort.effort(results["effort"]), *effort.in_full(results["effort"])))]


EFFORT = Topic("effort", _("Effort"), ("effort",), _sections)
