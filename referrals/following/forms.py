"""One box each: what to add, why to withdraw, what to ask, what to answer."""

from typing import Any

from django import forms

from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look

LONGEST = 10_000


def words(label: str, hint: str, missing: str) -> WordsField:
    return WordsField(label, missing, hint=hint, longest=LONGEST)


class AddForm(GovukForm):
    mark_optional = False
    buttons = (Button("Add to the referral"),)
    looks = {"text": Look(rows=8, max_characters=LONGEST)}

    text = words(
        "What has happened, or what have you learned?",
        "Facts, dates and how you know. What you sent stays as it was; this is added to it.",
        "Write what you want to add",
    )


class WithdrawForm(GovukForm):
    mark_optional = False
    buttons = (Button("Ask to withdraw", style="warning"),)
    looks = {"reason": Look(rows=6, max_characters=LONGEST)}

    reason = words(
        "Why do you want to withdraw it?",
        "For example, it was sent about the wrong child. A social worker reads this and decides.",
        "Write why you want to withdraw the referral",
    )


class CarryOnForm(GovukForm):
    mark_optional = False
    buttons = (Button("Carry on"),)
    looks = {"because": Look(rows=6, max_characters=LONGEST)}

    because = words(
        "Carry on because",
        "The referrer reads this, and it stays with the record.",
        "Write why the MASH carries on: the referrer reads it",
    )


class AskForm(GovukForm):
    mark_optional = False
    buttons = (Button("Send the question"),)
    looks = {"text": Look(rows=6, max_characters=LONGEST)}

    text = words(
        "What do you need to know?",
        "The referrer reads this after signing in. Their e-mail says only that there is a question.",
        "Write what you need to know",
    )


class AnswerForm(GovukForm):
    mark_optional = False
    buttons = (Button("Send the answer"),)
    looks = {"text": Look(rows=8, max_characters=LONGEST)}

    text = words("Your answer", "If you do not know, say so, and say who might.", "Write your answer")
    question = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again."
        ),
    )

    def __init__(self, *args: Any, waiting: int | None = None, **options: Any) -> None:
        super().__init__(*args, initial={"question": waiting}, **options)
