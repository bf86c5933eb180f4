"""One page for a call. Nothing is required by a field: the rules say what is missing, all of it at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from mash_portal.accounts.models import Agency
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from mash_portal.govuk.words import LONDON
from referrals.rules.calls import OLDEST, PUBLIC_SOURCES, ChildSaid, Said, objections
from referrals.vocabulary import CallerKind, CallResult

from .actions import Told
from .words import who_they_are

LONGEST = 10_000
MOST_CHILDREN = 15
NOT_KNOWN = ("not known", "unknown", "n/k", "nk")
RESULTS = {
    CallResult.ADVICE: "Advice is all that is needed. No contact is made, and the decision clock does not run",
    CallResult.FORM_EXPECTED: "A professional only. It is a contact from now, and the form that follows joins it",
    CallResult.CONTACT: "A member of the public, somebody who will not say who they are, or out of hours",
}


class CallForm(GovukForm):
    """Who rang, about whom, what was said, what was advised, and what it leads to."""

    form_tag = False
    mark_optional = False
    buttons = (Button("Save the call"), Button("Add another child", name="another", value="1", style="secondary"))
    looks = {
        "caller_kind": Look(size="s"),
        "caller_name": Look(size="s", width="two-thirds"),
        "caller_phone": Look(size="s", width="20", inputmode="tel"),
        "agency": Look(size="s", width="two-thirds"),
        "source": Look(size="s"),
        "address": Look(size="s", rows=2),
        "said": Look(size="s", rows=8, max_characters=LONGEST),
        "advice": Look(size="s", rows=5, max_characters=LONGEST),
        "result": Look(size="s", item_hints={result.value: hint for result, hint in RESULTS.items()}),
    }

    children = forms.IntegerField(widget=forms.HiddenInput, required=False)
    caller_kind = forms.ChoiceField(
        label="Who is ringing?", choices=CallerKind.choices(), widget=forms.RadioSelect, required=False
    )
    caller_name = forms.CharField(label="Caller’s name", max_length=120, required=False)
    caller_phone = forms.CharField(label="Caller’s telephone number", max_length=40, required=False)
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Agency",
        help_text="Only where a professional rings",
        empty_label="Choose an agency",
        required=False,
        error_messages={"invalid_choice": "Choose an agency from the list"},
    )
    source = forms.ChoiceField(
        label="Who are they to the child?",
        help_text="Only where a member of the public rings",
        choices=[(code, who_they_are(code)) for code in PUBLIC_SOURCES],
        widget=forms.RadioSelect,
        required=False,
    )
    address = forms.CharField(
        label="Where do they live?",
        help_text="With the postcode, if it is known",
        widget=forms.Textarea,
        max_length=300,
        required=False,
    )
    said = forms.CharField(
        label="What did the caller say?",
        help_text="Facts, dates and how they know. A professional reads this afterwards",
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
    advice = forms.CharField(
        label="What did you advise?",
        help_text="A professional’s agency reads this as its written record; a letter can be printed for anybody else",
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
    result = forms.ChoiceField(
        label="What does the call lead to?", choices=CallResult.choices(), widget=forms.RadioSelect, required=False
    )

    def __init__(self, data: QueryDict | None = None, *, agencies: Sequence[Agency]) -> None:
        self.count, self.is_adding = _count(data), data is not None and "another" in data
        if data is not None:
            data = data.copy()
            data["children"] = str(self.count)
        super().__init__(data, initial={"children": self.count})
        self.looks = dict(self.looks)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])  # type: ignore[attr-defined]  # a ModelChoiceField
        for number in range(1, self.count + 1):
            self._add_child(number, is_new=self.is_adding and number == self.count)

    def _add_child(self, number: int, *, is_new: bool) -> None:
        of = f" of child {number}"
        focus = {"autofocus": True} if is_new else {}
        asked: dict[str, tuple[forms.Field, Look]] = {
            "given_names": (
                forms.CharField(label="First name", max_length=120, widget=forms.TextInput(attrs=focus)),
                Look(size="s", width="20"),
            ),
            "family_name": (
                forms.CharField(label="Family name", max_length=120, help_text="Or “not known”"),
                Look(size="s", width="20"),
            ),
            "born": (DatePartsField(label="Date of birth", subject=f"Date of birth{of}"), Look(size="s")),
            "age": (
                forms.IntegerField(
                    label="Or about how old?",
                    min_value=0,
                    max_value=OLDEST,
                    error_messages=dict.fromkeys(
                        ("invalid", "min_value", "max_value"),
                        f"The age{of} must be a number of years between 0 and {OLDEST}",
                    ),
                ),
                Look(size="s", width="3", suffix="years"),
            ),
        }
        for name, (field, look) in asked.items():
            field.required = False
            self.fields[f"{name}_{number}"], self.looks[f"{name}_{number}"] = field, look

    def layout(self) -> Sequence[Any]:
        children = [
            Group(f"Child {number}", *(f"{name}_{number}" for name in ("given_names", "family_name", "born", "age")))
            for number in range(1, self.count + 1)
        ]
        caller = Group("The caller", "caller_kind", "caller_name", "caller_phone", "agency", "source")
        return [caller, *children, "address", Group("The call", "said", "advice", "result")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_adding:
            for objection in objections(self._said(cleaned), timezone.now().astimezone(LONDON).date()):
                if objection.field not in self.errors:
                    self.add_error(
                        objection.field if objection.field in self.fields else None, objection.removesuffix(".")
                    )
        return cleaned

    def told(self) -> Told:
        """The call, of a form without errors."""
        cleaned = self.cleaned_data
        return Told(self._said(cleaned), agency=cleaned.get("agency"), address=cleaned.get("address", ""))

    def _said(self, cleaned: dict[str, Any]) -> Said:
        return Said(
            caller_kind=cleaned.get("caller_kind", ""),
            result=cleaned.get("result", ""),
            caller_name=cleaned.get("caller_name", ""),
            caller_phone=cleaned.get("caller_phone", ""),
            has_agency=cleaned.get("agency") is not None,
            source=cleaned.get("source", ""),
            children=[child for n in range(1, self.count + 1) if (child := self._child(cleaned, n))],
            said=cleaned.get("said", ""),
            advice=cleaned.get("advice", ""),
        )

    def _child(self, cleaned: dict[str, Any], number: int) -> ChildSaid | None:
        """None where nothing was typed; “not known” is an answer, and nobody's name."""
        typed = {name: cleaned.get(f"{name}_{number}") for name in ("given_names", "family_name", "born", "age")}
        if all(value in (None, "") for value in typed.values()):
            return None
        names = [str(typed[name] or "") for name in ("given_names", "family_name")]
        given, family = ("" if name.casefold().strip(" .") in NOT_KNOWN else name for name in names)
        return ChildSaid(given, family, typed["born"], typed["age"])


def _count(data: QueryDict | None) -> int:
    """How many children the page has room for: one, and one more each time that it is asked for."""
    typed = str(data.get("children", "")) if data is not None else ""
    shown = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
    more = data is not None and "another" in data
    return max(1, min(shown + more, MOST_CHILDREN))
