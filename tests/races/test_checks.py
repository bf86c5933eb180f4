"""G9: agency checks under several hands at once, on real connections."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from referrals.enquiries import actions
from referrals.models import Check, Contact, Deadline, Notice
from referrals.refusals import Refused
from tests import build, checking
from tests.checking import answered, closed, one_asked

EIGHT = 8


def all_at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """What each of them got back: what it says, or the sentence of its refusal. In their order."""
    found = ["nothing"] * len(acts)
    start = threading.Barrier(len(acts))

    def one(number: int) -> None:
        try:
            start.wait(10)
            acts[number]()
            found[number] = "done"
        except Refused as refusal:
            found[number] = str(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_eight_clicks_at_once_ask_each_agency_once(committed: str) -> None:
    rosa, grace, omar, nell = (build.player(name) for name in ("Rosa", "Grace", "Omar", "Nell"))
    contact = build.claimed(rosa, worker=grace)
    asking = checking.request(contact, omar.agency, nell.agency)
    answers = all_at_once([lambda: actions.ask(contact.reference, asking, by=grace)] * EIGHT)
    assert answers == ["done"] * EIGHT
    assert Check.objects.count() == 2
    assert Deadline.objects.exclude(about="").count() == 2
    assert Notice.objects.filter(template="check_asked").count() == 2
    assert contact.steps.filter(verb="check").count() == 1


def test_eight_different_requests_to_one_agency_at_once_leave_one_open_check(committed: str) -> None:
    rosa, grace, omar = (build.player(name) for name in ("Rosa", "Grace", "Omar"))
    contact = build.claimed(rosa, worker=grace)
    requests = [checking.request(contact, omar.agency, purpose=f"Purpose {number}") for number in range(EIGHT)]
    asks = [lambda one=one: actions.ask(contact.reference, one, by=grace) for one in requests]
    answers = all_at_once(asks)
    assert answers.count("done") == 1
    assert all("has an open check" in answer for answer in answers if answer != "done")
    assert Check.objects.open().count() == 1


def test_eight_answers_at_once_leave_the_first_and_the_others_are_told_to_read_it(committed: str) -> None:
    rosa, grace, omar = (build.player(name) for name in ("Rosa", "Grace", "Omar"))
    check = one_asked(rosa, omar, worker=grace)
    acts = [lambda number=number: answered(check, omar, facts=f"Version {number}") for number in range(EIGHT)]
    answers = all_at_once(acts)
    assert answers.count("done") == 1
    assert all("Omar Khan answered this at" in answer for answer in answers if answer != "done")
    check.refresh_from_db()
    assert [one["facts"] for one in check.answers] == [check.facts]
    assert check.facts == f"Version {answers.index('done')}"
    assert Contact.objects.get().steps.filter(verb="answer_check").count() == 1


@pytest.mark.parametrize("answer_first", [True, False])
def test_an_answer_and_a_close_at_once_lose_no_word_and_leave_one_truth(committed: str, answer_first: bool) -> None:
    rosa, grace, omar = (build.player(name) for name in ("Rosa", "Grace", "Omar"))
    check = one_asked(rosa, omar, worker=grace)
    acts: list[Callable[[], object]] = [lambda: answered(check, omar), lambda: closed([check], grace)]
    said = all_at_once(acts if answer_first else acts[::-1])
    answer, close = said if answer_first else said[::-1]
    assert answer == "done", "what an agency knows is always taken"
    check.refresh_from_db()
    assert check.facts == checking.FACTS
    deadline = Deadline.objects.get(about=check.about)
    assert (deadline.met_at is None) != (deadline.cancelled_at is None)
    if close == "done":
        assert check.closed_at
        assert check.answered_at
        assert check.closed_at < check.answered_at
        assert deadline.cancelled_at
    else:
        assert "has answered in the meantime" in close
        assert check.closed_at is None


def test_two_managers_authorise_a_prepared_check_once(committed: str) -> None:
    rosa, grace, omar, maya, ivan = (build.player(name) for name in ("Rosa", "Grace", "Omar", "Maya", "Ivan"))
    contact = build.claimed(rosa, worker=grace, agreed=False)
    [check] = checking.asked(contact, omar, by=grace, legal_basis="public_task")
    acts = [
        lambda who=who: actions.authorise(contact.reference, [check.pk], because=f"{who} says so", by=who)
        for who in (maya, ivan)
    ]
    answers = all_at_once(acts)
    assert sorted(answer == "done" for answer in answers) == [False, True]
    assert Deadline.objects.filter(about=check.about).count() == 1
    assert Notice.objects.filter(template="check_asked").count() == 1
