from typing import Any, Self
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from registry.models.base import SiteOwned, SiteQuerySet, visible_sites
from registry.models.fields import Amount, Choice, Month, Pattern, PublicId, WholeNumber, manifest
from registry.vocabulary.manufacturing import Biocompatible, MaterialClass, Process
from registry.vocabulary.procedures import Clock, ComparatorKind, ProcedureCategory, ProcedureCodeSystem
from registry.vocabulary.workflow import CommunitySize, PrivacyMode, SiteCategory, SiteKind, SiteStatus, TraumaLevel


def known_timezone(name: str) -> None:
    """Raises `ValidationError` for a time zone that is not in the IANA list."""
    if name not in available_timezones():
        raise ValidationError("Choose a time zone of the list, such as America/Chicago.")


class Deployment(models.Model):
    """The one row that says how this installation handles dates; changed only by a command once cases exist."""

    PRIVACY = manifest(open="id privacy_mode")

    id = models.SmallIntegerField(primary_key=True, default=1)
    privacy_mode = Choice(choices=PrivacyMode.choices, default=PrivacyMode.LIMITED_DATA_SET)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="deployment_single_row")]

    def __str__(self) -> str:
        return str(self.privacy_mode)


class Organisation(models.Model):
    PRIVACY = manifest(open="id name corporate_group")

    name = models.CharField(max_length=160, unique=True)
    corporate_group = models.CharField(max_length=160, blank=True)

    def __str__(self) -> str:
        return str(self.name)


class SiteQuerySetById(models.QuerySet["Site"]):
    def visible_to(self, user: Any) -> Self:
        """Own sites; a registry administrator sees that every site exists."""
        if getattr(user, "is_registry_administrator", False):
            return self.all()
        return self.filter(id__in=visible_sites(user))

    def live(self) -> Self:
        return self.filter(kind=SiteKind.LIVE)

    def hold(self, pk: int) -> "Site":
        """The site, locked until the transaction ends: acts that number or choose among its rows come one after the other."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Site(models.Model):
    """A participating facility, or its sandbox twin (`kind=sandbox`, `of` = the live site)."""

    PRIVACY = manifest(
        open="id code name organisation kind of category community_size trauma_level country timezone status currency is_synthetic "
        "data_note",
        withheld="agreement_signed_on annual_fixed_cost enrolled_at",
    )

    code = Pattern(max_length=8, unique=True, pattern="^[A-Z0-9]{3,8}$")
    name = models.CharField(max_length=160)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    kind = Choice(choices=SiteKind.choices, default=SiteKind.LIVE)
    of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="sandbox")
    category = Choice(choices=SiteCategory.choices)
    community_size = Choice(choices=CommunitySize.choices, null=True, blank=True)
    trauma_level = Choice(choices=TraumaLevel.choices, null=True, blank=True)
    country = Pattern(max_length=2, pattern="^[A-Z]{2}$")
    timezone = models.CharField(max_length=64, default="UTC", validators=[known_timezone])
    status = Choice(choices=SiteStatus.choices, default=SiteStatus.INVITED)
    agreement_signed_on = models.DateField(null=True, blank=True)
    currency = Pattern(max_length=3, pattern="^[A-Z]{3}$", default="USD")
    annual_fixed_cost = Amount(low="0", high="100000000", null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    data_note = models.CharField(max_length=300, blank=True)
    enrolled_at = models.DateTimeField(default=now)

    objects = SiteQuerySetById.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SiteKind.LIVE, of__isnull=True) | Q(kind=SiteKind.SANDBOX, of__isnull=False),
                name="site_sandbox_has_its_live_site",
            ),
        ]

    def __str__(self) -> str:
        return str(self.code)


class Printer(SiteOwned):
    PRIVACY = manifest(
        open="id site public_id label manufacturer model process active", coarse="in_service_from in_service_to"
    )

    public_id = PublicId(prefix="prn_")
    label = models.CharField(max_length=80)
    manufacturer = models.CharField(max_length=80)
    model = models.CharField(max_length=80)
    process = Choice(choices=Process.choices)
    in_service_from = Month(null=True, blank=True)
    in_service_to = Month(null=True, blank=True)
    active = models.BooleanField(default=True)

    objects = SiteQuerySet["Printer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "label"], name="printer_label"),
            models.UniqueConstraint(fields=["site", "public_id"], name="printer_public_id"),
            models.CheckConstraint(
                condition=Q(in_service_from__lte=F("in_service_to")),
                name="printer_service_in_order",
                violation_error_message="A printer goes out of service after it came into service: check both months.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)


class Material(SiteOwned):
    PRIVACY = manifest(open="id site public_id name material_class biocompatible manufacturer")

    public_id = PublicId(prefix="mat_")
    name = models.CharField(max_length=80)
    material_class = Choice(choices=MaterialClass.choices)
    biocompatible = Choice(choices=Biocompatible.choices, default="unknown")
    manufacturer = models.CharField(max_length=80, blank=True)

    objects = SiteQuerySet["Material"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="material_name"),
            models.UniqueConstraint(fields=["site", "public_id"], name="material_public_id"),
            models.CheckConstraint(
                condition=~Q(name__regex="[;|]"),
                name="material_name_in_a_list",
                violation_error_message="Leave ; and | out of the name: they part the names of a list.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class ProcedureMap(SiteOwned):
    """Which category a code of the site's own files means, from `version` on; the highest version of a code is in force."""

    PRIVACY = manifest(open="id site code_system code category version created_at")

    code_system = Choice(choices=ProcedureCodeSystem.choices)
    code = Pattern(max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9 .&/_-]*$")
    category = Choice(choices=ProcedureCategory.choices)
    version = WholeNumber(low=1, high=1_000_000)
    created_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["ProcedureMap"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code_system", "code", "version"], name="proceduremap_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.category}"


class CostRate(SiteOwned):
    """What a site says an OR minute and the hands of a print cost, in `currency` of `year`; the highest version is in force.

    Wages are of an hour. `outsourced_per_case` is what is paid outside for the prints of one case: 0 where nothing is sent out.
    """

    PRIVACY = manifest(
        withheld="id site per_minute currency year clinician_wage non_clinician_wage outsourced_per_case version source created_at"
    )

    per_minute = Amount(low="0.01", high="100000")
    currency = Pattern(max_length=3, pattern="^[A-Z]{3}$", default="USD")
    year = WholeNumber(low=1990, high=2100)
    clinician_wage = Amount(low="0", high="100000", null=True, blank=True)
    non_clinician_wage = Amount(low="0", high="100000", null=True, blank=True)
    outsourced_per_case = Amount(low="0", high="1000000", null=True, blank=True)
    version = WholeNumber(low=1, high=1_000_000)
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["CostRate"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "version"], name="costrate_version")]

    def __str__(self) -> str:
        return f"{self.per_minute} {self.currency} ({self.year})"


class Baseline(SiteOwned):
    """A site's own mean, SD and n of OR minutes for a procedure without a print; versioned, the newest is in force."""

    PRIVACY = manifest(
        open="id site category clock kind version",
        coarse="n mean sd median period_start period_end",
        withheld="citation superseded_at created_at",
    )

    category = Choice(choices=ProcedureCategory.choices)
    clock = Choice(choices=Clock.choices)
    kind = Choice(choices=ComparatorKind.choices)
    n = WholeNumber(low=1, high=1_000_000)
    mean = Amount(low="5", high="1440")
    sd = Amount(low="0", high="1440", null=True, blank=True)
    median = Amount(low="5", high="1440", null=True, blank=True)
    period_start = Month()
    period_end = Month()
    citation = models.CharField(max_length=200, blank=True)
    version = WholeNumber(low=1, high=1_000_000)
    superseded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["Baseline"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "category", "clock", "kind", "version"], name="baseline_version"),
            models.CheckConstraint(condition=Q(period_start__lte=F("period_end")), name="baseline_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.clock} v{self.version}"
