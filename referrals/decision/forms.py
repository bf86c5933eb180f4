"""The forms of signing off and of steps that need their reason. What must be true is in rules/guards.py."""

from collections.abc import Mapping
from typing import Any

from django import forms

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button

LOST = dict.fromkeys(("required", "invalid"), "The page has lost its place. Open it again.")


def text_area(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.Textarea, max_length=20_000)


class VersionedForm(GovukForm):
    """Knows which version of the contact its page showed; the action refuses it when somebody has changed it since."""

    mark_optional = False
    is_refused = False
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=LOST)

    def catch_up(self, version: int) -> None:
        """The person has now been told of the change: what they send next is meant for this version."""
        typed: Mapping[str, Any] = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        typed["version"] = str(version)  # type: ignore[index]  # a copy that may be changed
        self.data = typed


class SignOffForm(VersionedForm):
    """The manager's own words, where history argues against no further action."""

    buttons = (Button("Sign off this decision"),)
    why_nfa_still_right = text_area("Why no further action is still right")

    def __init__(self, *args: Any, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_why:
            del self.fields["why_nfa_still_right"]


class ReasonForm(GovukForm):
    """A step that needs its reason and nothing else."""

    reason = text_area("Reason")

    def __init__(self, *args: Any, label: str, help_text: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
        self.buttons = (Button(button),)

    mark_optional = False
