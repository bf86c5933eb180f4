"""What a person writes to the referrer, about what the referrer sent, and what the referrer asks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from referrals.models import Service
from referrals.vocabulary import Grade

from .actions import QUALITIES

LONGEST = 10_000
_LOST = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again.")


def _grade(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Grade.choices(),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the three"},
    )


def _box(label: str, hint: str, missing: str) -> WordsField:
    return WordsField(label, missing, hint=hint, longest=LONGEST)


class FeedbackForm(GovukForm):
    """The outcome and level of each child go with it by themselves; these are the words around them."""

    mark_optional = False

    reason = forms.CharField(
        label="Why this was decided",
        help_text="One paragraph, in words that the referrer can act on.",
        widget=forms.Textarea,
        required=False,
        max_length=LONGEST,
    )
    next_steps = forms.CharField(
        label="What the referrer should do next",
        help_text="Sending a referral does not end their responsibility for the child.",
        widget=forms.Textarea,
        required=False,
        max_length=LONGEST,
    )
    who_to_call = forms.CharField(
        label="Who to call", help_text="Name and telephone number.", required=False, max_length=200
    )
    services = forms.MultipleChoiceField(
        label="Services to try",
        help_text="The referrer is shown what each does and how to reach it.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose services from the list"},
    )
    evidence = _grade(QUALITIES["evidence"])
    consent = _grade(QUALITIES["consent"])
    threshold = _grade(QUALITIES["threshold"])
    childs_voice = _grade(QUALITIES["childs_voice"])
    mark_advice = forms.CharField(
        label="One line of advice about the form",
        help_text="What would make the next one better.",
        required=False,
        max_length=300,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    looked_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, *args: Any, has_readers: bool, services: Sequence[Service], is_marked: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.buttons = (Button("Send to the referrer" if has_readers else "Save and close the contact"),)
        self.looks = {"reason": Look(rows=8), **{name: Look(inline=True, size="s") for name in QUALITIES}}
        self.has_services, self.is_marked = bool(services), is_marked
        self.fields["services"].choices = [(str(one.pk), one.name) for one in services]  # type: ignore[attr-defined]  # a ChoiceField
        self.looks["services"] = Look(item_hints={str(one.pk): one.what for one in services})
        if not services:
            del self.fields["services"]
        if not is_marked:
            for name in (*QUALITIES, "mark_advice"):
                del self.fields[name]

    def layout(self) -> list[Any]:
        found: list[Any] = ["reason", "next_steps", "who_to_call"]
        if self.has_services:
            found.append("services")
        if self.is_marked:
            hint = "The referrer reads this mark. All four, or none."
            found.append(Group("Quality of the referral form", *QUALITIES, "mark_advice", hint=hint))
        return found

    def said(self) -> dict[str, Any]:
        """Only for a valid form: as the action takes it."""
        clean = self.cleaned_data
        words = {name: clean[name] for name in ("reason", "next_steps", "who_to_call", "version")}
        mark = {name: clean.get(name, "") for name in QUALITIES} | {"advice": clean.get("mark_advice", "")}
        return {**words, "services": [int(pk) for pk in clean.get("services", ())], "mark": mark}

    def confirm(self, seal: str) -> None:
        """The warnings are on the page now: sending it again sends it."""
        if isinstance(self.data, QueryDict):
            sent = self.data.copy()
            sent["looked_at"] = seal
            self.data = sent


class PhoneForm(GovukForm):
    buttons = (Button("Record that they have been told"),)
    looks = {"words": Look(rows=5)}

    words = _box("Whom did you speak to, and what did they say?", "Their name and job.", "Write whom you spoke to")


class AskBackForm(GovukForm):
    buttons = (Button("Send the question"),)
    looks = {"text": Look(rows=5)}

    text = _box("What do you want to know?", "Whoever wrote the feedback reads this.", "Write what you want to know")


class AnswerBackForm(GovukForm):
    buttons = (Button("Send the answer"),)
    looks = {"text": Look(rows=6)}

    text = _box("Your answer", "The referrer reads this after signing in.", "Write the answer")
    question = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, error_messages=_LOST)


class ServiceForm(GovukForm):
    """One entry of the directory."""

    buttons = (Button("Save"),)
    looks = {"what": Look(rows=4), "how": Look(rows=3)}

    name = forms.CharField(label="Name of the service", max_length=120, error_messages={"required": "Enter its name"})
    what = _box("What does it do, and for whom?", "In a sentence or two.", "Write what it does")
    how = _box("How is it reached?", "Telephone, address, web page.", "Write how it is reached")
    levels = forms.MultipleChoiceField(
        label="At which levels of need does it help?",
        choices=[(str(level), f"Level {level}") for level in (1, 2, 3, 4)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_active = forms.BooleanField(label="Offer it to referrers", required=False)


class StateForm(GovukForm):
    """The panel beside the board. It is only drawn: the view reads the address."""

    mark_optional = False
    buttons = ()
    looks = {"state": Look(size="s", small=True)}

    state = forms.ChoiceField(label="Show", widget=forms.RadioSelect)

    def __init__(self, states: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a ChoiceField
