"""What stands on the paper: every answer as it was frozen, with the versions of form and matrix it was given under."""

import re

from django.conf import settings
from django.template.loader import render_to_string

from mash_portal.govuk import words
from referrals import papers
from referrals.models import Contact, Marf
from referrals.rules import marf
from referrals.rules.marf.values import evidence

#: Breaking a line takes a time that grows with the square of a word's length. Longer than this is no word.
LONGEST_WORD = 200
_PIECES = re.compile(rf"\S{{{LONGEST_WORD}}}|.+?(?=\S{{{LONGEST_WORD}}}|$)", re.DOTALL)


def pieces(text: str) -> list[str]:
    """The text cut where a line may end, so that no word is too long to be broken in good time."""
    return _PIECES.findall(text)


def css_and_html(contact: Contact, sent: Marf) -> tuple[str, str]:
    """Answers are text: the template escapes whatever somebody typed. Asks four queries."""
    codes = evidence(sent.answers)
    texts = {one.code: one.text for one in sent.matrix.indicators.by_code(codes)}
    said = {
        "council": settings.COUNCIL_NAME,
        "phone": settings.MASH_PHONE,
        "contact": contact,
        "marf": sent,
        "received": words.long_moment(contact.received_at),
        "declared": words.long_moment(sent.declared_at),
        "files": papers.sent_with(contact),
        "sections": _sections(marf.sheet(sent.answers, texts, version=sent.form_version)),
    }
    return render_to_string("papers/marf.css"), render_to_string("papers/marf.html", said)


def _sections(cards: list[marf.Card]) -> list[dict[str, object]]:
    """The cards under the headings of their sections. An answer is in pieces, between which a line may end."""
    found: dict[str, list[dict[str, object]]] = {}
    for card in cards:
        rows = [(row.question.heading, pieces(row.words)) for row in card.rows]
        if rows:
            found.setdefault(card.section.title, []).append({"title": card.title if card.key else "", "rows": rows})
    return [{"title": title, "cards": under} for title, under in found.items()]
