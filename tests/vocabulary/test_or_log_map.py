"""The map that comes with the real OR log."""

import csv
from collections import defaultdict
from pathlib import Path

from registry.management import demo
from registry.vocabulary.procedures import CATEGORY_BY_CODE

FOLDER = Path(demo.__file__).parent


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_code_of_the_log_is_mapped_once_and_to_a_category_we_have():
    mapped = [row["code"] for row in read("or_log_map.csv")]
    assert len(mapped) == len(set(mapped)) == 32
    assert set(mapped) == {row["CPT Code"] for row in read("or_log_2022q1.csv")}
    assert {row["category"] for row in read("or_log_map.csv")} <= set(CATEGORY_BY_CODE)


def test_no_category_is_shared_by_two_services_of_the_log():
    category = {row["code"]: row["category"] for row in read("or_log_map.csv")}
    services = defaultdict(set)
    for row in read("or_log_2022q1.csv"):
        services[category[row["CPT Code"]]].add(row["Service"])
    assert all(len(names) == 1 for names in services.values())
