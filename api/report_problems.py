"""What the registry's own rules can say of a report or a file: code, meaning, cure. All are 422; a warning refuses nothing."""

from api.problems import Kind

_FIELDS = {
    "required": ("Something that must be said is missing", "Send the field; null where the field may be unknown."),
    "unknown-field": ("A field that does not exist here", "Correct its name, or leave it out."),
    "wrong-type": ("A value of the wrong type", "Send the type that the message names."),
    "not-a-choice": ("A word that the vocabulary does not have", "Use a word of GET /api/v1/vocabulary."),
    "out-of-range": ("A number outside its range", "Send a number inside the range that the message names."),
    "too-precise": ("Too many decimal places", "Round to the places that the message names."),
    "too-long": ("A text that is too long", "Shorten it to the length that the message names."),
    "too-many": ("Too many rows in a list", "Send at most as many as the message names."),
    "said-twice": ("The same thing said twice", "Keep one of the two."),
    "malformed": ("A text that does not have the form of its field", "Write it as the message shows."),
    "forbidden-character": ("A control or direction character", "Remove the characters that do not print."),
    "not-a-month": ("A month that is not YYYY-MM", "Write the month as 2026-03, without a day."),
    "month-out-of-range": ("A month in the future or before 2000", "Check the year."),
    "age-over-89": ("An exact age above 89", 'Send "90+": an exact age above 89 identifies a person.'),
    "age-contradicts": ("Months and years of age disagree", "Send months only under two years, in agreement."),
    "weak-password": ("A password that is too easy to guess", "Choose another as the message says."),
    "immutable": ("A value that stays as it was recorded", "Leave it out, or withdraw and submit anew."),
    "invalid": ("A value that the field cannot have", "Correct the value as the message says."),
    "duplicate-in-batch": ("The same case id twice in one batch", "Keep one of the rows."),
}

_CASE = {
    "no-agreement": ("No signed participation agreement on record", "Ask the registry to record it."),
    "site-suspended": ("The site takes no part at present", "Ask the registry to reactivate it."),
    "control-has-no-print": ("A control case with something of a print", "Leave it out, or change object_kind."),
    "control-needs-procedure": ("A control case without its procedure", "Send its month, category and one OR time."),
    "control-needs-time": ("A control case without an OR time", "Send one OR time."),
    "model-needs-parts": ("A model without anatomic parts", "Describe the parts, the dominant one first."),
    "guide-needs-guide": ("A guide case without a guide", "Describe at least one guide."),
    "digital-is-not-printed": ("Digital only, and printed", "Decide for one of the two."),
    "print-missing": ("A printed case without a print", "Describe the print: printer, material, outcome."),
    "print-not-expected": ("A print in a case that was not printed", "Leave the print out, or change the decision."),
    "exclusions-not-attested": ("The exclusions are not attested", "Confirm that no biologic or implant is reported."),
    "subregion-of-other-region": ("A subregion of another region", "Name the region it belongs to."),
    "laterality-needed": ("The side is missing", "Say which side; null if it is unknown."),
    "unknown-printer": ("A printer the site does not have", "Use a label of GET /api/v1/printers, or have it added."),
    "unknown-material": ("A material the site does not have", "Use a name of GET /api/v1/materials, or have it added."),
    "material-missing": ("A print without a material", "Name at least one material of the site."),
    "unknown-part": ("A print of a part that is not declared", "Name declared parts by number, from 1."),
    "sterilisation-missing": ("In the sterile field, and not sterilised", "Say how it was sterilised."),
    "months-out-of-order": ("Months in the wrong order", "Check both months."),
    "procedure-and-none": ("A procedure, and a reason for none", "Keep one of the two."),
    "code-system-missing": ("A code without its system", "Name the system of the code."),
    "unmapped-code": (
        "A procedure code that the site's map lacks",
        "Name a category, or have the code added to the map.",
    ),
    "code-missing": ("An encounter without a procedure code", "Add the code to the file, or enter the case."),
    "other-category": ("An encounter of another procedure category than its case", "Check the number in the case."),
    "unmatched": (
        "Encounters that no case bears",
        "Give cases their or_log_number, or allow controls for whole months.",
    ),
    "several-procedures": ("An encounter of several procedures", "Enter the case by hand."),
    "times-contradict": ("An interval longer than the stay in the room", "Check both times."),
    "time-unusual": ("A time far from the others of its procedure", "A warning: check it, or send confirmed: true."),
    "times-kept": ("Recorded OR times that were not sent stay", "A warning: send a time again to correct it."),
    "sd-looks-like-se": ("An SD that looks like a standard error", "Send the SD of the single times."),
}

_CODES = {
    "unknown-code": ("A billing code that is not in the reference", "Check the code."),
    "code-not-yet-valid": ("A code before its first valid month", "Check the code and its month."),
    "code-no-longer-valid": ("A code after its last valid month", "Check the code and its month."),
    "code-of-other-kind": ("A code of another kind of object", "Use the code of what was made."),
    "add-on-without-primary": ("An add-on code alone", "Add its primary code."),
    "first-code-once": ("More than one unit of a first code", "Move the further units to the add-on code."),
    "modifier-of-other-code": ("Modifier 52 on a code it does not belong to", "Leave the modifier out."),
    "modifier-not-yet-valid": ("Modifier 52 before it was used", "Leave the modifier out."),
    "units-unlikely": ("Units above the medically unlikely limit", "A warning: check the units."),
    "units-differ": ("Units that differ from what is described", "A warning: check units and components."),
    "rendering-beside-print": ("A rendering code beside a printing code", "A warning: keep one of the two."),
    "surface-model-beside-print": ("A surface-model code beside a printing code", "A warning: see modifier 52."),
}

_FILES = {
    "empty-file": ("An empty file", "Export it again, with header and rows."),
    "no-rows": ("A header and no rows", "Export the log again for the months you want."),
    "too-many-rows": ("Too many rows", "Split the file, for instance by year."),
    "too-many-columns": ("Too many columns", "Delete the columns that are not needed."),
    "not-a-text-file": ("Not a text file", "Export it as CSV (UTF-8)."),
    "nul-byte": ("A damaged file", "Export it again as CSV (UTF-8)."),
    "unreadable-encoding": ("An encoding that cannot be read", "Save the file as CSV (UTF-8)."),
    "line-too-long": ("A line without an end", "Look for an open quotation mark."),
    "malformed-header": ("A header line that cannot be read", "Look for a stray quotation mark."),
    "malformed-row": ("A row that cannot be read", "Look for an open quotation mark."),
    "wrong-number-of-cells": ("A row of another length than the header", "Export the row again."),
    "column-missing": ("A column that is needed is missing", "Name the column in the options."),
    "unreadable-workbook": ("A workbook that cannot be read", "Save it again as XLSX, or as CSV (UTF-8)."),
    "encrypted-workbook": ("A workbook with a password", "Save it without one."),
    "workbook-too-large": ("A workbook too large to unfold", "Save its sheet as CSV (UTF-8)."),
    "date-in-cell": ("A cell that a spreadsheet made a date of", "Format the column as text and write it again."),
    "formula-error": ("A cell with the error of a formula", "Correct the formula, or empty the cell."),
    "duplicate-in-file": ("A case id that an earlier row has", "Keep one of the rows."),
    "time-missing": ("One of two clock times is missing", "Give both, or the minutes."),
    "example-row": ("The example of the template", "It was passed over; it may stay or be deleted."),
    "other-case": ("A case id and a number of two cases", "Correct the row, or the number of the case."),
    "out-before-in": ("An end before its start", "Correct the times; say so if it was the next day."),
    "unreadable-time": ("A clock time that cannot be read", "Write it as 08:14, or give the minutes."),
    "column-twice": ("A column given twice", "Give it once."),
    "unknown-column": ("A column that has no use here", "Use the names in the message."),
    "two-sources": ("Minutes and clock times", "Give one of the two."),
    "bad-value": ("An option with a value it cannot have", "Use a value that the message names."),
    "dates-contradict": (
        "A date that its own times contradict",
        "Correct the row in the log; a day apart is a warning.",
    ),
    "ambiguous-dates": ("Dates that could be read in two ways", "Say day_order: mdy or dmy."),
    "mixed-dates": ("Dates written in two ways", "Export the file again in one way."),
    "unknown-kind": ("A kind of file that is not read", "Send kind cases or or_log."),
    "not-in-safe-harbor": ("Not possible in safe-harbor mode", "Send OR times with the cases."),
    "wrong-site": ("A site where none belongs, or none where one does", "Name a site for its cases only."),
}

REPORT_KINDS = tuple(
    Kind(code, 422, title, fix)
    for sentences in (_FIELDS, _CASE, _CODES, _FILES)
    for code, (title, fix) in sentences.items()
)
