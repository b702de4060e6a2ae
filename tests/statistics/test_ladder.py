import pytest

from registry.statistics.ladder import Audience, Part, shown

THREE = {Part.ESTIMATE, Part.INTERVAL, Part.TAU}
FIVE = THREE | {Part.PREDICTION, Part.I2, Part.LEAVE_ONE_OUT}
TEN = FIVE | {Part.FUNNEL, Part.CATERPILLAR, Part.META_REGRESSION}


@pytest.mark.parametrize(
    ("k", "audience", "parts", "covariates"),
    [
        (0, Audience.NOBODY, set(), 0),
        (1, Audience.SITE, {Part.OWN}, 0),
        (2, Audience.TEAM, {Part.OWN}, 0),
        (3, Audience.EVERYBODY, THREE, 0),
        (4, Audience.EVERYBODY, THREE, 0),
        (5, Audience.EVERYBODY, FIVE, 0),
        (9, Audience.EVERYBODY, FIVE, 0),
        (10, Audience.EVERYBODY, TEN, 1),
        (19, Audience.EVERYBODY, TEN, 1),
        (20, Audience.EVERYBODY, TEN, 2),
    ],
)
def test_the_more_sites_the_more_may_be_shown(k: int, audience: Audience, parts: set[Part], covariates: int) -> None:
    found = shown(k)
    assert (found.k, found.audience, found.parts, found.covariates) == (k, audience, parts, covariates)


def test_each_rung_has_its_sentence() -> None:
    assert shown(1).sentence == "One site; says nothing about other sites."
    assert "not published" in shown(2).sentence
    for k in (3, 5, 12):
        assert shown(k).sentence.startswith(f"{k} sites: ")
    assert len({shown(k).sentence for k in (0, 1, 2, 3, 5, 10)}) == 6


def test_fewer_than_no_sites_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        shown(-1)
