"""A figure is a specification of plain data; drawn on the server it may stand under a strict content policy."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import caches

from registry.web.charts import drawing
from registry.web.charts.boxes import WITH, WITHOUT, Box, boxes
from registry.web.charts.caterpillar import Segment, caterpillar
from registry.web.charts.curves import Curve, Own, curves
from registry.web.charts.drawing import Drawing, drawings, picture
from registry.web.charts.frame import INK, PAPER, QUIET, Spec, in_lines
from registry.web.charts.intervals import Interval, intervals
from registry.web.charts.labels import sides
from registry.web.charts.parts import Bar, Part, parts
from registry.web.charts.shares import Share, shares
from registry.web.charts.waterfall import Rest, Step, waterfall
from tests.web.figures import (
    FIGURES,
    a_box_figure,
    a_column_figure,
    a_curve_figure,
    a_forest_figure,
    a_part_figure,
    a_share_figure,
    a_spread_figure,
    a_strip_figure,
    a_tipping_figure,
    a_waterfall_figure,
    an_interval_figure,
)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Drawing]:
    return drawings({name: make() for name, (make, _) in FIGURES.items()})


@pytest.mark.parametrize("name", FIGURES)
def test_it_is_well_formed_and_has_no_style_and_no_script(name: str, drawn: dict[str, Drawing]) -> None:
    for svg in (drawn[name].wide, drawn[name].narrow):
        ET.fromstring(svg)
        assert "style=" not in svg
        assert "<script" not in svg
        assert "<style" not in svg


@pytest.mark.parametrize("name", FIGURES)
def test_each_datum_is_one_mark_with_a_name(name: str, drawn: dict[str, Drawing]) -> None:
    for svg in (drawn[name].wide, drawn[name].narrow):
        named = [
            node
            for node in ET.fromstring(svg).iter()
            if node.get("role") == "graphics-symbol" and node.get("aria-roledescription") not in {"axis", "legend", "title"}
            and "mark container" not in (node.get("aria-roledescription") or "")
        ]  # fmt: skip
        assert len(named) == FIGURES[name][1]
        assert all(node.get("aria-label") for node in named)


@pytest.mark.parametrize("name", FIGURES)
def test_names_in_it_are_escaped(name: str, drawn: dict[str, Drawing]) -> None:
    for svg in (drawn[name].wide, drawn[name].narrow):
        assert "Repair &lt;b&gt; &amp; more" in svg
        assert "<b>" not in svg


def layers_of(spec: Spec) -> list[Spec]:
    rows = spec.get("vconcat", [])
    return [*spec.get("layer", []), *(layer for row in rows for layer in row.get("layer", [row]))]


@pytest.mark.parametrize("name", FIGURES)
def test_decorations_are_silent_and_data_are_described(name: str) -> None:
    figure = FIGURES[name][0]()
    for spec in (figure.wide, figure.narrow):
        for layer in layers_of(spec):
            assert (layer["mark"].get("aria") is False) != ("description" in layer["encoding"])


@pytest.mark.parametrize("name", FIGURES)
def test_a_specification_is_plain_json(name: str) -> None:
    figure = FIGURES[name][0]()
    assert json.loads(json.dumps(figure.wide)) == figure.wide
    assert figure.wide["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_the_arms_of_boxes_differ_by_more_than_colour() -> None:
    fill = a_box_figure().wide["layer"][0]["encoding"]["fill"]["scale"]
    assert fill == {"domain": [WITH, WITHOUT], "range": ["#0b5d6b", "#ffffff"]}
    assert a_box_figure().wide["encoding"]["yOffset"]["field"] == "arm"


def test_a_wide_range_of_minutes_gets_a_logarithmic_axis_that_says_so() -> None:
    rows = [Box("Short", WITH, 20, 25, 30, ""), Box("Long", WITH, 300, 400, 500, "")]
    x = boxes(rows, title="Minutes").wide["layer"][0]["encoding"]["x"]
    assert (x["scale"]["type"], x["axis"]["title"]) == ("log", "Minutes, logarithmic")
    assert x["axis"]["values"] == [20, 50, 100, 200, 500]
    assert "type" not in a_box_figure().wide["layer"][0]["encoding"]["x"]["scale"]


def test_parts_bear_their_number_and_touch_each_other() -> None:
    values = a_part_figure().wide["data"]["values"]
    assert [value["part"] for value in values] == ["1 Consultation", "2 Segmentation"]
    assert [(value["from"], value["to"]) for value in values] == [(0, 30), (30, 90)]
    assert [value["text"] for value in values] == ["1: 30.0", "2: 60.0"]


def test_a_part_too_small_for_its_number_bears_none() -> None:
    bar = Bar("Bar", (Part("Success", 0.995, "99.5%", ""), Part("Failed", 0.005, "0.5%", "")))
    values = parts([bar], names=["Success", "Failed"], title="Share", unit="share").wide["data"]["values"]
    assert [value["text"] for value in values] == ["1: 99.5%", ""]


def test_a_period_that_goes_on_is_hollow_and_dashed() -> None:
    encoding = a_column_figure().wide["vconcat"][0]["encoding"]
    assert encoding["fill"]["condition"] == {"test": "datum.unfinished", "value": "#ffffff"}
    assert encoding["strokeDash"]["condition"] == {"test": "datum.unfinished", "value": [3, 3]}


def test_columns_of_one_scale_share_it_and_a_period_without_a_case_keeps_its_place() -> None:
    first, second = a_column_figure().wide["vconcat"]
    assert first["encoding"]["y"]["scale"]["domain"] == [0, 3]
    assert second["encoding"]["y"]["scale"]["domain"] == [0, 900]
    assert first["encoding"]["x"]["scale"]["domain"] == ["2025 Q1", "2025 Q2", "2025 Q3"]
    assert [value["period"] for value in first["data"]["values"]] == ["2025 Q1", "2025 Q3"]


def test_what_is_not_due_is_off_the_line() -> None:
    rule, line, points = a_share_figure().wide["layer"]
    assert rule["data"]["values"] == [{"share": 0.5}]
    assert line["transform"] == [{"filter": "datum.counts"}]
    assert "transform" not in points


def test_no_line_leads_across_months_of_which_nothing_is_known() -> None:
    points = [
        Share(f"{month}-01", 0.5, True, month) for month in ("2025-11", "2025-12", "2026-01", "2026-04", "2026-05")
    ]
    drawn = shares(points, overall=None, title="Share", by_year=False).wide
    assert [value["run"] for value in drawn["data"]["values"]] == [0, 0, 0, 1, 1]
    assert drawn["layer"][0]["encoding"]["detail"]["field"] == "run"
    years = [Share(f"{year}-01-01", 0.5, True, str(year)) for year in (2020, 2021, 2024)]
    assert [value["run"] for value in shares(years, overall=None, title="", by_year=True).wide["data"]["values"]] == [
        0,
        0,
        1,
    ]


def test_no_month_is_labelled_twice() -> None:
    months = [Share(f"2026-{month:02d}-01", 0.5, True, str(month)) for month in range(2, 10)]
    counts = range(1, len(months) + 1)
    drawn = drawings({str(n): shares(months[:n], overall=None, title="Share", by_year=False) for n in counts})
    for drawing_of in drawn.values():
        for picture_of in (drawing_of.wide, drawing_of.narrow):
            labels = re.findall(r">(\w{3} 2026)<", picture_of)
            assert labels
            assert len(labels) == len(set(labels)), labels


def test_long_labels_stand_in_lines() -> None:
    assert in_lines("Acetabular or pelvic fracture fixation") == "Acetabular or pelvic\nfracture fixation"


def test_a_figure_drawn_before_starts_no_renderer(drawn: dict[str, Drawing], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "RENDERER", "registry.no_such_module")
    assert drawings({"again": an_interval_figure()})["again"] == drawn["intervals"]


def test_a_renderer_that_fails_leaves_a_failed_drawing_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    unseen = intervals([Interval("Never drawn before", 1.5, 0.5, 2.5, "said")], title="Minutes saved")
    with monkeypatch.context() as broken:
        broken.setattr(drawing, "RENDERER", "registry.no_such_module")
        assert drawings({"unseen": unseen})["unseen"].failed
    assert not drawings({"unseen": unseen})["unseen"].failed


def test_a_disk_that_takes_nothing_costs_no_figure(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("no folder")
    folder = {**settings.CACHES["figures"], "LOCATION": tmp_path / "file" / "figures"}
    settings.CACHES = {**settings.CACHES, "figures": folder}
    unseen = intervals([Interval("Drawn on a full disk", 1.5, 0.5, 2.5, "said")], title="Minutes saved")
    assert not drawings({"unseen": unseen})["unseen"].failed


def test_a_damaged_file_is_drawn_again(tmp_path: Path, settings: Any) -> None:
    settings.CACHES = {**settings.CACHES, "figures": {**settings.CACHES["figures"], "LOCATION": tmp_path}}
    first = drawings({"a": a_spread_figure()})
    for kept in tmp_path.glob("*.djcache"):
        kept.write_bytes(kept.read_bytes()[:30])
    assert drawings({"a": a_spread_figure()}) == first


def test_many_figures_are_drawn_by_one_start_of_the_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    caches["figures"].clear()
    starts: list[int] = []
    run = subprocess.run

    def counted(*command: Any, **named: Any) -> Any:
        starts.append(len(json.loads(named["input"])))
        return run(*command, **named)

    monkeypatch.setattr(subprocess, "run", counted)
    drawings({"a": an_interval_figure(), "b": a_spread_figure()})
    assert starts == [4]


def test_a_picture_by_itself_says_what_it_is_on_white_ground() -> None:
    svg = picture(an_interval_figure().wide, title="OR minutes saved", beneath="ALPHA, all months. Data: synthetic.")
    ET.fromstring(svg)
    assert "OR minutes saved" in svg
    assert "ALPHA, all months. Data: synthetic." in svg
    assert 'fill="#ffffff"' in svg


def test_the_web_process_never_loads_the_renderer() -> None:
    code = "import sys, registry.web.charts.drawing; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_ticks_of_a_strip_stand_in_its_own_range_and_what_lies_beyond_at_its_end() -> None:
    values = a_strip_figure().wide["data"]["values"]
    assert [value["at"] for value in values] == [0, 0.1, 0.2, pytest.approx(0.3), 1]
    assert [value["text"] for value in values] == ["", "", "", "", "9.00"]


def test_what_is_supposed_is_drawn_in_the_order_of_k() -> None:
    assert [value["k"] for value in a_tipping_figure().wide["data"]["values"]] == [-0.6, 0, 1]


def test_what_is_published_and_what_is_our_own_stand_apart_on_one_scale() -> None:
    published, own = a_forest_figure().wide["vconcat"]
    inks = [group["layer"][2]["mark"]["color"] for group in (published, own)]
    assert inks == [QUIET, INK]
    scales = [group["layer"][0]["encoding"]["x"]["scale"] for group in (published, own)]
    assert scales[0] == scales[1]
    low, high = scales[0]["domain"]
    assert low < 0 < 62 < high, "zero and every estimate are on it"
    assert low > -10, "a prediction interval is cut where it would crush the rest"


def test_an_estimate_without_an_interval_is_hollow() -> None:
    published, _ = a_forest_figure().wide["vconcat"]
    assert [value["fill"] for value in published["data"]["values"]] == [QUIET, PAPER, QUIET]


def test_each_step_of_a_waterfall_begins_where_the_last_one_ended_and_the_rest_at_zero() -> None:
    values = a_waterfall_figure().wide["data"]["values"]
    assert [(value["from"], value["to"]) for value in values] == [(0, 900), (900, 840), (840, 840), (0, 840)]


def test_a_loss_is_hollow_and_has_its_interval_beneath() -> None:
    figure = waterfall(
        [Step("Saved", 5, "$5", ""), Step("Cost", -9, "−$9", "")], Rest("Net", "−$4", "", -20, 1), title="A case"
    )
    assert [value["ink"] for value in figure.wide["data"]["values"]] == ["#0b5d6b", "#a9cdd3", "#ffffff"]
    assert figure.wide["layer"][-1]["data"]["values"] == [{"label": "Net", "low": -20, "high": 1}]
    unsure = waterfall([Step("Saved", 5, "$5", "")], Rest("Net", "$5", ""), title="A case")
    assert len(unsure.wide["layer"]) == 3


def test_curves_are_told_apart_by_dashes_and_cross_zero_where_prints_have_paid() -> None:
    figure = a_curve_figure()
    scale = figure.wide["layer"][1]["encoding"]["strokeDash"]["scale"]
    assert scale["range"] == [[1, 0], [7, 4]]
    assert figure.wide["layer"][2]["data"]["values"] == [{"x": 20, "y": 0}]
    assert figure.wide["layer"][3]["data"]["values"][0]["text"] == "20"


def test_a_line_that_runs_out_of_the_drawing_is_named_where_it_does() -> None:
    lines = [Curve("falls", -1000, -50, ""), Curve("rises", -1000, 500, ""), Curve("stays", -1000, 20, "")]
    layers = curves(lines, across="Prints", up="Net", most=100, own=Own(60, 200, "", "")).wide["layer"]
    # The drawing goes from -1,250 to 1,250.
    named = [value for layer in (layers[5], layers[7]) for value in layer["data"]["values"]]
    assert named == [{"x": 4.5, "y": 1250, "text": "rises"}, {"x": 5, "y": -1250, "text": "falls"}]


def test_numbers_of_crossings_that_are_close_do_not_stand_in_each_others_way() -> None:
    lines = [Curve("a", -1000, 50, ""), Curve("b", -1000, 55, ""), Curve("c", -1000, 15, "")]
    layers = curves(lines, across="Prints", up="Net", most=100, own=Own(60, 2000, "", "")).wide["layer"]
    assert (len(layers[2]["data"]["values"]), [value["text"] for value in layers[3]["data"]["values"]]) == (
        3,
        ["20", "67"],
    )


def test_sites_that_cannot_be_placed_stand_after_the_others_hollow_and_in_the_order_they_came() -> None:
    ends = (0.0, 0.5, 0.2, "")
    rows = [
        Segment("A", 0.1, *ends, placed=False),
        Segment("B", 0.2, *ends),
        Segment("C", 0.4, *ends, placed=False),
        Segment("D", 0.3, *ends),
    ]
    spec = caterpillar(rows, band=None, title="Share saved", format=".0%").wide
    assert [value["label"] for value in spec["data"]["values"]] == ["D", "B", "A", "C"]
    assert spec["layer"][-1]["encoding"]["fill"] == {
        "condition": {"test": "!datum.placed", "value": PAPER},
        "value": INK,
    }


def test_a_name_stands_on_the_side_where_no_dot_no_name_and_no_edge_is() -> None:
    room = (300.0, 200.0)
    left, middle, right = (sides(["SITE"], [spot], [], room)[0] for spot in ((50, 50), (150, 100), (290, 100)))
    assert (left.align, middle.align, right.align) == ("left", "left", "right")
    first, _ = sides(["SITE", ""], [(50, 50), (70, 50)], [], room)
    assert (first.align, first.dy) == ("right", 0)
    one, two = sides(["VETERAN", "SITE"], [(100, 100), (100, 106)], [], room)
    assert (one.align, one.dy) != (two.align, two.dy)
    on_line = [(float(x), 50.0) for x in range(300)]
    assert sides(["SITE"], [(150, 50)], on_line, room)[0].dy != 0
