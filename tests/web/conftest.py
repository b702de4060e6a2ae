"""The pages as the people of the tests see them."""

from collections.abc import Callable

import pytest
from django.test import Client

from registry.models import User
from tests.people import People, gathered

SignedIn = Callable[[User], Client]


@pytest.fixture
def people(db: None) -> People:
    return gathered()


@pytest.fixture
def as_person() -> SignedIn:
    """as_person(alice) is a browser in which Alice has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
