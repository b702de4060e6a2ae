"""The billing codes: how often applied, billed and paid, what the cases show by indication, and the rules that they must keep."""

from registry.statistics import coding, coding_evidence, coding_rules
from registry.statistics.measures.declaration import MONTH, OBSERVED, OWN, Measure
from registry.vocabulary.billing import BillingGroup

APPLIED = (
    "Applied is not billed: federal sites apply codes and bill nobody. Billed, not billed and not known are of claim lines; so are "
    "the answers, which are counted of billed lines alone. The share paid is of billed lines that were paid, denied or accepted "
    "with nothing paid; pending, unknown and not stated are no answer and are counted apart. Labels of codes are the registry's own."
)
GROUPS = (
    f"Each case is in one group: {', '.join(str(label).lower() for _, label in BillingGroup.choices)}. Model codes are 0559T and "
    "0560T, guide codes 0561T and 0562T, digital model codes 1030T to 1035T, the last only where there is no printing code. "
    "The indication is the organ system of the case, which every case states and which names no patient; a diagnosis code is "
    "optional and finer than a small cell allows."
)
REFERENCE = f"{OWN} The registry's dated code reference, as it is now."

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="codes-applied",
        title="Billing codes applied, billed and paid",
        why_it_matters="Whether the codes are in use at all, and whether anybody pays them.",
        unit="count",
        numerator="Cases with the code",
        denominator="All cases but controls",
        strata=("code",),
        method=f"{coding.SEVERAL} {APPLIED} {MONTH}",
        source=OWN,
        columns=coding.CODES_COLUMNS,
        compute=coding.codes_applied,
    ),
    Measure(
        slug="codes-by-quarter",
        title="Billing codes by modifier, indication and quarter",
        why_it_matters="What a code panel asks for: growing use, over which indications.",
        unit="count",
        numerator="Cases with the code under the modifier",
        denominator="All cases but controls",
        strata=("code", "modifier", "organ system", "quarter"),
        method=(
            f"{coding.SEVERAL} {APPLIED} {MONTH} A quarter is that of the calendar; where the registry keeps years only, a line "
            "is a year."
        ),
        source=OWN,
        columns=coding.QUARTERS_COLUMNS,
        compute=coding.codes_by_quarter,
    ),
    Measure(
        slug="indication-by-code",
        title="Cases by indication and billing group",
        why_it_matters="For which indications what was made is coded, and where it is made without a code.",
        unit="count",
        numerator="Cases of the indication in the group",
        denominator="All cases of the indication but controls",
        strata=("organ system", "billing group"),
        method=f"Count of cases. {GROUPS} {MONTH}",
        source=OWN,
        columns=coding_evidence.COUNTS_COLUMNS,
        compute=coding_evidence.indication_by_code,
    ),
    Measure(
        slug="coding-evidence",
        title="Minutes saved by billing group and indication",
        why_it_matters="What a payer asks of a code: for whom, in how many cases, with which effect.",
        unit="saved",
        numerator="Mean minutes without a print minus mean minutes with one",
        denominator="Printed cases of the group with an observed time",
        strata=("billing group", "organ system", "clock"),
        method=(
            f"{GROUPS} The minutes are those of OR minutes saved, of the printed cases of the group alone, with the same controls "
            f"and baselines within site, procedure category and complexity; a line is over all sites and categories. {OBSERVED}"
        ),
        source=f"{OWN} Baselines are those in force now.",
        columns=coding_evidence.EVIDENCE_COLUMNS,
        compute=coding_evidence.coding_evidence,
    ),
    Measure(
        slug="code-rules",
        title="Rules of the billing codes, and how often they are broken",
        why_it_matters="A claim that breaks a rule is denied, and a registry full of them is no evidence.",
        unit="count",
        numerator="Claim lines that break the rule",
        denominator="Claim lines that the rule is about",
        strata=("code", "rule"),
        method=(
            "A rule is about a line of a claim by the month of its service: the month stated with the code, else that of the "
            "procedure, else that of the order. A report that breaks a rule which is refused at entry never becomes a case; one "
            "that earns a warning does, and is counted here. Dates of codes are both refused and counted, since a code may end "
            f"after the entry. {MONTH}"
        ),
        source=REFERENCE,
        columns=coding_rules.COLUMNS,
        compute=coding_rules.code_rules,
    ),
)
