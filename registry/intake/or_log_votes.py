"""What only a whole OR log can tell, gathered row by row before any row is believed."""

from registry.intake.clock_times import DayOrder, orders_that_fit
from registry.intake.or_log_options import MOMENTS, Columns, Options
from registry.intake.sources.table import Record, refused

KNOWN_BY = ("encounter", "case_id")
"""The roles by which a row is known to be of one operation."""


def key_of(role: str, text: str) -> int:
    """What stands for one number or case id while the file is read."""
    return hash((role, text))


class Votes:
    """The order of the dates, and the numbers and case ids that stand on several rows.

    `ambiguous` ones with other times, `several` with other procedures.
    """

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.rows = 0
        self.month_first = self.day_first = self.either = 0
        self.first_column: str | None = None
        self.ambiguous: set[int] = set()
        self.several: set[int] = set()
        self._moments = [(role, columns.at[role]) for role in MOMENTS if role in columns.at]
        self._numbers: dict[int, tuple[int, int]] = {}
        self._seen: dict[str, frozenset[DayOrder] | None] = {}

    def count(self, record: Record) -> None:
        """One more row has been seen."""
        self.rows += 1
        cells = record.cells
        if cells is None or len(cells) < self.columns.width:
            return
        for role, index in self._moments:
            self._vote(role, cells[index].strip())
        for role in KNOWN_BY:
            if role in self.columns.at and (text := cells[self.columns.at[role]].strip()):
                self._known_by(key_of(role, text), cells)

    def _vote(self, role: str, text: str) -> None:
        # The day is the first word; a log repeats its days, so each is judged once.
        day = text[:11].split(" ", 1)[0].split("T", 1)[0].rstrip(",")
        if day not in self._seen:
            self._seen[day] = orders_that_fit(day)
            fits = self._seen[day]
            if fits is None:
                return
            self.month_first += fits == {"mdy"}
            self.day_first += fits == {"dmy"}
            self.either += len(fits) == 2
            self.first_column = self.first_column or self.columns.names[role]

    def _known_by(self, key: int, cells: list[str]) -> None:
        at = self.columns.at
        times = hash(tuple(cells[at[role]].strip() for role in (*MOMENTS, "minutes") if role in at))
        what = hash(tuple(cells[at[role]].strip() for role in ("code", "service") if role in at))
        earlier = self._numbers.setdefault(key, (times, what))
        if earlier[0] != times:
            self.ambiguous.add(key)
        elif earlier[1] != what:
            self.several.add(key)

    def order(self, options: Options) -> DayOrder | None:
        """The one order that every date of the file fits; raises InvalidReport when that cannot be known."""
        if options.day_order or not (self.month_first or self.day_first or self.either):
            return options.day_order
        if self.month_first and self.day_first:
            message = (
                "Some dates have the month first and some the day first. Make them alike, or say day_order: mdy or dmy."
            )
            raise refused("mixed-dates", message, column=self.first_column)
        if self.month_first or self.day_first:
            return "mdy" if self.month_first else "dmy"
        message = "Every date could be month first or day first, and we do not guess. Say day_order: mdy (01/31/22) or dmy (31/01/22)."
        raise refused("ambiguous-dates", message, column=self.first_column)
