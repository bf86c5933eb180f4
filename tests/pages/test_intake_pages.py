"""The referrer's pages: a whole referral page by page, what goes wrong on the way, and who sees nothing."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.urls import reverse

from mash_portal.accounts.models import User
from referrals.intake import actions
from referrals.models import Contact
from tests.actions.test_intake import draft_by
from tests.pages.browsing import page, post, signed_in, start, words

pytestmark = pytest.mark.django_db

CHILD = {
    "key": "aaaa1111", "given_names": "Leo", "family_name": "Marsh", "date_of_birth_day": "30",
    "date_of_birth_month": "jun", "date_of_birth_year": "2019", "address": "14 Cobden Row", "postcode": "ws28qt",
}  # fmt: skip


SECTIONS: list[tuple[str, Mapping[str, Any]]] = [
    ("about", {"name": "Rosa Bell", "dsl_consulted": "yes", "dsl_name": "Rosa Bell"}),
    ("tried", {"early_help": "no"}),
    ("safety", {"dogs": "One, friendly"}),
]


def test_a_referrer_can_send_a_referral_page_by_page(rosa: User) -> None:
    client = signed_in(rosa)
    assert "ring 999" in page(client, "start")
    draft = start(client)
    assert words(page(client, "tasks", draft.key)).count("Incomplete") == 9
    for section, answers in SECTIONS:
        response = post(client, "section", draft.key, section, **answers, completed="yes")
        assert response.status_code == 302, words(response.content.decode())
    post(client, "person-add", draft.key, "children", **CHILD)
    post(client, "person-add", draft.key, "children", **CHILD | {"key": "bbbb2222", "given_names": "Ava"})
    adult = {
        "key": "cccc3333",
        "given_names": "Kelly",
        "relationship_aaaa1111": "mother",
        "relationship_bbbb2222": "aunt",
    }
    post(client, "person-add", draft.key, "adults", **adult)
    for section in ("children", "adults", "agencies"):
        assert post(client, "section", draft.key, section, completed="yes").status_code == 302
    assert post(client, "section", draft.key, "consent", informed="yes").url.endswith("/consent/agreement/")
    post(client, "page", draft.key, "consent", "agreement", agreement="yes", agreement_by="Kelly", completed="yes")
    assert post(client, "section", draft.key, "worry", worry="Two bruises").url.endswith("/worry/child/")
    post(client, "page", draft.key, "worry", "child", impact="Sore", completed="yes")
    ticks = post(client, "section", draft.key, "threshold", indicators=["L3-LRN-01", "L4-HEA-10"])
    assert ticks.url.endswith("/threshold/evidence/")
    evidence = {"evidence_L3-LRN-01": "Late 31 times", "evidence_L4-HEA-10": "Seen by me"}
    assert post(client, "page", draft.key, "threshold", "evidence", **evidence).url.endswith("/threshold/level/")
    assert "points to level 4" in page(client, "page", draft.key, "threshold", "level")
    post(client, "page", draft.key, "threshold", "level", level="4", reason="Bruises", completed="yes")
    assert words(page(client, "tasks", draft.key)).count("Completed") == 9
    check = page(client, "check", draft.key)
    assert "cannot be sent yet" not in check
    response = post(client, "check", draft.key, declared="on")
    contact = Contact.objects.get(submission_key=draft.key)
    assert response.url == reverse("intake:sent", args=[contact.reference])
    receipt = words(page(client, "sent", contact.reference))
    assert contact.reference in receipt
    assert receipt.count("by") >= 2
    kept = words(page(client, "referral", contact.reference))
    assert "Received" in kept
    assert "Leo Marsh: mother Ava Marsh: aunt" in kept
    assert "WS2 8QT" in kept


def test_a_referrer_who_goes_back_cannot_send_twice(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    first = post(client, "check", draft.key, declared="on")
    again = post(client, "check", draft.key, declared="on")
    contact = Contact.objects.get()
    assert first.url == reverse("intake:sent", args=[contact.reference])
    assert again.url == reverse("intake:referral", args=[contact.reference])
    assert client.get(reverse("intake:check", args=[draft.key])).status_code == 302


def test_a_referrer_cannot_send_without_declaring(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    response = post(client, "check", draft.key)
    assert "Tick the declaration" in response.content.decode()
    assert not Contact.objects.exists()
    assert post(client, "check", draft.key, declared="on").status_code == 302
    assert Contact.objects.count() == 1


def test_a_referrer_cannot_send_what_is_not_ready_and_sees_each_gap_with_its_link(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa, "too-little")
    links: list[str] = []
    for html in (page(client, "check", draft.key), post(client, "check", draft.key, declared="on").content.decode()):
        assert "cannot be sent yet" in html
        assert "Enter the family name of Ben" in html
        links = re.findall(r'<li><a class="govuk-link" href="(/referrals/drafts/[^"]+)"', html)
        assert len(links) == 7
    for link in links:
        target, _, anchor = link.partition("#")
        response = client.get(target)
        assert response.status_code == 200, link
        assert f'id="{anchor}"' in response.content.decode(), link
    assert not Contact.objects.exists()


def test_level_two_without_agreement_says_what_to_do_instead_and_level_four_goes(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa, "no-agreement-level-two")
    response = post(client, "page", draft.key, "threshold", "level", level="2", completed="yes")
    assert "Talk to the family" in response.content.decode()
    assert "Talk to the family" in page(client, "check", draft.key)
    assert post(client, "page", draft.key, "threshold", "level", level="4", completed="yes").status_code == 302
    assert post(client, "check", draft.key, declared="on").status_code == 302
    assert Contact.objects.get().level_believed == 4


def test_what_was_typed_is_kept_and_the_errors_are_said(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    data = CHILD | {"family_name": "", "date_of_birth_day": "31", "date_of_birth_month": "2", "nhs_number": "12"}
    response = post(client, "person-add", draft.key, "children", **data)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: " in html
    for sentence in ("Enter the family name of Leo", "must be a real date", "NHS number must be 10 digits"):
        assert html.count(sentence) == 2, sentence
    assert 'href="#id_family_name"' in html
    assert 'value="14 Cobden Row"' in html
    draft.refresh_from_db()
    [child] = draft.answers["children"]
    assert child["date_of_birth"] == {"day": "31", "month": "2", "year": "2019"}
    # sent again from the same page: still one child
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    post(client, "person-add", draft.key, "children", **CHILD, version=version[1])
    draft.refresh_from_db()
    assert [one["family_name"] for one in draft.answers["children"]] == ["Marsh"]


def test_a_referrer_can_leave_a_page_that_is_wrong(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    response = post(client, "section", draft.key, "about", email="no address", later="1")
    assert response.url == reverse("intake:tasks", args=[draft.key])
    draft.refresh_from_db()
    assert draft.answers["about"]["email"] == "no address"
    assert "In progress" in page(client, "tasks", draft.key)


def test_a_section_is_completed_only_when_it_is_right_and_its_person_says_so(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    html = post(client, "section", draft.key, "about", name="Rosa").content.decode()
    assert "Say whether you have completed this section" in html
    assert "Say whether you have consulted" in html
    post(client, "section", draft.key, "about", name="Rosa", completed="yes")
    draft.refresh_from_db()
    assert draft.completed == []
    version = actions.version_of(draft, "about", "about")
    fine = {"name": "Rosa", "dsl_consulted": "no", "dsl_why_not": "On a course", "version": version}
    assert post(client, "section", draft.key, "about", **fine, completed="yes").status_code == 302
    draft.refresh_from_db()
    assert draft.completed == ["about"]


def test_a_colleagues_words_are_shown_and_mine_are_not_lost(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    colleague = User.objects.create_user("c@alder.example", full_name="Cy Lee", agency=rosa.agency, role="referrer")
    actions.save_section(draft.key, "worry", {"worry": "Theirs"}, by=colleague, version=0, page="facts")
    response = post(client, "section", draft.key, "worry", worry="Mine", version="0")
    assert response.status_code == 409
    html = response.content.decode()
    assert "Cy Lee saved this page" in html
    assert "Theirs" in html
    assert "Mine" in html
    draft.refresh_from_db()
    assert draft.answers["worry"]["worry"] == "Theirs"
    assert post(client, "section", draft.key, "worry", worry="Mine", version="1").status_code == 302
    draft.refresh_from_db()
    assert draft.answers["worry"]["worry"] == "Mine"


def test_the_about_page_knows_the_referrer_already(rosa: User) -> None:
    client = signed_in(rosa)
    html = page(client, "section", start(client).key, "about")
    assert 'value="Rosa Bell"' in html
    assert 'value="Alder Primary"' in html


def test_a_sibling_starts_with_the_family_name_and_address(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    post(client, "person-add", draft.key, "children", **CHILD)
    html = page(client, "person-add", draft.key, "children")
    assert 'value="Marsh"' in html
    assert 'value="14 Cobden Row"' in html
    assert 'value="Leo"' not in html


def test_a_referrer_can_remove_a_child_after_being_asked(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    assert "Remove Maisie Doyle" in page(client, "person-remove", draft.key, "children", "c1")
    draft.refresh_from_db()
    assert len(draft.answers["children"]) == 2
    post(client, "person-remove", draft.key, "children", "c1")
    draft.refresh_from_db()
    assert [child["given_names"] for child in draft.answers["children"]] == ["Callum"]


def test_all_indicators_are_there_and_can_be_searched_without_javascript(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    assert page(client, "section", draft.key, "threshold").count("data-matrix-indicator") == 200
    html = page(client, "section", draft.key, "threshold", q="Non-accidental INJURY")
    found = re.findall(r'value="(L\d-[A-Z]+-\d+)"', html)
    assert found[0] == "L4-HEA-10"
    assert (len(found), len(set(found))) == (13, 13), "ten that were found, best first, and the three that are ticked"
    assert {"L3-LRN-01", "L3-HEA-04", "L3-CAR-01"} <= set(found)
    assert html.count(" checked") == 3
    ticks = {"indicators": found, "find": "1", "q": "bruise & co", "version": "0"}
    response = post(client, "section", draft.key, "threshold", **ticks)
    assert response.url.endswith("?q=bruise+%26+co")
    draft.refresh_from_db()
    assert set(draft.answers["threshold"]["indicators"]) == set(found)


def test_evidence_of_an_indicator_that_is_unticked_comes_back_with_it(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    post(client, "section", draft.key, "threshold", indicators=["L3-LRN-01", "L9-XXX-01"])
    draft.refresh_from_db()
    assert set(draft.answers["threshold"]["indicators"]) == {"L3-LRN-01"}
    post(client, "section", draft.key, "threshold", indicators=["L3-CAR-01"])
    draft.refresh_from_db()
    assert draft.answers["threshold"]["indicators"] == {"L3-CAR-01": "Hungry and unsuitably dressed most mornings"}
    assert post(client, "section", draft.key, "threshold").status_code == 200


def test_evidence_is_asked_for_each_ticked_indicator(rosa: User) -> None:
    client = signed_in(rosa)
    draft = draft_by(rosa)
    html = post(client, "page", draft.key, "threshold", "evidence", **{"evidence_L3-LRN-01": "31"}).content.decode()
    assert html.count("Write the evidence for this indicator") == 4
    draft.refresh_from_db()
    assert draft.answers["threshold"]["indicators"]["L3-LRN-01"] == "31"


def test_no_level_and_no_answer_is_preselected(rosa: User) -> None:
    client = signed_in(rosa)
    draft = start(client)
    for section, slug in (("about", ""), ("consent", ""), ("consent", "agreement"), ("threshold", "level")):
        name, args = ("page", [section, slug]) if slug else ("section", [section])
        assert " checked" not in page(client, name, draft.key, *args)
