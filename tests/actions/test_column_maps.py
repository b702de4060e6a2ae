"""Matchings that a site remembers: kept without what is of one file, applied to files whose columns they know."""

from pathlib import Path

import pytest

from registry.actions import column_maps
from registry.errors import InvalidReport, NotPermitted
from registry.intake.plan import Plan, Taken, kept_plan
from registry.models import AuditEvent, ColumnMap
from registry.models.scope import acting_for
from tests.people import People

PLAN = Plan(
    (Taken("Nr", "local_case_id"), Taken("Gender", "sex", "words:sex")),
    of_all={"object_kind": "none"},
    cells={2: {"sex": "female"}},
    left_out=frozenset({3}),
)


def remembered(them: People, name: str = "Log") -> ColumnMap:
    return column_maps.remember(them.site, name, PLAN, by=them.alice, via="form")


def test_what_is_of_one_file_only_is_not_remembered(them: People) -> None:
    plan = kept_plan(remembered(them).plan)
    assert (plan.columns, plan.of_all) == (PLAN.columns, PLAN.of_all)
    assert (plan.cells, plan.left_out) == ({}, frozenset())


def test_a_matching_of_the_same_name_is_replaced(them: People) -> None:
    first = remembered(them)
    column_maps.remember(them.site, " Log ", Plan((Taken("Id", "local_case_id"),)), by=them.alice, via="form")
    assert ColumnMap.objects.get().public_id == first.public_id
    assert kept_plan(ColumnMap.objects.get().plan).names == ("local_case_id",)
    assert AuditEvent.objects.filter(act="column_map.remember").count() == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "\0"])
def test_a_name_is_wanted(name: str, them: People) -> None:
    with pytest.raises(InvalidReport):
        remembered(them, name)
    assert not ColumnMap.objects.exists()


def test_nobody_of_another_site_remembers_renames_or_forgets(them: People) -> None:
    kept = remembered(them)
    for act in (
        lambda: column_maps.remember(them.site, "Mine", PLAN, by=them.charlie, via="form"),
        lambda: column_maps.rename(kept, "Mine", by=them.charlie, via="form"),
        lambda: column_maps.forget(kept, by=them.charlie, via="form"),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert ColumnMap.objects.get().name == "Log"


def test_a_name_that_is_kept_is_no_act(them: People) -> None:
    column_maps.rename(remembered(them), "Log", by=them.alice, via="form")
    assert not AuditEvent.objects.filter(act="column_map.rename").exists()


def test_two_sites_may_use_one_name(them: People) -> None:
    remembered(them)
    with acting_for(sites=[them.other.pk]):
        column_maps.remember(them.other, "Log", PLAN, by=them.charlie, via="form")
        assert ColumnMap.objects.filter(site=them.other).count() == 1


@pytest.mark.parametrize(
    ("header", "name", "code"),
    [("Nr,Gender", "Other", "unknown-map"), ("Nr,Shelf", "Log", "columns-not-matched"), ("", "Log", "empty-file")],
)
def test_a_file_that_a_matching_does_not_know_is_not_read_by_it(
    header: str, name: str, code: str, them: People, tmp_path: Path
) -> None:
    remembered(them)
    (tmp_path / "file.csv").write_text(f"{header}\n")
    with pytest.raises(InvalidReport) as refused:
        column_maps.plan_for(them.site, name, tmp_path / "file.csv")
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_file_that_it_knows_is_read_by_it(them: People, tmp_path: Path) -> None:
    remembered(them)
    (tmp_path / "file.csv").write_text("gender,NR\nF,A-1\n")
    assert column_maps.plan_for(them.site, "Log", tmp_path / "file.csv").names == ("sex", "local_case_id")
