"""G9: a strategy discussion is called once and ended once, however many reach for it. On real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from referrals.meetings import actions as meetings
from referrals.models import AbuseMeeting, Contact, MeetingItem, StrategyDiscussion
from referrals.refusals import Refused
from referrals.strategy import actions
from referrals.vocabulary import Clock
from tests import build, discussing

FOUR = 4


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each is told when all of them begin together: "done", or the sentence of the refusal."""
    start = Barrier(len(acts))

    def go(act: Callable[[], object]) -> str:
        try:
            start.wait(10)
            act()
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def test_two_call_at_once_and_there_is_one_discussion_one_clock_and_one_set_of_invitations(committed: str) -> None:
    rosa, grace, maya, ivan, _ = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Ivan", "Omar"))
    contact = build.claimed(rosa, worker=grace)
    answers = at_once(*(lambda who=who: build.discussed(contact, by=who) for who in (grace, maya, ivan, maya)))
    assert answers.count("done") == 1
    discussion = StrategyDiscussion.objects.select_related("called_by").get()
    others = {answer for answer in answers if answer != "done"}
    assert all(answer.startswith(f"{discussion.called_by} called a strategy discussion") for answer in others)
    assert discussion.invitations.count() == 3
    assert contact.deadlines.live().filter(clock=Clock.STRATEGY).count() == 1
    assert contact.steps.filter(verb="call_strategy").count() == 1


def test_recording_and_calling_off_at_once_leave_one_truth(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    said = discussing.record_of(discussion)
    recorded, called_off = at_once(
        lambda: actions.record(contact.reference, discussion=discussion.pk, said=said, by=grace),
        lambda: actions.call_off(contact.reference, discussion=discussion.pk, reason="Snow", by=maya),
    )
    discussion.refresh_from_db()
    deadline = contact.deadlines.get(clock=Clock.STRATEGY)
    if recorded == "done":
        assert called_off.startswith("Grace Lin has recorded this strategy discussion already")
        assert (discussion.called_off_at, deadline.cancelled_at) == (None, None)
        assert (discussion.decision, deadline.met_at) == ("section_47_joint", discussion.recorded_at)
    else:
        assert called_off == "done"
        assert recorded.startswith("Maya Shah has called this strategy discussion off")
        assert (discussion.recorded_at, discussion.decision, deadline.met_at) == (None, "", None)
        assert not discussion.actions.exists()
    assert contact.steps.filter(verb__in=("record_strategy", "call_off_strategy")).count() == 1


def test_a_meeting_opened_by_four_at_once_is_one_with_each_child_once(committed: str) -> None:
    maya, ivan, grace, helen = (build.player(name) for name in ("Maya", "Ivan", "Grace", "Helen"))
    discussing.notified(build.player("Omar"))
    assert at_once(*(lambda who=who: discussing.opened(who) for who in (maya, ivan, grace, helen))) == ["done"] * FOUR
    assert AbuseMeeting.objects.get().items.count() == 1


def test_a_meeting_is_not_closed_over_a_child_who_is_being_added(committed: str) -> None:
    maya, ivan, omar = (build.player(name) for name in ("Maya", "Ivan", "Omar"))
    meeting = discussing.opened(maya)
    discussing.everybody_came(meeting, by=maya)
    [contact] = discussing.notified(omar)
    added, closed = at_once(
        lambda: meetings.add(meeting.pk, references=[contact.reference], by=ivan),
        lambda: meetings.close(meeting.pk, by=maya),
    )
    meeting.refresh_from_db()
    assert (added, closed).count("done") == 1
    is_open = meeting.closed_at is None
    assert is_open == (added == "done") == MeetingItem.objects.exists()
    assert Contact.objects.get(pk=contact.pk).steps.filter(verb="meet").count() == 0
