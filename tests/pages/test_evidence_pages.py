"""Two people write evidence for the indicators of one draft: box by box, and neither loses a word."""

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.intake import actions
from referrals.models import Draft
from tests.actions.test_intake import draft_by
from tests.pages.browsing import page, post, signed_in
from tests.pages.drafting import field, said

pytestmark = pytest.mark.django_db

LATE, HUNGRY = "L3-LRN-01", "L3-CAR-01"


def opened(client: Client, draft: Draft) -> dict[str, str]:
    """What the page carries when it is opened."""
    shown = page(client, "page", draft.key, "threshold", "evidence")
    return {name: field(shown, name) for name in ("seen", "version")}


def typed(client: Client, draft: Draft, carried: dict[str, str], **boxes: str) -> tuple[int, str]:
    written = {**said(draft)["threshold"]["indicators"], **boxes}
    data = {f"evidence_{code}": words for code, words in written.items()}
    answer = post(client, "page", draft.key, "threshold", "evidence", **carried, **data)
    return answer.status_code, answer.content.decode()


def evidence(draft: Draft) -> dict[str, str]:
    return dict(said(draft)["threshold"]["indicators"])


def test_two_colleagues_in_two_boxes_lose_neither(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    hers, his = signed_in(rosa), signed_in(cy)
    before = evidence(draft)
    carried, his_page = opened(hers, draft), opened(his, draft)
    assert typed(his, draft, his_page, **{HUNGRY: "Cold, too"})[0] == 302
    assert typed(hers, draft, carried, **{LATE: "Late 40 times", HUNGRY: before[HUNGRY]})[0] == 302
    assert (evidence(draft)[LATE], evidence(draft)[HUNGRY]) == ("Late 40 times", "Cold, too")
    assert evidence(draft).keys() == before.keys()


def test_two_colleagues_in_one_box_are_shown_both_and_saving_again_is_the_choice(rosa: User, cy: User) -> None:
    draft = draft_by(rosa)
    hers, his = signed_in(rosa), signed_in(cy)
    carried, his_page = opened(hers, draft), opened(his, draft)
    assert typed(his, draft, his_page, **{LATE: "His words"})[0] == 302
    status, shown = typed(hers, draft, carried, **{LATE: "Her words"})
    assert status == 409
    assert "Cy Lee saved other words for “Evidence for L3-LRN-01”" in shown
    assert "Two people wrote at once" in shown
    assert ">Her words</textarea>" in shown.replace("\n", "")
    assert evidence(draft)[LATE] == "His words"
    again = {name: field(shown, name) for name in ("seen", "version")}
    assert typed(hers, draft, again, **{LATE: "Both words"})[0] == 302
    assert evidence(draft)[LATE] == "Both words"
    assert "Two people wrote at once" not in page(hers, "tasks", draft.key)


def test_a_page_that_does_not_say_what_it_showed_cannot_write_over_a_colleague(rosa: User, cy: User) -> None:
    draft, client = draft_by(rosa), signed_in(rosa)
    version = str(actions.version_of(draft, "threshold", "indicators"))
    actions.tick(draft.key, [LATE, HUNGRY], by=cy)
    status, shown = typed(client, draft, {"version": version}, **{LATE: "Mine"})
    assert (status, "Cy Lee saved this page" in shown, "Mine" in shown) == (409, True, True)
    assert evidence(draft)[LATE] != "Mine"
    assert typed(client, draft, {"version": field(shown, "version")}, **{LATE: "Mine"})[0] == 302
    assert evidence(draft)[LATE] == "Mine"
