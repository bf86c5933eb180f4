"""Who answers for the hub: a person by name at each stage, never one who made the decision."""

from datetime import datetime

from django.db.models import Q

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals import notices
from referrals.models import Contact, Decision, Disagreement, DisagreementStage, Restriction, rota
from referrals.models.disagreement import DisagreementQuerySet
from referrals.rules import disagreement as rules
from referrals.rules.disagreement import Deciders

#: Whose name a stage bears first: the manager of that stage.
LEADS = {1: Role.TEAM_MANAGER}


def with_people(found: DisagreementQuerySet) -> DisagreementQuerySet:
    return found.select_related(
        "raised_by", "settled_by", "contact__agency", "decision__recommended_by", "decision__signed_off_by"
    )


def with_deciders(decision: Decision) -> Decision:
    return Decision.objects.select_related("recommended_by", "signed_off_by").get(pk=decision.pk)


def named_at(stage: int, contact: Contact, deciders: Deciders, now: datetime) -> User | None:
    """Whoever is on duty for the stage, or the next who may answer it, there if possible; None where nobody may."""
    lead = LEADS.get(stage, Role.SERVICE_MANAGER)
    could = {one.pk: one for one in _who_may(stage, contact, deciders)}
    first = rota.on_duty(lead, now)
    if first is not None and first.pk in could:
        return could[first.pk]
    managers = rota.there_first([one for one in could.values() if one.as_role is not Role.SOCIAL_WORKER], now)
    return next((one for one in managers if one.as_role is lead), next(iter(managers), None))


def hub_of(disagreement: Disagreement, stage: DisagreementStage, now: datetime) -> list[User]:
    """Whom the hub tells: the named person and whoever holds the contact; the manager on duty where nobody is named."""
    owner = disagreement.contact.owner
    named = [stage.hub_responder] if stage.hub_responder else notices.manager_on_duty(now)
    people = {one.pk: one for one in (*named, *([owner] if owner else []))}
    return list(people.values())


def _who_may(stage: int, contact: Contact, deciders: Deciders) -> list[User]:
    """Of a restricted record, only those who are named on it, or hold it."""
    people = User.objects.filter(role__in=rules.roles_at(stage, deciders), is_active=True)
    people = people.exclude(pk__in=deciders.people)
    if contact.is_restricted:
        named = Restriction.objects.in_force().filter(contact=contact).values("named")
        people = people.filter(Q(pk__in=named) | Q(pk__in=[contact.owner_id] if contact.owner_id else []))
    return list(people.distinct().order_by("id"))
