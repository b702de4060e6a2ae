"""What printing is worth: the minutes in money, net of what a print costs, and how many prints pay the fixed cost."""

from registry.statistics import dollar_tables, even_tables, value_tables
from registry.statistics.inflation import BASE_YEAR
from registry.statistics.inflation import SOURCE as INDEX
from registry.statistics.measures.declaration import OWN, Measure
from registry.statistics.money import CALIFORNIA, DIRECT_SHARE, LITERATURE

RATES = f"Rates: {LITERATURE.source}: mean $62, range $22 to $133. {CALIFORNIA.source}: $20, $37.45 and $38.29."
SITES_OWN = "In a site's own figures also at the rate that it states, in its own currency, taken as full cost."
DIRECT = f"Direct cost only: a full-cost rate × {DIRECT_SHARE['inpatient']}."
A_PRINT = (
    "A print is all that was printed for one case. Its cost: mean minutes of all four activities of a case by staff group × wage; "
    "mean material cost of a print × prints a case; printing outside; and the fixed cost a year over the printed cases of a year, "
    "used or not, at the pace of the last twelve months up to the last one with a print (below six months: without equipment). "
    "Unknown is not zero: where a part is unknown there is no cost and no net. Over several sites each part is weighted to the "
    "printed cases, and there is a net only where every site has one, in one currency."
)
STATED = "Wages, printing outside and fixed cost are those in force now."

MEASURES: tuple[Measure, ...] = (
    Measure(
        slug="dollars-saved",
        title="Modelled value of the minutes saved",
        why_it_matters="A common scale for the discussion with administrators and payers; the rate moves every figure.",
        unit="dollars",
        numerator="Minutes saved × dollars a minute",
        denominator="Printed cases with an observed time",
        strata=("site", "procedure category", "clock", "rate"),
        method=(
            "Minutes saved (see OR minutes saved) × 22, 62 and 133 US dollars of 2019, and × 20, 37.45 and 38.29 of 2014, exact, "
            f"rounded half up only when shown. {SITES_OWN} {DIRECT} In dollars of {BASE_YEAR} by the consumer price index; a year "
            "that the index lacks is refused, never extrapolated."
        ),
        source=f"{RATES} {INDEX}. {OWN}",
        columns=dollar_tables.COLUMNS,
        compute=dollar_tables.dollars_saved,
        version="3",
    ),
    Measure(
        slug="value-of-a-print",
        title="Net value of a print",
        why_it_matters="Minutes saved are worth something only beyond what printing costs; a loss is as much a finding as a gain.",
        unit="money",
        numerator="Minutes saved × rate, less what the prints of a case cost",
        denominator="Printed cases with an observed time, over all categories and by the clock with the most of them",
        strata=("rate",),
        method=(
            f"{A_PRINT} {SITES_OWN} {DIRECT} The interval of the net is that of the minutes, put through the same formula. Net an "
            "order: the saving comes only from orders that came to an operation, of all printed ones that will not wait for one "
            "any more; every order costs; beside it, as if all that still wait came to nothing. Cost of a minute "
            "saved: cost ÷ minutes, with Fieller's interval; not estimable where the minutes may be zero."
        ),
        source=f"{RATES} {STATED} {OWN}",
        columns=value_tables.COLUMNS,
        compute=value_tables.value_of_a_print,
        version="2",
    ),
    Measure(
        slug="break-even",
        title="Prints a year that pay the fixed cost",
        why_it_matters="Whether a printing lab can carry itself at the number of cases that it has.",
        unit="count",
        numerator="Fixed cost a year",
        denominator="Saving of a print less what it costs without equipment",
        strata=("rate",),
        method=(
            "The fixed cost ÷ the net saving of a print without equipment, rounded up; none where a print saves no more than it "
            "costs. The numbers at the limits come from the limits of the minutes, put through the same formula: many minutes "
            f"need few prints. {A_PRINT} Over several sites: the fixed costs of all, and the prints of all. Net a year: prints a year × "
            "net of a print without equipment, less the fixed cost, once; its interval is that of the minutes, put through the same "
            "formula. For comparison: Ballard 2020 gives 63 prints a year at $62, at one site."
        ),
        source=f"{RATES} {STATED} {OWN}",
        columns=even_tables.COLUMNS,
        compute=even_tables.break_even_prints,
        version="2",
    ),
)
