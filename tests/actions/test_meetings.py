"""The daily domestic abuse meeting: its list, who came, what is decided for each child, and closing it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.meetings import actions
from referrals.models import AbuseMeeting, MeetingItem, Screening, StageChange
from referrals.refusals import NotYours, Refused
from referrals.rules.meetings import Present
from referrals.vocabulary import AgencyKind, MeetingDecision, Verb
from tests import build, discussing, policing

pytestmark = pytest.mark.django_db

OTHER = {"police_reference": "PN/26/118378", "given_names": "Ali", "family_name": "Khan"}
BURGLARY = {"police_reference": "PN/26/118379", "given_names": "Bo", "incident_type": "Burglary", "dash_grade": ""}


def names(meeting: AbuseMeeting) -> list[str]:
    return [one.child.name for one in meeting.items.select_related("child")]


def only(meeting: AbuseMeeting) -> MeetingItem:
    return meeting.items.get()


def test_its_list_has_every_child_of_a_domestic_abuse_notification_since_the_last_one(omar: User, maya: User) -> None:
    discussing.notified(omar, policing.ROW, policing.row(**OTHER), policing.row(**BURGLARY, dvrim_scale=""))
    first = discussing.opened(maya, on=date(2025, 1, 6))
    assert names(first) == ["Zara Hussain", "Ali Khan"]
    discussing.notified(omar, policing.row(police_reference="PN/26/118390", given_names="Mia", family_name="Shaw"))
    second = discussing.opened(maya, on=date(2025, 1, 7))
    assert names(second) == ["Mia Shaw"]
    assert Event.objects.filter(verb="open_meeting", by=maya).count() == 2


def test_a_child_whom_a_manager_has_screened_out_is_not_on_the_list(omar: User, grace: User, maya: User) -> None:
    out, proposed = discussing.notified(omar, policing.ROW, policing.row(**OTHER))
    for contact in (out, proposed):
        child = contact.children.get()
        Screening.objects.create(
            child=child, grade="DVRIM 1", screened_out=True, level=1, reason="Low", by=grace, at=timezone.now()
        )
    Screening.objects.filter(child__contact=out).update(signed_off_by=maya, signed_off_at=timezone.now())
    assert names(discussing.opened(maya)) == ["Ali Khan"]


def test_a_day_has_one_meeting_and_who_comes_second_is_shown_it(omar: User, maya: User, grace: User) -> None:
    discussing.notified(omar)
    first = discussing.opened(maya)
    assert discussing.opened(grace) == first
    assert (first.opened_by, first.items.count(), AbuseMeeting.objects.count()) == (maya, 1, 1)


def test_a_contact_officer_cannot_open_one_nor_anybody_before_its_day(sam: User, grace: User) -> None:
    with pytest.raises(NotYours):
        discussing.opened(sam)
    with pytest.raises(Refused, match="opened on its day, not before"):
        discussing.opened(grace, on=timezone.localdate() + timedelta(days=1))
    assert not AbuseMeeting.objects.exists()
    assert discussing.opened(grace).opened_by == grace


def test_what_it_decides_is_a_line_of_the_contacts_timeline(omar: User, maya: User, grace: User) -> None:
    [contact] = discussing.notified(omar)
    meeting = discussing.opened(maya, on=date(2025, 1, 6))
    row = discussing.decided(only(meeting), by=grace)
    assert (row.decision, row.by, row.action_owner) == ("early_help", grace, "Early Help Hub")
    contact.refresh_from_db()
    step = contact.steps.get(verb=Verb.MEET)
    assert step.by == grace
    assert step.reason == (
        "Domestic abuse meeting of 6 January 2025, Zara Hussain: Early help is offered.\n"
        "The third time in a month\nEarly Help Hub: Ring the mother today"
    )
    assert "bed" not in str(Event.objects.filter(reference=contact.reference).values_list("details", flat=True))


def test_no_decision_is_kept_without_the_childs_focus_not_even_by_the_database(omar: User, maya: User) -> None:
    discussing.notified(omar)
    row = only(discussing.opened(maya))
    steps = StageChange.objects.count()
    with pytest.raises(Refused, match="Write what it is like for Zara Hussain"):
        discussing.decided(row, by=maya, child_focus=" ")
    row.refresh_from_db()
    assert (row.decision, StageChange.objects.count()) == ("", steps)
    with pytest.raises(IntegrityError, match="no_meeting_decision_without_the_child"), transaction.atomic():
        MeetingItem.objects.update(decision=MeetingDecision.CONTACT)
    assert discussing.decided(row, by=maya).decision == "early_help"


def test_a_decision_can_be_changed_until_the_meeting_is_closed_and_twice_the_same_is_once(
    omar: User, maya: User
) -> None:
    [contact] = discussing.notified(omar)
    meeting = discussing.opened(maya)
    row = only(meeting)
    discussing.decided(row, by=maya)
    discussing.decided(row, by=maya)
    assert contact.steps.filter(verb=Verb.MEET).count() == 1
    discussing.decided(row, by=maya, decision=MeetingDecision.STRATEGY)
    assert contact.steps.filter(verb=Verb.MEET).count() == 2
    discussing.everybody_came(meeting, by=maya)
    actions.close(meeting.pk, by=maya)
    with pytest.raises(Refused, match="Maya Shah closed this meeting"):
        discussing.decided(row, by=maya)
    row.refresh_from_db()
    assert row.decision == "strategy"


def test_it_closes_when_nobody_is_left_open_and_says_who_is(omar: User, maya: User) -> None:
    discussing.notified(omar, policing.ROW, policing.row(**OTHER))
    meeting = discussing.opened(maya)
    zara, ali = meeting.items.order_by("id")
    with pytest.raises(Refused) as refused:
        actions.close(meeting.pk, by=maya)
    assert refused.value.reasons[1] == "Zara Hussain and Ali Khan have no decision yet."
    discussing.everybody_came(meeting, by=maya)
    discussing.decided(zara, by=maya)
    with pytest.raises(Refused, match=r"^Ali Khan has no decision yet\.$"):
        actions.close(meeting.pk, by=maya)
    meeting.refresh_from_db()
    assert meeting.closed_at is None
    discussing.decided(ali, by=maya)
    assert actions.close(meeting.pk, by=maya).closed_by == maya
    for act in (
        lambda: actions.add(meeting.pk, references=["ZZZZ-ZZZZ"], by=maya),
        lambda: discussing.everybody_came(meeting, by=maya),
        lambda: actions.close(meeting.pk, by=maya),
    ):
        with pytest.raises(Refused, match="closed this meeting"):
            act()


def test_an_absence_is_kept_with_its_reason_and_can_be_corrected(maya: User) -> None:
    meeting = discussing.opened(maya)
    with pytest.raises(Refused, match="Say why nobody came for the police"):
        actions.note_attendance(meeting.pk, rows=[Present(AgencyKind.POLICE, False)], by=maya)
    assert not meeting.attendance.exists()
    said = Present(AgencyKind.POLICE, False, "Omar", "A road accident")
    actions.note_attendance(meeting.pk, rows=[said, Present(AgencyKind.HEALTH)], by=maya)
    [row] = meeting.attendance.all()
    assert (row.kind, row.attended, row.who, row.absent_because) == ("police", False, "", "A road accident")
    actions.note_attendance(meeting.pk, rows=[Present(AgencyKind.POLICE, True, "Omar Khan")], by=maya)
    [row] = meeting.attendance.all()
    assert (row.attended, row.who, row.absent_because) == (True, "Omar Khan", "")


def test_a_contact_with_domestic_abuse_is_added_by_hand_and_another_is_refused(
    omar: User, rosa: User, maya: User
) -> None:
    meeting = discussing.opened(maya)
    abuse, burglary = discussing.notified(omar, policing.ROW, policing.row(**BURGLARY, dvrim_scale=""))
    late = build.received(rosa)
    for wrong, sentence in (
        ([], "Choose a contact, or write its reference."),
        (["ZZZZ-ZZZZ"], "There is no contact ZZZZ-ZZZZ that you can see."),
        ([abuse.reference, late.reference], f"Nothing on contact {late.reference} speaks of domestic abuse"),
        ([burglary.reference], f"Nothing on contact {burglary.reference} speaks of domestic abuse"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.add(meeting.pk, references=wrong, by=maya)
        assert not meeting.items.exists()
    assert actions.add(meeting.pk, references=[f" {abuse.reference.lower()} ", abuse.reference], by=maya).children == 1
    assert actions.add(meeting.pk, references=[abuse.reference], by=maya).children == 0
    assert names(meeting) == ["Zara Hussain"]


def test_who_cannot_see_a_child_cannot_decide_for_them(omar: User, maya: User, tom: User, sam: User) -> None:
    discussing.notified(omar)
    row = only(discussing.opened(maya))
    with pytest.raises(Http404):
        discussing.decided(row, by=tom)
    with pytest.raises(NotYours):
        discussing.decided(row, by=sam)
    row.refresh_from_db()
    assert row.decision == ""
