"""Whether a site may send anything at all, asked once for every door and every kind of report."""

from registry.errors import Problem
from registry.models import Site
from registry.vocabulary.workflow import SiteStatus


def standing(site: Site) -> Problem | None:
    """Why nothing of this site is taken now: it is suspended, or no agreement is on record; None when all is well."""
    if site.status in {SiteStatus.SUSPENDED, SiteStatus.WITHDRAWN}:
        return Problem("site-suspended", "", "This site takes no part at present. Ask the registry to reactivate it.")
    if site.agreement_signed_on is None:
        message = "This site has no signed participation agreement on record. Ask the registry to record it."
        return Problem("no-agreement", "", message)
    return None
