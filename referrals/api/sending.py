"""What a system sends: a referral, more about one, police notifications. Each through the action that a page uses."""

from typing import Any

from django.utils import timezone

from referrals import access
from referrals.following import actions as following
from referrals.following.forms import LONGEST
from referrals.intake import actions as intake
from referrals.intake import documents
from referrals.intake.notifications import bringing, notification
from referrals.models import ApiToken
from referrals.refusals import Objection, Refused
from referrals.rules.marf.values import clean_text
from referrals.vocabulary import AgencyKind, Channel

from . import following as reading
from .once import Done
from .problems import Problem, errors_of

MOST_NOTIFICATIONS = 500
#: What the portal says itself, or only the police: kept in words if a document says it.
NOT_THEIRS = ("channel", "received_at", "police_reference", "rag", "id", "expect")


def referral(token: ApiToken, data: dict[str, Any]) -> Done:
    """A referral in the shape of the form. Refused with the sentences of the page where something is missing."""
    said = {f"{key} (as sent)" if key in NOT_THEIRS else key: value for key, value in data.items()}
    document = documents.read({**said, **_sender(token, data), "channel": Channel.API.value})
    draft = intake.start_draft(by=token.acts_as, answers=document.answers)
    contact = intake.submit(draft.key, by=token.acts_as)
    return 201, reading.receipt(contact)


def _sender(token: ApiToken, data: dict[str, Any]) -> dict[str, str]:
    """The key says which agency it is; a document that says another is not sent by mistake."""
    agency = token.agency
    named = data.get("agency")
    if named not in (None, "") and clean_text(named).casefold() != agency.name.casefold():
        raise Refused(Objection("agency", f"This key is {agency.name}’s. Leave the agency out, or send {agency.name}."))
    return {"agency": agency.name, "source": agency.source}


def addition(token: ApiToken, reference: str, data: dict[str, Any]) -> Done:
    """More about a referral of the agency’s own. What was sent stays as it was."""
    text = data.get("text")
    if text is not None and not isinstance(text, str):
        raise Refused(Objection("text", "The text must be text."))
    text = clean_text(text)
    if len(text) > LONGEST:
        raise Refused(Objection("text", f"The text must be {LONGEST:,} characters or fewer."))
    reading.known(token.acts_as, reference)
    added = following.add(reference, text=text, by=token.acts_as)
    return 201, {"reference": reference, "added_at": added.at.isoformat()}


def police_notifications(token: ApiToken, data: dict[str, Any]) -> Done:
    """Each by itself: one that cannot come in stops no other. The answer says what became of each, in order."""
    if token.agency.kind != AgencyKind.POLICE:
        raise Problem(403, f"Only a police force may do this. The key is {token.agency.name}’s.")
    found = data.get("notifications")
    if not isinstance(found, list) or not found:
        raise Refused(Objection("notifications", "Send a list of notifications."))
    if len(found) > MOST_NOTIFICATIONS:
        sentence = f"Send {MOST_NOTIFICATIONS} notifications or fewer at a time."
        raise Refused(Objection("notifications", sentence))
    scales = bringing.scales()
    results = [_one(token, one, scales) for one in found]
    counts = {state: sum(result["result"] == state for result in results) for state in ("received", "same", "refused")}
    return 200, {**counts, "results": results}


def _one(token: ApiToken, data: object, scales: notification.Scales) -> dict[str, Any]:
    read = notification.read(
        data, agency=token.agency, sender=token.acts_as.full_name, scales=scales, now=timezone.now()
    )
    result: dict[str, Any] = {"police_reference": read.police_reference, "result": "refused", "reference": None}
    if read.problems:
        return result | {"errors": errors_of(read.problems)}
    try:
        contact, is_new = bringing.bring_in(read.answers, agency=token.agency, by=token.acts_as)
    except Refused as refusal:
        return result | {"errors": errors_of(list(refusal.reasons))}
    seen = is_new or access.visible_to(token.acts_as).filter(pk=contact.pk).exists()
    shown = contact.reference if seen else None
    return result | {"result": "received" if is_new else "same", "reference": shown, "errors": []}
