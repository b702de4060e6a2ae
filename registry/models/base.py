from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

M = TypeVar("M", bound=models.Model)


class SiteQuerySet(models.QuerySet[M]):
    """The first wall: every read starts with `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Rows of the sites where this person is an active member, or of the site a token is bound to."""
        return self.filter(site_id__in=visible_sites(user))


def visible_sites(user: Any) -> Any:
    """Ids of the sites an actor belongs to: a person's active memberships, a token's own site, none for a stranger."""
    return getattr(user, "site_ids", ())


class SiteOwned(models.Model):
    """A row that belongs to one site. Walls (row-level security, composite keys) are written in the migration."""

    PRIVACY: ClassVar[dict[str, str]] = {}

    # No index of its own: every table has one that starts with the site.
    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Reported(SiteOwned):
    """A site-owned row that a case report states.

    `REPORTED` names the fields a report may send, `REQUIRED` those it must say (null = said to be unknown).
    `unknown_fields` tells a field said to be unknown from one never asked (docs/adr/0009).
    """

    REPORTED: ClassVar[tuple[str, ...]] = ()
    REQUIRED: ClassVar[tuple[str, ...]] = ()

    unknown_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        abstract = True
