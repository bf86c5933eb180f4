"""Forms by which a contact changes hands or priority. Nothing is preselected, and every reason is compulsory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.models import Contact
from referrals.vocabulary import Rag

from .queries import Worker


class VersionedForm(GovukForm):
    """Knows which version of the contact its page showed; the action refuses it when somebody has changed it since."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "The page has lost its place. Open it again."),
    )

    def catch_up(self, version: int) -> None:
        """The person has now been told of the change: what they send next is meant for this version."""
        self.data = {**self.data.dict(), "version": str(version)} if hasattr(self.data, "dict") else self.data


class ReleaseForm(GovukForm):
    buttons = (Button("Put back in the queue"),)
    looks = {"reason": Look(max_characters=1000, rows=4)}

    reason = WordsField(
        "Why are you putting it back?",
        "Give the reason: it stays with the record",
        hint="Whoever takes it next reads this. It stays with the record.",
        longest=1000,
        called="The reason",
    )


class AssignForm(VersionedForm):
    buttons = (Button("Assign"),)

    to = forms.ChoiceField(
        label="Who takes this contact?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who takes this contact",
            "invalid_choice": "Choose somebody from the list",
        },
    )

    def __init__(self, workers: Sequence[Worker], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [(str(one.person.pk), one.person.full_name) for one in workers]  # type: ignore[attr-defined]  # a ChoiceField
        self.looks = {"to": Look(item_hints={str(one.person.pk): load_words(one) for one in workers})}


class ShareForm(GovukForm):
    """Ticked contacts, each with the version that the page showed, and who takes them. The table draws the ticks."""

    form_tag = False
    buttons = ()

    to_person = forms.ChoiceField(
        label="Who takes the contacts that you tick?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who takes them", "invalid_choice": "Choose somebody from the list"},
    )

    def __init__(self, workers: Sequence[Worker], contacts: Sequence[Contact], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.workers = {str(one.person.pk): one.person for one in workers}
        self.fields["to_person"].choices = [(key, one.full_name) for key, one in self.workers.items()]  # type: ignore[attr-defined]  # a ChoiceField
        self.looks = {"to_person": Look(size="s", item_hints={str(one.person.pk): load_words(one) for one in workers})}

    def clean(self) -> dict[str, Any]:
        if not self.versions():
            raise forms.ValidationError("Tick at least one contact.")
        return super().clean() or self.cleaned_data

    def to(self) -> User:
        return self.workers[self.cleaned_data["to_person"]]

    def ticked(self) -> frozenset[str]:
        return frozenset(self.versions())

    def versions(self) -> dict[str, int]:
        """Reference → version, of what was ticked: each tick says "reference@version"."""
        said = self.data.getlist("contact") if hasattr(self.data, "getlist") else []
        pairs = [(one, number) for one, _, number in (tick.partition("@") for tick in said) if len(number) < 10]
        return {one: int(number) for one, number in pairs if number.isascii() and number.isdigit()}


class RateForm(VersionedForm):
    buttons = (Button("Set the priority"),)

    rag = forms.ChoiceField(
        label="Priority",
        choices=Rag.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the priority", "invalid_choice": "Choose red, amber or green"},
    )
    reason = WordsField(
        "Why this priority?",
        "Give the reason: it stays with the record",
        hint="What you know that makes it this urgent, or no more urgent than this.",
        longest=2000,
        called="The reason",
    )

    def __init__(self, due: Mapping[Rag, datetime], now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hints = {rag.value: f"Decision due {when_words(moment, now)}" for rag, moment in due.items()}
        self.looks = {
            "rag": Look(item_hints=hints),
            "reason": Look(max_characters=2000, rows=5),
        }


def load_words(worker: Worker) -> str:
    """ "Social worker, holds 4 contacts, 1 overdue" """
    held = f"holds {words.count(worker.held, 'contact') if worker.held else 'nothing'}"
    late = f", {worker.overdue} overdue" if worker.overdue else ""
    return f"{worker.person.job or worker.person.as_role.label}, {held}{late}"


def when_words(moment: datetime, now: datetime) -> str:
    """ "today, 8:00pm", "tomorrow, 4:00pm", else "Fri 20 Nov, 4:00pm"; a moment that has passed is said to have."""
    days = (moment.astimezone(words.LONDON).date() - now.astimezone(words.LONDON).date()).days
    day = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    said = f"{day}, {words.time_of_day(moment)}" if day else words.short_moment(moment)
    return f"{said}, which has passed" if moment < now else said
