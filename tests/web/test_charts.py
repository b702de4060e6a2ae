"""A figure is drawn on the server and may stand under a strict content policy."""

from xml.etree import ElementTree as ET

import pytest

from registry.web.charts import Interval, interval_figure

ROWS = [Interval("Partial nephrectomy", 30, 20, 40), Interval("Repair <b> & more", -20, -30, -10)]


@pytest.fixture(scope="module")
def drawings() -> list[str]:
    figure = interval_figure(ROWS, title="Minutes saved")
    return [figure.wide, figure.narrow]


def test_it_is_well_formed_and_has_no_style_and_no_script(drawings: list[str]) -> None:
    for svg in drawings:
        ET.fromstring(svg)
        assert "style=" not in svg
        assert "<script" not in svg


def test_names_in_it_are_escaped(drawings: list[str]) -> None:
    assert all("Repair &lt;b&gt; &amp; more" in svg and "<b>" not in svg for svg in drawings)


def test_each_dot_says_what_it_is(drawings: list[str]) -> None:
    assert all('aria-label="Partial nephrectomy' in svg for svg in drawings)


def test_the_same_rows_give_the_same_drawing(drawings: list[str]) -> None:
    assert interval_figure(ROWS, title="Minutes saved").wide == drawings[0]
