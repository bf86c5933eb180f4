"""`manage.py make_population`: a hub with years behind it, which is never mixed with what is real."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import Count, F
from django.utils import timezone

from mash_portal import embedded
from mash_portal.accounts.models import User
from mash_portal.settings import environment
from referrals import access
from referrals.insight import queries
from referrals.insight.period import months_back
from referrals.insight.rolled import Whole
from referrals.models import AgencyFigure, Child, ChildOutcome, Contact, Deadline, Decision, Person, StaleDay
from referrals.population import making
from tests import build
from tests.servers import with_database


@pytest.fixture
def as_owner(committed: str, portal_servers: embedded.Servers) -> Iterator[None]:
    """As the command runs: with the role that owns the tables."""
    connection = connections["default"]
    usual = dict(connection.settings_dict)
    connection.close()
    owner = environment.database(with_database(portal_servers.owner_url, committed))
    connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    yield
    connection.close()
    connection.settings_dict.update(USER=usual["USER"], PASSWORD=usual["PASSWORD"])


def made(*words: str) -> str:
    out = io.StringIO()
    call_command("make_population", *words, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("as_owner")
def test_an_operator_can_make_a_hub_with_a_year_behind_it_and_its_figures_are_right() -> None:
    said = made("--contacts", "1500", "--years", "1", "--events", "2")
    now = timezone.now()
    assert said.startswith("Made 1,500 contacts about 2,000 children, over 1 years, in ")
    assert (Contact.objects.count(), Child.objects.count(), Person.objects.count()) == (1500, 2000, 1050)
    assert ChildOutcome.objects.filter(outcome=F("child__outcome")).count() == 2000
    assert Deadline.objects.filter(met_at=None).count() == 0
    assert not Contact.objects.filter(decided_at__lt=F("received_at")).exists()
    assert not Decision.objects.filter(signed_off_by=F("recommended_by")).exists()
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", one.reference) for one in Contact.objects.all())
    assert Contact.objects.values("reference").distinct().count() == 1500
    year = months_back(timezone.localdate(now), 13)
    found = Whole.seen_by(None, year, now).summary()
    assert found == queries.summary(access.countable(), year, now)
    assert 0.2 < found.sources["6"].contacts / found.total.contacts < 0.4
    assert 0.6 < (found.sources["6"].nfa_rate or 0) < 0.85
    assert len(found.agencies) > 40
    assert len(found.months) >= 12
    assert not StaleDay.objects.filter(day__lt=timezone.localdate(now)).exists()
    assert AgencyFigure.objects.filter(is_month=True).exists()


@pytest.mark.usefixtures("as_owner")
def test_a_child_comes_again_and_look_alikes_are_rare() -> None:
    made("--contacts", "1500", "--events", "1")
    assert Child.objects.filter(person__isnull=False).values("person").annotate(n=Count("pk")).filter(n__gt=1).exists()
    same = Child.objects.values("given_names", "family_name", "date_of_birth").annotate(
        n=Count("person", distinct=True)
    )
    assert same.filter(n__gt=1).count() <= 3


@pytest.mark.usefixtures("as_owner")
def test_made_up_contacts_are_not_mixed_with_others_unless_told() -> None:
    real = build.received(build.player("Rosa"), at=timezone.now() - timedelta(days=3))
    with pytest.raises(CommandError, match="This portal has 1 contact"):
        made("--contacts", "100")
    assert Contact.objects.count() == 1
    assert not User.objects.filter(email__endswith="@population.example").exists()
    made("--contacts", "100", "--beside-what-is-there")
    assert Contact.objects.count() == 101
    assert Contact.objects.get(pk=real.pk).reference == real.reference
    after = build.received(build.player("Rosa"))  # numbers go on behind the made-up ones
    assert after.pk > 100


@pytest.mark.usefixtures("committed")
def test_the_role_of_the_portal_cannot_make_a_population() -> None:
    with pytest.raises(CommandError, match="set MIGRATION_DATABASE_URL"):
        made("--contacts", "100")
    assert not Contact.objects.exists()


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--contacts", "5"), "--contacts has to be from 100 to 20,000,000."),
        (("--contacts", "100", "--events", "0"), "--events has to be from 1 to 100."),
        (("--contacts", "100", "--years", "0"), "--years has to be from 0.1 to 40."),
    ],
)
def test_a_number_that_makes_no_sense_is_answered_with_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        made(*words)
    assert str(refused.value) == sentence


def test_the_last_contacts_of_a_country_can_be_made_as_the_first(
    committed: str, portal_servers: embedded.Servers
) -> None:
    country = 3_000_000
    with psycopg2.connect(with_database(portal_servers.superuser_url, committed)) as own, own.cursor() as cursor:
        values = making.begun(cursor, making.Size.usual(country, events=1))
        making.chunk(cursor, values, country - 9, country)
    assert Contact.objects.values("reference").distinct().count() == 10
    assert Child.objects.filter(decided_at__gte=F("received_at")).count() in (13, 14)
