"""What the daily domestic abuse meeting reads: its list, and what the list is made of. Through visible_to, always."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import AbuseMeeting, Assessment, Child, Contact, MeetingItem
from referrals.models.contact import ContactQuerySet
from referrals.rules import permissions
from referrals.rules.screening import Notification, is_domestic_abuse
from referrals.vocabulary import Channel

#: How far back the first meeting looks, over a weekend; each later one looks back to when the one before was opened.
FIRST_LOOKS_BACK = timedelta(days=3)
#: Contacts that the page offers for adding by hand: of this many days, and no more than so many.
OFFERED_DAYS, MOST_OFFERED = timedelta(days=7), 50
PAGE = 30


def meetings(user: User, before: date | None) -> list[AbuseMeeting]:
    """A page of meetings, the latest first, with how many children this person may see on each list."""
    mine = Q(items__child__contact__in=access.visible_to(user))
    found = AbuseMeeting.objects.select_related("chaired_by").annotate(
        children=Count("items", filter=mine, distinct=True),
        decided=Count("items", filter=mine & ~Q(items__decision=""), distinct=True),
    )
    if before is not None:
        found = found.filter(held_on__lt=before)
    return list(found.order_by("-held_on")[: PAGE + 1])


def meeting(number: int, *, lock: bool = False) -> AbuseMeeting:
    """One meeting; 404 where there is none."""
    found = AbuseMeeting.objects.all()
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    row = found.select_related("chaired_by", "opened_by", "closed_by").filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def items(user: User, of: AbuseMeeting) -> QuerySet[MeetingItem]:
    """The children on a meeting's list whom this person may see, family by family."""
    mine = MeetingItem.objects.filter(meeting=of, child__contact__in=access.visible_to(user))
    return mine.select_related("child__contact__agency", "by").order_by("child__contact__received_at", "child_id")


def item(user: User, of: AbuseMeeting, number: int) -> MeetingItem:
    """One child on the list; 404 for a child whom this person may not see."""
    found = items(user, of).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def hub_people() -> list[User]:
    """Who may chair: whoever may hold the meeting."""
    return list(
        User.objects.filter(role__in=permissions.MEETS, is_active=True, agency__is_hub=True).order_by("full_name")
    )


def notified_since(user: User, since: datetime) -> list[Child]:
    """Children of domestic abuse notifications of the police since then, but those that a manager screened out."""
    contacts = access.visible_to(user).filter(channel=Channel.POLICE, received_at__gt=since)
    signed_out = Q(screening__screened_out=True, screening__signed_off_at__isnull=False)
    children = Child.objects.filter(contact__in=with_domestic_abuse(contacts), in_scope=True)
    return list(children.exclude(signed_out).exclude(meeting_items__isnull=False).order_by("received_at", "id"))


def offered(user: User, of: AbuseMeeting, now: datetime) -> list[Contact]:
    """Other contacts of the last days with domestic abuse in them, none of whose children are on a list yet."""
    lately = access.visible_to(user).filter(received_at__gt=now - OFFERED_DAYS)
    lately = lately.exclude(children__meeting_items__isnull=False).exclude(children__screening__screened_out=True)
    found = with_domestic_abuse(lately.order_by("-received_at", "-id"))[:MOST_OFFERED]
    keys = [contact.pk for contact in found]
    return list(Contact.objects.filter(pk__in=keys).for_list().order_by("-received_at", "-id"))


def with_domestic_abuse(contacts: ContactQuerySet) -> list[Contact]:
    """Those of which a form's factors, the police's words or the matrix's alert say domestic abuse. Two queries."""
    said = JSONObject(
        incident_type=F("marf__answers__arrival__incident_type"), factors=F("marf__answers__worry__factors")
    )
    rows = list(contacts.annotate(said=said))
    alerts: dict[int, list[str]] = {}
    for contact, found in Assessment.objects.filter(contact__in=rows).values_list("contact_id", "alerts"):
        alerts.setdefault(contact, []).extend(found)
    return [row for row in rows if is_domestic_abuse(_notification(vars(row)["said"], alerts.get(row.pk, ())))]


def _notification(said: dict[str, Any], alerts: Iterable[str]) -> Notification:
    return Notification(
        incident_type=said.get("incident_type") or "", factors=said.get("factors") or (), alerts=list(alerts)
    )
