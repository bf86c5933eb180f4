"""What to ask of whom, why a manager authorises or closes it, what an agency answers, and what it all means."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import Agency
from mash_portal.govuk.fields import WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button, Look
from referrals.models import Check, Child
from referrals.rules.checks import Answer
from referrals.vocabulary import AgencyKind, LegalBasis, MayShare

from .actions import Request
from .queries import Choice

LONGEST = 10_000
NO_ACCOUNT = "Nobody there has an account: ring them, and close the check with what they said"
LOST = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again.")
KNOWN = [("yes", "Yes, the family is known to us"), ("no", "No, we know nothing of them")]


def _words(label: str, hint: str, missing: str = "", *, limit: int = LONGEST) -> WordsField:
    return WordsField(label, missing, hint=hint, longest=limit)


class AskForm(GovukForm):
    """Several agencies, one purpose. The ground, like everything else, is nobody's default."""

    mark_optional = False

    agencies = forms.MultipleChoiceField(
        label="Which agencies do you ask?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose agencies from the list"},
    )
    school = forms.ChoiceField(
        label="A school or nursery",
        help_text="One at a time. Leave it as it is if you ask none.",
        required=False,
        error_messages={"invalid_choice": "Choose a school from the list"},
    )
    children = forms.MultipleChoiceField(
        label="About which children?",
        help_text="The agency sees the names, dates of birth and addresses of these children, and their adults’ names.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose children of this contact"},
    )
    purpose = _words(
        "What do you need to know, and why from them?",
        "The agency reads this. Ask for what is necessary and no more, and tell them no more than they need.",
        "Write what you need to know, and why from these agencies",
        limit=4000,
    )
    legal_basis = forms.ChoiceField(
        label="On what ground?",
        choices=LegalBasis.choices(),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the ground on which they are asked",
            "invalid_choice": "Choose one of the grounds",
        },
    )
    authorised_because = _words(
        "Why are they asked without the family’s agreement?",
        "Your authority as a manager. The agency does not read this; it stays with the record.",
        "Say why the agencies are asked without the family’s agreement: it stays with the record",
        limit=4000,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        choices: Sequence[Choice],
        children: Sequence[Child],
        authorises: bool,
        waits: bool,
    ) -> None:
        super().__init__(data)
        self.agencies_by_id: dict[str, Agency] = {str(one.agency.pk): one.agency for one in choices}
        self.only_child = children[0] if len(children) == 1 else None
        schools = [one for one in choices if one.agency.kind == AgencyKind.SCHOOL]
        self._choices("agencies", _in_groups([one for one in choices if one not in schools]))
        self._choices("school", [("", "None"), *((str(one.agency.pk), _school(one)) for one in schools)])
        self._choices("children", [(str(child.pk), child.name) for child in children])
        for name, unused in (("authorised_because", not authorises), ("children", len(children) == 1)):
            if unused:
                del self.fields[name]
        self.looks = {
            "agencies": Look(size="s", small=True),
            "school": Look(size="s"),
            "children": Look(size="s"),
            "purpose": Look(size="s", max_characters=4000, rows=6),
            "legal_basis": Look(size="s"),
            "authorised_because": Look(size="s", max_characters=4000, rows=4),
        }
        self.buttons = (Button("Send to a manager to authorise" if waits else "Ask"),)

    def request(self) -> Request:
        """What a valid form asks."""
        said = self.cleaned_data
        chosen = dict.fromkeys([*said["agencies"], *([said["school"]] if said["school"] else [])])
        children = [self.only_child.pk] if self.only_child else [int(one) for one in said["children"]]
        return Request(
            agencies=[self.agencies_by_id[one] for one in chosen],
            children=children,
            purpose=said["purpose"],
            legal_basis=said["legal_basis"],
            because=said.get("authorised_because", ""),
        )

    def _choices(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def _in_groups(choices: Sequence[Choice]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those who answer in the portal by their kind, then those whom somebody has to ring."""
    here = [one.agency for one in choices if one.answers_here]
    groups = [(kind.label, [agency for agency in here if agency.kind == kind]) for kind in AgencyKind]
    groups.append((NO_ACCOUNT, [one.agency for one in choices if not one.answers_here]))
    return [(label, [(str(one.pk), one.name) for one in agencies]) for label, agencies in groups if agencies]


def _school(choice: Choice) -> str:
    return choice.agency.name if choice.answers_here else f"{choice.agency.name} (no account: ring them)"


class ChooseForm(GovukForm):
    """Some of the checks about a contact, and a reason."""

    mark_optional = False

    checks = forms.MultipleChoiceField(
        label="Which?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one", "invalid_choice": "Choose from the list"},
    )
    because = _words("Why?", "", "Give the reason: it stays with the record", limit=2000)

    def __init__(self, data: Any = None, *, checks: Sequence[Check], which: str, why: str, hint: str, button: str):
        super().__init__(data)
        self.fields["checks"].label, self.fields["because"].label = which, why
        self.fields["because"].help_text = hint
        self.fields["checks"].choices = [(str(one.pk), one.agency.name) for one in checks]  # type: ignore[attr-defined]  # a ChoiceField
        self.looks = {
            "checks": Look(size="s", item_hints={str(one.pk): one.purpose for one in checks}),
            "because": Look(size="s", max_characters=2000, rows=4),
        }
        self.buttons = (Button(button),)

    @property
    def numbers(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["checks"]]


class AnswerForm(GovukForm):
    """What the agency knows. Nothing is chosen beforehand, but for a correction: that starts from the last answer."""

    mark_optional = False
    looks = {
        "known": Look(size="s"),
        "facts": Look(size="s", max_characters=LONGEST, rows=10),
        "may_share": Look(size="s"),
        "share_with": Look(size="s", max_characters=4000, rows=4),
    }

    known = forms.ChoiceField(
        label="Is the family known to your agency?",
        choices=KNOWN,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether the family is known to your agency",
            "invalid_choice": "Choose yes or no",
        },
    )
    facts = _words(
        "What do you know that matters for this?",
        "Facts, dates and how you know. Only what is relevant to what you are asked; nothing if you know nothing.",
    )
    may_share = forms.ChoiceField(
        label="May what you have written be passed on?",
        choices=MayShare.choices(),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the answers"},
    )
    share_with = _words(
        "With whom, or why not?",
        "If it may be shared with some: with whom, and with whom not. If it may not be shared: why sharing it would be "
        "more detrimental to the child.",
        limit=4000,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000, error_messages=LOST)

    def __init__(self, check: Check, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=_last_answer(check) if initial is None else initial)
        self.buttons = (Button("Send the correction" if check.answers else "Send the answer"),)

    def answer(self) -> Answer:
        said = self.cleaned_data
        return Answer(said["known"] == "yes", said["facts"], said["may_share"], said["share_with"])


def _last_answer(check: Check) -> dict[str, Any]:
    known = {True: "yes", False: "no"}.get(check.known) if check.known is not None else None
    return {
        "known": known,
        "facts": check.facts,
        "may_share": check.may_share,
        "share_with": check.share_with,
        "seen": len(check.answers),
    }


class SynthesisForm(GovukForm):
    mark_optional = False
    buttons = (Button("Save"),)
    looks = {"text": Look(size="s", max_characters=LONGEST, rows=8)}

    text = _words(
        "What do the answers mean together?",
        "Where they agree, where they contradict one another, what is still missing, and what it means for each child.",
        "Write what the answers mean together",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=LOST)
