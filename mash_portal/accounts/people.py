"""What the pages of people read: the list with its filters, and one person."""

from dataclasses import dataclass, replace
from typing import Self

from django import forms
from django.core.paginator import Page, Paginator
from django.http import Http404, QueryDict
from django.urls import reverse

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look

from .models import Agency, User
from .roles import Role

PAGE = 50
ROLES = [(role.value, role.label) for role in Role if role is not Role.SYSTEM]
STATES = (("inactive", "Inactive"), ("all", "Active and inactive"))


@dataclass(frozen=True)
class Filters:
    """Which people to list. Anything in the address that is not a choice is left out of account."""

    agency: int = 0
    role: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        agency, role, state = query.get("agency", ""), query.get("role", ""), query.get("state", "")
        known = agency.isascii() and agency.isdigit() and len(agency) < 10
        return cls(
            agency=int(agency) if known else 0,
            role=role if role in dict(ROLES) else "",
            state=state if state in dict(STATES) else "",
        )

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in vars(self).items() if value})
        return query.urlencode()

    @property
    def url(self) -> str:
        return f"{reverse('accounts:people')}{'?' if self.query else ''}{self.query}"

    def page_url(self, number: int) -> str:
        return f"{reverse('accounts:people')}?{self.query}{'&' if self.query else ''}page={number}"

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Each filter in words, with the address that is left when it is taken away."""
        found = []
        if self.agency:
            agency = Agency.objects.filter(pk=self.agency).first()
            found.append((agency.name if agency else "An agency that is not there", replace(self, agency=0).url))
        if self.role:
            found.append((Role(self.role).label, replace(self, role="").url))
        if self.state:
            found.append((dict(STATES)[self.state], replace(self, state="").url))
        return found


class FilterForm(GovukForm):
    """The panel beside the list. It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {name: Look(small=True, size="s", width="full") for name in ("agency", "role", "state")}

    agency = forms.ChoiceField(label="Agency")
    role = forms.ChoiceField(label="Role", choices=[("", "Every role"), *ROLES])
    state = forms.ChoiceField(label="State", choices=[("", "Active"), *STATES])

    def __init__(self, filters: Filters) -> None:
        super().__init__(initial={name: str(value or "") for name, value in vars(filters).items()})
        agencies = [(str(pk), name) for pk, name in Agency.objects.values_list("pk", "name")]
        self.fields["agency"].choices = [("", "Every agency"), *agencies]  # type: ignore[attr-defined]  # a ChoiceField


def listed(filters: Filters, page: str) -> Page[User]:
    """A page of people in the order of their names. Three queries."""
    people = User.objects.exclude(role=Role.SYSTEM).select_related("agency").order_by("full_name", "id")
    if filters.state != "all":
        people = people.filter(is_active=filters.state != "inactive")
    if filters.agency:
        people = people.filter(agency=filters.agency)
    if filters.role:
        people = people.filter(role=filters.role)
    return Paginator(people, PAGE).get_page(page)


def one(pk: int) -> User:
    """A person for their page; 404 for the portal itself and for nobody."""
    person = User.objects.exclude(role=Role.SYSTEM).select_related("agency").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def agencies_for(person: User | None) -> list[Agency]:
    """Where somebody may work: active agencies, and the one they are at."""
    own = person.agency_id if person else None
    return [agency for agency in Agency.objects.all() if agency.is_active or agency.pk == own]
