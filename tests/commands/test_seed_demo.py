"""The demonstration: a hub in the middle of its day, made by the actions of the pages."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from mash_portal.accounts.cast import CAST, PASSWORD
from mash_portal.accounts.models import Agency, User
from mash_portal.navigation import places_of
from referrals.models import Contact, Draft, Escalation
from referrals.vocabulary import Stage

#: Empty in a demonstration that works: what failed to be sent, feedback that nobody has opened, and what is restricted
#: or behind broken glass: whoever looks round as somebody who is not named would look for what they cannot find.
LISTS_OF_TROUBLE = {"/settings/messages/", "/feedback/", "/restricted/", "/broken-glass/"}


def seed_demo(*options: str) -> str:
    out = io.StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def test_the_demonstration_has_work_at_every_stage_and_no_page_of_it_is_empty(committed: str) -> None:
    assert "ready" in seed_demo()
    today = Contact.objects.exclude(external_reference__endswith="+moved")
    assert today.count() == 9, "eight of the ten referrals, and a call whose form is still to come"
    assert set(today.values_list("stage", flat=True)) == {*Stage}
    assert Draft.objects.count() == 2, "the two that cannot be sent are their writers' drafts"
    assert Escalation.objects.fired().exists()
    assert Agency.objects.count() >= 25
    for player in CAST:
        client = Client()
        user = User.objects.get(email=player.email)
        assert user.check_password(PASSWORD)
        client.force_login(user)
        places = [reverse(name) for _, name in places_of(user)]
        assert places, f"{player.full_name} has somewhere to go"
        for place in places:
            page = client.get(place)
            assert page.status_code == 200, place
            text = page.content.decode()
            assert "lorem" not in text.lower()
            if place not in LISTS_OF_TROUBLE:
                has_something = "portal-empty" not in text or "</td>" in text
                assert has_something, f"{place} is empty for {player.full_name}"
    assert "nothing was added" in seed_demo()
    assert seed_demo("--if-empty") == ""
    assert today.count() == 9


@override_settings(PORTAL_DEMO=False)
@pytest.mark.django_db
def test_invented_people_are_added_to_no_real_portal() -> None:
    with pytest.raises(CommandError, match="not a demonstration"):
        seed_demo()
    assert not User.objects.filter(email=CAST[0].email).exists()
