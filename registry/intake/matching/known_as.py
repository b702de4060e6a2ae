"""How our fields are called in the files of others: by name of `intake.flat`, with # for the number of a row of a list.

From the registration form of the field's registry, REDCap exports and the logs of printing labs. In small letters; `headings`
has already taken punctuation, numbers and units away.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import get_language

from registry.intake import flat
from registry.vocabulary.fields import label
from registry.vocabulary.manufacturing import EffortActivity, StaffGroup
from registry.vocabulary.synonyms import plain

KNOWN_AS: dict[str, str] = {
    "local_case_id": "case number|case|case id|case identifier|case code|local case id|site case id|facility case id|model id|"
    "model number|job number|job id|print job|print id|project number|project id|project|order number|order id|request id|"
    "request number|ticket|ticket number|study id|study number|registry case number|registry id|lab id|lab number|case ref|"
    "reference number|log number|deidentified id|anon id|pseudonym|subject id|row id|lab case number",
    "object_kind": "object kind|model or guide|model guide|type of model|model type|print type|type of print|case type|"
    "product type|product|object|object type|service type|deliverable|item type|type|type of case|model category",
    "order_month": "order date|date ordered|ordered|order month|request date|date requested|requested on|date of request|"
    "requested|referral date|date received|received|received date|date of order|intake date|consult date|submission date|"
    "date submitted|order placed|request received|ordered on",
    "age_years": "age|age at surgery|age at scan|age at imaging|age at procedure|age at order|patient age|pt age|age yrs",
    "age_months": "age months|age in months|age mo",
    "sex": "sex|gender|patient sex|patient gender|pt sex|pt gender|m f|sex at birth|birth sex|f m",
    "organ_system": "organ system|system|body system|anatomic system|anatomical system|clinical system|clinical area|"
    "service line|disease category",
    "indication_system": "indication system|diagnosis code system|dx code type",
    "indication_code": "dx|icd10|icd|icd code|icd10 code|icd10 dx|dx code|diagnosis code|diagnosis icd10|diagnosis|indication|"
    "indication code|icd10 diagnosis|principal diagnosis|clinical indication|primary icd10|dx icd10|icd10 diagnosis code",
    "appropriateness": "appropriateness|appropriateness score|appropriateness rating|rsna appropriateness|rating appropriateness",
    "complexity": "complexity|case complexity|difficulty|complexity level|model complexity",
    "intended_uses": "intended use|intended uses|use|purpose|purpose of model|use case|reason for model|model use|clinical use|"
    "use of model|reason for print|model purpose|intended use of model|clinical purpose|application",
    "ordering_services": "ordering service|ordering services|service|services|specialty|ordering specialty|requesting service|"
    "requesting specialty|department|ordering department|requesting department|referring service|referring specialty|"
    "clinical service|clinical specialty|surgical specialty|surgical service|dept|requesting dept|division|speciality",
    "print_decision": "print decision|decision|printed|disposition|status|print status|final status|order status|case status|"
    "was it printed|printed y n",
    "print_decision_reason": "reason not printed|why not printed|cancellation reason|reason cancelled|reason for cancellation",
    "regulatory_pathway": "regulatory pathway|fda scenario|fda pathway|regulatory scenario",
    "poc_attestation": "point of care|poc|printed in house|in house|made at point of care|printed at poc|made in house",
    "exclusions_attested": "exclusions attested|exclusions|no implants",
    "no_procedure_reason": "no procedure reason|reason no surgery|why no surgery",
    "or_log_number": "or log number|log id|or case number|or case id|or log id|surgical case number|or case|surgery case number|"
    "or log|optime log id|surgical log number|encounter number|encounter id|csn",
    "comment": "comment",
    "imaging_#_modality": "modality|imaging modality|image modality|imaging|scan type|source imaging|imaging type|scan|"
    "image source|imaging study|study type|imaging source|source modality|source images|dicom modality",
    "imaging_#_slice_mm": "slice thickness|slice|slice thk|slices thickness|thickness|ct slice thickness|slice mm|"
    "reconstruction thickness|"
    "recon thickness|scan slice thickness",
    "imaging_#_contrast": "contrast|iv contrast|contrast used|with contrast|contrast given|contrast medium|contrast y n",
    "imaging_#_acquired_for_print": "acquired for print|scan for print|dedicated scan|acquired for printing|dedicated imaging|"
    "new scan for model|scanned for print|3d protocol",
    "imaging_#_fused": "fused|image fusion|fusion|registered|coregistered",
    "part_#_region": "region|anatomic region|anatomical region|body region|body part|anatomy|anatomic area|body area|"
    "anatomical area|anatomic location|part region|anatomic site|model region|location",
    "part_#_subregion": "subregion|sub region|anatomic subregion|anatomical subregion|part subregion",
    "part_#_structure": "structure|anatomic structure|anatomical structure|anatomy structure|organ|part|structure modeled|"
    "structures|structure printed|modeled structure|anatomic part|part structure|segmented structure|bone organ",
    "part_#_laterality": "side|laterality|l r|left right|lat|sidedness|part side|anatomic side|r l|model side|part laterality",
    "guide_#_guide_type": "guide type|type of guide|guide kind",
    "guide_#_region": "guide region|guide anatomy|guide anatomic region",
    "guide_#_laterality": "guide side|guide laterality",
    "guide_#_count": "guides|number of guides|guide count|guide qty|guide number|how many guides",
    "print_#_printer": "printer|printer used|printer name|machine|printer model|print printer|printed on|device|printing system|"
    "print machine|printer type|equipment|am machine",
    "print_#_materials": "material|materials|print material|print materials|material used|resin|filament|printing material|"
    "material type|materials used|build material|media",
    "print_#_parts": "parts printed|printed parts|parts on print",
    "print_#_scale_percent": "scale|print scale|model scale|scale factor|scaling|scale percent|scale percentage",
    "print_#_copies": "copies|number of pieces|quantity|qty|number of copies|copies printed|number printed|print qty|"
    "number of prints|count|pieces",
    "print_#_optical": "transparency|opacity|clear or opaque|optical|appearance|optical property|translucency",
    "print_#_flexible": "flexible|flexibility|soft|rubber like",
    "print_#_colours": "colors|colours|number of colors|number of colours|color count|colour count|how many colors",
    "print_#_volume_cm3": "volume|print volume|model volume|printed volume|volume printed|material volume|resin volume|"
    "volume used|resin used|part volume|vol",
    "print_#_mass_g": "mass|weight|print weight|model weight|material weight|weight used|material used weight|part weight|"
    "print mass|filament weight|filament used|model mass|wt",
    "print_#_print_hours": "print time|print hours|printing time|machine time|build time|print duration|printer time|time to print|"
    "print hrs|printer hours|build hours|machine hours|printing hours",
    "print_#_material_cost": "material cost|cost of material|materials cost|cost|print cost|cost of materials|supply cost|"
    "resin cost|material price|consumables cost|filament cost",
    "print_#_outcome": "print outcome|outcome|print result|print success|successful print|result|success|outcome of print|"
    "print successful|printed ok|print ok|build result",
    "print_#_failure_reason": "failure reason|reason for failure|print failure reason|why failed|failure mode|reason failed|"
    "print failure",
    "print_#_sterilisation": "sterilization|sterilisation|sterilized|sterilization method|sterilized how|sterile processing|"
    "sterilisation method|sterile",
    "print_#_qa_result": "qa|qc|quality check|qa result|qc result|quality control|qa pass|quality|qc pass|qa qc|qa status|"
    "quality assurance|qa passed",
    "print_#_dim_error_mm": "dimensional error|dim error|accuracy|accuracy error|max deviation|deviation|dimensional accuracy|"
    "max dimensional error",
    "print_#_verification_method": "verification method|verification|how verified|qa method|verified by method|qc method|"
    "accuracy method",
    "code_#_code": "cpt|cpt code|billing code|code|procedure code cpt|cpt codes|charge code|hcpcs|hcpcs code|cpt hcpcs|"
    "category iii code|category iii cpt|cat iii cpt|cpt iii|cpt category iii|cpt applied|cpt billed|billed code",
    "code_#_units": "units|cpt units|code units|cpt qty|billing units|units billed|qty billed|cpt quantity|units charged",
    "code_#_modifier": "modifier|cpt modifier|code modifier|mod",
    "code_#_applied_month": "billing date|charge date|date billed|code date|date of charge|bill date|dos billed|date charged",
    "code_#_claim": "billed|claim|claim billed|was it billed|billed y n|billing status|billed to insurance",
    "code_#_claim_status": "claim status|claim result|paid|payment status|claim outcome|paid denied|adjudication|payer response",
    "code_#_amount_paid": "amount paid|payment|paid amount|reimbursement|amount reimbursed|payment amount|collected|"
    "reimbursed amount|payer payment",
    "procedure_performed_month": "surgery date|date of surgery|procedure date|date of procedure|or date|operation date|"
    "date of operation|dos|surgical date|procedure month|surgery month|op date|sx date|date of service|scheduled surgery date|"
    "surgery dt|surg date|operative date",
    "procedure_category": "procedure|surgery|operation|procedure category|procedure type|type of surgery|surgery type|"
    "surgical procedure|operation type|procedure name|planned procedure|operation performed|surgery performed|"
    "procedure performed|type of procedure",
    "procedure_code": "procedure code|proc cpt|proc code|surgery cpt|surgical cpt|or cpt|primary procedure cpt|procedure cpt|"
    "surgical code|"
    "surgery code|operation code",
    "procedure_code_system": "procedure code system|procedure code type",
    "procedure_approach": "approach|surgical approach|operative approach",
    "procedure_used_in_or": "used in or|use in or|model used in or|used intraoperatively|intraop use|used in surgery|"
    "model in or|intraoperative use|sterile field use|used during surgery|model used",
    "procedure_surgeon_experience": "surgeon experience|experience of surgeon|surgeon years|years of experience",
    "time_#_clock": "clock|time type|or time type",
    "time_#_source": "time source|or time source|source of time|or time from|source of or time",
    "assessment_#_respondent_role": "respondent|respondent role|survey respondent|who answered|responder|survey role",
    "assessment_#_q1_easy": "easy to use|q1|ease of use|model was easy to use",
    "assessment_#_q2_compatible": "compatible|q2|compatibility|fit with approach",
    "assessment_#_q3_plan_changed": "plan changed|q3|changed plan|changed surgical plan|model changed plan|change in plan",
    "assessment_#_q4_important": "important|q4|importance|model was important",
    "assessment_#_q5_quality": "model quality|q5|quality rating|quality of model",
    "assessment_#_q6_confident_before": "confidence before|q6|confidence pre|pre confidence|confidence before model",
    "assessment_#_q7_confident_after": "confidence after|q7|confidence post|post confidence|confidence after model",
    "assessment_#_time_saved_minutes": "time saved|minutes saved|or time saved|estimated time saved|surgeon estimated time saved|"
    "time saved estimate|est time saved",
}
# Clock and what of it a column says. The number of the time follows from the clock.
TIMES: dict[tuple[str, str], str] = {
    (
        "in_room",
        "from",
    ): "room in|wheels in|in room|patient in room|or in|in room time|pt in room|patient in|in or|in or time|"
    "time in room|room in time|wheels in time|or in time|enter room|patient in or|in rm|pt in|in room dttm|or start|room start|"
    "time in",
    (
        "in_room",
        "to",
    ): "room out|wheels out|out of room|patient out of room|or out|out room|out of room time|pt out of room|"
    "patient out|out of or|room out time|wheels out time|or out time|leave room|out of or time|out rm|pt out|or end|room end|"
    "time out of room|exit room|out room time|out room dttm|time out",
    (
        "in_room",
        "minutes",
    ): "or time|or minutes|room time|in room minutes|room minutes|or duration|time in or|minutes in room|"
    "or room time|operating room time|operating room minutes|total or time|or length|total room time|or mins|room duration|"
    "in room duration|wheels in to wheels out",
    (
        "incision_closure",
        "from",
    ): "incision|incision start|cut time|incision time|cut|skin incision|procedure start|surgery start|"
    "op start|start of surgery|procedure start time|case start|surgery start time|knife to skin|operation start",
    (
        "incision_closure",
        "to",
    ): "closure|close|close time|incision close|skin closure|closing|procedure end|surgery end|op end|"
    "closure time|procedure stop|end of surgery|procedure end time|case end|surgery end time|dressing on|incision closed|"
    "operation end",
    (
        "incision_closure",
        "minutes",
    ): "surgical time|operative time|surgery time|procedure time|skin to skin|cut to close|"
    "incision to closure|operating time|surgery duration|procedure duration|case length|op time|case duration|"
    "surgery length|procedure length|surgery minutes|operation time|procedure minutes|skin to skin time|surgical duration",
    ("anaesthesia", "from"): "anesthesia start|anaesthesia start|anes start|induction",
    ("anaesthesia", "to"): "anesthesia end|anaesthesia end|anes end|anesthesia stop|anes stop",
    (
        "anaesthesia",
        "minutes",
    ): "anesthesia time|anaesthesia time|anesthesia minutes|anes time|anesthesia duration|anesthesia",
    ("tourniquet", "minutes"): "tourniquet time|tourniquet|tourniquet minutes|tq time",
    ("bypass", "minutes"): "bypass time|cpb time|pump time|bypass minutes|cpb|cpb minutes|perfusion time",
}
# What a header may mean, where nothing in the file says it better.
PERHAPS: dict[str, str] = {
    "order_month": "print date|date printed|date|print completed|completion date|date completed|completed|month|delivery date|"
    "date delivered|start date|printed on|print month|due date|date of print|date finished|finish date|print started",
    "local_case_id": "id|number|record id|ref|identifier|key|record number",
    "print_#_printer": "technology|print technology|printing technology|process|printing process|am technology|printer technology|"
    "print process|method|printing method|print method",
    "assessment_#_q5_quality": "surgeon rating|satisfaction",
}
SEPARATOR = ":"


@lru_cache(maxsize=4)
def index(_language: str | None = None) -> dict[str, str]:
    """Every heading that is known, to the name of `flat` it stands for; times as `time:clock:field`."""
    found: dict[str, str] = {}
    for heading, target in _all():
        found.setdefault(heading, target)
    return found


def known() -> dict[str, str]:
    """`index` in the language of the reader, whose labels it has."""
    return index(get_language())


@lru_cache(maxsize=1)
def perhaps() -> dict[str, str]:
    """Headings that only suggest a name."""
    return {heading: target for target, headings in PERHAPS.items() for heading in headings.split("|")}


def _all() -> Iterator[tuple[str, str]]:
    for target, headings in KNOWN_AS.items():
        for heading in headings.split("|"):
            yield heading, target
    for (clock, field), headings in TIMES.items():
        for heading in headings.split("|"):
            yield heading, SEPARATOR.join(("time", clock, field))
    for column in flat.columns(dict.fromkeys(flat.ONE_OF, 1)):
        target = column.name if not column.number else column.name.replace("_1_", "_#_", 1)
        yield plain(target.replace("_#_", " ")), target
        if column.section == "effort":
            activity, staff = column.field.split()
            yield plain(f"{EffortActivity(activity).label} {StaffGroup(staff).label}"), target
        else:
            said = plain(label(column.section, column.field))
            yield plain(f"{flat.ONE_OF.get(column.section, '')} {said}"), target
            yield said, target
