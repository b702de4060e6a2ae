"""The facts: what the registry keeps, with the rules PostgreSQL enforces on each row."""

from registry.models.audit import AuditEvent, AuditHead, Release, RowHistory
from registry.models.case import AnatomicPart, Case, EncounterSeen, Guide, ImagingSource
from registry.models.making import AppliedCode, CodeReference, Effort, Print, PrintMaterial
from registry.models.outcome import AssessmentRequest, Procedure, ProcedureTime, UserAssessment
from registry.models.people import ApiToken, Membership, User
from registry.models.site import Baseline, CostRate, Deployment, Material, Organisation, Printer, ProcedureMap, Site
from registry.models.submission import (
    ColumnMap,
    Draft,
    Export,
    Heartbeat,
    IdempotencyKey,
    Mail,
    Reminder,
    Submission,
    Upload,
    UploadReview,
    UploadRow,
)

__all__ = [
    "AnatomicPart",
    "ApiToken",
    "AppliedCode",
    "AssessmentRequest",
    "AuditEvent",
    "AuditHead",
    "Baseline",
    "Case",
    "CodeReference",
    "ColumnMap",
    "CostRate",
    "Deployment",
    "Draft",
    "Effort",
    "EncounterSeen",
    "Export",
    "Guide",
    "Heartbeat",
    "IdempotencyKey",
    "ImagingSource",
    "Mail",
    "Material",
    "Membership",
    "Organisation",
    "Print",
    "PrintMaterial",
    "Printer",
    "Procedure",
    "ProcedureMap",
    "ProcedureTime",
    "Release",
    "Reminder",
    "RowHistory",
    "Site",
    "Submission",
    "Upload",
    "UploadReview",
    "UploadRow",
    "User",
    "UserAssessment",
]
