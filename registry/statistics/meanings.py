"""What a column says, for whoever has only its name: the unit in words, the codes it may hold, and the terms of statistics explained."""

from registry.statistics.results import Column

UNITS = {
    "text": "words",
    "count": "a whole number",
    "minutes": "minutes",
    "saved": "minutes; above zero is faster with a print, below zero slower",
    "share": "a share from 0 to 1",
    "share_saved": "a share of the minutes without a print; above zero is faster with a print, below zero slower",
    "dollars": "US dollars",
    "money": "an amount in the currency that the line names",
    "number": "a number",
    "hours": "hours",
    "months": "months",
    "years": "years",
}
TERMS = {
    "average": "the mean over sites by random effects, in which each site counts by its own error and by how much sites differ",
    "coverage": "printed cases with a time and a comparator, of those with the procedure recorded",
    "data": "whether the line rests on synthetic or real cases, or on published figures",
    "df": "degrees of freedom of Student's t behind the interval: few mean a wide one",
    "drop_high": "the highest estimate when each site in turn is left out",
    "drop_low": "the lowest estimate when each site in turn is left out",
    "i2": "the part of the spread between estimates that is not their own error; no measure of how much they differ, which is tau",
    "new_high": "upper end of the prediction interval: where the average of a new, similar site (or study) would lie",
    "new_low": "lower end of the prediction interval: where the average of a new, similar site (or study) would lie",
    "q": "the weighted squares of the estimates around their mean, beside k − 1 expected by chance",
    "q1": "a quarter of the values lie at or below it",
    "q3": "three quarters of the values lie at or below it",
    "remark": "what must be known of the line, or why it has no figure",
    "sd": "the standard deviation, with n − 1",
    "se": "the standard error of the estimate",
    "tau": "how much the true averages of sites (or studies) differ, as a standard deviation",
    "tau2": "the variance between sites, by restricted maximum likelihood",
    "weights": "each site's part of the estimate; together 1",
}
MOST = 12
"""A column of more codes names how many there are; `/api/v1/vocabulary` lists them."""


def meaning(column: Column) -> str:
    """In a sentence without its full stop."""
    said = [part for part in (TERMS.get(column.name, ""), _codes(column)) if part]
    if column.unit != "text" or not said:
        said.insert(1, UNITS.get(column.unit, column.unit))
    return "; ".join(said)


def _codes(column: Column) -> str:
    labels = [str(label) for label in column.words.values()]
    if len(labels) > MOST:
        return f"one of {len(labels)} codes"
    return f"one of: {', '.join(labels)}" if labels else ""
