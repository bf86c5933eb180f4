"""What the page “Known to us” says, ready to print: each child, who they are taken for, and who they may be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access, casefile, known
from referrals.codes import SEX_LABELS
from referrals.known import Candidate
from referrals.models import Child, Contact, MatchProposal, MatchVerdict

from .forms import VerdictForm
from .verdicts import Pair, apart

Said = dict[str, Any]


def children_of(contact: Contact, user: User, posted: VerdictForm | None = None) -> list[Said]:
    """Each child of a contact with its history and the people it may be. Ten queries at most, whatever there is."""
    children = list(contact.children.all())
    hidden = set(access.hidden_from(user)) - {contact.pk}
    ranked = known.candidates(children, hidden)
    page = _Page.of(contact, children, ranked, user, hidden=hidden, posted=posted)
    return [page.child(child, found) for child, found in zip(children, ranked, strict=True)]


@dataclass(frozen=True)
class _Page:
    """What was read for one page, so that no line of it asks again."""

    contact: Contact
    rows: Mapping[int, Sequence[Child]]
    parted: Collection[Pair]
    proposals: Mapping[tuple[int, int], MatchProposal]
    told: Mapping[int, MatchVerdict]
    half_seen: Collection[int]
    posted: VerdictForm | None

    @classmethod
    def of(
        cls,
        contact: Contact,
        children: Sequence[Child],
        ranked: Sequence[Sequence[Candidate]],
        user: User,
        *,
        hidden: Collection[int],
        posted: VerdictForm | None,
    ) -> "_Page":
        people = {one.person for found in ranked for one in found} | {c.person_id for c in children if c.person_id}
        proposals = MatchProposal.objects.filter(child__in=children)
        told = MatchVerdict.objects.filter(child__in=children, is_same=True).select_related("by").order_by("at", "id")
        return cls(
            contact,
            _rows(people, user),
            apart(people),
            {(one.child_id, one.person_id): one for one in proposals},
            {one.child_id: one for one in told},
            _half_seen(people, hidden),
            posted,
        )

    def child(self, child: Child, found: Sequence[Candidate]) -> Said:
        mine = child.person_id or 0
        shown = [one for one in found if one.person in self.rows and frozenset({mine, one.person}) not in self.parted]
        rows = [row for row in self.rows.get(mine, []) if row.contact_id != self.contact.pk]
        return {
            "name": child.name,
            "pk": child.pk,
            "about": ", ".join(row["value"] for row in _facts(child)),
            "joined": self._joined(child, len(rows)) if rows else "",
            "rows": [casefile.earlier_row(row) for row in rows],
            "candidates": [self._candidate(child, one) for one in shown[: known.MOST]],
        }

    def _joined(self, child: Child, others: int) -> str:
        """For whom the hub takes the child, and why where that is on record."""
        said = f"The hub takes this child for the one in {words.count(others, 'other contact')}."
        if verdict := self.told.get(child.pk):
            return f"{said} {verdict.by.full_name} said so, {words.long_moment(verdict.at)}."
        proposal = self.proposals.get((child.pk, child.person_id or 0))
        if proposal is None or child.person_id in self.half_seen:
            return said  # why it was joined may be in what this person does not see
        return f"{said} The portal joined them when this contact came in: {_sentence(proposal.reasons)}."

    def _candidate(self, child: Child, one: Candidate) -> Said:
        rows = self.rows[one.person]
        like = next((row for row in rows if row.pk == one.child), rows[0])
        at_receipt = (child.pk, one.person) in self.proposals and one.person not in self.half_seen
        why = _sentence(one.likeness.reasons)
        return {
            "name": like.name,
            "facts": [
                {"key": "How sure", "value": "Likely" if one.likeness.is_strong else "Possible"},
                {"key": "Why", "value": f"{why[:1].upper()}{why[1:]}"},
                *_facts(like),
                {"key": "Found", "value": "When this contact came in" if at_receipt else "Since this contact came in"},
            ],
            "rows": [casefile.earlier_row(row) for row in rows],
            "form": self._form(child.pk, one.person),
        }

    def _form(self, child: int, person: int) -> VerdictForm:
        """A form of its own for each pair, with ids of its own; the one that was sent comes back as it was typed."""
        posted = self.posted
        if posted is not None and (posted.data.get("child"), posted.data.get("person")) == (str(child), str(person)):
            return posted
        facts = {"child": child, "person": person, "version": self.contact.version}
        return verdict_form(child, person, initial=facts)


def verdict_form(child: object, person: object, data: Any = None, **options: Any) -> VerdictForm:
    """`child` and `person` may be anything that somebody sent."""
    pair = "_".join(str(one) if str(one).isdecimal() else "0" for one in (child, person))
    return VerdictForm(data, auto_id=f"id_{pair}_%s", **options)


def child_of(contact: Contact, pk: int) -> Child:
    child = contact.children.filter(pk=pk).first()
    if child is None:
        raise Http404
    return child


def contacts_of(child: Child, user: User) -> list[tuple[int, str, str]]:
    """Every contact about the person that a child is taken for, to choose from: id, who it names, where it is from."""
    return [
        (
            row.pk,
            f"{row.name}, {words.long_date(row.received_at)}",
            f"{row.contact.reference}, {row.contact.agency.name}. {', '.join(fact['value'] for fact in _facts(row))}",
        )
        for row in _rows([child.person_id or 0], user).get(child.person_id or 0, [])
    ]


def _rows(people: Iterable[int], user: User) -> Mapping[int, list[Child]]:
    """Every contact about these people that this user may see, newest first: one query."""
    rows = (
        Child.objects.filter(person__in=list(people), contact__in=access.visible_to(user))
        .select_related("contact__agency")
        .order_by("-received_at", "-pk")
    )
    found: dict[int, list[Child]] = {}
    for row in rows:
        found.setdefault(row.person_id or 0, []).append(row)
    return found


def _half_seen(people: Iterable[int], hidden: Collection[int]) -> Collection[int]:
    """Those of these people of whom another contact is hidden: one query, none where nothing is."""
    if not hidden:
        return ()
    rows = Child.objects.filter(person__in=list(people), contact__in=hidden)
    return set(rows.exclude(person=None).values_list("person_id", flat=True))


def _facts(child: Child) -> list[dict[str, str]]:
    facts = [
        ("Birth", _born(child)),
        ("Sex", SEX_LABELS.get(child.sex, "")),
        ("Postcode", child.postcode),
        ("NHS number", f"NHS number {child.nhs_number}" if child.nhs_number else ""),
        ("UPN", f"UPN {child.upn}" if child.upn else ""),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def _born(child: Child) -> str:
    if child.date_of_birth:
        return f"Born {words.long_date(child.date_of_birth)}"
    if child.expected_date:
        return f"Expected {words.long_date(child.expected_date)}"
    return "Birth date not known"


def _sentence(reasons: Sequence[str]) -> str:
    return ", ".join(reasons) or "no reason was kept"
