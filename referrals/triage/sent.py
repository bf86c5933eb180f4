"""The referral form as it was sent, beside what its writer ticked in the matrix."""

from typing import Any

from mash_portal.govuk import words
from referrals.models import Assessment, Contact, Marf
from referrals.rules.marf import Card, sheet
from referrals.rules.marf.values import evidence

from .findings import level_names, side


def of(contact: Contact) -> dict[str, Any]:
    """The frozen answers section by section, and the referrer's view. `cards` is empty where no form came."""
    form = Marf.objects.filter(contact=contact).select_related("matrix", "declared_by").first()
    assessment = Assessment.objects.latest_of(contact, Assessment.REFERRER)
    view = side(assessment, level_names([assessment]))
    if form is None:
        return {"cards": [], "referrer": view}
    codes = evidence(form.answers)
    texts = {one.code: one.text for one in form.matrix.indicators.by_code(codes)}
    return {
        "cards": [_card(card) for card in sheet(form.answers, texts, version=form.form_version)],
        "declared": f"{form.declared_by} declared this on {words.long_moment(form.declared_at)}.",
        "matrix": form.matrix,
        "declaration": form.declaration,
        "version": form.form_version,
        "referrer": view,
    }


def _card(card: Card) -> dict[str, Any]:
    title = card.title if not card.key else f"{card.section.one.capitalize()}: {card.title}"
    rows = [{"key": row.question.heading, "value": row.words} for row in card.rows if row.words]
    return {"title": title, "rows": rows or [{"key": "Answers", "value": "None of these questions was answered"}]}
