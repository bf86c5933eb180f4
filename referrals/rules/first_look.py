"""What a first look must say before it is kept, and the words it is kept in. Plain Python."""

from collections.abc import Iterator
from dataclasses import dataclass

from referrals.refusals import Objection
from referrals.vocabulary import Rag

from .priority import Proposal


@dataclass(frozen=True)
class Look:
    """What a worker says after the first look at a contact; None where they have not said."""

    history_read: bool | None = None
    in_danger_now: bool | None = None
    done_about_danger: str = ""
    open_elsewhere: bool | None = None
    open_with: str = ""
    is_ours: bool | None = None
    whose: str = ""
    rag: Rag | None = None
    reason: str = ""


_QUESTIONS = {
    "history_read": "Say whether the history was read before agreement was discussed",
    "in_danger_now": "Say whether anybody is in immediate danger",
    "open_elsewhere": "Say whether a case is open elsewhere",
    "is_ours": "Say whether it is ours or another authority’s",
    "rag": "Choose the priority",
}


def objections(look: Look, proposal: Proposal) -> list[Objection]:
    """Every sentence that stands in the way of keeping it, each at the field that would answer it."""
    return list(_objections(look, proposal))


def _objections(look: Look, proposal: Proposal) -> Iterator[Objection]:
    for field, sentence in _QUESTIONS.items():
        if getattr(look, field) is None:
            yield Objection(field, f"{sentence}.")
    if look.in_danger_now and not look.done_about_danger.strip():
        yield Objection("done_about_danger", "Say what was done about the danger, when and by whom.")
    if look.open_elsewhere and not look.open_with.strip():
        yield Objection("open_with", "Say with whom the case is open.")
    if look.is_ours is False and not look.whose.strip():
        yield Objection("whose", "Say which authority it belongs to, and who there was told.")
    if look.rag not in (None, proposal.rag) and not look.reason.strip():
        chosen = look.rag.label.lower() if look.rag else ""
        sentence = f"The rules propose {proposal.rag.label.lower()}. Say why you judge it to be {chosen}."
        yield Objection("reason", sentence)


def reason_for(look: Look, proposal: Proposal) -> str:
    """Why this priority: what the worker wrote, or what the rules said where the worker follows them."""
    return look.reason.strip() or f"As the rules propose. {' '.join(proposal.because)}"


def in_words(look: Look, proposal: Proposal, rag_before: Rag | None) -> str:
    """The line of the timeline. Where the priority stays although the rules propose another, the reason stands here."""
    said = [
        "Somebody is in immediate danger." if look.in_danger_now else "Nobody is in immediate danger.",
        "A case is open elsewhere." if look.open_elsewhere else "No case is open elsewhere.",
        "It is ours." if look.is_ours else "It belongs to another authority.",
        "" if look.history_read else "The history was not read before agreement was discussed.",
        f"The rules propose {proposal.rag.label.lower()}.",
    ]
    if look.rag is not None and look.rag is rag_before and look.reason.strip():
        said.append(f"The priority stays {look.rag.label.lower()}: {look.reason.strip()}")
    return " ".join(sentence for sentence in said if sentence)
