"""What the pages of disagreements read. Each function says how many queries it makes; none grows with the rows."""

from dataclasses import dataclass
from typing import Self

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import QueryDict

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES
from referrals import access
from referrals.models import Contact, Disagreement, DisagreementStage
from referrals.models.disagreement import DisagreementQuerySet
from referrals.rules import permissions
from referrals.rules.disagreement import STAGES

from . import responders

PAGE = 50
OPEN, ENDED, ALL = "open", "ended", "all"
_STAGES = Prefetch("stages", DisagreementStage.objects.select_related("hub_responder", "answered_by"))


@dataclass(frozen=True)
class Filters:
    """Which disagreements a list shows. Anything in the address that is not a choice is left out of account."""

    state: str = OPEN
    stage: int = 0

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        state, stage = query.get("state", ""), query.get("stage", "")
        number = int(stage) if stage in {str(one) for one in STAGES} else 0
        return cls(state if state in (OPEN, ENDED, ALL) else OPEN, number)

    @property
    def query(self) -> str:
        return f"?state={self.state}&stage={self.stage or ''}"

    def narrow(self, found: DisagreementQuerySet) -> DisagreementQuerySet:
        """The open ones with the oldest first, because it waits longest; else the newest first."""
        if self.stage:
            found = found.filter(stage=self.stage)
        if self.state == OPEN:
            return found.open().order_by("raised_at", "id")
        return found.exclude(ended_at=None) if self.state == ENDED else found


def seen_by(user: User) -> DisagreementQuerySet:
    """The hub: those on records it may see. The partnership: every one, but what is restricted it never hears of."""
    if user.as_role in HUB_ROLES:
        return Disagreement.objects.filter(contact__in=access.visible_to(user))
    if user.as_role in permissions.INSIGHT:
        return Disagreement.objects.exclude(contact__in=access.hidden_from(user))
    return Disagreement.objects.none()


def page_of(user: User, filters: Filters, page: str) -> Page[Disagreement]:
    """Three queries, one more where something is restricted."""
    rows = filters.narrow(seen_by(user)).select_related("contact__agency").prefetch_related(_STAGES)
    return Paginator(rows, PAGE).get_page(page)


def of_contact(contact: Contact) -> list[Disagreement]:
    """Every disagreement about a contact, the newest first, with its stages: two queries, one where there is none."""
    found = responders.with_people(contact.disagreements.all())
    return list(found.select_related("new_decision").prefetch_related(_STAGES))
