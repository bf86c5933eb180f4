"""The page of one agency: what its manager and its own safeguarding lead talk about. No child's name is on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404

from mash_portal.accounts.models import Agency, User
from mash_portal.govuk.words import count
from referrals import access
from referrals.insight import dashboard
from referrals.insight.exporting import Offered, leaves_the_mash
from referrals.insight.figures import Figures
from referrals.insight.filters import Filters
from referrals.insight.findings import ends, percent
from referrals.insight.period import Month, Period
from referrals.insight.signs import LEVELS, QUALITIES, RESULTS, ended, mark
from referrals.models.people import ChildQuerySet
from referrals.rules import permissions
from referrals.rules.suppression import ABOUT_HIDDEN, HIDDEN
from referrals.vocabulary import Grade

from . import changes, comparing, links, numbers, picture, queries
from .comparing import MEASURES, PLACES, Group
from .counts import Decided, Told
from .queries import Scope

#: (what is counted, what it is a share of, what it is called, what narrows the list behind it)
FACTS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("contacts", "", "Contacts", {}),
    ("nfa", "contacts", "No further action", {"outcome": "nfa"}),
    ("pushback", "contacts", "Returned with advice", {"outcome": "nfa_pushback"}),
    ("over", "levels", "Believed higher than decided", {"sign": "over"}),
    ("under", "levels", "Believed lower than decided", {"sign": "under"}),
    ("no_agreement", "asked", "No agreement on record", {"sign": "no_agreement"}),
    ("thin", "marked", "Forms with too little in them", {"sign": "thin"}),
    ("in_time", "owed", "Feedback sent on time", {"sign": "in_time"}),
    ("opened", "told_here", "Feedback opened", {"sign": "opened"}),
    ("disagreed", "contacts", "Disagreed with the decision", {"sign": "disagreed"}),
    (
        "came_back",
        "could_come_back",
        "Came back within 90 days, of those closed more than 90 days ago",
        {"sign": "came_back"},
    ),
)

#: The numbers of a month, by what narrows the list behind each.
MONTHLY: tuple[tuple[str, dict[str, str]], ...] = (
    ("c", {}),
    ("n", {"outcome": "nfa"}),
    ("p", {"outcome": "nfa_pushback"}),
)


def seen_by(user: User, agency: int) -> Agency:
    """The agency, for who sees figures of all, and for its own safeguarding lead. 404 for everybody else."""
    is_own = user.as_role in permissions.OWN_FIGURES and user.agency_id == agency
    found = Agency.objects.filter(pk=agency, is_hub=False).first()
    if found is None or not (is_own or sees_all(user)):
        raise Http404
    return found


def sees_all(user: User) -> bool:
    """Whether this person sees the figures of every agency, and the lists behind them."""
    return user.as_role in permissions.INSIGHT


def leaves(user: User, *, as_the_agency: bool, in_a_file: bool) -> bool:
    """Whether this copy goes out of the MASH: the agency's own page always, a file unless it is a hub manager's."""
    return as_the_agency or not sees_all(user) or (in_a_file and leaves_the_mash(user))


def countable(user: User, *, leaves: bool) -> ChildQuerySet:
    """What leaves the MASH counts what nobody in particular may count: no restricted record, whoever prints it."""
    return access.countable() if leaves else access.countable_by(user)


@dataclass(frozen=True)
class Page:
    """`leaves`: what is shown goes out of the MASH, so that small numbers are hidden and nothing is a link."""

    agency: Agency
    children: ChildQuerySet
    period: Period
    now: datetime
    leaves: bool

    @property
    def scope(self) -> Scope:
        return Scope(self.children, self.period, self.now, Filters(agency=self.agency.pk))

    @cached_property
    def kind_rows(self) -> dict[int, Decided]:
        """Of every agency of its kind, itself among them."""
        return queries.decided(replace(self.scope, filters=Filters(kind=self.agency.kind)))

    @cached_property
    def own(self) -> Decided:
        return self.kind_rows.get(self.agency.pk, Decided())

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Its kind by each measure."""
        bodies = queries.bodies()
        found = {key: comparing.groups(self.kind_rows, bodies, measure) for key, measure in MEASURES.items()}
        return {key: one[self.agency.kind] for key, one in found.items() if self.agency.kind in one}

    @cached_property
    def months(self) -> Sequence[tuple[Month, Figures]]:
        months = self.period.months()
        found = queries.by_month(self.scope, months)
        return [(month, found[month.key]) for month in months if month.starts <= self.now]

    @cached_property
    def numbers(self) -> numbers.Numbers:
        told = queries.told_and_back(self.scope).get(self.agency.pk, Told())
        marks, results = queries.marks(self.scope), queries.results(self.scope)
        return numbers.gathered(self.own, told, self.months, marks, results, leaves=self.leaves)


def context(page: Page) -> dict[str, Any]:
    here = links.Behind(page.period, page.scope.filters)
    group = page.groups.get("nfa")
    return {
        "agency": page.agency,
        "finding": finding(page),
        "days": dashboard.days_of(page.period),
        "facts": [_fact(page, *fact) for fact in FACTS],
        "kind": comparing.called(page.agency.kind),
        "has_kind": bool(group and len(group.points) > 2),
        "funnels": [drawn for drawn in _funnels(page) if drawn["picture"]],
        "levels_heading": levels_heading(page),
        "levels": [
            (f"Level {believed} believed", [_level(page, here, believed, one) for one in LEVELS]) for believed in LEVELS
        ],
        "level_columns": [f"Level {one} decided" for one in LEVELS],
        "months_heading": months_heading(page),
        "months": [
            (month.name, [_cell(page, f"{letter}:{month.key}", here.of(month), **more) for letter, more in MONTHLY])
            for month, _ in page.months
        ],
        "marks_heading": marks_heading(page),
        "marks": [
            (name, [_cell(page, key, here, sign=key) for grade in Grade for key in (mark(quality, grade),)])
            for quality, name in QUALITIES.items()
        ]
        if page.numbers.counts["marked"]
        else [],
        "grades": [grade.label for grade in Grade],
        "results": [(label, _cell(page, ended(key), here, sign=ended(key))) for key, label in RESULTS.items()]
        if page.numbers.counts["disagreed"]
        else [],
        "events": changes.of(page.agency, page.children, page.now, leaves=page.leaves),
        "mark": HIDDEN if page.numbers.hidden else "",
        "about_hidden": ABOUT_HIDDEN,
        "leaves": page.leaves,
    }


def finding(page: Page) -> str:
    """What stands under the name: how much was sent, how much of it needed nothing, and whether chance explains it."""
    said = page.numbers
    if not said.counts["contacts"]:
        return "Sent nothing in this period"
    if not said.shown("contacts"):
        return "Sent too few contacts for numbers to say anything"
    sent = f"Sent {count(said.counts['contacts'], 'contact')}"
    if said.tells("nfa", "contacts"):
        return sent
    own = _point(page, "nfa")
    rate = f"{sent}; {said.percent('nfa', 'contacts')} needed no further action"
    return rate if own is None else f"{rate}: {own.lower()}"


def levels_heading(page: Page) -> str:
    said = page.numbers
    if not said.counts["levels"]:
        return "No contact has both a level believed and a level decided"
    rates = [said.percent(key, "levels") for key in ("same", "over", "under")]
    if HIDDEN in rates:
        return "Level believed against level decided"
    return f"{rates[0]} were believed at the level decided, {rates[1]} higher and {rates[2]} lower"


def months_heading(page: Page) -> str:
    said = page.numbers
    compared = ends([month for month, _ in page.months], {month.key: row for month, row in page.months})
    if compared is None or not said.shown(*(f"p:{month.key}" for month, _ in compared)):
        return "Month by month"
    (first, before), (last, after) = compared
    if not before.pushback and not after.pushback:
        return "Month by month"
    return f"{before.pushback:,} were returned with advice in {first.name}, {after.pushback:,} in {last.name}"


def marks_heading(page: Page) -> str:
    said = page.numbers
    if not said.counts["marked"]:
        return "No form was marked for its quality"
    rate = said.percent("thin", "marked")
    if rate == HIDDEN:
        return "What the MASH made of the forms"
    return f"{rate} of the forms that were marked had too little of something in them"


#: The tables that can be taken away, by name and title.
TABLES = (
    ("numbers", "The numbers"),
    ("levels", "Level believed and level decided"),
    ("months", "Months"),
    ("marks", "Quality of forms"),
)


def tables(page: Page) -> list[Offered]:
    """Every table of the page. What is hidden is hidden here already."""
    said = page.numbers
    made: list[tuple[list[str], list[list[object]]]] = [
        (["What", "Number", "Of"], [[name, said.cell(key), _of(page, key, whole)] for key, whole, name, _ in FACTS]),
        (
            ["Level believed", *(f"Level {one} decided" for one in LEVELS)],
            [[believed, *(said.cell(numbers.level(believed, one)) for one in LEVELS)] for believed in LEVELS],
        ),
        (
            ["Month", "Contacts", "No further action", "Returned with advice"],
            [[month.name, *(said.cell(f"{letter}:{month.key}") for letter in "cnp")] for month, _ in page.months],
        ),
        (
            ["Part of the form", *(grade.label for grade in Grade)],
            [[name, *(said.cell(mark(one, grade)) for grade in Grade)] for one, name in QUALITIES.items()],
        ),
    ]
    return [Offered(*named, *parts) for named, parts in zip(TABLES, made, strict=True)]


def _fact(page: Page, key: str, whole: str, name: str, more: dict[str, str]) -> tuple[str, str, str, str, str]:
    """A row of the numbers: what, how many, of how many, the same over its kind, and the list behind."""
    url = "" if page.leaves else links.Behind(page.period, page.scope.filters)(**more)
    return name, page.numbers.say(key), _of(page, key, whole), _kind_share(page, key), url


def _of(page: Page, key: str, whole: str) -> str:
    """ "29% of 41": what a number is a share of."""
    said = page.numbers
    if not whole:
        return ""
    if not said.counts[whole]:
        return "–"
    if not said.shown(key):
        return f"of {said.say(whole)}" if said.shown(whole) else ""
    return "" if said.tells(key, whole) else f"{said.percent(key, whole)} of {said.say(whole)}"


def _kind_share(page: Page, key: str) -> str:
    """The same share over all agencies of the kind: of three or more, so that nobody's is worked out."""
    group = page.groups.get(key)
    return percent(group.funnel.mean) if group and group.funnel and len(group.points) > 2 else ""


def _point(page: Page, measure: str) -> str | None:
    group = page.groups.get(measure)
    if group is None or len(group.points) < 2:
        return None
    return next((PLACES[point.place] for point in group.points if point.body.pk == page.agency.pk), None)


def _funnels(page: Page) -> list[dict[str, Any]]:
    """No further action, and returned with advice, each within the limits of its kind."""
    return [
        {
            "id": key,
            "heading": f"{MEASURES[key].label}: {(_point(page, key) or 'nobody to compare').lower()}",
            "picture": picture.of_one(page.groups[key], page.agency.pk)
            if key in page.groups and page.numbers.shown(key, "contacts")
            else None,
        }
        for key in ("nfa", "pushback")
    ]


def _cell(page: Page, key: str, here: links.Behind, **more: str) -> tuple[str, str]:
    """What a number says, and the list behind it."""
    return page.numbers.say(key), "" if page.leaves else here(**more)


def _level(page: Page, here: links.Behind, believed: int, decided: int) -> tuple[str, str, str]:
    url = "" if page.leaves else here(believed=str(believed), level=str(decided))
    shape = "same" if believed == decided else "over" if believed > decided else "under"
    return page.numbers.say(numbers.level(believed, decided)), url, shape
