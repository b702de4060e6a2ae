"""Documents made from code say what the code says."""

from pathlib import Path

from registry.reports import data_dictionary, measure_list

DOCS = Path(__file__).parents[2] / "docs"


def test_the_data_dictionary_is_fresh() -> None:
    assert (DOCS / "data-dictionary.md").read_text() == data_dictionary.text()


def test_the_list_of_measures_is_fresh() -> None:
    assert (DOCS / "measures.md").read_text() == measure_list.text()
