"""From OR times to minutes saved, in ten decisions: what every figure of savings rests on, for whoever wants to judge it."""

from dataclasses import dataclass

VERSION = "1"
"""Of all measures together, stored with every result. It rises when a decision below changes; each measure has its own version too."""


@dataclass(frozen=True)
class Decision:
    """What was decided, and how and why in a few sentences."""

    title: str
    text: str


DECISIONS: tuple[Decision, ...] = (
    Decision(
        "One sign",
        "Minutes saved are minutes without a print minus minutes with one, so above zero is faster with a print and below zero slower. "
        "A loss is shown as plainly as a saving.",
    ),
    Decision(
        "One clock in a comparison",
        "In the room, incision to closure, anaesthesia, tourniquet and bypass are different outcomes. They are never mixed and never "
        "subtracted from each other: the same operations may be shorter by one clock and longer by another. In the room comes first.",
    ),
    Decision(
        "Comparators are of five classes, kept apart",
        "A: concurrent control cases. B: the site's baseline with its number of cases, mean and SD. C: a baseline without SD. D: what "
        "somebody expected or guessed. E: literature. A headline uses A, or B where there are too few controls; C, D and E stand apart.",
    ),
    Decision(
        "The difference is weighted to the printed cases",
        "Printed cases are compared with controls of the same site, procedure and complexity, and the differences are weighted by how "
        "many printed cases each has. This is the same as indirect standardisation: observed beside expected minutes.",
    ),
    Decision(
        "A shared comparator carries its own error",
        "A baseline beside thirty printed cases is one uncertain number, not thirty. Its error enters once and in full; else intervals "
        "would hold the truth far less often than they say.",
    ),
    Decision(
        "Variances are pooled over sites before sites are weighted",
        "Operating times are skewed: a site's own SD follows its own mean, and weights made of it would pull the minutes saved towards "
        "zero. So variances are pooled within procedure and arm.",
    ),
    Decision(
        "Sites are combined in two stages",
        "Each site gives one estimate; they are combined by random effects: tau² by REML, the modified Knapp–Hartung interval, a "
        "prediction interval for a new site, the Q-profile interval of tau². How few sites allow which statement is a fixed ladder.",
    ),
    Decision(
        "Minutes within a procedure, per cent across procedures",
        "Procedures of different length are put together as shares of the minutes without a print. Minutes over all procedures are made "
        "of each site's own mix of cases, never by averaging the procedures.",
    ),
    Decision(
        "Money is minutes times a dated rate",
        "Rates are named, with their year, and their spread is shown as scenarios: it is not part of an interval, which comes from the "
        "minutes alone. What a print costs is subtracted where it is known.",
    ),
    Decision(
        "The gate comes last",
        "Every figure over cases leaves by one gate, which asks who looks. What may not be shown says so in words: it is never 0 and "
        "never empty.",
    ),
)
