"""Headers and first rows as five imagined hospitals keep them, and by hand what each column is: (name, conversion)."""

from dataclasses import dataclass, field

from registry.intake.matching.shapes import SiteWords

OFF = ("", "")
"""Not of the registry, or of a person: not read."""


@dataclass(frozen=True)
class Hospital:
    name: str
    columns: tuple[tuple[str, tuple[str, ...], tuple[str, str]], ...]
    site_words: SiteWords = field(default_factory=SiteWords)

    @property
    def header(self) -> list[str]:
        return [header for header, _, _ in self.columns]

    @property
    def rows(self) -> list[list[str]]:
        return [list(row) for row in zip(*(values for _, values, _ in self.columns), strict=True)]

    @property
    def expected(self) -> list[tuple[str, str]]:
        return [what for _, _, what in self.columns]


WORDS = SiteWords(
    {
        "J750": ("Objet J750", "Stratasys J750", "Stratasys", "material_jetting"),
        "Form 3B": ("Formlabs Form 3B", "Form3B", "Formlabs", "vat_photopolymerization"),
    },
    ("VeroClear", "Biomed Clear", "Agilus30"),
)

# A lab's own workbook: hours, American days, one row a print.
LAKESIDE = Hospital(
    "Lakeside",
    (
        ("Case #", ("C-1001", "C-1002", "C-1003"), ("local_case_id", "")),
        ("Pt Name", ("Doe, Jane", "Roe, Richard", "Poe, Ann"), OFF),
        ("MRN", ("00123456", "00123457", "00123458"), OFF),
        ("Age", ("62", "7 mo", "45"), ("age_years", "age")),
        ("Gender", ("F", "M", "M"), ("sex", "words:sex")),
        ("CPT", ("0559T", "0561T", "0559T"), ("code_1_code", "")),
        ("CPT 2", ("0560T", "", "0560T"), ("code_2_code", "")),
        ("CPT 2 units", ("2", "", "1"), ("code_2_units", "")),
        ("Dx", ("C64.1", "Q21.3", "C64.2"), ("indication_code", "")),
        ("Print date", ("3/14/25", "3/2/25", "12/22/24"), ("order_month", "month_mdy")),
        ("Service", ("Urology", "CT surgery", "Ortho, ENT"), ("ordering_services", "words:ordering_services")),
        ("System", ("Kidney", "Cardiac", "MSK"), ("organ_system", "words:organ_system")),
        ("Scan", ("CT scan", "MRI", "CTA"), ("imaging_1_modality", "words:modality")),
        ("Slice (mm)", ("1", "0.625", "1.25 mm"), ("imaging_1_slice_mm", "millimetres")),
        ("Seg hrs", ("2.5", "1.75", "3"), ("effort_segmentation_non_clinician", "hours")),
        ("Printer", ("Objet J750", "Form 3B", "J750"), ("print_1_printer", "")),
        ("Material", ("VeroClear", "Biomed Clear", "VeroClear"), ("print_1_materials", "")),
        ("Print hrs", ("9.5", "12", "7.25"), ("print_1_print_hours", "")),
        ("Infill", ("20%", "100%", "20%"), OFF),
        ("Room in", ("08:14", "13:05", "07:31"), ("time_1_from", "")),
        ("Room out", ("10:31", "16:40", "12:02"), ("time_1_to", "")),
        ("Notes", ("pt prefers mornings", "rush case for Dr. Roe", "call back after the clinic"), OFF),
    ),
    WORDS,
)

# A university in Europe: points in days, decimal commas, operation log beside it.
KLINIKUM = Hospital(
    "Klinikum",
    (
        ("Project ID", ("3D-24-001", "3D-24-002", "3D-24-003"), ("local_case_id", "")),
        ("Date of request", ("14.03.2025", "02.04.2025", "30.11.2024"), ("order_month", "month_dmy")),
        ("Date of birth", ("14.03.1961", "02.04.1987", "30.11.2004"), OFF),
        ("Sex (m/f)", ("m", "f", "m"), ("sex", "words:sex")),
        ("Age at surgery", ("63", "37", "20"), ("age_years", "")),
        ("Requesting department", ("OMFS", "Neurosurgery", "Orthopaedics"), ("ordering_services", "")),
        ("Referring physician", ("Dr. Weber", "Dr. Klein", "Dr. Weber"), OFF),
        ("Type of model", ("Model", "Guide", "Model and guide"), ("object_kind", "words:object_kind")),
        ("Body region", ("Head", "Skull", "Lower extremity"), ("part_1_region", "words:region")),
        ("Side", ("L", "R", "bilateral"), ("part_1_laterality", "words:laterality")),
        ("Anatomical structure", ("Mandible", "Skull", "Tibia"), ("part_1_structure", "words:structure")),
        ("Modality", ("CBCT", "CT", "CT"), ("imaging_1_modality", "words:modality")),
        ("Contrast y/n", ("n", "n", "n"), ("imaging_1_contrast", "")),
        ("Segmentation time [min]", ("90", "120", "75"), ("effort_segmentation_non_clinician", "")),
        ("CAD time engineer [min]", ("45", "200", "60"), ("effort_cad_non_clinician", "")),
        ("CAD time surgeon [min]", ("15", "30", "20"), ("effort_cad_clinician", "")),
        ("Post-processing (min)", ("20", "35", "25"), ("effort_prep_postprocess_non_clinician", "")),
        ("Technology", ("SLA", "MJT", "SLA"), ("print_1_printer", "")),
        ("Volume (ccm)", ("45,2", "112,75", "9,5"), ("print_1_volume_cm3", "")),
        ("Print weight (g)", ("52,1", "130,4", "11"), ("print_1_mass_g", "")),
        ("Material cost €", ("12,50", "€ 40,00", "8,10"), ("print_1_material_cost", "number")),
        ("Print result", ("ok", "ok", "reprinted"), ("print_1_outcome", "words:outcome")),
        ("Surgery date", ("20.03.2025", "10.04.2025", "05.12.2024"), ("procedure_performed_month", "month_dmy")),
        ("Incision", ("08:40", "09:05", "07:58"), ("time_1_from", "")),
        ("Closure", ("11:10", "13:15", "09:50"), ("time_1_to", "")),
        ("Remarks", ("", "", "second print needed after fit check"), OFF),
    ),
    WORDS,
)

# A raw export of REDCap.
MERCY = Hospital(
    "Mercy",
    (
        ("record_id", ("1", "2", "3"), OFF),
        ("redcap_event_name", ("baseline_arm_1", "baseline_arm_1", "baseline_arm_1"), OFF),
        ("local_case_id", ("M-1", "M-2", "M-3"), ("local_case_id", "")),
        ("object_kind", ("1", "1", "2"), ("object_kind", "numbered:object_kind")),
        ("order_month", ("2025-01", "2025-02", "2025-02"), ("order_month", "")),
        ("age_years", ("55", "61", "90+"), ("age_years", "")),
        ("sex", ("1", "2", "2"), ("sex", "numbered:sex")),
        ("organ_system", ("2", "4", "7"), ("organ_system", "numbered:organ_system")),
        ("intended_uses___1", ("0", "1", "0"), ("intended_uses", "checked:diagnosis")),
        ("intended_uses___2", ("1", "1", "1"), ("intended_uses", "checked:preop_planning")),
        ("intended_uses___simulation", ("0", "0", "1"), ("intended_uses", "checked:simulation")),
        ("ordering_services___1", ("1", "0", "0"), ("ordering_services", "checked:orthopaedics")),
        ("ordering_services___12", ("0", "1", "1"), ("ordering_services", "checked:urology")),
        ("print_decision", ("1", "1", "1"), ("print_decision", "numbered:print_decision")),
        ("imaging_1_modality", ("1", "2", "1"), ("imaging_1_modality", "numbered:modality")),
        ("case_form_complete", ("2", "2", "2"), OFF),
    ),
    WORDS,
)

# A registration form's extract, with numbered groups and labels of its own.
SUMMIT = Hospital(
    "Summit",
    (
        ("Facility Case Identifier", ("S1001", "S1002", "S1003"), ("local_case_id", "")),
        ("Facility Case ID #", ("S1001", "S1002", "S1003"), OFF),
        ("Patient Sex", ("Male", "Female", "Male"), ("sex", "")),
        ("Patient Age (years)", ("44", "51", "90+"), ("age_years", "")),
        ("Date Ordered", ("2025-01-14", "2025-02-11", "2025-02-28"), ("order_month", "month")),
        ("Clinical Indication ICD-10", ("M26.213", "C41.1", "S02.609A"), ("indication_code", "")),
        ("Ordering Specialty", ("Oral surgery", "Plastics", "OMS"), ("ordering_services", "words:ordering_services")),
        (
            "Intended Use of Model",
            ("Surgical planning", "Consent", "Plate bending"),
            ("intended_uses", "words:intended_uses"),
        ),
        ("Imaging Modality 1", ("CT", "CT", "MRI"), ("imaging_1_modality", "words:modality")),
        ("Imaging Modality 2", ("", "MRA", ""), ("imaging_2_modality", "words:modality")),
        ("Slice Thickness 1", ("0.6", "1.0", "1.5"), ("imaging_1_slice_mm", "")),
        ("Part 1 Region", ("head", "head", "head"), ("part_1_region", "")),
        ("Part 1 Structure", ("bone", "tumor", "teeth"), ("part_1_structure", "")),
        ("Part 1 Laterality", ("left", "Rt", "midline"), ("part_1_laterality", "words:laterality")),
        ("Part 2 Region", ("head", "", "head"), ("part_2_region", "")),
        ("Part 2 Structure", ("teeth", "", "bone"), ("part_2_structure", "")),
        ("Clinician Segmentation Minutes", ("30", "0", "45"), ("effort_segmentation_clinician", "")),
        ("Non-Clinician Segmentation Minutes", ("130", "95", "145"), ("effort_segmentation_non_clinician", "")),
        ("Consultation Clinician (min)", ("15", "20", "10"), ("effort_consultation_clinician", "")),
        (
            "Print Prep/Post-processing Non-Clinician (min)",
            ("60", "45", "70"),
            ("effort_prep_postprocess_non_clinician", ""),
        ),
        ("Model 1 Scale (%)", ("100", "100", "50"), ("print_1_scale_percent", "")),
        ("Number of copies", ("1", "1", "2"), ("print_1_copies", "")),
        ("Print Success", ("Yes", "Yes", "No"), ("print_1_outcome", "words:outcome")),
        ("Sterilization method", ("Sterrad", "None", "EtO"), ("print_1_sterilisation", "words:sterilisation")),
        ("Amount Paid ($)", ("$1,240.50", "0", "$410.00"), ("code_1_amount_paid", "number")),
        ("Billed?", ("Y", "N", "Y"), ("code_1_claim", "words:claim")),
        ("Accession Number", ("A123", "A124", "A125"), OFF),
    ),
    WORDS,
)

# A surgical department's log: the operation first, the print somewhere in it.
HARBOR = Hospital(
    "Harbor",
    (
        ("CASE NO", ("2024/0141", "2024/0142", "2024/0143"), ("local_case_id", "case_id")),
        ("SURG DATE", ("01/05/2024", "02/17/2024", "02/29/2024"), ("procedure_performed_month", "month_mdy")),
        ("SURGEON", ("Smith", "Jones", "Smith"), OFF),
        ("PROCEDURE", ("TKA", "Mandible recon", "Scoliosis"), ("procedure_category", "words:category")),
        ("PROC CPT", ("27447", "21244", "22800"), ("procedure_code", "")),
        ("APPROACH", ("Open", "Open", "MIS"), ("procedure_approach", "words:approach")),
        ("WHEELS IN", ("7:31 AM", "8:02 AM", "7:45 AM"), ("time_1_from", "clock")),
        ("WHEELS OUT", ("10:12 AM", "4:40 PM", "3:05 PM"), ("time_1_to", "clock")),
        ("SKIN TO SKIN MIN", ("95", "380", "310"), ("time_2_minutes", "")),
        ("MODEL USED IN OR", ("Planning", "Sterile", "In room"), ("procedure_used_in_or", "words:used_in_or")),
        ("ENGINEER CAD HOURS", ("1.25", "6.5", "3"), ("effort_cad_non_clinician", "hours")),
        ("TECH", ("PolyJet", "SLA", "PolyJet"), ("print_1_printer", "")),
        ("QA", ("Pass", "pass", "ok"), ("print_1_qa_result", "words:qa_result")),
        ("MAX DEVIATION (IN)", ("0.01", "0.02", "0.01"), ("print_1_dim_error_mm", "inches")),
        ("PURPOSE", ("Planning", "Planning; teaching", "Consent"), ("intended_uses", "words:intended_uses")),
        ("PT PHONE", ("555-123-4567", "555-123-4568", "555-123-4569"), OFF),
        ("EMAIL", ("a@example.org", "b@example.org", "c@example.org"), OFF),
        ("INSURANCE ID", ("ZX1", "ZX2", "ZX3"), OFF),
        ("TIME SAVED EST (MIN)", ("30", "60", "20"), ("assessment_1_time_saved_minutes", "")),
        ("COMMENTS", ("went well", "", "second look needed"), OFF),
    ),
    WORDS,
)  # fmt: skip

HOSPITALS = (LAKESIDE, KLINIKUM, MERCY, SUMMIT, HARBOR)
