"""What belongs to a site: baselines, maps, tokens, people."""

from datetime import date
from typing import Any

import pytest

from registry.actions import deployment, memberships, sites
from registry.errors import IllegalTransition, InvalidReport, NotPermitted
from registry.models import ApiToken, Baseline, Mail, Membership, ProcedureMap
from registry.models.scope import acting_for
from tests.people import HAND, People

BASELINE = {
    "category": "total_knee", "clock": "in_room", "n": 40, "mean": 105, "sd": 25, "period_start": "2024-01", "period_end": "2024-12",
}  # fmt: skip


@pytest.fixture
def baseline() -> dict[str, Any]:
    from registry.vocabulary.procedures import CATEGORIES

    return {**BASELINE, "category": CATEGORIES[0].code}


def test_a_baseline_is_a_versioned_row_and_the_same_again_is_none(them: People, baseline: dict[str, Any]) -> None:
    first, _ = sites.set_baseline(them.site, baseline, by=them.alice, via="rest")
    same, _ = sites.set_baseline(them.site, baseline, by=them.alice, via="rest")
    second, _ = sites.set_baseline(them.site, {**baseline, "mean": 110}, by=them.alice, via="rest")
    assert (same.pk, second.version) == (first.pk, 2)
    assert list(Baseline.objects.filter(superseded_at__isnull=True)) == [second]


def test_an_sd_that_looks_like_a_standard_error_is_a_warning(them: People, baseline: dict[str, Any]) -> None:
    _, warnings = sites.set_baseline(them.site, {**baseline, "sd": 1}, by=them.alice, via="rest")
    assert [(problem.code, problem.path) for problem in warnings] == [("sd-looks-like-se", "sd")]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"period_end": "2023-12"}, "months-out-of-order", "period_end"),
        ({"n": 0}, "out-of-range", "n"),
        ({"sd": -1}, "out-of-range", "sd"),
        ({"clock": "wall"}, "not-a-choice", "clock"),
        ({"median": 4}, "out-of-range", "median"),
    ],
)
def test_an_impossible_baseline_is_refused(
    change: dict[str, Any], code: str, path: str, them: People, baseline: dict[str, Any]
) -> None:
    with pytest.raises(InvalidReport) as refused:
        sites.set_baseline(them.site, {**baseline, **change}, by=them.alice, via="rest")
    assert (code, path) in {(problem.code, problem.path) for problem in refused.value.problems}


def test_a_newer_map_leaves_the_older_version_standing(them: People) -> None:
    codes = {("cpt", "27130"): "other_procedure"}
    assert sites.set_procedure_map(them.site, codes, by=them.bob, via="form") == 1
    assert sites.set_procedure_map(them.site, codes, by=them.bob, via="form") == 2
    assert ProcedureMap.objects.count() == 2


def test_an_unknown_category_in_a_map_is_refused_whole(them: People) -> None:
    with pytest.raises(InvalidReport):
        sites.set_procedure_map(
            them.site, {("cpt", "1"): "other_procedure", ("cpt", "2"): "nonsense"}, by=them.bob, via="form"
        )
    assert ProcedureMap.objects.count() == 0


def test_the_text_of_a_token_is_shown_once_and_only_its_digest_is_kept(them: People) -> None:
    token, text = sites.issue_token(
        them.site, name="lab", scopes=["cases:write"], expires_in_days=30, by=them.bob, via="form"
    )
    assert text.startswith("reg_live_")
    assert ApiToken.objects.get(digest=ApiToken.digest_of(text)) == token
    assert text not in str(vars(token))


def test_a_data_manager_may_not_issue_tokens_or_change_settings(them: People) -> None:
    with pytest.raises(NotPermitted):
        sites.issue_token(them.site, name="lab", scopes=["cases:write"], expires_in_days=30, by=them.alice, via="form")
    with pytest.raises(NotPermitted):
        sites.set_cost_rate(them.site, per_minute="37", currency="USD", year=2024, source="", by=them.alice, via="form")


def test_a_new_role_ends_the_one_before_and_a_letter_tells_of_it(them: People) -> None:
    letters = Mail.objects.count()
    with acting_for(sites=[them.site.pk], administrator=True):
        memberships.admit(them.alice, site=them.site, role="champion", **HAND)
    assert [m.role for m in Membership.objects.active().filter(user=them.alice)] == ["champion"]
    assert Mail.objects.count() == letters + 1


def test_the_privacy_mode_is_chosen_before_the_first_case(them: People, report: Any) -> None:
    from registry.actions import cases

    deployment.set_privacy_mode("safe_harbor", **HAND)
    case = cases.submit(report(), site=them.site, by=them.alice, via="rest").case
    assert case.order_month == date(2026, 1, 1)
    with pytest.raises(IllegalTransition):
        deployment.set_privacy_mode("limited_data_set", **HAND)
