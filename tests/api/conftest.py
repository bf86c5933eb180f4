"""Systems that know a key."""

import pytest

from mash_portal.accounts.models import User
from referrals.vocabulary import Scope
from tests.api.calling import System


@pytest.fixture
def school(rosa: User) -> System:
    return System(rosa)


@pytest.fixture
def force(omar: User) -> System:
    return System(omar, Scope.SUBMIT, Scope.FOLLOW, Scope.POLICE)
