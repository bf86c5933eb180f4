"""What an agency has not sent: the list of it, taking over from a colleague, deleting."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.intake import actions
from referrals.models import Draft, Notice
from tests.actions.test_intake import draft_by
from tests.pages.browsing import page, post, signed_in, words
from tests.pages.drafting import at, field, said

pytestmark = pytest.mark.django_db


# The list, taking over, deleting


def test_the_list_says_whose_it_is_how_old_what_is_missing_and_when_it_goes(rosa: User, cy: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=85), tick=False):
        draft = draft_by(cy, "too-little")
        actions.save_section(draft.key, "worry", {"impact": "Sad"}, by=rosa)
    shown = words(page(signed_in(rosa), "list"))
    assert "Not sent yet (1)" in shown
    assert re.search(r"85 days ago Cy Lee has it", shown)
    assert "by Rosa Bell" in shown
    assert re.search(r"\d: family name, [^<]*and \d more", shown)
    assert re.search(r"in [45] days", shown)


def test_the_list_can_show_mine_or_all_and_says_when_there_is_none(rosa: User, cy: User) -> None:
    draft_by(cy)
    hers, his = signed_in(rosa), signed_in(cy)
    assert "All of Alder Primary (1) Mine (0)" in words(page(hers, "list"))
    assert "Maisie Doyle" not in page(hers, "list", drafts="mine")
    assert "You have no draft that waits to be sent" in page(hers, "list", drafts="mine")
    assert "Maisie Doyle" in page(his, "list", drafts="mine")


def test_a_safeguarding_lead_can_take_over_and_the_colleague_sees_who_has_it(rosa: User, cy: User) -> None:
    draft = draft_by(cy)
    hers, his = signed_in(rosa), signed_in(cy)
    assert "Take over from Cy Lee" in page(hers, "tasks", draft.key)
    assert post(hers, "take-over", draft.key).url == at("tasks", draft)
    assert "You have taken this referral over from Cy Lee." in page(hers, "tasks", draft.key)
    shown = words(page(his, "tasks", draft.key))
    assert "Rosa Bell has this draft, taken over from Cy Lee." in shown
    assert "Take over from" not in shown
    assert "Rosa Bell has it" in words(page(his, "list"))
    refused = post(his, "take-over", draft.key)
    assert refused.status_code == 403
    assert "Your safeguarding lead can take this over" in refused.content.decode()
    assert Draft.objects.get(key=draft.key).author == rosa
    assert his.get(at("take-over", draft)).headers["Location"] == at("tasks", draft)


def test_a_draft_is_deleted_only_as_it_was_when_the_person_was_asked(rosa: User, cy: User) -> None:
    draft, client = draft_by(rosa), signed_in(rosa)
    asked = field(page(client, "delete", draft.key), "version")
    actions.save_section(draft.key, "worry", {"impact": "Sad"}, by=cy)
    refused = post(client, "delete", draft.key, version=asked)
    assert refused.status_code == 409
    assert "Cy Lee has saved something in this draft" in refused.content.decode()
    assert Draft.objects.filter(key=draft.key).exists()
    again = field(refused.content.decode(), "version")
    assert post(client, "delete", draft.key, version=again).url == reverse("intake:list")
    assert not Draft.objects.exists()
    assert not Notice.objects.exists()


def test_choosing_what_has_been_chosen_changes_nothing(rosa: User) -> None:
    draft, client = draft_by(rosa), signed_in(rosa)
    before = said(draft)
    for asked in (
        {},
        {"section": "_saves", "page": "x", "leaf": "y", "person": "1"},
        {"section": "worry", "keep": "aside"},
    ):
        assert post(client, "choose", draft.key, **asked).status_code == 302
    assert said(draft) == before
    assert isinstance(draft.key, UUID)


def test_the_list_asks_as_much_of_the_database_for_twelve_drafts_as_for_three(rosa: User, cy: User) -> None:
    """Each could be sent at level 1 with an indicator of harm, which takes the matrix to see."""
    client, counts = signed_in(rosa), []
    shown = page(client, "list")
    for more in (3, 9):
        for number in range(more):
            draft = draft_by(cy if number % 2 else rosa)
            actions.tick(draft.key, ["L4-HEA-10"], by=rosa)
            actions.save_section(draft.key, "threshold", {"level": "1"}, by=rosa)
        with CaptureQueriesContext(connection) as asked:
            shown = words(page(client, "list"))
        counts.append(len(asked))
    assert "Not sent yet (12)" in shown
    assert shown.count("evidence for the level") == 12
    assert counts[0] == counts[1], counts
