"""Two people, two windows and lost answers on one draft: nothing that anybody typed is lost without a person's word."""

import threading
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.intake import actions, merging, queries, saving, sharing, versions
from referrals.intake.merging import Seen, Written
from referrals.intake.views.doors import today
from referrals.models import Contact, Draft
from referrals.refusals import NotReady, NotYours, Refused, Stale
from tests import build
from tests.actions.test_intake import draft_by, said


def opened(draft: Draft, section: str, *names: str, writer: str = "", turn: int = 0) -> Seen:
    """What a page of this section shows now."""
    stored = saving.answers_at(Draft.objects.get(key=draft.key).answers, section, "c1")
    return Seen(merging.digests({name: stored.get(name, "") for name in names}), writer, turn)


def write(draft: Draft, by: User, seen: Seen, quietly: bool = True, **answers: str) -> Draft:
    return actions.save_section(draft.key, "worry", answers, by=by, page="facts", seen=seen, quietly=quietly)


def versions_of(draft: Draft) -> list[tuple[str, Any, Any]]:
    draft.refresh_from_db()
    return [(one.leaf, one.saved, one.aside) for one in saving.clashes(draft)]


# Merging


def test_two_colleagues_on_two_fields_of_one_page_lose_neither(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    page = opened(draft, "worry", "worry", "injuries")
    write(draft, cy, page, worry="", injuries="A bruise")
    write(draft, rosa, page, worry="Hungry", injuries="")
    assert said(draft)["worry"] == {"worry": "Hungry", "injuries": "A bruise"}
    assert versions_of(draft) == []


def test_two_colleagues_on_one_field_keep_both_until_one_chooses(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    page = opened(draft, "worry", "worry", "injuries")
    write(draft, cy, page, worry="Theirs", injuries="")
    write(draft, rosa, page, worry="Mine", injuries="A bruise")
    assert said(draft)["worry"] == {"worry": "Theirs", "injuries": "A bruise"}
    assert versions_of(draft) == [("worry", "Theirs", "Mine")]
    write(draft, rosa, page, worry="Mine, longer", injuries="A bruise")
    assert versions_of(draft) == [("worry", "Theirs", "Mine, longer")]
    sharing.choose(draft.key, "worry", "facts", "worry", by=cy, person=str(rosa.pk), keep=True)
    assert said(draft)["worry"]["worry"] == "Mine, longer"
    assert versions_of(draft) == []
    sharing.choose(draft.key, "worry", "facts", "worry", by=cy, person=str(rosa.pk), keep=False)
    assert said(draft)["worry"]["worry"] == "Mine, longer"


def test_a_colleague_can_let_what_is_saved_stand(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    page = opened(draft, "worry", "worry")
    write(draft, cy, page, worry="Theirs")
    write(draft, rosa, page, worry="Mine")
    sharing.choose(draft.key, "worry", "facts", "worry", by=rosa, person=str(rosa.pk), keep=False)
    assert said(draft)["worry"]["worry"] == "Theirs"
    assert versions_of(draft) == []


def test_a_person_who_has_read_both_and_saves_has_chosen(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    page = opened(draft, "worry", "worry")
    write(draft, cy, page, worry="Theirs")
    write(draft, rosa, page, worry="Mine")
    both = opened(draft, "worry", "worry")
    write(draft, rosa, both, worry="Mine and theirs")
    assert versions_of(draft) == [("worry", "Mine and theirs", "Mine")], "typing on does not choose"
    write(draft, rosa, opened(draft, "worry", "worry"), quietly=False, worry="Both")
    assert versions_of(draft) == []
    assert said(draft)["worry"]["worry"] == "Both"


def test_two_windows_of_one_person_keep_both(rosa: User) -> None:
    draft = actions.start_draft(by=rosa)
    first, second = (opened(draft, "worry", "worry", writer=window, turn=1) for window in ("aa", "bb"))
    write(draft, rosa, first, worry="In the first")
    write(draft, rosa, second, worry="In the second")
    assert versions_of(draft) == [("worry", "In the first", "In the second")]


def test_a_page_that_never_heard_that_it_was_saved_does_not_clash_with_itself(rosa: User) -> None:
    draft = actions.start_draft(by=rosa)
    page = opened(draft, "worry", "worry", writer="aa", turn=1)
    write(draft, rosa, page, worry="Hung")
    write(draft, rosa, Seen(page.digests, "aa", 2), worry="Hungry")
    assert said(draft)["worry"]["worry"] == "Hungry"
    write(draft, rosa, page, worry="Hung")
    assert said(draft)["worry"]["worry"] == "Hungry", "the first post arrived again, late"
    assert versions_of(draft) == []
    assert saving.has_heard(draft, "worry", "facts", "aa", 2)
    assert not saving.has_heard(draft, "worry", "facts", "aa", 3)
    assert not saving.has_heard(draft, "worry", "facts", "bb", 1)


def test_a_draft_is_not_written_where_nothing_has_changed(rosa: User) -> None:
    draft = actions.start_draft(by=rosa)
    write(draft, rosa, opened(draft, "worry", "worry"), worry="Hungry")
    before = said(draft)
    events = Event.objects.count()
    write(draft, rosa, opened(draft, "worry", "worry"), worry="Hungry")
    assert said(draft) == before
    assert Event.objects.count() == events
    write(draft, rosa, opened(draft, "worry", "worry"), worry="Hungry and cold")
    assert Event.objects.count() == events + 1


def test_two_colleagues_on_one_child_lose_neither(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    page = opened(draft, "children", "given_names", "school", "gp")
    for by, answers in ((cy, {"gp": "Dr Wu"}), (rosa, {"school": "Birch High"})):
        typed = {"given_names": "Maisie", "school": "Alder Primary", "gp": ""} | answers
        actions.save_person(draft.key, "children", "c1", typed, by=by, seen=page, quietly=True)
    child = said(draft)["children"][0]
    assert (child["given_names"], child["school"], child["gp"]) == ("Maisie", "Birch High", "Dr Wu")


def test_what_is_said_of_a_child_added_since_is_not_wiped(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    page = Seen(merging.digests({"relationship": {"c1": "mother", "c2": "mother"}}))
    actions.save_person(draft.key, "adults", "a1", {"relationship": {"c1": "mother", "c9": "aunt"}}, by=cy)
    typed = {"relationship": {"c1": "stepmother", "c2": "mother", "c9": ""}}
    actions.save_person(draft.key, "adults", "a1", typed, by=rosa, seen=page, quietly=True)
    relationship = said(draft)["adults"][0]["relationship"]
    assert (relationship["c1"], relationship["c9"]) == ("stepmother", "aunt")


def test_evidence_is_merged_indicator_by_indicator(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    codes = list(said(draft)["threshold"]["indicators"])[:2]
    page = Seen(merging.digests({"indicators": said(draft)["threshold"]["indicators"]}))
    for by, code in ((cy, codes[0]), (rosa, codes[1])):
        written = said(draft)["threshold"]["indicators"] | {code: f"Seen by {by}"}
        shown = {"indicators": {one: written[one] for one in codes}}
        actions.save_section(draft.key, "threshold", shown, by=by, page="indicators", seen=page, quietly=True)
    assert [said(draft)["threshold"]["indicators"][code] for code in codes] == ["Seen by Cy Lee", "Seen by Rosa Bell"]


def test_ticks_of_two_colleagues_are_merged(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    before = ["L3-LRN-01", "L3-HEA-04", "L3-CAR-01"]
    actions.tick(draft.key, [*before, "L4-HEA-10"], by=cy, seen=before, quietly=True)
    actions.tick(draft.key, ["L3-LRN-01", "L3-HEA-04"], by=rosa, seen=before, quietly=True)
    assert set(said(draft)["threshold"]["indicators"]) == {"L3-LRN-01", "L3-HEA-04", "L4-HEA-10"}
    assert "L3-CAR-01" in said(draft)["threshold"][actions.PUT_ASIDE]


def test_a_page_that_does_not_say_what_it_showed_is_refused_when_it_is_old(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    write(draft, cy, opened(draft, "worry", "worry"), worry="Theirs")
    with pytest.raises(Stale, match="Cy Lee saved this page"):
        actions.save_section(draft.key, "worry", {"worry": "Mine"}, by=rosa, page="facts", version=0)
    assert said(draft)["worry"]["worry"] == "Theirs"


TEXTS = st.sampled_from(["", "a", "b", "c\r\nd", "c\nd"])
PAGES = st.fixed_dictionaries({"worry": TEXTS, "injuries": TEXTS})


@given(start=PAGES, theirs=PAGES, mine=PAGES)
def test_whatever_two_people_type_no_words_are_dropped(
    start: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> None:
    seen = Seen(merging.digests(start))
    first = merging.merge(start, theirs, seen, {})
    written = {leaf: Written("Cy", "2026-11-20T16:00:00+00:00") for leaf in first.mine}
    second = merging.merge(first.answers, mine, seen, written)
    for name, words in mine.items():
        untouched = merging.same(words, start[name])
        kept = [second.answers[name], second.aside.get(name)]
        assert untouched or not words or any(merging.same(one, words) for one in kept)
    for name, words in theirs.items():
        untouched = merging.same(words, start[name])
        assert untouched or not words or merging.same(second.answers[name], words)
    assert not set(second.aside) & set(second.mine)


# Two versions and sending


def test_a_form_with_two_versions_is_sent_only_after_a_choice(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    page = opened(draft, "worry", "worry")
    write(draft, cy, page, worry="Theirs")
    write(draft, rosa, page, worry="Mine")
    draft.refresh_from_db()
    assert [gap.name for gap in queries.gaps_of(draft, today())] == [versions.NAME]
    with pytest.raises(NotReady, match="Choose between two versions of “What happened”"):
        actions.submit(draft.key, by=rosa)
    assert not Contact.objects.exists()
    sharing.choose(draft.key, "worry", "facts", "worry", by=rosa, person=str(rosa.pk), keep=True)
    contact = actions.submit(draft.key, by=rosa)
    assert contact.marf.answers["worry"]["worry"] == "Mine"
    assert actions.SAVES not in contact.marf.answers


def test_a_stranger_cannot_choose_or_take_over(rosa: User, cy: User, tom: User) -> None:
    draft = actions.start_draft(by=cy)
    page = opened(draft, "worry", "worry")
    write(draft, cy, page, worry="Theirs")
    write(draft, rosa, page, worry="Mine")
    with pytest.raises(Http404):
        sharing.choose(draft.key, "worry", "facts", "worry", by=tom, person=str(rosa.pk), keep=True)
    with pytest.raises(Http404):
        sharing.take_over(draft.key, by=tom)
    assert versions_of(draft) == [("worry", "Theirs", "Mine")]
    assert draft.author == cy


# Taking over


def test_a_safeguarding_lead_can_take_over_a_colleagues_draft(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=cy)
    sharing.take_over(draft.key, by=rosa)
    sharing.take_over(draft.key, by=rosa)
    draft.refresh_from_db()
    assert draft.author == rosa
    assert draft.answers[actions.SAVES][saving.TAKEN_OVER]["from"] == "Cy Lee"
    line = Event.objects.get(verb="draft:take_over")
    assert (line.by, line.details) == (rosa, {"draft": str(draft.key), "from": cy.pk})


def test_a_referrer_cannot_take_over_and_can_go_on_writing(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    with pytest.raises(NotYours, match="safeguarding lead"):
        sharing.take_over(draft.key, by=cy)
    draft.refresh_from_db()
    assert draft.author == rosa
    write(draft, cy, opened(draft, "worry", "worry"), worry="Hungry")
    assert said(draft)["worry"]["worry"] == "Hungry"


# Deleting by hand


def test_a_person_cannot_delete_what_a_colleague_has_worked_on_since_they_were_asked(rosa: User, cy: User) -> None:
    draft = actions.start_draft(by=rosa)
    asked = draft.version
    write(draft, cy, opened(draft, "worry", "worry"), worry="Hungry")
    with pytest.raises(Stale, match="Cy Lee has saved something in this draft"):
        actions.delete_draft(draft.key, by=rosa, version=asked)
    assert said(draft)["worry"]["worry"] == "Hungry"
    actions.delete_draft(draft.key, by=rosa, version=draft.version)
    assert not Draft.objects.exists()


def test_deleting_waits_for_a_send_and_then_finds_nothing(committed: str) -> None:
    rosa = build.player("Rosa")
    draft = draft_by(rosa)
    sent, refused = threading.Event(), []

    def delete(key: UUID) -> None:
        sent.wait(10)
        try:
            actions.delete_draft(key, by=rosa, version=draft.version)
        except (Http404, Refused) as error:
            refused.append(type(error))
        finally:
            connection.close()

    thread = threading.Thread(target=delete, args=(draft.key,))
    thread.start()
    with transaction.atomic():
        contact = actions.submit(draft.key, by=rosa)
        sent.set()
        thread.join(0.3)
        assert thread.is_alive(), "the delete waits for the row that the send holds"
    thread.join(10)
    assert refused == [Http404]
    assert Contact.objects.get() == contact
