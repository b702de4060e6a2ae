from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from registry.models.base import Reported, SiteOwned, SiteQuerySet
from registry.models.fields import Amount, Choice, ChoiceList, Month, Pattern, PublicId, WholeNumber, manifest
from registry.vocabulary.anatomy import Laterality, Region, Structure, Subregion
from registry.vocabulary.clinic import Complexity, IndicationSystem, IntendedUse, OrganSystem, Sex, Specialty
from registry.vocabulary.imaging import Modality
from registry.vocabulary.manufacturing import GuideType, ObjectKind, RegulatoryPathway
from registry.vocabulary.workflow import CaseState, NoProcedureReason, PrintDecision, PrintDecisionReason

DICTIONARY_VERSION = 1
NINETY_PLUS = 90
LOCAL_ID = "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"
UNDONE = "Its upload was undone"
"""Why a case is withdrawn that came in a file which was undone: unlike one that a person withdrew, it comes back when it is sent again."""
DUE_AFTER = timedelta(days=14)
"""An OR time may be expected so long after the end of the month of its procedure."""


def due_on(month: date, *, by_year: bool = False) -> date:
    """The day by which the OR time of a procedure of this month may be expected; of this year, where months are not kept."""
    following = date(month.year + 1, 1, 1) if by_year or month.month == 12 else date(month.year, month.month + 1, 1)
    return following - timedelta(days=1) + DUE_AFTER


def first_not_overdue(today: date, *, by_year: bool = False) -> date:
    """The first month whose OR times are not overdue today: `due_on` of every month before it has passed."""
    ended = today - DUE_AFTER
    return date(ended.year, 1 if by_year else ended.month, 1)


class CaseQuerySet(SiteQuerySet["Case"]):
    def called(self, text: str) -> Self:
        """Cases whose id begins so, in whatever case of letters, or the one with this id of the registry."""
        text = text.strip().replace("\0", "")
        return self.filter(Q(local_case_id__istartswith=text) | Q(public_id__iexact=text))

    def submitted(self) -> Self:
        return self.filter(state=CaseState.SUBMITTED)

    def waiting(self) -> Self:
        """Cases whose operation may have happened and whose OR time nobody has recorded yet."""
        return self.submitted().filter(
            ~Q(object_kind=ObjectKind.NONE),
            ~Q(print_decision=PrintDecision.CANCELLED),
            procedure__times__isnull=True,
            no_procedure_reason__isnull=True,
        )


class Case(Reported):
    """One patient-specific request and what came of it; a control case (`object_kind=none`) is the same procedure without a print."""

    REPORTED = (
        "local_case_id",
        "object_kind",
        "order_month",
        "age_years",
        "age_months",
        "sex",
        "organ_system",
        "indication_system",
        "indication_code",
        "appropriateness",
        "complexity",
        "intended_uses",
        "ordering_services",
        "print_decision",
        "print_decision_reason",
        "regulatory_pathway",
        "poc_attestation",
        "exclusions_attested",
        "no_procedure_reason",
        "comment",
    )
    REQUIRED = (
        "local_case_id",
        "object_kind",
        "order_month",
        "age_years",
        "sex",
        "organ_system",
        "intended_uses",
        "ordering_services",
        "print_decision",
        "exclusions_attested",
    )
    CONTROL_REQUIRED: ClassVar[tuple[str, ...]] = ("local_case_id", "object_kind")
    CONTROL_REPORTED: ClassVar[tuple[str, ...]] = (
        "local_case_id",
        "object_kind",
        "age_years",
        "age_months",
        "sex",
        "complexity",
    )
    PRIVACY = manifest(
        open="id site public_id dictionary_version object_kind sex organ_system complexity intended_uses ordering_services "
        "print_decision print_decision_reason regulatory_pathway poc_attestation exclusions_attested no_procedure_reason "
        "appropriateness state unknown_fields revision",
        coarse="order_month age_years age_months indication_system indication_code",
        withheld="local_case_id comment content_digest encounter_digest source_version withdrawal_reason submitted_at changed_at",
    )

    public_id = PublicId(prefix="cas_")
    local_case_id = Pattern(max_length=32, pattern=LOCAL_ID)
    dictionary_version = models.SmallIntegerField(default=DICTIONARY_VERSION)
    object_kind = Choice(choices=ObjectKind.choices)
    order_month = Month(null=True, blank=True)
    age_years = WholeNumber(low=0, high=NINETY_PLUS, null=True, blank=True)
    age_months = WholeNumber(low=0, high=23, null=True, blank=True)
    sex = Choice(choices=Sex.choices, null=True, blank=True)
    organ_system = Choice(choices=OrganSystem.choices, null=True, blank=True)
    indication_system = Choice(choices=IndicationSystem.choices, null=True, blank=True)
    indication_code = Pattern(max_length=20, pattern="^[A-Za-z0-9][A-Za-z0-9.-]*$", null=True, blank=True)
    appropriateness = WholeNumber(low=1, high=9, null=True, blank=True)
    complexity = Choice(choices=Complexity.choices, null=True, blank=True)
    intended_uses = ChoiceList(words=IntendedUse, blank=True)
    ordering_services = ChoiceList(words=Specialty, blank=True)
    print_decision = Choice(choices=PrintDecision.choices, null=True, blank=True)
    print_decision_reason = Choice(choices=PrintDecisionReason.choices, null=True, blank=True)
    regulatory_pathway = Choice(choices=RegulatoryPathway.choices, null=True, blank=True)
    poc_attestation = models.BooleanField(null=True, blank=True)
    exclusions_attested = models.BooleanField(null=True, blank=True)
    no_procedure_reason = Choice(choices=NoProcedureReason.choices, null=True, blank=True)
    comment = models.CharField(max_length=80, blank=True)
    state = Choice(choices=CaseState.choices, default=CaseState.SUBMITTED)
    withdrawal_reason = models.CharField(max_length=80, blank=True)
    revision = WholeNumber(low=1, high=2_000_000_000, default=1)
    content_digest = models.CharField(max_length=64)
    source_version = models.BigIntegerField(null=True, blank=True)
    encounter_digest = models.CharField(max_length=64, null=True, blank=True)
    submitted_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "local_case_id"], name="case_local_case_id"),
            models.UniqueConstraint(fields=["site", "public_id"], name="case_public_id"),
            models.UniqueConstraint(fields=["site", "encounter_digest"], name="case_encounter"),
            models.CheckConstraint(
                condition=~Q(object_kind="none")
                | Q(
                    order_month__isnull=True,
                    organ_system__isnull=True,
                    indication_code__isnull=True,
                    appropriateness__isnull=True,
                    intended_uses=[],
                    ordering_services=[],
                    print_decision__isnull=True,
                    print_decision_reason__isnull=True,
                    regulatory_pathway__isnull=True,
                    no_procedure_reason__isnull=True,
                    comment="",
                ),
                name="case_control_has_nothing_of_a_print",
            ),
            models.CheckConstraint(
                condition=Q(object_kind="none")
                | Q(
                    order_month__isnull=False,
                    organ_system__isnull=False,
                    print_decision__isnull=False,
                    exclusions_attested=True,
                ),
                name="case_of_a_print_is_described",
            ),
            models.CheckConstraint(
                condition=~Q(object_kind="digital_only") | ~Q(print_decision="printed"),
                name="case_digital_only_is_not_printed",
            ),
            models.CheckConstraint(
                condition=Q(age_months__isnull=True) | Q(age_years__lt=2),
                name="case_age_in_months_only_below_two_years",
            ),
            models.CheckConstraint(
                condition=Q(indication_code__isnull=True) | Q(indication_system__isnull=False),
                name="case_indication_names_its_system",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "order_month"], name="case_by_month"),
            models.Index(fields=["site", "-id"], name="case_newest"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_control(self) -> bool:
        return bool(self.object_kind == ObjectKind.NONE)


class CasePart(Reported):
    """A row of a case that is about imaging, object, effort or codes. The database refuses it for a control case."""

    case: models.ForeignKey[Case, Case]

    class Meta:
        abstract = True


def case_key(name: str) -> Any:
    return models.ForeignKey(Case, on_delete=models.CASCADE, related_name=name, db_constraint=False)


class ImagingSource(CasePart):
    REPORTED = ("modality", "slice_mm", "contrast", "acquired_for_print", "fused")
    REQUIRED = ("modality",)
    PRIVACY = manifest(open="id site case number modality slice_mm contrast acquired_for_print fused unknown_fields")

    case = case_key("imaging")
    number = WholeNumber(low=1, high=10)
    modality = Choice(choices=Modality.choices)
    slice_mm = Amount(low="0.05", high="10", decimal_places=3, null=True, blank=True)
    contrast = models.BooleanField(null=True, blank=True)
    acquired_for_print = models.BooleanField(null=True, blank=True)
    fused = models.BooleanField(null=True, blank=True)

    objects = SiteQuerySet["ImagingSource"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "number"], name="imaging_number")]

    def __str__(self) -> str:
        return f"{self.modality} #{self.number}"


class AnatomicPart(CasePart):
    """A part of the digital model; number 1 is the dominant one."""

    REPORTED = ("region", "subregion", "structure", "laterality", "comment")
    REQUIRED = ("region", "structure")
    PRIVACY = manifest(
        open="id site case number region subregion structure laterality unknown_fields", withheld="comment"
    )

    case = case_key("parts")
    number = WholeNumber(low=1, high=20)
    region = Choice(choices=Region.choices)
    subregion = Choice(choices=Subregion.choices, null=True, blank=True)
    structure = Choice(choices=Structure.choices)
    laterality = Choice(choices=Laterality.choices, null=True, blank=True)
    comment = models.CharField(max_length=80, blank=True)

    objects = SiteQuerySet["AnatomicPart"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "number"], name="part_number")]

    def __str__(self) -> str:
        return f"{self.region}/{self.structure} #{self.number}"


class Guide(CasePart):
    REPORTED = ("guide_type", "region", "laterality", "count")
    REQUIRED = ("guide_type", "region")
    PRIVACY = manifest(open="id site case number guide_type region laterality count unknown_fields")

    case = case_key("guides")
    number = WholeNumber(low=1, high=20)
    guide_type = Choice(choices=GuideType.choices)
    region = Choice(choices=Region.choices)
    laterality = Choice(choices=Laterality.choices, null=True, blank=True)
    count = WholeNumber(low=1, high=50, default=1)

    objects = SiteQuerySet["Guide"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "case", "number"], name="guide_number")]

    def __str__(self) -> str:
        return f"{self.guide_type} #{self.number}"


class EncounterSeen(SiteOwned):
    """An OR-log encounter that was matched or became a control: its keyed hash, kept 400 days, outside history and exports."""

    PRIVACY = manifest(withheld="id site digest case seen_on")

    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="encounters", db_constraint=False)
    seen_on = models.DateField()

    objects = SiteQuerySet["EncounterSeen"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "digest"], name="encounterseen_digest")]

    def __str__(self) -> str:
        return f"encounter of case #{self.case_id}"
