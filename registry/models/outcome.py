from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from registry.models.base import Reported, SiteOwned, SiteQuerySet
from registry.models.case import Case, CasePart, case_key
from registry.models.fields import Choice, Month, Pattern, PublicId, WholeNumber, manifest
from registry.vocabulary.clinic import AssessmentRole
from registry.vocabulary.procedures import (
    Approach,
    Clock,
    ProcedureCategory,
    ProcedureCodeSystem,
    SurgeonExperience,
    TimeSource,
    UsedInOr,
)


class Procedure(Reported):
    """The operation. Its category is resolved when recorded and kept with the version of the site's map."""

    REPORTED = (
        "performed_month",
        "category",
        "procedure_code_system",
        "procedure_code",
        "approach",
        "used_in_or",
        "surgeon_experience",
    )
    REQUIRED = ("performed_month", "category")
    PRIVACY = manifest(
        open="id site case category map_version approach used_in_or surgeon_experience unknown_fields",
        coarse="performed_month",
        withheld="procedure_code_system procedure_code",
    )

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="procedure", db_constraint=False)
    performed_month = Month()
    category = Choice(choices=ProcedureCategory.choices)
    map_version = WholeNumber(low=0, high=1_000_000, default=0)
    procedure_code_system = Choice(choices=ProcedureCodeSystem.choices, null=True, blank=True)
    procedure_code = Pattern(max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9 .&/_-]*$", null=True, blank=True)
    approach = Choice(choices=Approach.choices, null=True, blank=True)
    used_in_or = Choice(choices=UsedInOr.choices, null=True, blank=True)
    surgeon_experience = Choice(choices=SurgeonExperience.choices, null=True, blank=True)

    objects = SiteQuerySet["Procedure"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(procedure_code__isnull=True) | Q(procedure_code_system__isnull=False),
                name="procedure_code_names_its_system",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "performed_month"], name="procedure_by_month"),
            models.Index(fields=["site", "category", "performed_month"], name="procedure_by_category"),
        ]

    def __str__(self) -> str:
        return str(self.category)


class ProcedureTime(SiteOwned):
    """Minutes between the two events of one clock, from one source. Clock times themselves are never kept."""

    REPORTED = ("clock", "minutes", "source", "confirmed")
    REQUIRED = ("clock", "minutes", "source")
    PRIVACY = manifest(open="id site procedure clock source minutes confirmed", withheld="recorded_at")

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="times", db_constraint=False)
    clock = Choice(choices=Clock.choices)
    source = Choice(choices=TimeSource.choices)
    minutes = WholeNumber(low=5, high=1440)
    confirmed = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["ProcedureTime"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "procedure", "clock", "source"], name="proceduretime_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock}/{self.source}"


def _likert() -> WholeNumber:
    return WholeNumber(low=1, high=5, null=True, blank=True)


class UserAssessment(CasePart):
    """Seven answers on a five-point scale (null = does not apply or unknown) and the user's own estimate of minutes saved."""

    REPORTED = (
        "respondent_role",
        "q1_easy",
        "q2_compatible",
        "q3_plan_changed",
        "q4_important",
        "q5_quality",
        "q6_confident_before",
        "q7_confident_after",
        "time_saved_minutes",
    )
    REQUIRED = ("respondent_role",)
    PRIVACY = manifest(
        open="id site case number respondent_role q1_easy q2_compatible q3_plan_changed q4_important q5_quality q6_confident_before "
        "q7_confident_after time_saved_minutes unknown_fields",
        withheld="sent_at responded_at",
    )

    case = case_key("assessments")
    number = WholeNumber(low=1, high=20)
    respondent_role = Choice(choices=AssessmentRole.choices)
    q1_easy = _likert()
    q2_compatible = _likert()
    q3_plan_changed = _likert()
    q4_important = _likert()
    q5_quality = _likert()
    q6_confident_before = _likert()
    q7_confident_after = _likert()
    time_saved_minutes = WholeNumber(low=-600, high=600, null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(default=now)

    objects = SiteQuerySet["UserAssessment"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "number"], name="userassessment_number")]

    def __str__(self) -> str:
        return f"assessment #{self.number}"


class AssessmentRequest(SiteOwned):
    """A signed, single-use question to the surgeon; only the digest of its link is kept."""

    PRIVACY = manifest(withheld="id site public_id case digest respondent_role sent_at expires_at answered_at")

    public_id = PublicId(prefix="ask_")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessment_requests", db_constraint=False)
    digest = models.CharField(max_length=64)
    respondent_role = Choice(choices=AssessmentRole.choices)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SiteQuerySet["AssessmentRequest"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "digest"], name="assessmentrequest_digest")]

    def __str__(self) -> str:
        return str(self.public_id)
