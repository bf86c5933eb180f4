"""The forms of the domestic abuse meeting. They only ask: what must be true is in rules/meetings.py."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import User
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from mash_portal.govuk.messages import give_sentences
from referrals.rules.meetings import AGENCIES, Judgement, Present, in_a_sentence
from referrals.vocabulary import MeetingDecision

LONGEST = 10_000
SAID = {"yes": True, "no": False}


class OpenForm(GovukForm):
    """For which day, and who chairs."""

    mark_optional = False
    buttons = (Button("Open the meeting"),)
    looks = {"held_on": Look(size="s"), "chair": Look(size="s")}

    held_on = DatePartsField(label="Day of the meeting", subject="Day of the meeting")
    chair = forms.ChoiceField(label="Who chairs it?", error_messages={"required": "Choose who chairs the meeting"})

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        chair = self.fields["chair"]
        assert isinstance(chair, forms.ChoiceField)  # noqa: S101 - declared above; for the type checker
        chair.choices = [("", "Choose a person"), *((key, one.full_name) for key, one in self.people.items())]

    @property
    def chosen_chair(self) -> User:
        return self.people[self.cleaned_data["chair"]]


class AttendanceForm(GovukForm):
    """Each agency: who came, or why nobody did."""

    mark_optional = False
    buttons = (Button("Save who came"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in AGENCIES:
            who = in_a_sentence(kind)
            self.fields[f"came_{kind}"] = forms.ChoiceField(
                label=f"Did somebody come for {who}?",
                choices=[("yes", "Yes"), ("no", "No")],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"who_{kind}"] = forms.CharField(label=f"Who came for {who}", max_length=120, required=False)
            self.fields[f"absent_{kind}"] = forms.CharField(
                label=f"If nobody came for {who}, why not?", max_length=1000, required=False
            )
        self.looks = {name: Look(size="s", inline=name.startswith("came_")) for name in self.fields}
        for field_name, field in self.fields.items():
            give_sentences(field, str(field.label or field_name))

    def layout(self) -> Sequence[Any]:
        return [Group(name, f"came_{kind}", f"who_{kind}", f"absent_{kind}") for kind, name in AGENCIES.items()]

    def rows(self) -> list[Present]:
        said = self.cleaned_data
        return [
            Present(kind, SAID.get(said[f"came_{kind}"]), said[f"who_{kind}"], said[f"absent_{kind}"])
            for kind in AGENCIES
        ]

    @staticmethod
    def initial_from(rows: Sequence[Present]) -> dict[str, str]:
        """What is recorded already, as the form gives it back."""
        found: dict[str, str] = {}
        for row in rows:
            found[f"came_{row.kind}"] = "yes" if row.attended else "no"
            found[f"who_{row.kind}"], found[f"absent_{row.kind}"] = row.who, row.absent_because
        return found


class AddForm(GovukForm):
    """Contacts that the portal offers, or any other by its reference."""

    mark_optional = False
    buttons = (Button("Add to the list"),)
    looks = {"contacts": Look(size="s"), "reference": Look(size="s", width="10")}

    contacts = forms.MultipleChoiceField(
        label="Contacts of the last seven days with domestic abuse in them",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reference = forms.CharField(
        label="Another contact, by its reference", help_text="For example, MF7K-3QPX", max_length=20, required=False
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = self.fields["contacts"]
        assert isinstance(contacts, forms.MultipleChoiceField)  # noqa: S101 - declared above; for the type checker
        contacts.choices = list(offered)
        if not offered:
            del self.fields["contacts"]

    def references(self) -> list[str]:
        return [*self.cleaned_data.get("contacts", []), self.cleaned_data["reference"]]


class DecideForm(GovukForm):
    """One child: first what it is like for them, then what is decided. Nothing is ticked."""

    mark_optional = False
    buttons = (Button("Save the decision"),)
    looks = {
        "child_focus": Look(size="s", rows=4),
        "decision": Look(size="s"),
        "reason": Look(size="s", rows=4),
        "action": Look(size="s", rows=2),
        "action_owner": Look(size="s", width="20"),
    }

    child_focus = forms.CharField(
        label="What is it like for this child?",
        help_text="What they saw, heard, said or show; what they need. Not the adults’ story.",
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
    decision = forms.ChoiceField(
        label="What did the meeting decide?",
        choices=MeetingDecision.choices(),
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(label="Why?", widget=forms.Textarea, max_length=LONGEST, required=False)
    action = forms.CharField(
        label="What is done next",
        help_text="Needed with every decision but no further action.",
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    action_owner = forms.CharField(label="Who does it", max_length=120, required=False)

    def judged(self) -> Judgement:
        said = self.cleaned_data
        return Judgement(
            decision=MeetingDecision(said["decision"]) if said["decision"] else None,
            child_focus=said["child_focus"],
            reason=said["reason"],
            action=said["action"],
            action_owner=said["action_owner"],
        )
