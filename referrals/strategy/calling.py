"""Calling a strategy discussion and arranging it. Forms only ask: what must be true is in rules/strategy.py.

Nothing is ticked: each of the three that must be asked is answered by a person.
"""

from collections.abc import Sequence
from typing import Any

from django import forms

from mash_portal.accounts.models import Agency
from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Group
from mash_portal.govuk.look import Button, Look
from referrals.models import Child, Contact
from referrals.rules.strategy import COMPULSORY
from referrals.vocabulary import AgencyKind

from .actions import Invited, Plan
from .asking import give_all_sentences, number_of_discussion, text_area
from .moments import TimeField, moment

MORE_AGENCIES = Button("Invite another agency", name="more", value="1", style="secondary")
#: Where each of the three is looked for among the agencies.
KINDS = {kind: frozenset({kind}) for kind in COMPULSORY} | {
    AgencyKind.TEAM: frozenset({AgencyKind.TEAM, AgencyKind.HUB})
}
SCHOOLS = frozenset({AgencyKind.SCHOOL, AgencyKind.EDUCATION})


class AgencyForm(GovukForm):
    """Chooses from the agencies of the partnership, which are fetched once; asks for `rows` others."""

    mark_optional = False

    def __init__(self, *args: Any, agencies: Sequence[Agency], rows: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies, self.rows = {str(agency.pk): agency for agency in agencies}, rows

    def others(self) -> list[Invited]:
        """Whoever else is invited: a row counts where an agency is chosen or a name written."""
        return [one for row in range(self.rows) if (one := self._invited(f"other_{row}"))]

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(moment(said["planned_on"], said["planned_at"]), said["how_to_join"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if bool(said.get("planned_on")) != bool(said.get("planned_at")) and not self.errors:
            self.add_error("planned_at", "Enter both the day and the time, or leave both empty.")
        return said

    def _ask_when(self) -> None:
        self.fields["planned_on"] = DatePartsField(label="Day", subject="Day", required=False)
        self.fields["planned_at"] = TimeField(
            label="Time", help_text="For example, 2:30pm", wrong="Time must be a time of day, like 2:30pm"
        )
        self.fields["how_to_join"] = forms.CharField(
            label="Where, or how to join",
            help_text="The room, the number to ring or the link. Everybody who is invited reads this.",
            widget=forms.Textarea,
            max_length=1000,
            required=False,
        )

    def _ask_others(self, label: str = "Another agency") -> None:
        for row in range(self.rows):
            number = f" {row + 1}" if self.rows > 1 else ""
            self._ask_agency(f"other_{row}", f"{label}{number}", None)

    def _ask_agency(self, name: str, label: str, kinds: frozenset[AgencyKind] | None) -> None:
        choices = [("", "Choose an agency"), *self._choices(kinds)]
        self.fields[f"{name}_agency"] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields[f"{name}_who"] = forms.CharField(
            label="Name of the person", help_text="If you know it", required=False, max_length=120
        )

    def _choices(self, kinds: frozenset[AgencyKind] | None) -> list[Any]:
        if kinds is not None:
            return [(key, agency.name) for key, agency in self.agencies.items() if agency.kind in kinds]
        grouped: dict[str, list[tuple[str, str]]] = {}
        for key, agency in self.agencies.items():
            grouped.setdefault(AgencyKind(agency.kind).label, []).append((key, agency.name))
        return sorted(grouped.items())

    def _invited(self, name: str, kind: AgencyKind = AgencyKind.VOLUNTARY) -> Invited | None:
        agency, who = self.agencies.get(self.cleaned_data[f"{name}_agency"]), self.cleaned_data[f"{name}_who"]
        if agency is None and not who.strip():
            return None
        return Invited(AgencyKind(agency.kind) if agency else kind, agency, who)


class CallForm(AgencyForm):
    """Why, about whom, and an answer for each of the three that have to be asked."""

    buttons = (Button("Call the strategy discussion"), MORE_AGENCIES)

    def __init__(self, *args: Any, contact: Contact, children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.fields["reason"] = text_area(
            "Why is a strategy discussion needed?", "What makes you suspect significant harm, or its likelihood."
        )
        self.fields["children"] = forms.MultipleChoiceField(
            label="Which children is it about?",
            help_text="Brothers and sisters too, where they may be at risk.",
            choices=[(str(child.pk), child.name) for child in children],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        for kind, who in COMPULSORY.items():
            self._ask_one_of_the_three(kind, who)
        self._ask_agency("school", "School or nursery", SCHOOLS)
        self.fields["referrer"] = forms.BooleanField(
            label=f"Invite the referrer: {contact.referrer}, {contact.agency}", required=False
        )
        self._ask_others()
        self._ask_when()
        self.looks = {name: Look(size="s", inline=name.endswith("_asked")) for name in self.fields}
        self.looks |= {f"{kind}_because": Look(size="s", rows=2) for kind in COMPULSORY}
        self.looks |= {"planned_at": Look(size="s", width="10"), "how_to_join": Look(size="s", rows=2)}
        give_all_sentences(self)

    def layout(self) -> Sequence[Any]:
        three = [
            Group(who[:1].upper() + who[1:], *(f"{kind}_{part}" for part in ("asked", "agency", "who", "because")))
            for kind, who in COMPULSORY.items()
        ]
        referrer = [] if self.contact.agency.is_hub else ["referrer"]
        others = [f"other_{row}_{part}" for row in range(self.rows) for part in ("agency", "who")]
        return [
            "reason",
            "children",
            *three,
            Group("School", "school_agency", "school_who", hint="Leave empty where no school is invited."),
            Group("Referrer and others", *referrer, *others),
            Group("When and where", "planned_on", "planned_at", "how_to_join", hint="You can add this later."),
        ]

    def children_chosen(self) -> list[int]:
        return [int(child) for child in self.cleaned_data["children"]]

    def invited(self) -> list[Invited]:
        """The three in their order, then whoever else is invited."""
        found = [self._one_of_the_three(kind) for kind in COMPULSORY]
        school = self._invited("school", AgencyKind.SCHOOL)
        found += [school] if school else []
        if self.cleaned_data["referrer"] and not self.contact.agency.is_hub:
            agency = self.contact.agency
            found.append(Invited(AgencyKind(agency.kind), agency, self.contact.referrer.full_name))
        return found + self.others()

    def _ask_one_of_the_three(self, kind: AgencyKind, who: str) -> None:
        self.fields[f"{kind}_asked"] = forms.ChoiceField(
            label=f"Do you invite {who}?",
            choices=[("yes", "Yes"), ("no", "No")],
            widget=forms.RadioSelect,
            required=False,
        )
        self._ask_agency(kind, "Agency", KINDS[kind])
        self.fields[f"{kind}_because"] = text_area(f"If you do not invite {who}, why not?")

    def _one_of_the_three(self, kind: AgencyKind) -> Invited:
        said = self.cleaned_data
        asked = {"yes": True, "no": False}.get(said[f"{kind}_asked"])
        agency = self.agencies.get(said[f"{kind}_agency"])
        return Invited(kind, agency, said[f"{kind}_who"], asked, said[f"{kind}_because"])


class ArrangeForm(AgencyForm):
    """When, where, and who else: what may still change until the discussion is held."""

    buttons = (Button("Save"), MORE_AGENCIES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_when()
        self._ask_others("Also invite")
        self.fields["discussion"] = number_of_discussion()
        self.looks = {name: Look(size="s") for name in self.fields}
        self.looks |= {"planned_at": Look(size="s", width="10"), "how_to_join": Look(size="s", rows=2)}
        give_all_sentences(self)
