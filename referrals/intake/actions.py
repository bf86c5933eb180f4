"""Everything that intake writes. A draft is saved as it is typed; sending it is one transaction."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import LONDON
from referrals import access, gate, papers
from referrals.models import Contact, Draft
from referrals.refusals import NotReady, Refused, Stale
from referrals.rules import retention
from referrals.rules.marf.values import part, people, text
from referrals.vocabulary import Verb
from thresholds.models import Matrix

from . import joining, records, saving, versions
from .arrival import Arrival
from .merging import Merged, Seen
from .saving import part_of

SAVES, version_of = saving.SAVES, saving.version_of
#: Evidence of indicators that are not ticked any more.
PUT_ASIDE = "put_aside"


@transaction.atomic
def start_draft(*, by: User, answers: Mapping[str, Any] | None = None) -> Draft:
    """An empty form of the person's agency, or one filled in by a document."""
    if by.agency is None:
        raise Refused("Your account belongs to no agency, so it cannot send referrals. Ask an administrator to add it.")
    now = timezone.now()
    draft = Draft.objects.create(
        agency=by.agency,
        author=by,
        updated_by=by,
        answers=dict(answers or {}),
        created_at=now,
        updated_at=now,
        wakes_at=retention.next_step(now, now),
    )
    trail.record("draft:start", by=by, details={"draft": str(draft.key)})
    return draft


@transaction.atomic
def start_for_call(reference: str, *, by: User) -> Draft:
    """The form that confirms a call, begun with what was said on it; the one that a colleague has begun, if any has."""
    call = joining.expected(by, reference)
    if call is None:
        raise Http404
    access.open_for(by, reference, Verb.JOIN)  # two colleagues at once begin one form
    begun = Draft.objects.of_agency(by).filter(answers__arrival__call=reference).first()
    return begun or start_draft(by=by, answers=joining.first_answers(call, by))


@transaction.atomic
def save_section(
    key: UUID,
    section: str,
    answers: Mapping[str, Any],
    *,
    by: User,
    completed: bool | None = None,
    version: int | None = None,
    page: str = "",
    seen: Seen | None = None,
    quietly: bool = False,
) -> Draft:
    """Keep what was typed on one page, right or wrong, beside whatever colleagues save on other pages.

    `seen` is what the page showed: then answers are merged one by one, and words for which there are others already
    are put aside (saving.clashes). A page that does not say sends its `version`: Stale where somebody has saved other
    words on it since. `quietly`: saved while typing, so that nothing is written where nothing has changed.
    """
    draft = access.draft_of(by, key, lock=True)
    before = draft.answers.get(section) or {}
    merged = saving.merged_with(draft, section, page, before, answers, version=version, seen=seen)
    draft.answers[section] = merged.answers
    saving.save(draft, section, page, merged, by=by, completed=completed, seen=seen, quietly=quietly)
    return draft


@transaction.atomic
def tick(
    key: UUID,
    codes: Iterable[str],
    *,
    by: User,
    version: int | None = None,
    seen: Collection[str] | None = None,
    quietly: bool = False,
) -> Draft:
    """Tick these indicators and no others. Evidence of one that is unticked is put aside and comes back with it.

    `seen` is what was ticked when the page was opened: then what a colleague has ticked or unticked since stays so.
    """
    threshold = part(access.draft_of(by, key, lock=True).answers, "threshold")
    ticked, chosen = part(threshold, "indicators"), list(codes)
    written = {**part(threshold, PUT_ASIDE), **ticked}
    if seen is not None:
        touched = set(seen) ^ set(chosen)
        chosen = [code for code in {**ticked, **dict.fromkeys(chosen)} if (code in ticked) != (code in touched)]
        version = None
    known = set(Matrix.objects.current().indicators.filter(code__in=chosen).values_list("code", flat=True))
    kept = {code: written.get(code, "") for code in chosen if code in known}
    aside = {code: words for code, words in written.items() if words and code not in kept}
    answers = {"indicators": kept, PUT_ASIDE: aside}
    return save_section(key, "threshold", answers, by=by, version=version, page="indicators", quietly=quietly)


@transaction.atomic
def save_person(
    key: UUID,
    section: str,
    person: str,
    answers: Mapping[str, Any],
    *,
    by: User,
    version: int | None = None,
    add: bool = False,
    seen: Seen | None = None,
    quietly: bool = False,
) -> Draft:
    """Keep one child, adult or agency under its key within the form. Adding the same key twice adds one."""
    draft = access.draft_of(by, key, lock=True)
    entries = [dict(entry) for entry in people(draft.answers, section)]
    entry = next((entry for entry in entries if entry.get("key") == person), None)
    if entry is None and not add:
        raise Refused("A colleague has removed this entry since you opened the page. Add it again if it is needed.")
    if entry is None:
        entry = {"key": person}
        entries.append(entry)
    merged = saving.merged_with(draft, section, person, entry, answers, version=version, seen=seen)
    entry.update(merged.answers)
    draft.answers[section] = entries
    saving.save(draft, section, person, merged, by=by, seen=seen, quietly=quietly)
    return draft


def new_key() -> str:
    """A person's key within one form; it stands in addresses, so it says nothing."""
    return secrets.token_hex(4)


@transaction.atomic
def remove_person(key: UUID, section: str, person: str, *, by: User) -> None:
    """Take an entry out, and what adults were to a child who is taken out. Removing twice changes nothing."""
    draft = access.draft_of(by, key, lock=True)
    draft.answers[section] = [entry for entry in people(draft.answers, section) if text(entry, "key") != person]
    if section == "children":
        for adult in people(draft.answers, "adults"):
            for asked in ("relationship", "responsibility"):
                if isinstance(per_child := adult.get(asked), dict):
                    per_child.pop(person, None)
    draft.answers.get(SAVES, {}).pop(part_of(section, person), None)
    saving.save(draft, section, "", Merged({}), by=by)


@transaction.atomic
def complete_section(key: UUID, section: str, *, by: User, completed: bool) -> None:
    """What the person says of a section with several people: is it all there?"""
    saving.save(access.draft_of(by, key, lock=True), section, "", Merged({}), by=by, completed=completed)


@transaction.atomic
def delete_draft(key: UUID, *, by: User, version: int | None = None) -> None:
    """Throw an unsent form away. One that has been sent in the meantime is not there any more, and stays sent.

    `version` is the draft's when the person was asked; Stale where somebody has saved something in it since.
    """
    draft = access.draft_of(by, key, lock=True)
    if version is not None and draft.version != version:
        raise Stale(
            f"{draft.updated_by} has saved something in this draft since you opened this page, so it has not been "
            "deleted. Look at it again first."
        )
    papers.throw_away(key)
    draft.delete()
    trail.record("draft:delete", by=by, details={"draft": str(key)})


def submit(key: UUID, *, by: User, at: datetime | None = None) -> Contact:
    """Send the form: one transaction, one contact, however often and by however many it is sent.

    `at` is the moment of receipt; only the seed of the demo passes it, to send at believable times in the past.
    """
    now = at or timezone.now()
    try:
        with transaction.atomic():
            return _send(key, by=by, now=now)
    except IntegrityError:
        # The same police reference came in on another form at this very moment: now it can be seen.
        with transaction.atomic():
            return _send(key, by=by, now=now)


def _send(key: UUID, *, by: User, now: datetime) -> Contact:
    try:
        draft = access.draft_of(by, key, lock=True)
    except Http404:
        return _sent_already(key, by)
    if by.agency is not None:
        draft.agency = by.agency  # the door has seen that it is the same one: it need not be fetched again
    arrival = Arrival.of(draft)
    if same := arrival.already_here(draft.agency):
        papers.hand_over(draft.key, same)
        draft.delete()
        return same
    matrix = Matrix.objects.current()
    ticked = records.Ticked.of(draft.answers, matrix)
    today = now.astimezone(LONDON).date()
    missing = arrival.gaps(draft.answers, today)
    if gaps := [*missing, *ticked.gaps(), *versions.gaps(draft)]:
        raise NotReady(*[gap.sentence for gap in gaps], gaps=gaps)
    joined = joining.join(draft, arrival, by=by, now=now)
    already = list(joined.children.all()) if joined else []
    contact = joined or _receive(draft, arrival, by=by, now=now)
    answers = saving.without_saves(draft.answers)
    answers["threshold"].pop(PUT_ASIDE, None)
    records.write(contact, answers, ticked, by=by, now=now, already=already)
    papers.hand_over(draft.key, contact)
    draft.delete()
    return contact


def _receive(draft: Draft, arrival: Arrival, *, by: User, now: datetime) -> Contact:
    return gate.receive(
        by=by,
        now=now,
        channel=arrival.channel,
        source=arrival.source,
        agency=draft.agency,
        level_believed=records.level_of(draft.answers),
        submission_key=draft.key,
        external_reference=arrival.police_reference or None,
        rag=arrival.rag,
    )


def _sent_already(key: UUID, by: User) -> Contact:
    """The contact that this form became; 404 for a form that never was, or was another agency's."""
    contact = access.visible_to(by).filter(submission_key=key).first()
    if contact is None:
        raise Http404
    return contact
