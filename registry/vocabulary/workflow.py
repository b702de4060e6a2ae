"""Words about who takes part, what they send and what becomes of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may be at one site. A registry administrator is global, hence not a role."""

    DATA_MANAGER = "data_manager", _("Data manager")
    CHAMPION = "champion", _("Champion")
    FACILITY_ADMINISTRATOR = "facility_administrator", _("Facility administrator")
    ASSESSOR = "assessor", _("Assessor")
    READ_ONLY = "read_only", _("Read only")

    @property
    def in_a_sentence(self) -> str:
        """What somebody in this role is, as in "Bob invites you as …"."""
        return str(_("read-only member") if self == Role.READ_ONLY else self.label.lower())


class SiteKind(models.TextChoices):
    """Only live sites count in statistics, releases and exports."""

    LIVE = "live", _("Live")
    SANDBOX = "sandbox", _("Sandbox")


class SiteStatus(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SiteCategory(models.TextChoices):
    ACADEMIC = "academic", _("Academic or university")
    COMMUNITY = "community", _("Community")
    CHILDRENS = "childrens", _("Children's")
    VA_FEDERAL = "va_federal", _("Veterans or federal")
    AMBULATORY = "ambulatory", _("Ambulatory")
    OTHER = "other", _("Other")


class CommunitySize(models.TextChoices):
    METRO = "metro", _("Metropolitan, above 100,000 people")
    SUBURBAN = "suburban", _("Suburban or small town, 50,000 to 100,000 people")
    RURAL = "rural", _("Rural, below 50,000 people")


class TraumaLevel(models.TextChoices):
    LEVEL_1 = "level_1", _("Level I")
    LEVEL_2 = "level_2", _("Level II")
    LEVEL_3 = "level_3", _("Level III")
    LEVEL_4 = "level_4", _("Level IV")
    LEVEL_5 = "level_5", _("Level V")
    NONE = "none", _("No trauma centre")


class Channel(models.TextChoices):
    """The door a report came through."""

    FORM = "form", _("Form")
    REST = "rest", _("REST")
    FILE = "file", _("File")
    OR_LOG = "or_log", _("OR log")
    COMMAND = "command", _("Operator's command")
    SYSTEM = "system", _("The registry itself")


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PrintDecision(models.TextChoices):
    """What was decided about the order; not what became of the print."""

    PRINTED = "printed", _("Printed")
    DIGITAL_ONLY = "digital_only", _("Digital only")
    CANCELLED = "cancelled", _("Cancelled")


class PrintDecisionReason(models.TextChoices):
    """Why an order was not printed, or was cancelled."""

    SCREEN_SUFFICED = "screen_sufficed", _("The model on screen was enough")
    NO_ADDED_VALUE = "no_added_value", _("A print would not have changed the plan")
    IMAGES_UNSUITABLE = "images_unsuitable", _("The images were not good enough")
    NO_TIME = "no_time", _("Not enough time before the procedure")
    COST = "cost", _("Cost")
    TECHNICAL = "technical", _("Printer or material not available")
    PATIENT_OR_PLAN_CHANGED = "patient_or_plan_changed", _("The patient's condition or the plan changed")
    OTHER = "other", _("Other")


class NoProcedureReason(models.TextChoices):
    """Why a case will have no procedure to record. A case with a reason waits for nothing."""

    NO_PROCEDURE = "no_procedure", _("No procedure was intended")
    CANCELLED = "cancelled", _("The procedure was cancelled")
    UNKNOWN = "unknown", _("Whether one took place is not known")


class JobState(models.TextChoices):
    """A held job waits for its owner to say more; the others wait for, or were worked on by, a worker."""

    HELD = "held", _("Waits for you")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class UploadKind(models.TextChoices):
    OR_LOG = "or_log", _("OR log")
    CASES = "cases", _("Cases")


class UploadPhase(models.TextChoices):
    """What is done with a file next; a held one waits to be told how to be read, or that it may be imported."""

    CHECK = "check", _("Check")
    IMPORT = "import", _("Import")
    UNDO = "undo", _("Undo")


class ExportKind(models.TextChoices):
    REGISTRY_REPORT = "registry_report", _("Registry report")
    CASES = "cases", _("Cases")


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", _("XLSX workbook")
    CSV = "csv", _("CSV")


class ReminderKind(models.TextChoices):
    OR_TIME = "or_time", _("OR time")
    ASSESSMENT = "assessment", _("Assessment")


class TokenScope(models.TextChoices):
    """What a machine holding a token may do at the token's site."""

    CASES_READ = "cases:read", _("Read cases")
    CASES_WRITE = "cases:write", _("Submit and amend cases")
    OR_TIMES_WRITE = "or_times:write", _("Record OR times")
    UPLOADS_WRITE = "uploads:write", _("Upload files")
    EXPORTS_READ = "exports:read", _("Request and fetch exports")
    STATISTICS_READ = "statistics:read", _("Read statistics")
    SITE_MANAGE = "site:manage", _("Change the site's printers, materials and procedure map")


class PrivacyMode(models.TextChoices):
    """How coarsely dates are kept: by month, or by year alone."""

    LIMITED_DATA_SET = "limited_data_set", _("Limited data set (months)")
    SAFE_HARBOR = "safe_harbor", _("Safe harbor (years)")


class RowOutcome(models.TextChoices):
    """What became of one row of a file."""

    CREATED = "created", _("Created")
    AMENDED = "amended", _("Amended")
    COMPLETED = "completed", _("OR time recorded")
    UNCHANGED = "unchanged", _("Unchanged")
    UNMATCHED = "unmatched", _("No case bears this number")
    REFUSED = "refused", _("Refused")


class ReleaseState(models.TextChoices):
    PREPARED = "prepared", _("Prepared")
    PUBLISHED = "published", _("Published")
    CORRECTED = "corrected", _("Replaced by a later release")
