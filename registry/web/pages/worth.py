"""What a print is worth, net of what it costs."""

from django.utils.translation import gettext_lazy as _

from registry.web.pages.topic import Topic
from registry.web.panels import Results, Section
from registry.web.topics import break_even, dollars, value

FREED = (
    "A print is all that was printed for one case. A freed minute is cash only if it is used again; direct cost only leaves out "
    "overhead. Intervals come from the minutes alone: each rate is a scenario, and no scenario widens them."
)


def _sections(results: Results) -> list[Section]:
    net, minutes = results["value-of-a-print"], results["dollars-saved"]
    return [
        Section(
            "A print, net of what it costs",
            (value.net(net), break_even.break_even(results["break-even"]), *value.at_each_rate(net)),
            FREED,
        ),
        Section(
            "The minutes alone, at each rate",
            (dollars.at_each_rate(minutes), *dollars.by_procedure(minutes)),
            dollars.as_published(),
        ),
    ]


VALUE = Topic("value", _("Value"), ("value-of-a-print", "break-even", "dollars-saved"), _sections)
