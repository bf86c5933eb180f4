"""Feedback as it is written with its warnings, read with its mark, followed on the board; and the directory."""

from typing import Any

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import Adult, Contact, Feedback, QualityMark, Service
from referrals.vocabulary import Verb
from tests import build
from tests.actions.test_feedback import WORDS
from tests.pages.browsing import words
from tests.pages.casework import text

pytestmark = pytest.mark.django_db

MARK = {"evidence": "good", "consent": "thin", "threshold": "enough", "childs_voice": "good", "mark_advice": "Say who"}


@pytest.fixture
def contact(rosa: User, grace: User, maya: User) -> Contact:
    return build.decided(rosa, worker=grace, manager=maya)


def send(client: Client, who: User, url: str, data: dict[str, Any]) -> Any:
    client.force_login(who)
    return client.post(url, data, follow=True)


def look(client: Client, who: User, url: str, **query: str) -> str:
    client.force_login(who)
    return words(text(client.get(url, query)))


def test_a_name_is_warned_of_once_and_sent_when_it_is_sent_again(client: Client, contact: Contact, grace: User) -> None:
    Adult.objects.create(contact=contact, given_names="Karim", family_name="Aziz")
    here = f"/contacts/{contact.reference}/feedback/"
    sending: dict[str, Any] = {**WORDS, "reason": "Karim was spoken to.", "version": contact.version}
    first = send(client, grace, here, sending)
    assert "It names Karim Aziz" in words(text(first))
    assert "Karim was spoken to." in text(first)
    assert not Feedback.objects.exists()
    sealed = first.context["form"].data["looked_at"]
    other = send(client, grace, here, {**sending, "reason": "Karim lives at 3 Mill Lane.", "looked_at": sealed})
    assert "looks like an address" in words(text(other)), "what is new is warned of anew"
    assert not Feedback.objects.exists()
    send(client, grace, here, {**sending, "looked_at": sealed})
    assert Feedback.objects.get().reason == "Karim was spoken to."
    assert contact.steps.filter(verb=Verb.GIVE_FEEDBACK).count() == 1


def test_the_referrer_reads_services_and_the_mark_understands_and_asks(
    client: Client, contact: Contact, rosa: User, grace: User
) -> None:
    hub = Service.objects.create(name="Family Hub", what="Advice for parents", how="01632 960123", levels=[1])
    here = f"/contacts/{contact.reference}/feedback/"
    sending = {**WORDS, **MARK, "services": [str(hub.pk)], "version": contact.version}
    refused = send(client, grace, here, {**sending, "consent": ""})
    assert "Mark “Agreement of the family”, or none of the four." in words(text(refused))
    assert not QualityMark.objects.exists()
    send(client, grace, here, sending)
    ours = f"/referrals/{contact.reference}/feedback/"
    page = look(client, rosa, ours)
    for said in ("Family Hub", "Advice for parents", "Too little", "Say who", "I have understood"):
        assert said in page
    assert "Understood: Rosa Bell" in words(text(send(client, rosa, f"{ours}understood/", {})))
    send(client, rosa, f"{ours}ask/", {"text": "Who visits?"})
    assert "Who visits?" in look(client, grace, f"{here}sent/")
    question = Feedback.objects.get().questions.get()
    answered = {"question": question.pk, "text": "The health visitor"}
    assert "The health visitor" in words(text(send(client, grace, f"{here}answer/", answered)))
    assert "The health visitor" in look(client, rosa, ours)


def test_the_board_shows_what_nobody_opened_until_somebody_rings(client: Client, contact: Contact, grace: User) -> None:
    assert "Nothing here" in look(client, grace, "/feedback/")
    here = f"/contacts/{contact.reference}/feedback/"
    send(client, grace, here, {**WORDS, "version": contact.version})
    page = look(client, grace, "/feedback/")
    assert "1 piece of feedback: not opened, nobody told" in page
    assert "Ring the referrer" in page
    empty = words(text(send(client, grace, f"{here}phone/", {"words": ""})))
    assert "Write whom you spoke to" in empty
    send(client, grace, f"{here}phone/", {"words": "Rosa Bell: she will read it"})
    assert "0 pieces of feedback" in look(client, grace, "/feedback/")
    assert "Rung by Grace Lin" in look(client, grace, "/feedback/", state="phoned")
    assert "Rosa Bell: she will read it" in look(client, grace, f"{here}sent/")


def test_the_board_makes_no_more_queries_for_more_rows(
    client: Client, rosa: User, grace: User, maya: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        build.told(rosa, worker=grace, manager=maya)
    client.force_login(grace)
    client.get("/feedback/")
    with django_assert_max_num_queries(7):
        assert "3 pieces of feedback" in words(text(client.get("/feedback/")))


def test_a_manager_keeps_the_directory(client: Client, maya: User, grace: User) -> None:
    client.force_login(grace)
    assert client.get("/services/").status_code == 404
    assert "The directory is empty" in look(client, maya, "/services/")
    said = {"name": "Family Hub", "what": "Advice", "how": "Ring", "levels": ["1", "2"], "is_active": "on"}
    assert "Write what it does" in words(text(send(client, maya, "/services/add/", {**said, "what": ""})))
    assert not Service.objects.exists()
    assert "Level 1, 2" in words(text(send(client, maya, "/services/add/", said)))
    edit = f"/services/{Service.objects.get().pk}/"
    assert "Not offered" in words(text(send(client, maya, edit, {k: v for k, v in said.items() if k != "is_active"})))
