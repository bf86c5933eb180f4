"""A management decision record on paper: what was decided, on what, by whom, and what was known when it was.

What came after the decision is not on it. It is for the hub: it says what other agencies told, with what they allow.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access, acts, casefile, decided, discussions
from referrals.models import Assessment, Check, Child, Contact, Decision
from referrals.vocabulary import LegalBasis, MayShare, Outcome

from .sheet import pieces

Row = dict[str, str]
Section = tuple[str, list[tuple[str, list[Row]]]]


def css_and_html(contact: Contact, decision: Decision, *, by: User, now: datetime) -> tuple[str, str]:
    """The same number of queries however much there is to say."""
    until = decided.until(decision)
    sections: list[Section] = [
        ("Decision for each child", [("", decided.outcome_rows(decision) + decided.route_rows(decision))]),
        ("Reasons", [("", decided.text_rows(decision))]),
        ("Actions", [("", decided.action_rows(decision))]),
        ("Done at once because of immediate danger", _acts(contact, now, until)),
        ("Threshold assessment", [("", _assessment(contact, until))]),
        ("Earlier contacts", [("", _history(contact, by, until))]),
        ("Agency checks", [("", _checks(contact, until))]),
        ("Strategy discussions", [("", discussions.on_the_record(decision))]),
        ("Informal discussions", [("", _lines(contact, until))]),
    ]
    said = {
        "council": settings.COUNCIL_NAME,
        "contact": contact,
        "title": decided.title(decision),
        "children": ", ".join(casefile.child_words(child, until or now) for child in contact.children.all()),
        "received": words.long_moment(contact.received_at),
        "printed": f"{words.long_moment(now)} by {by}",
        "is_decided": decision.signed_off_at is not None,
        "steps": decided.steps(decision),
        "sections": [_drawn(section) for section in sections if any(rows for _, rows in section[1])],
    }
    return render_to_string("papers/marf.css"), render_to_string("papers/record.html", said)


def _drawn(section: Section) -> dict[str, Any]:
    """An answer is in pieces, between which a line may end."""
    heading, cards = section
    drawn = [(title, [(row["key"], pieces(row["value"])) for row in rows]) for title, rows in cards if rows]
    return {"title": heading, "cards": drawn}


def _acts(contact: Contact, now: datetime, until: datetime | None) -> list[tuple[str, list[Row]]]:
    return [(act["title"], act["rows"]) for act in acts.shown_of(contact, now, until=until)]


def _assessment(contact: Contact, until: datetime | None) -> list[Row]:
    """The MASH's own that stood when it was decided."""
    found = Assessment.objects.by_the_hub(contact).select_related("by", "matrix").order_by("-at", "-id")
    last = (found.filter(at__lte=until) if until else found).first()
    if last is None:
        return []
    said = [f"Level {last.level}", *last.because, last.rationale]
    key = f"{last.by}, {words.long_moment(last.at)}, by {last.matrix}"
    return [{"key": key, "value": "\n".join(line for line in said if line)}]


def _history(contact: Contact, by: User, until: datetime | None) -> list[Row]:
    """Earlier contacts that whoever prints it may see, with the outcome that each had by then."""
    earlier = access.earlier_contacts(by, contact)
    return [
        {
            "key": child.name,
            "value": "\n".join(_earlier(row, until) for row in earlier.get(child.person_id, []))
            or "No earlier contact is known to the hub",
        }
        for child in contact.children.all()
    ]


def _earlier(row: Child, until: datetime | None) -> str:
    is_known = row.outcome and row.decided_at is not None and _by(row.decided_at, until)
    outcome = Outcome(row.outcome).label if is_known else "not decided then" if until else "not decided yet"
    return f"{words.long_date(row.received_at)}, {row.contact.agency}: {outcome} ({row.contact.reference})"


def _checks(contact: Contact, until: datetime | None) -> list[Row]:
    checks = contact.checks.select_related("agency", "authorised_by", "closed_by", "requested_by").order_by("id")
    asked = [check for check in checks if until is None or check.requested_at <= until]
    rows = [
        {"key": f"{check.agency}, asked {words.long_moment(check.requested_at)}", "value": _check(check, until)}
        for check in asked
    ]
    meaning = contact.syntheses.select_related("by").filter(**({"at__lte": until} if until else {})).first()
    if meaning is not None:
        rows.append({"key": f"What they mean together ({meaning.by})", "value": meaning.text})
    return rows


def _check(check: Check, until: datetime | None) -> str:
    """Why it was asked and on what ground, what came back, and who may be told."""
    said = [f"Purpose: {check.purpose}", f"Legal basis: {LegalBasis(check.legal_basis).label}"]
    if check.authorised_by is not None:
        said.append(f"Authorised by {check.authorised_by}: {check.authorised_because}")
    answer = _answer(check, until)
    if answer is not None:
        said += answer
    elif check.closed_at and _by(check.closed_at, until):
        said.append(f"Closed without an answer by {check.closed_by}: {check.closed_because}")
    else:
        said.append("Not answered then" if until else "Not answered yet")
    return "\n".join(line for line in said if line)


def _answer(check: Check, until: datetime | None) -> list[str] | None:
    """The last answer that had come by then: one that was corrected later stands as it was read."""
    given = [one for one in check.answers if _by(datetime.fromisoformat(one["at"]), until)]
    if not given:
        return None
    last = given[-1]
    known = "Known to them" if last["known"] else "Not known to them"
    share = MayShare(last["may_share"]).label if last["may_share"] else ""
    when = words.long_moment(datetime.fromisoformat(last["at"]))
    return [f"Answered by {last['by']}, {when}", f"{known}. {last['facts']}".strip(), share, last["share_with"]]


def _lines(contact: Contact, until: datetime | None) -> list[Row]:
    lines = contact.discussions.select_related("by", "with_person").order_by("at", "id")
    return [
        {"key": f"{one.by} with {one.with_person}, {words.long_moment(one.at)}", "value": one.line}
        for one in lines
        if _by(one.at, until)
    ]


def _by(moment: datetime, until: datetime | None) -> bool:
    return until is None or moment <= until
