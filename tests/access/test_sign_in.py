"""G15: who can sign in, what a wrong guess says, and when a session ends."""

from datetime import timedelta

import pytest
import time_machine
from django.core.checks import run_checks
from django.test import Client, override_settings
from django.utils import timezone

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import User

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client: Client, address: str, password: str = PASSWORD, ip: str = "10.0.0.1") -> str:
    answer = client.post(LOGIN, {"login": address, "password": password}, REMOTE_ADDR=ip, follow=True)
    return answer.content.decode()


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 302 and "login" not in client.get("/").headers["Location"]


def test_rosa_signs_in_with_her_address_however_it_is_capitalised_and_lands_on_her_referrals(
    client: Client, rosa: User
) -> None:
    sign_in(client, "ROSA@alder-primary.example")
    assert client.get("/").headers["Location"] == "/referrals/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, rosa: User) -> None:
    def errors(address: str) -> str:
        page = sign_in(client, address, "wrong-password")
        return page[page.index("govuk-error-summary") :].split("</div>")[0].replace(address, "")

    assert errors(rosa.email) == errors("nobody@alder-primary.example")
    assert not is_signed_in(client)


def test_five_wrong_guesses_lock_that_person_at_that_address_and_not_their_school(
    client: Client, rosa: User, tom: User
) -> None:
    for _ in range(5):
        sign_in(client, rosa.email, "wrong-password")
    locked = sign_in(client, rosa.email)
    assert not is_signed_in(client)
    assert "15 minutes" in locked
    sign_in(client, tom.email)
    assert is_signed_in(client), "a colleague behind the same address can still sign in"
    elsewhere = Client()
    sign_in(elsewhere, rosa.email, ip="10.0.0.2")
    assert is_signed_in(elsewhere), "and she can from elsewhere"


def test_nobody_can_sign_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def test_a_person_made_inactive_is_out_at_the_next_request(client: Client, rosa: User) -> None:
    client.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
    sign_in(client, rosa.email)
    assert is_signed_in(client)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert client.get("/referrals/").status_code == 302
    assert not is_signed_in(client)


def test_a_session_ends_after_fifteen_minutes_without_the_person_and_says_so(client: Client, rosa: User) -> None:
    start = timezone.now()
    with time_machine.travel(start) as clock:
        sign_in(client, rosa.email)
        clock.shift(timedelta(minutes=14, seconds=50))
        assert client.get("/referrals/").status_code == 200
        clock.shift(timedelta(minutes=14, seconds=50))
        assert client.get("/referrals/").status_code == 200
        clock.shift(timedelta(minutes=15, seconds=40))
        ended = client.get("/referrals/?state=decided")
    assert ended.status_code == 302
    assert ended.headers["Location"] == f"{LOGIN}?next=%2Freferrals%2F%3Fstate%3Ddecided&ended=1"


def test_a_session_that_ends_on_the_way_to_signing_in_again_keeps_the_way_back(client: Client, rosa: User) -> None:
    with time_machine.travel(timezone.now()) as clock:
        sign_in(client, rosa.email)
        clock.shift(timedelta(minutes=16))
        ended = client.get(f"{LOGIN}?next=/referrals/start/")
    assert ended.headers["Location"] == f"{LOGIN}?next=%2Freferrals%2Fstart%2F&ended=1"


def test_a_page_that_polls_does_not_keep_anybody_signed_in(client: Client, grace: User) -> None:
    with time_machine.travel(timezone.now()) as clock:
        sign_in(client, grace.email)
        answers = []
        for _ in range(17):
            clock.shift(timedelta(minutes=1))
            answers.append(client.get("/queue/changes", headers={"X-Background": "1"}).status_code)
        assert (answers[0], answers[-1]) == (200, 302)
        assert not is_signed_in(client)


def test_staying_signed_in_counts_as_the_person(client: Client, rosa: User) -> None:
    with time_machine.travel(timezone.now()) as clock:
        sign_in(client, rosa.email)
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert client.post("/session/extend").status_code == 204
        assert is_signed_in(client)


def test_a_session_ends_after_twelve_hours_whatever_happens(client: Client, rosa: User) -> None:
    with time_machine.travel(timezone.now()) as clock:
        sign_in(client, rosa.email)
        for _ in range(12 * 6):
            clock.shift(timedelta(minutes=10))
            client.post("/session/extend")
        clock.shift(timedelta(seconds=1))
        assert not is_signed_in(client)


def test_signed_in_pages_are_kept_by_no_browser(client: Client, rosa: User) -> None:
    client.force_login(rosa)
    assert client.get("/referrals/").headers["Cache-Control"] == "no-store"


@override_settings(MFA_REQUIRED=True)
def test_without_a_second_factor_a_person_can_only_set_one_up_where_it_is_required(client: Client, rosa: User) -> None:
    sign_in(client, rosa.email)
    answer = client.get("/referrals/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert client.get(answer.headers["Location"]).headers["Location"].startswith("/accounts/reauthenticate/")
    confirmed = client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    assert confirmed.headers["Location"] == "/accounts/2fa/totp/activate/"
    assert "authenticator" in client.get("/accounts/2fa/totp/activate/").content.decode().lower()


@override_settings(PORTAL_DEMO=False)
def test_only_a_demonstration_shows_its_people_and_their_password(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert PASSWORD not in page
    with override_settings(PORTAL_DEMO=True):
        demo = client.get(LOGIN).content.decode()
    assert PASSWORD in demo
    assert "second factor" in demo.lower()


def test_production_refuses_to_start_without_a_second_factor_or_as_a_demonstration() -> None:
    with override_settings(MFA_REQUIRED=False, PORTAL_DEMO=True, CLAMAV=""):
        found = {message.id for message in run_checks(include_deployment_checks=True)}
    assert {"portal.E002", "portal.E003", "portal.E004"} <= found
    with override_settings(MFA_REQUIRED=True, PORTAL_DEMO=False, CLAMAV="127.0.0.1:3310"):
        found = {message.id for message in run_checks(include_deployment_checks=True)}
    assert not found & {"portal.E001", "portal.E002", "portal.E003", "portal.E004"}
