"""A question of the form as a Django field in our look. Nothing is required: saving never depends on being right."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_email

from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.look import Look
from referrals.rules.marf import Kind, Question
from referrals.rules.marf.numbers import is_nhs_number, is_postcode, is_upn
from referrals.rules.marf.values import clean_text

#: The answer that stands alone, for each question that has one.
ALONE = {"disability": "NONE", "factors": "21"}


def _is_email(typed: str) -> bool:
    try:
        validate_email(typed)
    except forms.ValidationError:
        return False
    return True


#: check → (does it hold, what to say when it does not). These are said while typing and never stop a referral.
CHECKS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "email": (
        _is_email,
        "Enter an email address in the correct format, like name@example.com, or save again to keep it",
    ),
    "nhs": (
        is_nhs_number,
        "NHS number must be 10 digits with a right check digit. Check it, or save again to keep it as it is",
    ),
    "upn": (
        is_upn,
        "UPN must be a letter and 12 digits with a right check letter. Check it, or save again to keep it as it is",
    ),
    "postcode": (is_postcode, "Enter a full postcode, like WS3 4LP. Check it, or save again to keep it as it is"),
}


def field_of(question: Question) -> forms.Field:
    words: dict[str, Any] = {"label": question.label, "help_text": question.hint, "required": False}
    match question.kind:
        case Kind.LONG:
            return forms.CharField(widget=forms.Textarea, **words)
        case Kind.DATE:
            return DatePartsField(subject=question.heading, **words)
        case Kind.CHOICE | Kind.EACH_CHILD_CHOICE:
            return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **words)
        case Kind.SELECT:
            return forms.ChoiceField(choices=[("", "Choose an answer"), *question.choices], **words)
        case Kind.MANY:
            return forms.MultipleChoiceField(choices=question.choices, widget=forms.CheckboxSelectMultiple, **words)
        case _:
            return forms.CharField(**words)


def look_of(question: Question) -> Look:
    """How the question is drawn."""
    return Look(
        size="s",
        width=question.width or ("two-thirds" if question.kind is Kind.TEXT else ""),
        rows=5,
        optional=question.optional,
        inline=len(question.choices) in (2, 3) and all(len(label) < 10 for _, label in question.choices),
        none_value=ALONE.get(question.name, ""),
        small=question.kind is Kind.MANY,
    )


def slip_in(question: Question, answer: object, today: date) -> str:
    """What is wrong with one answer that the rules would let through; nothing where it is right."""
    if question.check == "past" and isinstance(answer, date) and answer > today:
        return f"{question.heading} must be today or in the past"
    typed = clean_text(answer)
    holds, sentence = CHECKS.get(question.check, (bool, ""))
    return sentence if typed and sentence and not holds(typed) else ""


def kept(question: Question, typed: object, cleaned: object) -> Any:
    """An answer as the draft keeps it: the date where it is one, else exactly what was typed."""
    codes = {code for code, _ in question.choices}
    if question.kind is Kind.DATE:
        boxes = {part: clean_text(text) for part, text in typed.items()} if isinstance(typed, dict) else {}
        return cleaned.isoformat() if isinstance(cleaned, date) else boxes if any(boxes.values()) else ""
    if question.kind is Kind.MANY:
        return [code for code in typed if code in codes] if isinstance(typed, Sequence) else []
    if codes:
        return typed if typed in codes else ""
    return clean_text(typed)
