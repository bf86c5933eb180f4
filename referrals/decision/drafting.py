"""A recommendation while it is written: kept on the server with every button, and where it starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access
from referrals.models import Child, Contact, Decision, RecommendationDraft
from referrals.rules import journey
from referrals.vocabulary import Verb

from . import answers as said
from .answers import Answers


@dataclass(frozen=True)
class Before:
    """What was chosen before, by whom and when; `because`: why it came back."""

    by: User
    at: datetime
    choices: Answers
    because: str = ""


@dataclass(frozen=True)
class Writing:
    """A recommendation as its pages find it. `version`: what its writer knew of the contact when they chose."""

    children: list[Child]
    answers: Answers
    before: Before | None = None
    version: int | None = None
    saved_at: datetime | None = None
    saved_by: User | None = None

    @property
    def again(self) -> Answers:
        """The answers with the same choices as before."""
        return {**self.answers, **(self.before.choices if self.before else {})}


@transaction.atomic
def keep(reference: str, typed: Mapping[str, Any], *, by: User, version: int) -> RecommendationDraft:
    """Keep what was typed, right or wrong, so that neither a slip nor the end of a session loses it.

    The contact is not changed: nobody else reads it before it is sent.
    """
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RECOMMEND)
    journey.step(contact.as_stage, Verb.RECOMMEND)
    draft = RecommendationDraft.objects.filter(contact=contact).first()
    last = None if draft else _came_back(contact)
    begun = draft.answers if draft else said.words_of(last) if last else {}
    answers = {**begun, **typed, "version": version}
    draft, _ = RecommendationDraft.objects.update_or_create(
        contact=contact, defaults={"answers": answers, "by": by, "saved_at": now}
    )
    trail.record("recommendation_kept", by=by, reference=contact.reference)
    return draft


def writing_of(contact: Contact, user: User) -> Writing:
    """Where somebody goes on: from what was kept, else from the words of a recommendation that came back.

    Choices are filled in again only where this same person has chosen them in what they have not sent: those are
    their answers, and no default. What was chosen by somebody else, or has come back from a manager, has to be chosen
    anew: it is shown, and one button chooses it all again.
    """
    prefetch_related_objects([contact], "children")
    children = [child for child in contact.children.all() if child.in_scope]
    draft = RecommendationDraft.objects.filter(contact=contact).select_related("by").first()
    if draft is not None:
        return _from_draft(children, draft, user)
    last = _came_back(contact)
    if last is None:
        return Writing(children, {})
    before = Before(last.recommended_by, last.recommended_at, said.choices_of(last), last.sent_back_reason)
    return Writing(children, said.words_of(last), before, last.on_version)


def _came_back(contact: Contact) -> Decision | None:
    """The last recommendation, where it was taken back or sent back; a decision in force is not gone on from."""
    last = Decision.objects.latest_of(contact)
    return last if last is not None and last.sent_back_at is not None else None


def _from_draft(children: list[Child], draft: RecommendationDraft, user: User) -> Writing:
    answers = dict(draft.answers)
    version = answers.pop("version", None)
    words = said.without_choices(answers)
    choices = {name: value for name, value in answers.items() if name not in words}
    if draft.by_id == user.pk:
        return Writing(children, answers, None, version, draft.saved_at, draft.by)
    before = Before(draft.by, draft.saved_at, choices) if choices else None
    return Writing(children, words, before, version, draft.saved_at, draft.by)
