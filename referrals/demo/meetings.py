"""Today's meetings: a strategy discussion that was held, one that is called, and the domestic abuse meeting."""

from datetime import timedelta

from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from referrals.meetings import actions as meetings
from referrals.models import Contact
from referrals.rules.meetings import Judgement, Present
from referrals.rules.strategy import Task
from referrals.strategy import actions as strategy
from referrals.strategy.actions import Attendance, Invited, Plan, Record
from referrals.triage import actions as triage
from referrals.vocabulary import AgencyKind, MeetingDecision, Rag, StrategyDecision

HUB, POLICE, HEALTH = "Alderbrook MASH", "Regional Police", "Trent Vale Community Health"


def held_about_a_knife(reference: str, *, grace: User) -> None:
    """Police, health and social care met; the school could not come. They decided on a joint enquiry."""
    now = timezone.now()
    children = _children(reference)
    called = strategy.call(
        reference,
        reason="Third stop with the same adult of 24 since August, a knife, two phones, four nights missing.",
        children=children,
        invited=[*_the_three(), _invited("Birch High", AgencyKind.SCHOOL, "The head of year")],
        plan=Plan(None, "By video; the link is in your calendar."),
        by=grace,
    )
    away = Attendance(attended=False, absent_because="Teaching until four; what the school knows was read out.")
    came = {one.pk: away if one.kind == AgencyKind.SCHOOL else Attendance(True) for one in called.invitations.all()}
    record = Record(
        held_at=now,
        chair=grace,
        attendance=came,
        decision=StrategyDecision.SECTION_47_JOINT,
        texts={
            "risk": "Criminal exploitation outside the home by adults who carry knives. Likely, and serious.",
            "childs_voice": "He said he would “get done” if he talked. He asked whether his grandmother is safe.",
            "rationale": "Reasonable cause to suspect significant harm; a crime against him may have been committed.",
            "contingency": "If he is missing tonight: police at once, emergency duty team, and this group meets again.",
        },
        tasks=[
            Task("See him alone, away from home", "Grace Lin", now.date() + timedelta(days=1)),
            Task("Look into the adult of 24 and both phones", "Omar Khan", now.date() + timedelta(days=2)),
        ],
    )
    strategy.record(reference, discussion=called.pk, said=record, by=grace)


def called_about_a_disclosure(reference: str, *, grace: User, rosa: User) -> None:
    """Grace has taken it, rated it red and called everybody together before the end of the school day."""
    contact = triage.claim(reference, by=grace)
    reason = "A child says that an adult at home hurts her, and goes home this afternoon"
    triage.rate(reference, rag=Rag.RED, reason=reason, by=grace, version=contact.version)
    strategy.call(
        reference,
        reason="She told a teaching assistant that her uncle hurts her. She must not go home to him tonight.",
        children=_children(reference),
        invited=[*_the_three(), Invited(AgencyKind.SCHOOL, rosa.agency, rosa.full_name)],
        plan=Plan(timezone.now() + timedelta(hours=1), "By telephone: 01632 960199, then 4471"),
        by=grace,
    )


def domestic_abuse_of_today(reference: str, *, maya: User, grace: User) -> None:
    """The child of last night's notification has been spoken about; two agencies have not been accounted for."""
    meeting = meetings.open_meeting(held_on=timezone.localdate(), chair=maya, by=maya)
    came = {
        AgencyKind.TEAM: "Grace Lin",
        AgencyKind.POLICE: "Omar Khan",
        AgencyKind.HEALTH: "Nell Adeyemi",
        AgencyKind.VOLUNTARY: "Women's Aid, duty worker",
        AgencyKind.EARLY_HELP: "Dev Patel",
    }
    rows = [Present(kind, True, who) for kind, who in came.items()]
    rows.append(Present(AgencyKind.LEGAL, False, "", "No adult of today’s list is known to probation."))
    meetings.note_attendance(meeting.pk, rows=rows, by=maya)
    item = meeting.items.get(child__contact__reference=reference)
    judged = Judgement(
        decision=MeetingDecision.NO_FURTHER,
        child_focus="She was upstairs with a film on. She said they were loud but she was not scared. Her school sees "
        "her every day and has seen no change.",
        reason="First call to this address, no injury, low on both scales.",
        action="Tell the school, so that somebody listens to her this week",
        action_owner="Omar Khan",
    )
    meetings.decide(meeting.pk, item.pk, judged=judged, by=grace)


def _children(reference: str) -> list[int]:
    return [child.pk for child in Contact.objects.get(reference=reference).children.all()]


def _the_three() -> list[Invited]:
    return [
        _invited(HUB, AgencyKind.TEAM, "Grace Lin"),
        _invited(POLICE, AgencyKind.POLICE, "Omar Khan"),
        _invited(HEALTH, AgencyKind.HEALTH, "Nell Adeyemi"),
    ]


def _invited(name: str, kind: AgencyKind, who: str) -> Invited:
    return Invited(kind, Agency.objects.get(name=name), who)
