"""What may be asked of the pages about agencies: a period, which agencies, and by what they are compared."""

from django import forms

from mash_portal.accounts.models import Agency
from referrals.insight.filters import Filters
from referrals.insight.forms import PeriodForm
from referrals.insight.signs import KINDS

from .comparing import MEASURES, Measure
from .links import DECISIONS, TOLD
from .queries import NOT_REFERRERS

NOT_OFFERED = {kind.value for kind in NOT_REFERRERS}


class AgenciesForm(PeriodForm):
    kind = forms.ChoiceField(
        label="Kind of agency",
        choices=[("", "Every kind"), *((kind, label) for kind, label in KINDS.items() if kind not in NOT_OFFERED)],
        required=False,
        error_messages={"invalid_choice": "Choose a kind of agency from the list"},
    )
    agency = forms.ModelChoiceField(
        label="One agency or school",
        queryset=Agency.objects.filter(is_hub=False).order_by("name"),
        required=False,
        empty_label="All of them",
        error_messages={"invalid_choice": "Choose an agency from the list"},
    )
    measure = forms.ChoiceField(
        label="Compare them by",
        choices=[(one.key, one.label) for one in MEASURES.values()],
        required=False,
        error_messages={"invalid_choice": "Choose what to compare by from the list"},
    )
    view = forms.ChoiceField(
        choices=[(DECISIONS, DECISIONS), (TOLD, TOLD)],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "There is no such page: go back to the agencies"},
    )

    @property
    def filters(self) -> Filters:
        return Filters(source=self.cleaned_data["source"], kind=self.cleaned_data["kind"])

    @property
    def chosen(self) -> Agency | None:
        """The one agency whose page is wanted."""
        agency: Agency | None = self.cleaned_data["agency"]
        return agency

    @property
    def measure_chosen(self) -> Measure:
        return MEASURES[self.cleaned_data["measure"] or next(iter(MEASURES))]

    @property
    def view_chosen(self) -> str:
        return str(self.cleaned_data["view"] or DECISIONS)


class AgencyForm(PeriodForm):
    """The page of one agency: a period and no more."""

    source = None  # type: ignore[assignment]  # Django's way of leaving a field of the parent out

    @property
    def filters(self) -> Filters:
        return Filters()
