"""Coding evidence of a registry that lived at random, by plain loops over its rows, and of small registries made for one question."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg2
import pytest

from registry.models import Case
from registry.models.scope import acting_for, as_statistics
from registry.statistics.results import NoNumber, Period, Scope
from registry.vocabulary.billing import BillingGroup
from tests import people
from tests.people import People
from tests.statistics import naive, reports
from tests.statistics.asking import line, measured, refresh, submit
from tests.statistics.life import Life, equip
from tests.statistics.naive_codes import billing_group, count_rules

pytestmark = pytest.mark.django_db
REGISTRY = Scope.registry()
ANSWERS = ("paid", "denied", "zero_paid", "pending", "no_answer_needed", "answer_unknown", "answer_not_said")
MODEL = [{"code": "0559T", "units": 1}]


@pytest.fixture(params=[21, 24])
def lived(request: pytest.FixtureRequest) -> None:
    for place, code in enumerate(("ALPHA", "BRAVO")):
        site = people.enrolled(code, f"{code} Hospital")
        with acting_for(sites=[site.pk]):
            equip(site)
            life = Life(10 * request.param + place, site)
            for _ in range(70):
                life.act()
    refresh()


def _asked() -> Iterator[Case]:
    """The cases that asked for an object."""
    with as_statistics():
        yield from Case.objects.filter(state="submitted").exclude(object_kind="none").defer(*naive.UNREADABLE)


def test_a_code_is_counted_once_a_case_and_its_claims_by_line(lived: None) -> None:
    of_code: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for case in _asked():
        for row in case.codes.all():
            of_code[row.code].append((case.pk, row))
    rows: Any = measured("codes-applied", REGISTRY).rows
    assert [row["code"] for row in rows] == sorted(
        of_code, key=lambda code: (not code.startswith("0"), not code.startswith("1"), code)
    )
    for row in rows:
        said = of_code[row["code"]]
        assert (row["n"], row["lines"]) == (len({case for case, _ in said}), len(said))
        assert row["units"] == sum(each.units for _, each in said)
        assert row["units_per_case"] == pytest.approx(row["units"] / row["n"])
        claims = Counter(each.claim for _, each in said)
        assert [row[name] for name in ("billed", "not_billed", "claim_unknown")] == [
            claims[name] for name in ("billed", "not_billed", "unknown")
        ]
        paid = Counter(each.claim_status for _, each in said if each.claim == "billed")
        assert [row[name] for name in ANSWERS[:5]] == [
            paid[name] for name in ("paid", "denied", "zero_paid", "pending", "na")
        ]
        assert row["answer_unknown"] + row["answer_not_said"] == paid[None]
        assert row["billed"] == sum(row[name] for name in ANSWERS)


def test_the_lines_by_quarter_add_up_to_those_of_the_codes(lived: None) -> None:
    rows: Any = measured("codes-by-quarter", REGISTRY).rows
    applied: Any = measured("codes-applied", REGISTRY).rows
    for whole in applied:
        parts = [row for row in rows if row["code"] == whole["code"]]
        assert sum(row["n"] for row in parts) == whole["lines"]
        for name in ("units", "billed", "not_billed", "claim_unknown", *ANSWERS):
            assert sum(row[name] for row in parts) == whole[name]
    months = [
        case.procedure.performed_month if hasattr(case, "procedure") else case.order_month
        for case in _asked()
        if case.codes.exists()
    ]
    assert {row["quarter"] for row in rows} == {f"{month.year} Q{1 + (month.month - 1) // 3}" for month in months}


def test_every_case_is_in_one_group_of_its_indication(lived: None) -> None:
    wanted = Counter((case.organ_system, billing_group(case)) for case in _asked())
    result = measured("indication-by-code", REGISTRY)
    found: Any = {(row["organ_system"], row["billing_group"]): row["n"] for row in result.rows}
    assert found == dict(wanted)
    assert sum(found.values()) == result.n == measured("cases-by-kind", REGISTRY).n
    shares: dict[Any, float] = defaultdict(float)
    for row in result.rows:
        shares[row["organ_system"]] += float(str(row["share"]))
    assert list(shares.values()) == pytest.approx([1.0] * len(shares))
    assert result.coverage
    assert result.coverage.covered == sum(n for (_, group), n in wanted.items() if group != "no_code")


def test_the_groups_of_the_evidence_add_up_to_all_cases_and_the_whole_is_minutes_saved(lived: None) -> None:
    rows: Any = measured("coding-evidence", REGISTRY).rows
    saved: Any = measured("minutes-saved", REGISTRY).rows
    for clock in {row["clock"] for row in rows}:
        at = {(row["billing_group"], row["organ_system"]): row for row in rows if row["clock"] == clock}
        systems = {system for _, system in at}
        for name in ("n", "with_or_time", "printed", "recalled"):
            for system in systems:
                assert at["", system][name] == sum(
                    at[group, system][name] for group in BillingGroup if (group, system) in at
                )
            assert at["", ""][name] == sum(at["", system][name] for system in systems if system)
        whole = line(measured("minutes-saved", REGISTRY), site="", category="", clock=clock)
        assert [at["", ""][name] for name in ("saved", "low", "high", "compared", "n_without", "comparator")] == [
            whole[name] for name in ("saved", "low", "high", "n", "n_without", "comparator")
        ]
    assert {row["clock"] for row in saved} == {row["clock"] for row in rows}


def test_rules_are_counted_as_by_hand(lived: None) -> None:
    wanted: dict[Any, Any] = {"CodeRuleCell": {}}
    for case in _asked():
        count_rules((), case, getattr(case, "procedure", None), wanted)
    rows: Any = measured("code-rules", REGISTRY).rows
    found = {
        (row["code"], row["rule"]): [row["n"], row["broken"]] for row in rows if isinstance(row["n"], int) and row["n"]
    }
    assert found == wanted["CodeRuleCell"]
    assert sum(broken for (_, rule), (_, broken) in found.items() if rule == "units-unlikely")
    assert not any(broken for (_, rule), (_, broken) in found.items() if rule == "code-not-valid")


@pytest.fixture
def two(db: None) -> People:
    return people.gathered()


def _timed(local_id: str, minutes: int, **more: Any) -> Any:
    return reports.asked(
        local_id, "2026-01", procedure=reports.procedure("2026-03", "tka", reports.time(minutes)), **more
    )


def test_each_group_is_compared_with_the_same_controls(two: People) -> None:
    for place, minutes in enumerate((100, 104, 108, 112)):
        submit(two.site, reports.control(f"C{place}", "2026-03", "tka", reports.time(minutes)))
    for place, minutes in enumerate((80, 84, 88)):
        submit(two.site, _timed(f"M{place}", minutes, codes=MODEL))
    for place, minutes in enumerate((90, 95, 100)):
        submit(two.site, _timed(f"N{place}", minutes, organ_system="spine"))
    refresh()
    found = measured("coding-evidence", REGISTRY)
    coded = line(found, billing_group="model", organ_system="")
    assert (coded["saved"], coded["n"], coded["compared"], coded["n_without"], coded["comparator"]) == (
        22.0,
        3,
        3,
        4,
        "A",
    )
    without = line(found, billing_group="no_code", organ_system="spine")
    assert (without["saved"], without["n_without"]) == (11.0, 4)
    assert line(found, billing_group="", organ_system="")["saved"] == 16.5
    own = measured("coding-evidence", Scope.of(two.site), two.alice)
    assert [row["saved"] for row in own.rows] == [row["saved"] for row in found.rows]


def test_a_group_without_a_time_says_why_it_has_no_minutes(two: People) -> None:
    submit(
        two.site,
        reports.asked(
            "D1", "2026-08", decision="digital_only", kind="digital_only", codes=[{"code": "1030T", "units": 1}]
        ),
    )
    submit(two.site, _timed("M1", 80, codes=MODEL))
    refresh()
    found = measured("coding-evidence", REGISTRY)
    digital, model = (line(found, billing_group=group, organ_system="") for group in ("digital", "model"))
    assert (digital["n"], digital["printed"], digital["comparator"]) == (1, 0, "none")
    assert str(digital["saved"]) == str(digital["coverage"]) == "no printed case has an OR time by this clock"
    assert isinstance(model["saved"], NoNumber)
    assert (model["printed"], model["coverage"]) == (1, 0.0)


def test_without_any_time_the_cases_still_stand(two: People) -> None:
    submit(two.site, reports.asked("M1", "2026-01", codes=MODEL))
    refresh()
    row = line(measured("coding-evidence", REGISTRY), billing_group="model", organ_system="msk")
    assert (row["clock"], row["n"], row["timed_share"]) == ("in_room", 1, 0.0)


def test_a_printing_code_decides_the_group_whatever_stands_beside_it(two: People) -> None:
    both = [{"code": "0559T", "units": 1}, {"code": "0561T", "units": 1}]
    submit(two.site, reports.asked("B1", "2026-08", kind="both", codes=both))
    submit(
        two.site,
        reports.asked("M1", "2026-08", codes=[*MODEL, {"code": "1030T", "units": 1}, {"code": "76377", "units": 1}]),
    )
    submit(two.site, reports.asked("R1", "2026-08", codes=[{"code": "76377", "units": 1}]))
    refresh()
    found: Any = {row["billing_group"]: row["n"] for row in measured("indication-by-code", REGISTRY).rows}
    assert found == {"both": 1, "model": 1, "no_code": 1}
    broken: Any = {(row["code"], row["rule"]): row["broken"] for row in measured("code-rules", REGISTRY).rows}
    assert broken["1030T", "surface-model-beside-print"] == 1
    assert broken["76377", "rendering-beside-print"] == 1


def test_a_limit_holds_from_its_date_of_service_on(two: People) -> None:
    parts = [{"region": "pelvis", "structure": "bone"}] * 7
    for month in ("2026-03", "2026-04"):
        codes = [*MODEL, {"code": "0560T", "units": 6, "applied_month": month}]
        submit(two.site, reports.asked(f"M{month}", "2026-01", parts=parts, codes=codes))
    refresh()
    row = line(measured("code-rules", REGISTRY), code="0560T", rule="units-unlikely")
    assert (row["n"], row["broken"], row["limit"]) == (1, 1, "at most 5 units a day, from 2026-04-01")
    assert line(measured("code-rules", REGISTRY), code="0560T", rule="units-differ")["broken"] == 0


def test_what_is_refused_at_entry_says_so_and_is_no_zero(two: People) -> None:
    row = line(measured("code-rules", REGISTRY), code="0560T", rule="add-on-without-primary")
    assert str(row["broken"]) == "refused at entry"
    assert (row["at_entry"], row["limit"]) == ("refused", "only with 0559T on the same case")


@pytest.fixture
def ended(superuser_dsn: str) -> Iterator[None]:
    """0559T has ended with 2025, which the reference learned today."""
    with psycopg2.connect(superuser_dsn) as made, made.cursor() as cursor:
        cursor.execute("UPDATE registry_codereference SET effective_to = '2025-12-31' WHERE code = '0559T'")
        made.commit()
        yield
        cursor.execute("UPDATE registry_codereference SET effective_to = NULL WHERE code = '0559T'")


def test_a_code_that_ended_after_the_entry_is_found(two: People, ended: None) -> None:
    # The door would refuse the later one now, so it is moved there behind it.
    for month in ("2025-11", "2025-12"):
        submit(two.site, reports.asked(f"M{month}", month, codes=MODEL))
    with acting_for(sites=[two.site.pk]):
        last = Case.objects.get(local_case_id="M2025-12")
        last.codes.update(applied_month=date(2026, 1, 1))
    refresh()
    row = line(measured("code-rules", REGISTRY), code="0559T", rule="code-not-valid")
    assert (row["n"], row["broken"], row["limit"]) == (2, 1, "from 2019-07-01 to 2025-12-31")


def test_a_period_holds_the_cases_of_its_months_alone(two: People) -> None:
    for month in ("2025-05", "2026-03"):
        submit(two.site, reports.asked(f"M{month}", month, codes=MODEL))
    refresh()
    found = measured("codes-by-quarter", REGISTRY, period=Period(date(2026, 1, 1), date(2026, 12, 1)))
    assert [(row["quarter"], row["n"]) for row in found.rows] == [("2026 Q1", 1)]


def test_an_answer_unknown_and_one_not_stated_are_two_values(two: People) -> None:
    for place, more in enumerate(({}, {"claim_status": None}, {"claim_status": "paid"}, {"claim_status": "na"})):
        submit(two.site, reports.asked(f"M{place}", "2026-01", codes=[{**MODEL[0], "claim": "billed", **more}]))
    submit(two.site, reports.asked("M9", "2026-01", codes=[{**MODEL[0], "claim": "not_billed"}]))
    refresh()
    row = line(measured("codes-applied", REGISTRY), code="0559T")
    assert [row[name] for name in ANSWERS] == [1, 0, 0, 0, 1, 1, 1]
    assert (row["billed_share"], row["answered"], row["paid_share"]) == (0.8, 1, 1.0)
