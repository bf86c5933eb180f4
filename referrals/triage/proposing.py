"""Gathers, in a few queries, what rules/priority.py looks at. The rules themselves are plain Python."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Assessment, Child, Contact, Marf
from referrals.rules.guards import ChildPicture
from referrals.rules.marf.values import part, text
from referrals.rules.priority import Facts, View

from . import queries

#: Written where a form asks about injuries and there are none.
NO_INJURY = frozenset({"none", "no", "no injuries", "none seen", "none known", "not known", "n/a", "nil"})
History = Mapping[int | None, Sequence[Child]]


def facts_of(
    contact: Contact, user: User, *, now: datetime, in_danger: bool = False, earlier: History | None = None
) -> Facts:
    """What the record says of how long it can wait. Six queries; five where the history, `earlier`, is given.

    What the rules make of it is kept and read by everybody who reads the contact, so a restricted record counts for
    nothing here, even where this person may open it.
    """
    earlier = access.earlier_contacts(user, contact) if earlier is None else earlier
    children = list(contact.children.all())
    consent = queries.consent_of(contact)
    form = Marf.objects.filter(contact=contact).values_list("answers", flat=True).first()
    worry = part(form or {}, "worry")
    factors = worry.get("factors")
    return Facts(
        now=now,
        children=tuple(_picture(child, earlier.get(child.person_id, ())) for child in children),
        babies=tuple(child.name for child in children if _is_baby(child)),
        view=_view(contact),
        level_believed=contact.level_believed,
        in_danger_now=in_danger,
        acted_at_once=contact.emergency_acts.exists(),
        agreement_given=consent.agreement_given if consent else None,
        has_injuries=text(worry, "injuries").casefold().strip(" .") not in NO_INJURY | {""},
        concerns=frozenset(str(code) for code in factors) if isinstance(factors, list) else frozenset(),
    )


def _view(contact: Contact) -> View | None:
    """The hub's own assessment where there is one, else the referrer's. What was judged lower counts as evidenced."""
    views = list(contact.assessments.order_by("-at", "-id"))
    hub = next((one for one in views if one.side == Assessment.HUB), None)
    referrer = next((one for one in views if one.side == Assessment.REFERRER), None)
    if hub is not None:
        return View("The MASH’s assessment", max(hub.level, hub.suggested_level or 0), hub.has_harm_alert)
    if referrer is not None and referrer.suggested_level is not None:
        return View("The referrer’s evidence", referrer.suggested_level, referrer.has_harm_alert)
    return None


def _picture(child: Child, earlier: Sequence[Child]) -> ChildPicture:
    earlier = [row for row in earlier if not row.contact.is_restricted]
    return ChildPicture(
        key=child.pk,
        name=child.name,
        outcomes=frozenset(),
        level=None,
        date_of_birth=child.date_of_birth,
        is_unborn=child.is_unborn,
        earlier_contacts=tuple(row.received_at for row in earlier),
        earlier_nfas=tuple(row.decided_at for row in earlier if row.was_nfa and row.decided_at),
    )


def _is_baby(child: Child) -> bool:
    return child.date_of_birth is None and not child.is_unborn and child.estimated_age == 0
