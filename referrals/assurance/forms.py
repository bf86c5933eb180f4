"""The forms of quality: what was held, what became of it, a draw, an audit, what follows. No grade is preselected."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms

from mash_portal.accounts.models import Agency, User
from mash_portal.govuk.fields import DatePartsField, WordsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group, Text
from mash_portal.govuk.look import Button, Look
from referrals.rules.period import EARLIEST, LATEST
from referrals.vocabulary import AgencyKind, LearningKind
from referrals.vocabulary.learning import AUDIT_GRADES, AuditQuestion

from .auditing import DOES_NOT_APPLY, MAY_NOT_APPLY, Found
from .drawing import LARGEST, USUAL_SIZE, USUAL_TWICE
from .learning import Held

LONGEST = 4000
_BOX = Look(rows=4, max_characters=LONGEST)


def words(label: str, missing: str = "", hint: str = "") -> WordsField:
    return WordsField(label, missing, hint=hint, longest=LONGEST, called="The words")


class EventForm(GovukForm):
    """A training or a meeting, as it was held."""

    buttons = (Button("Save"),)
    looks = {"who_came": _BOX, "agreed": _BOX, "agencies": Look(small=True), "kinds": Look(small=True)}

    kind = forms.ChoiceField(
        label="What was it?",
        choices=LearningKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it was training or a meeting"},
    )
    held_on = DatePartsField(
        label="When was it held?",
        subject="Day it was held",
        blank_message="Enter the day it was held",
        earliest=EARLIEST,
        latest=LATEST,
    )
    topic = forms.CharField(
        label="What was it about?",
        max_length=200,
        error_messages={
            "required": "Write what it was about",
            "max_length": "What it was about must be 200 characters or fewer",
        },
    )
    kinds = forms.MultipleChoiceField(
        label="Was it for every agency of a kind?",
        help_text="Else choose single agencies below.",
        choices=[(kind.value, kind.label) for kind in AgencyKind if kind is not AgencyKind.HUB],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agencies = forms.MultipleChoiceField(
        label="Which agencies was it for?",
        help_text="Their months before and after are compared, whoever of them came.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    who_came = words("Who came?", "Write who came", "Names and agencies, and who was invited and did not come.")
    agreed = words("What was agreed?", "", "Who will do what differently from now on.")

    def __init__(self, agencies: Sequence[Agency], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(one.pk): one for one in agencies}
        self.fields["agencies"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (AgencyKind(kind).label, [(str(one.pk), one.name) for one in within])
            for kind, within in groupby(sorted(agencies, key=lambda one: one.kind), key=lambda one: one.kind)
        ]

    def held(self) -> Held:
        """Only for a valid form."""
        said = self.cleaned_data
        chosen = [one for key, one in self.known.items() if key in said["agencies"] or one.kind in said["kinds"]]
        kind = LearningKind(said["kind"])
        return Held(kind, said["held_on"], said["topic"], chosen, said["who_came"], said["agreed"])


class FollowUpForm(GovukForm):
    buttons = (Button("Record the follow-up"),)
    looks = {"words": _BOX}

    words = words(
        "What has become of what was agreed?",
        "Write what has become of what was agreed",
        "What the agencies do differently, what the months since show, and what comes next.",
    )


class DrawForm(GovukForm):
    """The seed is made when the sample is drawn, and kept with it."""

    buttons = (Button("Draw the sample"),)
    looks = {"size": Look(width="3"), "twice": Look(width="3", suffix="%")}

    month = forms.ChoiceField(label="Which month?", error_messages={"required": "Choose the month"})
    size = forms.IntegerField(
        label="How many children?",
        help_text="More are drawn where there are more kinds of agency and outcome than that: each is looked at.",
        initial=USUAL_SIZE,
        min_value=1,
        max_value=LARGEST,
        error_messages={
            "required": "Enter how many children to draw",
            "min_value": "Draw at least 1 child",
            "max_value": f"Draw {LARGEST} children at most",
        },
    )
    auditors = forms.MultipleChoiceField(
        label="Who audits?",
        help_text="Nobody is given a case that they held, assessed, recommended, screened or signed off.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who audits"},
    )
    twice = forms.IntegerField(
        label="What share does a second auditor look at too?",
        help_text="Two people who do not know of each other’s grades show how far grades can be trusted.",
        initial=USUAL_TWICE,
        min_value=0,
        max_value=100,
        error_messages={
            "required": "Enter the share for a second auditor, or 0",
            "min_value": "The share is between 0 and 100",
            "max_value": "The share is between 0 and 100",
        },
    )

    def __init__(self, months: Sequence[date], people: Sequence[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        self.fields["month"].choices = [(f"{one:%Y-%m-%d}", f"{one:%B %Y}") for one in months]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["auditors"].choices = named(people)  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> dict[str, Any]:
        """What drawing.draw is asked for. Only for a valid form."""
        said = self.cleaned_data
        chosen = [self.people[number] for number in said["auditors"]]
        month = date.fromisoformat(said["month"])
        return {"month": month, "size": said["size"], "auditors": chosen, "twice": said["twice"]}


class GiveForm(GovukForm):
    buttons = (Button("Give the case to them"),)

    auditor = forms.ChoiceField(label="Who audits it?", error_messages={"required": "Choose who audits it"})
    second = forms.ChoiceField(label="Who audits it too?", required=False)

    def __init__(self, people: Sequence[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        self.fields["auditor"].choices = [("", "Choose a person"), *named(people)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["second"].choices = [("", "Nobody"), *named(people)]  # type: ignore[attr-defined]  # a ChoiceField

    def chosen(self) -> dict[str, User | None]:
        return {name: self.people.get(number) for name, number in self.cleaned_data.items()}


class AuditForm(GovukForm):
    """A grade and its evidence for each question. It comes back with everything that was typed until it is right."""

    buttons = (Button("Save the audit"),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        grades = [(str(grade), f"{grade} – {label}") for grade, label in AUDIT_GRADES.items()]
        for question in AuditQuestion:
            self._ask(question, grades)
        self.fields["threshold_right"] = forms.ChoiceField(
            label="Was the level decided the right one?",
            choices=[("yes", "Yes"), ("no", "No")],
            widget=forms.RadioSelect,
            error_messages={"required": "Say whether the level decided was the right one"},
        )
        self.fields["overall"] = forms.TypedChoiceField(
            label="Grade overall",
            coerce=int,
            choices=grades,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose the grade overall"},
        )
        self.fields["finding"] = words("What did you find?", "Write what you found", "For whoever reads this audit.")
        self.fields["for_worker"] = words(
            "What should the worker know?",
            "",
            "They read it with the grades. Begin with what was good.",
        )
        self.fields["for_agency"] = words(
            "What should the agency know about its form?",
            "",
            "Their safeguarding lead reads it. Name nobody, and write nothing another agency told in confidence.",
        )
        boxes = ("finding", "for_worker", "for_agency", *(f"evidence_{question}" for question in AuditQuestion))
        choices = ("threshold_right", "overall", *(f"grade_{question}" for question in AuditQuestion))
        self.looks = dict.fromkeys(boxes, _BOX) | dict.fromkeys(choices, Look(small=True))

    def _ask(self, question: AuditQuestion, grades: Sequence[tuple[str, str]]) -> None:
        none = [(str(DOES_NOT_APPLY), "Does not apply to this case")] if question in MAY_NOT_APPLY else []
        self.fields[f"grade_{question}"] = forms.TypedChoiceField(
            label=f"{question.label}: grade",
            coerce=int,
            choices=[*grades, *none],
            widget=forms.RadioSelect,
            error_messages={"required": f"Choose a grade for {question.label.lower()}"},
        )
        self.fields[f"evidence_{question}"] = words(
            f"{question.label}: what you saw in the record",
            f"Write what you saw in the record about {question.label.lower()}",
        )

    def layout(self) -> list[Any]:
        asked = [Group(one.label, f"grade_{one}", f"evidence_{one}") for one in AuditQuestion]
        told = Text("Neither text is sent until you send it, on the next page.", "govuk-inset-text")
        return [*asked, "threshold_right", "overall", "finding", told, "for_worker", "for_agency"]

    def found(self) -> Found:
        """Only for a valid form."""
        said: Mapping[str, Any] = self.cleaned_data
        return Found(
            grades={one: said[f"grade_{one}"] for one in AuditQuestion},
            evidence={one: said[f"evidence_{one}"] for one in AuditQuestion},
            threshold_right=said["threshold_right"] == "yes",
            **{name: said[name] for name in ("overall", "finding", "for_worker", "for_agency")},
        )


class ActionForm(GovukForm):
    buttons = (Button("Add the action"),)
    looks = {"what": Look(rows=3, max_characters=LONGEST)}

    what = words("What has to be done?", "Write what has to be done")
    owner = forms.ChoiceField(label="Who does it?", error_messages={"required": "Choose who does it"})
    due = DatePartsField(label="By when?", subject="Day by which it is done", blank_message="Enter by when it is done")

    def __init__(self, people: Sequence[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        self.fields["owner"].choices = [("", "Choose a person"), *named(people)]  # type: ignore[attr-defined]  # a ChoiceField


class DoneForm(GovukForm):
    buttons = (Button("It is done"),)
    looks = {"done": Look(rows=3, max_characters=LONGEST)}

    done = words("What was done?", "Write what was done")


def named(people: Sequence[User]) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.full_name}, {one.job or one.as_role.label}") for one in people]
