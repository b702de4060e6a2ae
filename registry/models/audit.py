from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from registry.models.base import SiteOwned
from registry.models.fields import Choice, PublicId, manifest
from registry.vocabulary.workflow import Channel, ReleaseState


class AuditHead(models.Model):
    """The last link of each chain: a site's id, or 0 for the registry's own. Written by the database alone."""

    PRIVACY = manifest(withheld="chain seq hash")

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.seq}"


class AuditEvent(models.Model):
    """Who did what to which, through which door, when. Append-only; a trigger numbers it and chains it to the last of its site."""

    PRIVACY = manifest(
        withheld="id site seq at actor via act object_type object_label object_id reason digest txid previous_hash hash"
    )

    site = models.ForeignKey(
        "registry.Site", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    seq = models.BigIntegerField(editable=False, default=0)
    at = models.DateTimeField(editable=False, default=now)
    actor = models.CharField(max_length=254)
    via = Choice(choices=Channel.choices)
    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_label = models.CharField(max_length=120)
    object_id = models.CharField(max_length=24)
    reason = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    txid = models.BigIntegerField(editable=False, default=0)
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "seq"], name="auditevent_seq", nulls_distinct=False)]
        indexes = [models.Index(fields=["site", "object_type", "object_id"], name="auditevent_by_object")]

    def __str__(self) -> str:
        return f"{self.act} #{self.seq}"


class RowHistory(SiteOwned):
    """The row as it was before an UPDATE or DELETE, written by trigger. `txid` joins it to the audit event that says who and why.

    `written_by` is the (sub)transaction that had written this version of the row; images of the first releases do not say.
    """

    PRIVACY = manifest(withheld="id site table_name row_id operation at txid written_by before")

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    at = models.DateTimeField()
    txid = models.BigIntegerField()
    written_by = models.BigIntegerField(null=True)
    before = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["site", "table_name", "row_id"], name="rowhistory_of_row")]

    def __str__(self) -> str:
        return f"{self.operation} of {self.table_name} #{self.row_id}"


class Release(models.Model):
    """A frozen, numbered set of published figures. `content` holds the cells, baselines, rates and declarations it was made of."""

    PRIVACY = manifest(
        open="id public_id period number state cut_off note digest content",
        withheld="created_by approved_by created_at published_at",
    )

    public_id = PublicId(prefix="rel_", unique=True)
    period = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    state = Choice(choices=ReleaseState.choices, default=ReleaseState.PREPARED)
    cut_off = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    created_by = models.CharField(max_length=254)
    approved_by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="release_number"),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.PUBLISHED) | (Q(published_at__isnull=False) & ~Q(approved_by="")),
                name="release_published_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} #{self.number}"
