"""The threshold section of a draft: finding indicators, what ticks and evidence point to, and what cannot be."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from mash_portal.accounts.models import User
from referrals.intake import actions
from referrals.models import Contact, Draft
from referrals.refusals import NotReady
from tests.actions.test_intake import draft_by, said
from tests.pages.browsing import page, post, signed_in, words

pytestmark = pytest.mark.django_db


def ask(client: Client, draft: Draft, sought: str) -> Any:
    url = reverse("intake:page", args=[draft.key, "threshold", "find"])
    return client.get(f"{url}?{urlencode({'q': sought})}")


def suggest(client: Client, draft: Draft, by: str, **posted: Any) -> str:
    url = reverse("intake:page", args=[draft.key, "threshold", "suggest"])
    answer = client.post(f"{url}?by={by}", posted)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_a_referrer_can_find_an_indicator_while_typing(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    found = ask(client, draft, "bruise on his face").json()["found"]
    assert list(found[0]) == ["code", "level", "text"]
    assert {one["code"] for one in found[:5]} & {"L4-HEA-10", "L4-CAR-05"}
    for nothing in ("", "?!", "\0", "the"):
        assert ask(client, draft, nothing).json() == {"found": []}


def test_a_stranger_cannot_search_in_a_draft_that_is_not_theirs(rosa: User, tom: User) -> None:
    draft = draft_by(rosa)
    assert ask(signed_in(rosa), draft, "hungry").status_code == 200
    assert ask(signed_in(tom), draft, "hungry").status_code == 404


def test_a_search_without_javascript_shows_the_best_first_with_their_levels(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    html = page(client, "section", draft.key, "threshold", q="dad hits mum")
    assert "10 indicators found" in html
    assert html.index('id="L4-CAR-06"') < html.index("Also ticked") < html.index('id="L3-LRN-01"')
    assert "Chronic, serious domestic violence involving the child directly or indirectly Level 4" in words(html)
    nothing = page(client, "section", draft.key, "threshold", q="?!")
    assert "No indicator has words like these" in nothing
    assert nothing.count(" checked") == 3


def test_what_is_ticked_points_to_a_level_and_nothing_is_saved(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa, threshold={})
    before = said(draft)
    assert "No level is suggested yet" in suggest(client, draft, "ticks")
    text = suggest(client, draft, "ticks", indicators=["L2-LRN-05", "L4-HEA-10", "L9-XXX-99"])
    assert "What you have ticked points to level 4, once there is evidence for it" in text
    assert "Non-accidental injury (L4-HEA-10)" in text
    assert "goes straight to children’s social care" in text
    assert said(draft) == before


def test_evidence_as_it_is_written_points_to_a_level(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa, threshold={})
    actions.tick(draft.key, ["L2-LRN-05", "L4-HEA-10"], by=rosa)
    text = suggest(client, draft, "evidence", **{"evidence_L2-LRN-05": "Four since May", "evidence_L4-HEA-10": ""})
    assert "The evidence you have written points to level 2" in text
    assert "1 ticked indicator has no evidence yet" in text
    text = suggest(client, draft, "evidence", **{"evidence_L4-HEA-10": "Seen by me"})
    assert "points to level 4" in text


def test_a_grade_and_a_scale_count_as_they_are_chosen(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    text = suggest(client, draft, "tools", care_profile_grade="5", dvrim_scale="3")
    assert "A Graded Care Profile of 5 belongs to level 4" in text
    assert "matrix at scale 3 belongs to level 4 (L4-CAR-02)" in text
    for odd in ("9", "-1", "x", "99999", "\0"):
        assert "points to level 3" in suggest(client, draft, "tools", care_profile_grade=odd, dvrim_scale=odd)


def test_the_suggestion_is_asked_for_with_what_is_on_the_page(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    url = reverse("intake:page", args=[draft.key, "threshold", "suggest"])
    assert client.get(url).status_code == 405


def test_without_javascript_buttons_save_and_show_the_suggestion(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    answer = post(client, "section", draft.key, "threshold", indicators=["L4-HEA-10"], suggest="1")
    assert answer.url.endswith("/threshold/#suggestion")
    assert "What you have ticked points to level 4" in words(page(client, "section", draft.key, "threshold"))
    answer = post(client, "page", draft.key, "threshold", "evidence", **{"evidence_L4-HEA-10": "Seen", "suggest": "1"})
    assert answer.url.endswith("/threshold/evidence/#suggestion")
    assert said(draft)["threshold"]["indicators"] == {"L4-HEA-10": "Seen"}


def test_good_evidence_is_described_beside_each_box(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    actions.tick(draft.key, ["L2-LRN-05", "L4-HEA-10"], by=rosa)
    html = words(page(client, "page", draft.key, "threshold", "evidence"))
    assert html.count("What good evidence looks like") == 2
    assert "One or two examples with dates" in html
    assert "Where on the body, how big, what shape and colour" in html
    assert "The child’s own words" in html


def test_the_tools_that_go_with_what_is_ticked_are_asked_first_with_the_reason(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    actions.tick(draft.key, ["L4-CAR-06"], by=rosa)
    html = words(page(client, "page", draft.key, "threshold", "level"))
    expected, other = html.index("Tools that go with what you have ticked"), html.index("Other tools you have used")
    assert expected < html.index("DASH: result") < other < html.index("Child sexual exploitation tool: result")
    assert "Expected, because you have ticked: Chronic, serious domestic violence" in html
    assert "Scale 3: level 4." in html
    assert "Grade 4: level 3." in html


def test_level_one_with_evidence_of_harm_is_refused_everywhere(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    sentence = "Level 1 cannot be right with “Non-accidental injury”"
    actions.tick(draft.key, ["L4-HEA-10"], by=rosa)
    written = {"indicators": {"L4-HEA-10": "Seen"}, "level": "4"}
    actions.save_section(draft.key, "threshold", written, by=rosa)
    assert sentence not in page(client, "check", draft.key)
    answer = post(client, "page", draft.key, "threshold", "level", level="1", reason="Fine", completed="yes")
    assert answer.content.decode().count(sentence) == 2
    assert sentence in page(client, "check", draft.key)
    with pytest.raises(NotReady, match=sentence):
        actions.submit(draft.key, by=rosa)
    assert not Contact.objects.exists()
    post(client, "page", draft.key, "threshold", "level", level="4", reason="Hurt", completed="yes")
    assert actions.submit(draft.key, by=rosa).level_believed == 4


def test_a_contradiction_is_shown_on_the_page_of_the_person_it_is_about(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa, "unborn-and-earlier-removals")
    answer = post(client, "person", draft.key, "adults", "a1", given_names="Carly", responsibility_c1="yes")
    assert answer.content.decode().count("Nobody has parental responsibility for Unborn baby Price before birth") == 2
    answer = post(client, "person", draft.key, "adults", "a1", given_names="Carly", responsibility_c1="no")
    assert answer.status_code == 302


def test_a_number_that_does_not_prove_itself_is_said_once_and_kept(rosa: User) -> None:
    client, draft = signed_in(rosa), draft_by(rosa)
    child = {"given_names": "Maisie", "family_name": "Doyle", "estimated_age": "8", "address": "Flat 3", "upn": "X1"}
    first = post(client, "person", draft.key, "children", "c1", **child)
    html = first.content.decode()
    assert html.count("UPN must be a letter and 12 digits") == 2
    assert 'name="warned" value="upn=X1"' in html
    again = post(client, "person", draft.key, "children", "c1", **child, warned="upn=X1")
    assert again.status_code == 302
    assert said(draft)["children"][0]["upn"] == "X1"
    other = post(client, "person", draft.key, "children", "c1", **child | {"upn": "X2"}, warned="upn=X1")
    assert other.status_code == 200
