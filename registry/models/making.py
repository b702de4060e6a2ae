from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.models.base import SiteOwned, SiteQuerySet
from registry.models.case import CasePart, case_key
from registry.models.fields import Amount, Choice, Month, Pattern, WholeNumber, manifest
from registry.models.site import Material, Printer
from registry.vocabulary.billing import ClaimState, ClaimStatus
from registry.vocabulary.manufacturing import (
    EffortActivity,
    FailureReason,
    ObjectKind,
    Optical,
    PrintOutcome,
    Process,
    QaResult,
    StaffGroup,
    Sterilisation,
    VerificationMethod,
)


class Print(CasePart):
    """A physical model: parts × printer × material × scale. Copies are not prints. `process` is the printer's when recorded."""

    REPORTED = (
        "parts",
        "scale_percent",
        "copies",
        "optical",
        "flexible",
        "colours",
        "volume_cm3",
        "mass_g",
        "print_hours",
        "material_cost",
        "outcome",
        "failure_reason",
        "sterilisation",
        "qa_result",
        "dim_error_mm",
        "verification_method",
    )
    REQUIRED = ("outcome",)
    PRIVACY = manifest(
        open="id site case number printer process parts scale_percent copies optical flexible colours volume_cm3 mass_g print_hours "
        "outcome failure_reason sterilisation qa_result dim_error_mm verification_method unknown_fields",
        coarse="material_cost",
    )

    case = case_key("prints")
    number = WholeNumber(low=1, high=5)
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT, related_name="prints", db_constraint=False)
    process = Choice(choices=Process.choices)
    parts = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    scale_percent = WholeNumber(low=10, high=400, default=100)
    copies = WholeNumber(low=1, high=100, default=1)
    optical = Choice(choices=Optical.choices, null=True, blank=True)
    flexible = models.BooleanField(null=True, blank=True)
    colours = WholeNumber(low=1, high=1000, null=True, blank=True)
    volume_cm3 = Amount(low="0.001", high="100000", decimal_places=3, null=True, blank=True)
    mass_g = Amount(low="0.001", high="100000", decimal_places=3, null=True, blank=True)
    print_hours = Amount(low="0", high="240", null=True, blank=True)
    material_cost = Amount(low="0", high="1000000", null=True, blank=True)
    outcome = Choice(choices=PrintOutcome.choices)
    failure_reason = Choice(choices=FailureReason.choices, null=True, blank=True)
    sterilisation = Choice(choices=Sterilisation.choices, null=True, blank=True)
    qa_result = Choice(choices=QaResult.choices, null=True, blank=True)
    dim_error_mm = Amount(low="-50", high="50", decimal_places=3, null=True, blank=True)
    verification_method = Choice(choices=VerificationMethod.choices, null=True, blank=True)

    objects = SiteQuerySet["Print"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "number"], name="print_number")]

    def __str__(self) -> str:
        return f"print #{self.number}"


class PrintMaterial(SiteOwned):
    PRIVACY = manifest(open="id site print material position")

    print = models.ForeignKey(Print, on_delete=models.CASCADE, related_name="materials", db_constraint=False)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="prints", db_constraint=False)
    position = WholeNumber(low=1, high=20)

    objects = SiteQuerySet["PrintMaterial"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "print", "material"], name="printmaterial_once")]

    def __str__(self) -> str:
        return f"material of print #{self.print_id}"


class Effort(CasePart):
    """Minutes of one staff group in one activity. No row = not asked, null = unknown, 0 = none."""

    REPORTED = ("activity", "staff", "minutes")
    REQUIRED = ("activity", "staff", "minutes")
    PRIVACY = manifest(open="id site case activity staff minutes unknown_fields")

    case = case_key("effort")
    activity = Choice(choices=EffortActivity.choices)
    staff = Choice(choices=StaffGroup.choices)
    minutes = WholeNumber(low=0, high=6000, null=True, blank=True)

    objects = SiteQuerySet["Effort"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "activity", "staff"], name="effort_cell")]

    def __str__(self) -> str:
        return f"{self.activity}/{self.staff}"


class AppliedCode(CasePart):
    """A billing code on the case. Applied is not billed: sites that do not bill apply codes too."""

    REPORTED = ("code", "units", "modifier", "applied_month", "claim", "claim_status", "amount_paid")
    REQUIRED = ("code", "units")
    PRIVACY = manifest(
        open="id site case code units modifier claim claim_status unknown_fields", coarse="applied_month amount_paid"
    )

    case = case_key("codes")
    code = Pattern(max_length=5, pattern="^[A-Z0-9]{5}$")
    units = WholeNumber(low=1, high=20)
    modifier = Pattern(max_length=2, pattern="^([A-Z0-9]{2})?$", blank=True, default="")
    applied_month = Month(null=True, blank=True)
    claim = Choice(choices=ClaimState.choices, default=ClaimState.UNKNOWN)
    claim_status = Choice(choices=ClaimStatus.choices, null=True, blank=True)
    amount_paid = Amount(low="0", high="1000000", null=True, blank=True)

    objects = SiteQuerySet["AppliedCode"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "code", "modifier"], name="appliedcode_once")]

    def __str__(self) -> str:
        return f"{self.code}×{self.units}"


class CodeReference(models.Model):
    """The dated rules of a billing code, with our own label; no code owner's descriptor is kept."""

    PRIVACY = manifest(
        open="id system code own_label is_addon primary_code object_kind mue_units mue_from effective_from effective_to source_url"
    )

    system = models.CharField(max_length=10, default="cpt")
    code = Pattern(max_length=5, pattern="^[A-Z0-9]{5}$")
    own_label = models.CharField(max_length=120)
    is_addon = models.BooleanField(default=False)
    primary_code = models.CharField(max_length=5, blank=True)
    object_kind = Choice(choices=ObjectKind.choices, null=True, blank=True)
    mue_units = WholeNumber(low=1, high=100, null=True, blank=True)
    mue_from = models.DateField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    source_url = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "code", "effective_from"], name="codereference_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return str(self.code)
