import hashlib
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now

from registry.models.base import SiteOwned, SiteQuerySet
from registry.models.fields import Choice, PublicId, manifest
from registry.vocabulary.workflow import Role


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person, known by e-mail; what they may do comes from memberships."""

    PRIVACY = manifest(withheld="id email name password last_login is_active is_registry_administrator joined_at")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_registry_administrator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    @property
    def label(self) -> str:
        return self.email

    @property
    def site_ids(self) -> "models.QuerySet[Membership, int]":
        """The sites where this person is an active member, as a subquery."""
        return Membership.objects.active().filter(user_id=self.pk).values_list("site_id", flat=True)


class MembershipQuerySet(SiteQuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(accepted_at__isnull=False, revoked_at__isnull=True)

    def pending(self) -> "MembershipQuerySet":
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Membership(SiteOwned):
    """A person's role at a site: an invitation until it is accepted, over when it is revoked. Of those not revoked each has one."""

    PRIVACY = manifest(withheld="id site public_id user role invited_by invited_at accepted_at revoked_at")

    public_id = PublicId(prefix="mem_")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = Choice(choices=Role.choices)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(default=now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "user"], condition=Q(revoked_at__isnull=True), name="membership_one_active"
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(accepted_at__isnull=False, revoked_at__isnull=True, role="facility_administrator"),
                name="membership_one_facility_administrator",
            ),
            models.UniqueConstraint(fields=["site", "public_id"], name="membership_public_id"),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"


class ApiToken(SiteOwned):
    """A machine's right to act for one site. The text is shown once; only its SHA-256 is kept."""

    PRIVACY = manifest(
        withheld="id site public_id name prefix digest scopes created_by created_at expires_at last_used_at revoked_at"
    )

    public_id = PublicId(prefix="tok_")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SiteQuerySet["ApiToken"].as_manager()

    is_authenticated = True
    is_active = True
    is_registry_administrator = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "digest"], name="apitoken_digest"),
            models.UniqueConstraint(fields=["site", "public_id"], name="apitoken_public_id"),
        ]
        indexes = [models.Index(fields=["digest"], name="apitoken_by_digest")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"token {self.name}"

    @property
    def site_ids(self) -> list[int]:
        return [self.site_id]

    @staticmethod
    def digest_of(text: str) -> str:
        """SHA-256 in hex: enough for 256 random bits, where a slow hash would only cost every request."""
        return hashlib.sha256(text.encode()).hexdigest()
