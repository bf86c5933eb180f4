"""What the pages of the returns show, in words, so that their templates only print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access
from referrals.models.people import ChildQuerySet
from referrals.rules import permissions
from referrals.rules.period import Period
from referrals.rules.permissions import Relation
from referrals.rules.returns import RULES
from referrals.sheets import Kind
from referrals.vocabulary import Verb

from .checks import Broken, Checked
from .lists import LISTS

#: Each rule in short, by its key: for a filter and a column.
RULE_NAMES = {
    "source": "Source",
    "no_further_action": "No further action",
    "primary_need": "Primary need",
    "birth": "Date of birth or expected date",
    "unborn": "Sex of an unborn child",
    "ethnicity": "Ethnicity",
    "identifier": "Child’s number",
}
KINDS = {Kind.XLSX: "Excel (XLSX)", Kind.CSV: "CSV"}


@dataclass(frozen=True)
class Offer:
    """One list as the page offers it: how many rows, and where each kind of file is."""

    title: str
    about: str
    rows: str
    columns: str
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """One fault as the page shows it. Without `url` the record is closed to this person."""

    received: str
    child_id: str
    reference: str
    url: str
    rule: str
    sentence: str
    mend_url: str


def days_of(period: Period) -> str:
    return f"{words.long_date(period.first)} to {words.long_date(period.last)}"


def lists_url(period: Period) -> str:
    return f"{reverse('returns:lists')}?{_query(period)}"


def check_url(period: Period, rule: str = "", page: int = 1) -> str:
    more = {name: value for name, value in (("rule", rule), ("page", page if page > 1 else "")) if value}
    return f"{reverse('returns:check')}?{_query(period, **more)}"


def offers(children: ChildQuerySet, period: Period) -> list[Offer]:
    """A query for each list."""
    return [
        Offer(
            title=one.title,
            about=one.about,
            rows=words.count(one.count(children, period), "row"),
            columns=", ".join(one.headings),
            files=[
                (label, f"{reverse('returns:file', args=[key, kind])}?{_query(period)}")
                for kind, label in KINDS.items()
            ],
        )
        for key, one in LISTS.items()
    ]


def heading(found: Checked) -> str:
    """What was found, in one sentence."""
    rows = words.count(found.rows, "row")
    if not found.rows:
        return "No rows to check in these six months"
    if not found.broken:
        return f"All {rows} pass every check" if found.rows > 1 else "The only row passes every check"
    return f"{words.count(len(found.broken), 'fault')} in {found.rows - found.in_order:,} of {rows}"


def by_rule(found: Checked, period: Period) -> list[dict[str, Any]]:
    """Each rule in the guidance's words, with how many rows break it."""
    counts = found.counts()
    return [
        {
            "name": RULE_NAMES[rule.key],
            "law": rule.law.replace("the codes above", "the national codes"),
            "count": f"{counts[rule.key]:,}" if counts[rule.key] else "None",
            "url": check_url(period, rule.key) if counts[rule.key] else "",
        }
        for rule in RULES
    ]


def lines(page: Page[Broken], user: User) -> list[Line]:
    """One query: the references of the records that this person may open."""
    opens = access.visible_to(user).filter(pk__in={one.contact for one in page})
    references: Mapping[int, str] = dict(opens.values_list("pk", "reference"))
    mends = Verb.SIGN_OFF in permissions.allowed(user.as_role, frozenset({Relation.HUB}))
    return [_line(one, references.get(one.contact, ""), mends=mends) for one in page]


def _line(one: Broken, reference: str, *, mends: bool) -> Line:
    mendable = reference and mends and one.rule == "primary_need"
    return Line(
        received=words.short_date(one.received_at),
        child_id=one.child_id,
        reference=reference,
        url=reverse("triage:contact", args=[reference]) if reference else "",
        rule=RULE_NAMES[one.rule],
        sentence=one.sentence,
        mend_url=reverse("returns:needs", args=[reference]) if mendable else "",
    )


def _query(period: Period, **more: object) -> str:
    return urlencode({"last": period.last.isoformat(), **more})
