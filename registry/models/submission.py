from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from registry.models.base import SiteOwned, SiteQuerySet
from registry.models.case import Case
from registry.models.fields import Choice, PublicId, WholeNumber, manifest
from registry.models.people import ApiToken, User
from registry.vocabulary.workflow import (
    Channel,
    ExportFormat,
    ExportKind,
    JobState,
    ReminderKind,
    RowOutcome,
    UploadKind,
    UploadPhase,
)

MAX_ATTEMPTS = 8


class Draft(SiteOwned):
    """An unsent report as typed, invalid or not: case tables have no half-filled rows.

    `data` holds the typed texts by the names of `intake.flat`. A draft that amends `case` knows which revision it began from.
    """

    PRIVACY = manifest(withheld="id site public_id owner data version case case_revision changed_at")

    public_id = PublicId(prefix="drf_")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    data = models.JSONField(default=dict)
    version = WholeNumber(low=1, high=2_000_000_000, default=1)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="drafts", db_constraint=False)
    case_revision = WholeNumber(low=1, high=2_000_000_000, null=True, blank=True)
    changed_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["Draft"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "public_id"], name="draft_public_id")]

    def __str__(self) -> str:
        return str(self.public_id)


class Job(models.Model):
    """Work that is due: the row is the queue and its state is what pages show; a message only rings the bell."""

    state = Choice(choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Upload(SiteOwned, Job):
    PRIVACY = manifest(
        withheld="id site public_id kind name state phase file sha256 size_bytes options cursor rows_total counts problems attempts "
        "next_attempt_at claimed_at last_error created_by_label created_at began_at finished_at undo_until"
    )

    public_id = PublicId(prefix="upl_")
    kind = Choice(choices=UploadKind.choices)
    phase = Choice(choices=UploadPhase.choices, default=UploadPhase.IMPORT)
    name = models.CharField(max_length=120, blank=True)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    options = models.JSONField(default=dict)
    cursor = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    created_by_label = models.CharField(max_length=254)
    began_at = models.DateTimeField(null=True, blank=True)
    """When a worker began the present phase."""
    undo_until = models.DateTimeField(null=True, blank=True)
    """Until when what it recorded can be taken back; nothing where that is over, or never was."""

    objects = SiteQuerySet["Upload"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "public_id"], name="upload_public_id")]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state__in=["waiting", "running"]), name="upload_due")
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class UploadReview(SiteOwned):
    """How a file is to be read (intake.plan), and what its check found: the site's own affair, behind the wall that queues have not.

    Gone with the file: it holds what its owner wrote over cells. `plan` has the `repairs` in it (intake.repairs), `matched` is the
    plan before the first of them.
    """

    PRIVACY = manifest(withheld="id site upload plan found matched repairs")

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="review", db_constraint=False)
    plan = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    matched = models.JSONField(default=dict)
    repairs = models.JSONField(default=list)

    objects = SiteQuerySet["UploadReview"].as_manager()

    def __str__(self) -> str:
        return f"review of upload #{self.upload_id}"


class UploadRow(SiteOwned):
    """What became of one row of a file, and what the case was before: enough to undo it.

    `prior` is the report of the case before it was amended, kept as long as the upload can be undone.
    """

    PRIVACY = manifest(withheld="id site upload row_number outcome case prior_revision prior")

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows", db_constraint=False)
    row_number = models.BigIntegerField()
    outcome = Choice(choices=RowOutcome.choices)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="upload_rows", db_constraint=False)
    prior_revision = models.IntegerField(null=True, blank=True)
    prior = models.JSONField(null=True, blank=True)

    objects = SiteQuerySet["UploadRow"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "upload", "row_number"], name="uploadrow_once")]

    def __str__(self) -> str:
        return f"row {self.row_number}: {self.outcome}"


class ColumnMap(SiteOwned):
    """How a site once matched the columns of a file, under a name: by header, what a column is read as (intake.plan)."""

    PRIVACY = manifest(withheld="id site public_id kind name plan created_by_label used_at")

    public_id = PublicId(prefix="map_")
    kind = Choice(choices=UploadKind.choices)
    name = models.CharField(max_length=80)
    plan = models.JSONField(default=dict)
    created_by_label = models.CharField(max_length=254)
    used_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["ColumnMap"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "name"], name="columnmap_name"),
            models.UniqueConstraint(fields=["site", "public_id"], name="columnmap_public_id"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Submission(SiteOwned):
    """The act of sending: when, by whom, through which door, with what result. Problems keep code and place, never a value."""

    PRIVACY = manifest(
        withheld="id site public_id channel by_label received_at n_created n_amended n_unchanged n_refused problems case upload"
    )

    public_id = PublicId(prefix="sub_")
    channel = Choice(choices=Channel.choices)
    by_label = models.CharField(max_length=254)
    received_at = models.DateTimeField(default=now)
    n_created = models.IntegerField(default=0)
    n_amended = models.IntegerField(default=0)
    n_unchanged = models.IntegerField(default=0)
    n_refused = models.IntegerField(default=0)
    problems = models.JSONField(default=list)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="submissions", db_constraint=False)
    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, null=True, related_name="submissions", db_constraint=False
    )

    objects = SiteQuerySet["Submission"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "public_id"], name="submission_public_id")]

    def __str__(self) -> str:
        return str(self.public_id)


class Export(Job):
    """A file being written for someone to take away. No site = the whole registry."""

    PRIVACY = manifest(
        withheld="id site public_id kind format state rows_done rows_total file sha256 row_count expires_at attempts next_attempt_at "
        "claimed_at last_error requested_by requested_by_label created_at finished_at"
    )

    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, null=True, related_name="+")
    public_id = PublicId(prefix="exp_")
    kind = Choice(choices=ExportKind.choices)
    format = Choice(choices=ExportFormat.choices)
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    row_count = models.BigIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="exports")
    requested_by_label = models.CharField(max_length=254)

    objects = SiteQuerySet["Export"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state__in=["waiting", "running"]), name="export_due")
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Reminder(SiteOwned):
    PRIVACY = manifest(withheld="id site case kind due_on sent_at answered_at")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders", db_constraint=False)
    kind = Choice(choices=ReminderKind.choices)
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SiteQuerySet["Reminder"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "kind", "due_on"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_on}"


class IdempotencyKey(SiteOwned):
    """The answer once given to a key: status, case id and revision, never case values. Kept 30 days."""

    PRIVACY = manifest(withheld="id site token route key request_digest status case_public_id revision created_at")

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    case_public_id = models.CharField(max_length=24, blank=True)
    revision = models.IntegerField(null=True)
    created_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["IdempotencyKey"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "token", "route", "key"], name="idempotencykey_once")]

    def __str__(self) -> str:
        return f"key of {self.route}"


class Mail(models.Model):
    """A letter to send. The row is the queue; a tick sends it, and `make run` shows it on the outbox page."""

    PRIVACY = manifest(withheld="id to subject body created_at sent_at")

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.subject)


class Heartbeat(models.Model):
    """When a worker last did something: a worker that lives but consumes nothing must be seen."""

    PRIVACY = manifest(withheld="name at")

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.name)
