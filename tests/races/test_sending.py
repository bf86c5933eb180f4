"""G3: one form sent twenty times at once, by button, is one contact with one reference. On real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from referrals.models import Child, Contact, Marf, Notice
from tests import build
from tests.actions.test_intake import draft_by
from tests.pages.browsing import page, post, signed_in

TWENTY = 20


def test_twenty_clicks_at_once_send_one_form_once_and_all_see_the_same_receipt(committed: str) -> None:
    rosa = build.player("Rosa")
    key = draft_by(rosa).key
    browsers = [signed_in(rosa) for _ in range(TWENTY)]
    start = Barrier(TWENTY)

    def click(number: int) -> str:
        try:
            start.wait(20)
            answer = post(browsers[number], "check", key, declared="on")
            return str(answer.headers["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TWENTY) as pool:
        led_to = set(pool.map(click, range(TWENTY)))
    contact = Contact.objects.get()
    # who clicked before it was sent sees the receipt; who came after, the referral
    assert led_to <= {f"/referrals/{contact.reference}/sent/", f"/referrals/{contact.reference}/"}
    assert f"/referrals/{contact.reference}/sent/" in led_to
    assert (Child.objects.count(), Marf.objects.count()) == (2, 1)
    assert Notice.objects.filter(template="receipt").count() == 1
    assert contact.deadlines.live().count() == 2
    assert contact.steps.count() == 1


def test_back_and_send_again_leads_to_the_referral_and_sends_nothing(committed: str) -> None:
    rosa = build.player("Rosa")
    client, draft = signed_in(rosa), draft_by(rosa)
    first = post(client, "check", draft.key, declared="on")
    contact = Contact.objects.get()
    assert first.headers["Location"] == f"/referrals/{contact.reference}/sent/"
    for _back in range(2):
        again = post(client, "check", draft.key, declared="on")
        assert again.headers["Location"] == f"/referrals/{contact.reference}/"
    assert "This referral has been sent" in page(client, "referral", contact.reference)
    assert contact.reference in page(client, "sent", contact.reference)
    assert Contact.objects.count() == 1
