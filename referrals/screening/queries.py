"""What the screening pages read. None of these grows a query with its rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import JSONObject

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Assessment, Child, Contact, Screening
from referrals.models.contact import ContactQuerySet
from referrals.rules.guards import ChildPicture, Picture, reasons_to_look_again
from referrals.rules.screening import Notification, is_low_level
from referrals.vocabulary import Channel, Outcome, Stage

PAGE = 50


@dataclass
class Listed:
    """One contact of the list, with what the police said of it."""

    contact: Contact
    said: Notification
    narrative: str = ""
    police_reference: str = ""
    childs_voice: str = ""
    children: list[Child] = field(default_factory=list)

    @property
    def referred(self) -> list[Child]:
        return [child for child in self.children if child.in_scope]


def to_screen(user: User) -> list[Listed]:
    """Unclaimed low-level domestic abuse notifications that nobody has screened, the soonest deadline first."""
    contacts = _waiting(user).filter(children__screening__isnull=True).exclude(children__screening__isnull=False)
    return _listed(contacts)


def to_sign_off(user: User) -> list[Listed]:
    """Those of which every child is proposed to be screened out and that wait for a manager."""
    proposed = _waiting(user).filter(children__screening__screened_out=True)
    return _listed(proposed.exclude(children__screening__screened_out=False))


def one(contact: Contact) -> Listed | None:
    """This contact as a line of the list; None where it is not one that can be screened."""
    found = _listed(_open_notifications(Contact.objects.filter(pk=contact.pk)))
    return found[0] if found else None


def _waiting(user: User) -> ContactQuerySet:
    return _open_notifications(access.visible_to(user))


def _open_notifications(contacts: ContactQuerySet) -> ContactQuerySet:
    return contacts.filter(channel=Channel.POLICE, stage=Stage.RECEIVED, owner=None)


def _listed(contacts: ContactQuerySet) -> list[Listed]:
    """Four queries: the contacts, what the police said, the alerts, the children with their screening."""
    rows = list(
        contacts.distinct().soonest_first().prefetch_related("children__screening__by").select_related("agency")
    )
    said = _answers(rows)
    alerts = dict(
        Assessment.objects.filter(contact__in=rows, side=Assessment.REFERRER).values_list("contact_id", "alerts")
    )
    found = [_line(row, said.get(row.pk, {}), alerts.get(row.pk, [])) for row in rows]
    return [line for line in found if is_low_level(line.said)]


def _answers(contacts: Iterable[Contact]) -> dict[int, dict[str, Any]]:
    """The few answers that matter, out of each form: one query that reads no whole form."""
    wanted = JSONObject(
        incident_type=F("marf__answers__arrival__incident_type"),
        factors=F("marf__answers__worry__factors"),
        narrative=F("marf__answers__worry__worry"),
        voice=F("marf__answers__worry__childs_voice"),
        dash=F("marf__answers__threshold__dash"),
        dvrim=F("marf__answers__threshold__dvrim_scale"),
    )
    rows = Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).annotate(said=wanted)
    return dict(rows.values_list("pk", "said"))


def _line(contact: Contact, said: dict[str, Any], alerts: list[str]) -> Listed:
    notification = Notification(
        incident_type=said.get("incident_type") or "",
        factors=said.get("factors") or (),
        alerts=alerts,
        rag=contact.rag,
        dash=said.get("dash") or "",
        dvrim=said.get("dvrim") or "",
    )
    return Listed(
        contact,
        notification,
        narrative=said.get("narrative") or "",
        police_reference=contact.external_reference or "",
        childs_voice=said.get("voice") or "",
        children=list(contact.children.all()),
    )


def reasons_against(contacts: Iterable[Contact], user: User, now: datetime) -> dict[int, tuple[str, ...]]:
    """For each contact, why a manager must say that no further action is still right (front-door.md 3.5).

    From the history that this person may see. Two queries, however many contacts there are.
    """
    here = list(Child.objects.filter(contact__in=list(contacts), in_scope=True))
    people = {child.person_id for child in here if child.person_id}
    seen = Child.objects.filter(person__in=people, contact__in=access.visible_to(user))
    known = list(seen.order_by("-received_at"))
    pictures: dict[int, list[ChildPicture]] = {}
    for child in here:
        earlier = [row for row in known if row.person_id == child.person_id and _is_before(row, child)]
        pictures.setdefault(child.contact_id, []).append(_picture_of(child, earlier))
    return {contact: reasons_to_look_again(_picture(tuple(own), now)) for contact, own in pictures.items()}


def _is_before(row: Child, child: Child) -> bool:
    return row.received_at < child.received_at and row.contact_id != child.contact_id


def _picture_of(child: Child, earlier: list[Child]) -> ChildPicture:
    return ChildPicture(
        key=child.pk,
        name=child.name,
        outcomes=frozenset({Outcome.NFA_INFORMATION}),
        level=None,
        date_of_birth=child.date_of_birth,
        is_unborn=child.is_unborn,
        estimated_age=child.estimated_age,
        earlier_contacts=tuple(row.received_at for row in earlier),
        earlier_nfas=tuple(row.decided_at for row in earlier if row.was_nfa and row.decided_at),
    )


def _picture(children: tuple[ChildPicture, ...], now: datetime) -> Picture:
    return Picture(
        now=now,
        children=children,
        assessed_level=None,
        has_harm_alert=False,
        recommender_is_qualified=True,
        agreement_on_record=False,
    )


def screened_out(user: User, before: int | None) -> tuple[list[Screening], int | None]:
    """Children whose screening is signed off, latest first, and where the next page begins: for the dip sample."""
    rows = Screening.objects.filter(
        Q(signed_off_at__isnull=False), screened_out=True, child__contact__in=access.visible_to(user)
    )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(rows.select_related("child__contact__agency", "by", "signed_off_by").order_by("-pk")[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None
