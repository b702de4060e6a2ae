"""Cells: how many cases, and which minutes, one site had in one month. Rebuilt from the rows at any time, never edited.

Only `registry.statistics` may import this module: no count leaves but through `published()`.
"""

from typing import Any

from django.db import models
from django.utils.timezone import now

from registry.models.base import SiteOwned
from registry.models.fields import Month, manifest

DEFINITION_VERSION = 3
"""Raise it when the code that fills the cells changes: the next tick then recomputes every month."""

ESTIMATE = "time_saved_minutes"
"""The item of an assessment that is no statement but an estimate."""


def _word() -> "models.CharField[str, str]":
    """A code of a vocabulary; empty = not stated."""
    return models.CharField(max_length=40, blank=True)


class StaleMonth(SiteOwned):
    """This site's figures of this month are older than its rows. The table is the queue of the refresh."""

    PRIVACY = manifest(withheld="id site month marked_at")

    month = Month()
    marked_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "month"], name="stalemonth_once")]
        indexes = [models.Index(fields=["marked_at"], name="stalemonth_oldest")]


class Cell(SiteOwned):
    """Of one site and month. The month is the procedure's, or the order's while there is no procedure."""

    month = Month()
    definition_version = models.SmallIntegerField()

    objects: models.Manager[Any] = models.Manager()

    class Meta:
        abstract = True


class KnownCell(Cell):
    """A packed histogram of what is known, and how many said that they do not know. Who was not asked is in neither."""

    histogram = models.BinaryField()
    n_known = models.PositiveIntegerField()
    n_unknown = models.PositiveIntegerField()

    class Meta:
        abstract = True


class MinutesCell(Cell):
    """OR minutes by one clock, from the best source each case has; a packed histogram (see histogram.py)."""

    PRIVACY = manifest(
        withheld="id site month definition_version category complexity object_kind print_decision process clock source used_in_or "
        "early histogram n"
    )
    KEY = "category complexity object_kind print_decision process clock source used_in_or early".split()

    category = _word()
    complexity = _word()
    object_kind = _word()
    print_decision = _word()
    process = _word()
    clock = _word()
    source = _word()
    used_in_or = _word()
    early = models.BooleanField()
    histogram = models.BinaryField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields="site month category complexity object_kind print_decision process clock source used_in_or early".split(),
                name="minutescell_key",
            )
        ]


class CaseCell(Cell):
    """Cases, those with an observed OR time, those with a recalled one alone, and those that wait for their outcome.

    `expects_outcome`: not a control, not cancelled, and no reason why there will be no procedure. A control has no billing group.
    """

    PRIVACY = manifest(
        withheld="id site month definition_version object_kind organ_system billing_group process print_decision expects_outcome "
        "n_cases n_with_or_time n_with_recall_only n_awaiting"
    )

    object_kind = _word()
    organ_system = _word()
    billing_group = _word()
    process = _word()
    print_decision = _word()
    expects_outcome = models.BooleanField()
    n_cases = models.PositiveIntegerField()
    n_with_or_time = models.PositiveIntegerField()
    n_with_recall_only = models.PositiveIntegerField()
    n_awaiting = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields="site month object_kind organ_system billing_group process print_decision expects_outcome".split(),
                name="casecell_key",
            )
        ]
        # Every case stands in one of these cells, so their versions are the months'.
        indexes = [models.Index(fields=["definition_version"], name="casecell_version")]


class ProcedureCell(Cell):
    """Procedures recorded, timed or not: what the times of a category are a share of."""

    PRIVACY = manifest(withheld="id site month definition_version category object_kind print_decision n")

    category = _word()
    object_kind = _word()
    print_decision = _word()
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields="site month category object_kind print_decision".split(), name="procedurecell_key"
            )
        ]


class AgeCell(KnownCell):
    """Ages in whole years, 90 and above as 90."""

    PRIVACY = manifest(
        withheld="id site month definition_version object_kind print_decision histogram n_known n_unknown"
    )

    object_kind = _word()
    print_decision = _word()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields="site month object_kind print_decision".split(), name="agecell_key")
        ]


class EffortCell(KnownCell):
    """Minutes of one staff group in one activity (0 to 6000), or in all four together (no activity; 0 to 24000).

    All four: of cases that say each of them; unknown where they do not know one.
    """

    PRIVACY = manifest(
        withheld="id site month definition_version object_kind activity staff histogram n_known n_unknown"
    )

    object_kind = _word()
    activity = _word()
    staff = _word()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields="site month object_kind activity staff".split(), name="effortcell_key")
        ]


class CodeCell(Cell):
    """Cases with a code under one modifier. `n_again`: of these, cases that bear the code under another modifier already counted.

    `claim_status` is empty where it is not stated and "unknown" where nobody knows it.
    """

    PRIVACY = manifest(
        withheld="id site month definition_version code modifier organ_system claim claim_status n_cases n_again units"
    )

    code = _word()
    modifier = _word()
    organ_system = _word()
    claim = _word()
    claim_status = _word()
    n_cases = models.PositiveIntegerField()
    n_again = models.PositiveIntegerField()
    units = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields="site month code modifier organ_system claim claim_status".split(), name="codecell_key"
            )
        ]


class CodeRuleCell(Cell):
    """How often a rule applied to a code at its date of service, by the code reference as it is now, and how often it was broken."""

    PRIVACY = manifest(withheld="id site month definition_version code rule n n_broken")

    code = _word()
    rule = _word()
    n = models.PositiveIntegerField()
    n_broken = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields="site month code rule".split(), name="coderulecell_key")]


class CodedMinutesCell(KnownCell):
    """Observed OR minutes of printed cases by what their codes say was done. Unknown: the time is a recalled one."""

    PRIVACY = manifest(
        withheld="id site month definition_version category complexity organ_system billing_group clock histogram n_known n_unknown"
    )

    category = _word()
    complexity = _word()
    organ_system = _word()
    billing_group = _word()
    clock = _word()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields="site month category complexity organ_system billing_group clock".split(),
                name="codedminutescell_key",
            )
        ]


class PrintCell(Cell):
    """Prints and their copies, by process and again by each material class of the print.

    `sterilised` is yes, no, unknown or empty (not stated); so is `qa_result` beside its own words.
    """

    PRIVACY = manifest(withheld="id site month definition_version grouping group outcome sterilised qa_result n copies")

    grouping = _word()
    group = _word()
    outcome = _word()
    sterilised = _word()
    qa_result = _word()
    n = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields="site month grouping group outcome sterilised qa_result".split(), name="printcell_key"
            )
        ]


class HoursCell(KnownCell):
    """Machine hours of prints, in hundredths of an hour (0 to 24000), by process and by material class."""

    PRIVACY = manifest(withheld="id site month definition_version grouping group histogram n_known n_unknown")

    grouping = _word()
    group = _word()

    class Meta:
        constraints = [models.UniqueConstraint(fields="site month grouping group".split(), name="hourscell_key")]


class CostCell(Cell):
    """Material cost of prints in the site's currency: how many know it, their exact sum and sum of squares."""

    PRIVACY = manifest(withheld="id site month definition_version grouping group n_known total squares n_unknown")

    grouping = _word()
    group = _word()
    n_known = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=20, decimal_places=2)
    squares = models.DecimalField(max_digits=30, decimal_places=4)
    n_unknown = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields="site month grouping group".split(), name="costcell_key")]


class TurnaroundCell(KnownCell):
    """Whole months from order to procedure of cases with a print, by process and material class of print number 1.

    Unknown: no procedure is recorded.
    """

    PRIVACY = manifest(withheld="id site month definition_version grouping group histogram n_known n_unknown")

    grouping = _word()
    group = _word()

    class Meta:
        constraints = [models.UniqueConstraint(fields="site month grouping group".split(), name="turnaroundcell_key")]


class AssessmentCell(Cell):
    """How often one statement of the assessment got one score, 1 to 5; under `ESTIMATE` somebody's guess of minutes saved, −600 to 600."""

    PRIVACY = manifest(withheld="id site month definition_version item score n")

    item = _word()
    score = models.SmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields="site month item score".split(), name="assessmentcell_key")]


class NearDuplicateCell(Cell):
    """How many printed cases could be compared, and pairs of them that may be one, entered twice (see near_duplicates.py)."""

    PRIVACY = manifest(withheld="id site month definition_version compared pairs")

    compared = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "month"], name="nearduplicatecell_key")]


class EarlyPrint(SiteOwned):
    """One of the first five printed cases of a site and procedure category, by (month, case id)."""

    PRIVACY = manifest(withheld="id site category case_id month")

    category = _word()
    case_id = models.BigIntegerField()
    month = Month()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "category", "case_id"], name="earlyprint_once")]
        indexes = [models.Index(fields=["site", "month"], name="earlyprint_by_month")]


CELLS: tuple[type[Cell], ...] = (
    MinutesCell,
    CaseCell,
    ProcedureCell,
    AgeCell,
    EffortCell,
    CodeCell,
    CodeRuleCell,
    CodedMinutesCell,
    PrintCell,
    HoursCell,
    CostCell,
    TurnaroundCell,
    AssessmentCell,
    NearDuplicateCell,
)
