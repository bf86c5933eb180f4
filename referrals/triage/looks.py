"""First looks in words: what was found, what the rules proposed, by whom and when."""

from collections.abc import Sequence
from typing import Any

from mash_portal.govuk import words
from referrals.models import Contact, FirstLook
from referrals.vocabulary import Rag

Said = dict[str, Any]


def of(contact: Contact) -> list[Said]:
    """Every first look at a contact, the latest first: one query."""
    looks: Sequence[FirstLook] = list(contact.first_looks.select_related("by"))
    return [in_words(look) for look in looks]


def in_words(look: FirstLook) -> Said:
    proposed = Rag(look.proposed).label
    rows = [
        ("Immediate danger", f"Yes. {look.done_about_danger}" if look.in_danger_now else "Nobody is in danger now"),
        ("Open elsewhere", f"Yes. {look.open_with}" if look.open_elsewhere else "No"),
        ("Whose", "Ours" if look.is_ours else f"Another authority’s. {look.whose}"),
        ("History", _history(look)),
        ("Proposed priority", "\n".join([f"{proposed}, because:", *look.because])),
    ]
    return {
        "by": look.by.full_name,
        "when": words.long_moment(look.at),
        "danger": look.in_danger_now,
        "unread": not look.history_read,
        "rows": [{"key": key, "value": value} for key, value in rows],
    }


def _history(look: FirstLook) -> str:
    if look.history_read:
        return "Read before agreement was discussed with the parents"
    return "Not all of it was read, or agreement was discussed with the parents first"
