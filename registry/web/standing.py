"""Whether a site may send anything at present, as its pages say it; the rule is `intake.standing`."""

from django.utils.translation import gettext_lazy as _

from registry.models import Site
from registry.vocabulary.workflow import SiteStatus

SUSPENDED = _("The site is suspended: it can submit nothing until the registry reactivates it.")
NO_AGREEMENT = _("No agreement on record: nothing can be submitted until the registry records it.")


def is_suspended(site: Site) -> bool:
    """Whether the site takes no part at present."""
    return site.status in {SiteStatus.SUSPENDED, SiteStatus.WITHDRAWN}
