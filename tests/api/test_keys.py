"""Whose key opens what, and for how long."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import ApiRequest, ApiToken
from referrals.tokens import actions as tokens
from referrals.vocabulary import Scope
from tests import build
from tests.api.calling import NOTIFICATION, REFERRAL, System, is_problem, nothing_written

pytestmark = pytest.mark.django_db


def test_a_school_cannot_send_police_notifications_and_a_key_only_what_it_was_made_for(
    rosa: User, force: System
) -> None:
    following = System(rosa, Scope.FOLLOW)
    assert is_problem(following.post("referrals", REFERRAL), 403)["detail"] == (
        "This key may not do this. It needs “Send referrals”."
    )
    is_problem(following.post("police-notifications", {"notifications": [NOTIFICATION]}), 403)
    ApiToken.objects.filter(pk=following.token.pk).update(scopes=[Scope.POLICE])
    is_problem(following.post("police-notifications", {"notifications": [NOTIFICATION]}), 403)
    assert nothing_written()


def test_a_key_that_is_revoked_opens_nothing_from_that_moment(school: System, rosa: User) -> None:
    assert school.get("codes").status_code == 200
    assert school.row.last_used_at is not None
    tokens.revoke(school.token.pk, by=rosa)
    assert is_problem(school.get("codes"), 401)["errors"] == []
    is_problem(school.post("referrals", REFERRAL), 401)
    assert nothing_written()


def test_a_key_that_is_replaced_works_for_seven_days_beside_the_new_one(school: System, rosa: User) -> None:
    _, new = tokens.rotate(school.token.pk, by=rosa)
    old = school.key
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert [_status(key) for key in (old, new)] == [200, 200]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert [_status(key) for key in (old, new)] == [401, 200]


def _status(key: str) -> int:
    return Client().get("/api/v1/codes", headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.mark.parametrize(
    "key", ["", "Bearer", "Bearer x", "Basic abc", "Bearer mash_0123456789_" + "a" * 32, "Bearer \x00"]
)
def test_without_a_key_that_works_everything_answers_401(school: System, key: str) -> None:
    answer = Client().get("/api/v1/codes", headers={"Authorization": key} if key else {})
    assert is_problem(answer, 401)["type"] == "urn:mash-portal:problem:no-key"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_agency_that_is_not_active_any_more_is_let_in_nowhere(school: System) -> None:
    school.token.agency.is_active = False
    school.token.agency.save()
    assert is_problem(school.get("codes"), 401)["type"] == "urn:mash-portal:problem:no-key"


def test_a_session_of_the_portal_opens_nothing_in_the_api(rosa: User) -> None:
    client = Client()
    client.force_login(rosa)
    answer = client.get(f"/api/v1/referrals/{build.received(rosa).reference}")
    assert is_problem(answer, 401)["type"] == "urn:mash-portal:problem:no-key"


@override_settings(API_RATE_PER_MINUTE=3)
def test_a_system_that_comes_too_fast_is_flagged_once_and_never_refused(school: System) -> None:
    answers = [school.post("referrals", REFERRAL).status_code for _ in range(6)]
    assert answers == [201] * 6
    assert list(ApiRequest.objects.order_by("pk").values_list("flagged", flat=True)) == [False] * 3 + [True] * 3
    assert Event.objects.filter(verb="key:too_fast").count() == 1
