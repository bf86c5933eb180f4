"""What the board of unread feedback and the directory of services read. None grows with the rows."""

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Contact, Deadline, Feedback, Service
from referrals.vocabulary import Clock

PAGE = 50
UNREAD, PHONED, ASKED = "unread", "phoned", "asked"
STATES = ((UNREAD, "Not opened, nobody told"), (PHONED, "Not opened, told by telephone"), (ASKED, "Question waiting"))
_CONDITIONS = {
    UNREAD: Q(opened_at=None, phoned_at=None),
    PHONED: Q(opened_at=None, phoned_at__isnull=False),
    ASKED: Q(questions__isnull=False, questions__answered_at=None),
}


def board(user: User, state: str, page: str) -> Page[Feedback]:
    """The latest feedback of closed contacts that somebody should have opened, the oldest first. Two queries."""
    clock = Deadline.objects.filter(contact=OuterRef("contact"), clock=Clock.FEEDBACK_READ).order_by("-id")
    later = Feedback.objects.filter(contact=OuterRef("contact"), pk__gt=OuterRef("pk"))
    rows = (
        Feedback.objects.filter(_CONDITIONS[state], contact__in=access.visible_to(user).filter(stage="closed"))
        .exclude(Exists(later))
        .annotate(due=Subquery(clock.values("due_at")[:1]))
        .exclude(due=None)
        .select_related("contact__agency", "phoned_by")
        .order_by("sent_at", "pk")
    )
    return Paginator(rows, PAGE).get_page(page)  # type: ignore[return-value]  # a Feedback with `due` annotated


def services(*, active: bool = True) -> list[Service]:
    found: QuerySet[Service] = Service.objects.all()
    return list(found.filter(is_active=True) if active else found)


def sent(contact: Contact) -> Feedback | None:
    """The latest feedback with its questions, for the hub: four queries at most."""
    people = ("decision", "sent_by", "opened_by", "phoned_by", "understood_by")
    found = contact.feedback.select_related(*people)
    return found.prefetch_related(
        "decision__outcomes__child", "services", "questions__asked_by", "questions__answered_by"
    ).first()
