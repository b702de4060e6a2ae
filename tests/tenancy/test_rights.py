from django.db import connection
from django.utils.timezone import now

from registry.actions import cases
from registry.models import Membership, Site, User
from registry.models.scope import acting_as, acting_for
from registry.permissions import Operator, verbs_of
from registry.statistics import refresh_due
from registry.statistics.published import published
from registry.statistics.results import Scope, Statistic
from tests import people
from tests.people import HAND
from tests.statistics import reports


def test_an_account_that_is_switched_off_may_do_nothing(db: None) -> None:
    them = people.gathered()
    User.objects.filter(pk=them.alice.pk).update(is_active=False)
    them.alice.refresh_from_db()
    with acting_for(sites=[them.site.pk]):
        assert verbs_of(them.alice, them.site) == frozenset()
        assert verbs_of(them.bob, them.site) != frozenset()


def test_a_revoked_membership_opens_nothing(db: None) -> None:
    them = people.gathered()
    with acting_for(sites=[them.site.pk], administrator=True):
        Membership.objects.filter(user=them.alice).update(revoked_at=now())
    with acting_as(them.alice):
        assert not Site.objects.exists()
        assert not Site.objects.visible_to(them.alice).exists()
    with them.at_site():
        assert verbs_of(them.alice, them.site) == frozenset()


def test_a_scope_ends_with_its_transaction_on_a_connection_that_is_used_again(committed_db: None) -> None:
    with acting_for(sites=[7], user_id=8, administrator=True):
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('app.sites', true), current_setting('app.user', true),"
            " current_setting('app.administrator', true)"
        )
        assert set(cursor.fetchone()) <= {None, ""}


def test_the_cases_of_a_sandbox_are_in_no_figure(db: None) -> None:
    them = people.gathered()
    with acting_for(sites=[], administrator=True):
        twin = Site.objects.get(of=them.site)
    with acting_for(sites=[twin.pk]):
        cases.submit(reports.control("S-1", "2026-03", "tka", reports.time(90)), site=twin, **HAND)
    while refresh_due(10):
        pass
    found = published("or-minutes", scope=Scope.registry(), for_user=Operator("tests"))
    assert isinstance(found, Statistic)
    assert (found.n, found.rows) == (0, ())
