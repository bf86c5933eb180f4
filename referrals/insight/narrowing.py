"""What else a list can be narrowed by: it comes with the link from a number, and is taken away by its own link."""

from collections.abc import Mapping

from django import forms
from django.urls import reverse

from mash_portal.accounts.models import User

from . import exporting, links
from .characteristics import CHARACTERISTICS
from .filters import Filters
from .period import Period
from .promises import ANSWERS, HOURS, RAGS
from .signs import KINDS, LEVELS, SIGNS

CHOICES = {"rag": ("priority", RAGS), "hour": ("hour of receipt", HOURS), "promise": ("promise", ANSWERS)}
_LEVELS = {str(level): f"Level {level}" for level in LEVELS}


def _field(about: str, values: Mapping[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[("", ""), *values.items()],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": f"There is no such {about}: take it away, or go back to the figures"},
    )


class Narrowing(forms.Form):
    """Fields that nobody fills in: an address has them, and the next one keeps them."""

    rag = _field(*CHOICES["rag"])
    hour = _field(*CHOICES["hour"])
    promise = _field(*CHOICES["promise"])
    kind = _field("kind of agency", KINDS)
    believed = _field("level", _LEVELS)
    level = _field("level", _LEVELS)
    sign = _field("sign", SIGNS)
    ethnicity = _field("ethnicity", dict(CHARACTERISTICS["ethnicity"].labels or {}))
    disability = _field("disability", dict(CHARACTERISTICS["disability"].labels or {}))
    sex = _field("sex", dict(CHARACTERISTICS["sex"].labels or {}))
    age = _field("age", dict(CHARACTERISTICS["age"].labels or {}))
    area = forms.CharField(
        max_length=8,
        required=False,
        widget=forms.HiddenInput,
        error_messages={"max_length": "There is no such area: take it away, or go back to the figures"},
    )

    @property
    def narrower(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in Narrowing.base_fields}


def said(filters: Filters) -> list[tuple[str, str]]:
    """(what it says, the name of the filter) for each of these that narrows the list."""
    found = [
        (RAGS.get(filters.rag, ""), "rag"),
        (f"Received between {HOURS[filters.hour]} and an hour later" if filters.hour else "", "hour"),
        (ANSWERS.get(filters.promise, ""), "promise"),
        (KINDS.get(filters.kind, ""), "kind"),
        (f"Level {filters.believed} believed" if filters.believed else "", "believed"),
        (f"Level {filters.level} decided" if filters.level else "", "level"),
        (SIGNS.get(filters.sign, ""), "sign"),
    ]
    return found + [(CHARACTERISTICS[key].label_of(value), key) for key, value in filters.characteristics.items()]


def back(period: Period, filters: Filters) -> str:
    """The page of the figures that a list narrowed like this is behind."""
    if filters.characteristics:
        return f"{reverse('insight:equity')}?{links.query(period, Filters(source=filters.source))}"
    if filters.promise or filters.rag or filters.hour:
        return f"{reverse('insight:timeliness')}?{links.query(period, Filters(source=filters.source))}"
    return links.dashboard(period, filters)


def tells_too_much(user: User, filters: Filters) -> bool:
    """Whether a list of children by what they are, and how many they are, is kept from this person.

    However many they are: of two long lists, one less the other tells a handful.
    """
    return bool(filters.characteristics) and exporting.leaves_the_mash(user)
