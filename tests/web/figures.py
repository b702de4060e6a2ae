"""One figure of each shape, with a name in it that would break a page."""

from collections.abc import Callable

from registry.web.charts.boxes import WITH, WITHOUT, Box, boxes
from registry.web.charts.caterpillar import Segment, caterpillar
from registry.web.charts.columns import Column, Series, columns
from registry.web.charts.curves import Curve, Own, curves
from registry.web.charts.forest import Entry, Group, forest
from registry.web.charts.frame import Figure
from registry.web.charts.funnel import Limits, Point, funnel
from registry.web.charts.intervals import Interval, intervals
from registry.web.charts.parts import Bar, Mark, Part, parts
from registry.web.charts.run import Level, run
from registry.web.charts.run import Point as Month
from registry.web.charts.shares import Share, shares
from registry.web.charts.spreads import Spread, spreads
from registry.web.charts.strip import Strip, Tick, strips
from registry.web.charts.tipping import Supposed, tipping
from registry.web.charts.waterfall import Rest, Step, waterfall

HOSTILE = "Repair <b> & more"


def an_interval_figure() -> Figure:
    rows = [
        Interval("Partial nephrectomy", 30, 20, 40, "Partial nephrectomy: 30.0"),
        Interval(HOSTILE, -20, -30, -10, HOSTILE),
    ]
    return intervals(rows, title="Minutes saved")


def a_box_figure() -> Figure:
    rows = [
        Box("Partial nephrectomy", WITH, 150, 170, 190, "with"),
        Box("Partial nephrectomy", WITHOUT, 180, 200, 220, "without"),
        Box(HOSTILE, WITH, 300, 320, 340, HOSTILE),
    ]
    return boxes(rows, title="Minutes")


def a_part_figure() -> Figure:
    bar = Bar(
        HOSTILE,
        (Part("Consultation", 30, "30.0", "thirty"), Part("Segmentation", 60, "60.0", "sixty")),
        total=Mark(95, "95.0 in all"),
        reference=Mark(92.4, "92.4 published, 2024"),
    )
    return parts([bar], names=["Consultation", "Segmentation"], title="Minutes", unit="minutes")


def a_column_figure() -> Figure:
    first = Series(
        HOSTILE,
        (Column("2025 Q1", 3, False, "three"), Column("2025 Q2", 0, False, "none"), Column("2025 Q3", 2, True, "two")),
    )
    second = Series("Controls", (Column("2025 Q1", 900, False, "many"),), "controls")
    return columns([first, second], title="Cases by quarter", ticks=["2025 Q1"])


def a_share_figure() -> Figure:
    points = [Share("2025-01-01", 0.5, True, "half"), Share("2025-02-01", 0.25, False, f"late {HOSTILE}")]
    return shares(points, overall=0.5, title="With an OR time", by_year=False)


def a_spread_figure() -> Figure:
    return spreads([Spread(HOSTILE, 4, 6.5, 11, "hours"), Spread("Other", 1, 2, 3, "more")], title="Hours")


def a_funnel_figure() -> Figure:
    points = [Point("", 12, 0.2, "inside"), Point(HOSTILE, 40, -0.3, "outside"), Point("", 90, 0.1, "inside")]
    curve = [Limits(size, (-2 / size, 2 / size), (-3 / size, 3 / size)) for size in (5.0, 10.0, 50.0, 100.0)]
    return funnel(points, curve, target=0.05, title="Share saved", across="Effective number of cases", format=".0%")


def a_caterpillar_figure() -> Figure:
    rows = [Segment("LOW", 0.1, -0.1, 0.3, 0.05, "low", placed=False), Segment(HOSTILE, 0.2, 0.1, 0.3, 0.25, HOSTILE)]
    return caterpillar(rows, band=(-0.1, 0.4), title="Share saved", format=".0%")


def a_strip_figure() -> Figure:
    ticks = tuple(Tick(place / 10, "", f"site {place}") for place in range(4))
    alone = (Tick(9, "9.00", "nine"),)
    return strips(
        [Strip(HOSTILE, ticks, 0, 1, ("0%", "100%"), 0.8), Strip("Other", alone, 0, 5, ("0", "5"))], title="Quality"
    )


def a_tipping_figure() -> Figure:
    points = [
        Supposed(1, 10, 8, 12, "one"),
        Supposed(0, 5, None, None, "none"),
        Supposed(-0.6, 2, None, None, HOSTILE, tipping=True),
    ]
    return tipping(points, across=HOSTILE, up="Minutes")


def a_forest_figure() -> Figure:
    studies = (
        Entry(HOSTILE, "square", 30, 20, 40, HOSTILE),
        Entry("Ballard 2020", "diamond", 62, None, None, "Ballard"),
        Entry("Pooled", "diamond", 25, 10, 40, "pooled", outer=(-90, 60)),
    )
    own = (Entry("All kinds", "circle", 15, 12, 18, "all kinds"),)
    return forest([Group("Published", studies), Group("This registry", own, own=True)], title="Minutes saved")


def a_waterfall_figure() -> Figure:
    steps = [
        Step(HOSTILE, 900, "$900", "gained"),
        Step("Material", -60, "−$60", "taken"),
        Step("Outside", 0, "$0", "nothing"),
    ]
    return waterfall(steps, Rest("Net", "$840", "left", -10, 1700), title="A case")


def a_curve_figure() -> Figure:
    lines = [Curve("$62/min", -1000, 50, "rises"), Curve(HOSTILE, -1000, -5, "falls")]
    return curves(lines, across="Prints", up="Net", most=100, own=Own(60, 2000, "60 now", "here"))


def a_run_figure() -> Figure:
    points = [
        Month("2025-01-01", 100, "", "", "one"),
        Month("2025-02-01", 140, "above", "2025-02", f"high {HOSTILE}"),
        Month("2025-04-01", 90, "row", "8 in a row", "low"),
    ]
    levels = [Level(100, "mean", "100.0", is_limit=False), Level(130, "upper limit", "130.0", is_limit=True)]
    return run(points, levels, title="Mean minutes", by_year=False)


# figure: how many marks speak to a screen reader, one for each datum
FIGURES: dict[str, tuple[Callable[[], Figure], int]] = {
    "intervals": (an_interval_figure, 2),
    "boxes": (a_box_figure, 3),
    "parts": (a_part_figure, 2 + 1 + 1),
    "columns": (a_column_figure, 2 + 1),
    "shares": (a_share_figure, 2),
    "spreads": (a_spread_figure, 2),
    "funnel": (a_funnel_figure, 3),
    "caterpillar": (a_caterpillar_figure, 2),
    "strip": (a_strip_figure, 4 + 1),
    "tipping": (a_tipping_figure, 3),
    "forest": (a_forest_figure, 3 + 1),
    "waterfall": (a_waterfall_figure, 3 + 1),
    "curves": (a_curve_figure, 2 + 1),
    "run": (a_run_figure, 3),
}
