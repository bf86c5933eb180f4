"""The header: every place in one click or two, and no more links than stand on one line."""

import pytest
from django.test import Client
from django.urls import reverse

from mash_portal import navigation
from mash_portal.accounts.cast import CAST
from mash_portal.accounts.models import User
from tests import build

from .browsing import signed_in
from .casework import text

pytestmark = pytest.mark.django_db

#: On a desk screen of 1280 pixels, beside the name of the service.
FIT = 7


@pytest.mark.parametrize("name", [one.first_name for one in CAST])
def test_anybody_can_reach_each_of_their_places_in_two_clicks(name: str) -> None:
    user = build.player(name)
    links = navigation.navigation_for(user, "/")
    reached = [place.url for link in links for place in (link.within or [link])]
    assert reached
    assert sorted(reached) == sorted(reverse(one) for _, one in navigation.places_of(user))
    assert len(links) <= FIT
    assert all(link.within[0].url == link.url for link in links if link.within)


def test_a_social_worker_can_see_below_the_header_what_shares_a_link_and_where_they_are(grace: User) -> None:
    page = text(signed_in(grace).get("/screening/"))
    assert 'aria-label="Police notifications"' in page
    for place in ("Files</a>", ">Screening</a>", ">Domestic abuse meetings</a>"):
        assert place in page
    assert 'href="/screening/" aria-current="true">Screening' in page
    assert 'aria-current="true">Files' not in page


def test_a_contact_officer_cannot_see_a_link_to_restricted_records_nor_a_line_with_one_place(sam: User) -> None:
    page = text(signed_in(sam).get("/queue/"))
    assert "/restricted/" not in page
    assert 'class="portal-within"' not in page


def test_the_police_can_see_the_only_place_of_a_shared_link_under_its_own_name(omar: User, client: Client) -> None:
    labels = [link.label for link in navigation.navigation_for(omar, "/police-notifications/")]
    assert "Police notifications" in labels
    client.force_login(omar)
    assert 'class="portal-within"' not in text(client.get("/police-notifications/"))


def test_the_head_of_safeguarding_can_go_to_the_clocks_that_run_and_a_team_manager_cannot(
    helen: User, maya: User
) -> None:
    link = 'href="/clocks/" aria-current="true">Clocks that run'
    assert link in text(signed_in(helen).get("/clocks/"))
    assert 'href="/clocks/"' in text(signed_in(helen).get("/escalations/"))
    assert "/clocks/" not in text(signed_in(maya).get("/escalations/"))


def test_an_administrator_can_go_to_the_clocks_that_run_from_the_lengths_of_clocks(kit: User) -> None:
    page = text(signed_in(kit).get("/settings/clocks/"))
    assert 'href="/clocks/">Clocks that run' in page
