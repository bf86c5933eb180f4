"""Everything that intake writes. A draft is saved as it is typed; sending it is one transaction."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import LONDON
from referrals import access, gate
from referrals.models import Contact, Draft
from referrals.refusals import NotReady, Refused, Stale
from referrals.rules import marf
from referrals.rules.marf.values import part, people, text
from thresholds.models import Matrix

from . import records
from .arrival import Arrival

#: Under this key a draft's answers keep who saved what, and when; it is no part of the form.
SAVES = "_saves"
#: Evidence of indicators that are not ticked any more.
PUT_ASIDE = "put_aside"


@transaction.atomic
def start_draft(*, by: User, answers: Mapping[str, Any] | None = None) -> Draft:
    """An empty form of the person's agency, or one filled in by a document."""
    if by.agency is None:
        raise Refused("Your account belongs to no agency, so it cannot send referrals. Ask an administrator to add it.")
    now = timezone.now()
    draft = Draft.objects.create(
        agency=by.agency, author=by, updated_by=by, answers=dict(answers or {}), created_at=now, updated_at=now
    )
    trail.record("draft:start", by=by, details={"draft": str(draft.key)})
    return draft


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
) -> Draft:
    """Keep what was typed on one page, right or wrong, beside whatever colleagues save on other pages.

    `version` is what the page showed (saves.version); Stale where somebody has saved other words on it since.
    """
    draft = access.draft_of(by, key, lock=True)
    before = draft.answers.get(section) or {}
    after = {**before, **answers}
    _check_stale(draft, part_of(section, page), version, unchanged=after == before)
    draft.answers[section] = after
    _save(draft, section, page, by=by, completed=completed)
    return draft


@transaction.atomic
def tick(key: UUID, codes: Iterable[str], *, by: User, version: int | None = None) -> Draft:
    """Tick these indicators and no others. Evidence of one that is unticked is put aside and comes back with it."""
    threshold = part(access.draft_of(by, key, lock=True).answers, "threshold")
    written = {**part(threshold, PUT_ASIDE), **part(threshold, "indicators")}
    known = set(Matrix.objects.current().indicators.filter(code__in=list(codes)).values_list("code", flat=True))
    ticked = {code: written.get(code, "") for code in codes if code in known}
    aside = {code: words for code, words in written.items() if words and code not in ticked}
    answers = {"indicators": ticked, PUT_ASIDE: aside}
    return save_section(key, "threshold", answers, by=by, version=version, page="indicators")


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
) -> None:
    """Keep one child, adult or agency under its key within the form. Adding the same key twice adds one."""
    draft = access.draft_of(by, key, lock=True)
    entries = [dict(entry) for entry in people(draft.answers, section)]
    entry = next((entry for entry in entries if entry.get("key") == person), None)
    if entry is None and not add:
        raise Refused("A colleague has removed this entry since you opened the page. Add it again if it is needed.")
    if entry is None:
        entry = {"key": person}
        entries.append(entry)
    _check_stale(draft, part_of(section, person), version, unchanged={**entry, **answers} == entry)
    entry.update(answers)
    draft.answers[section] = entries
    _save(draft, section, person, by=by)


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
    _save(draft, section, "", by=by)


@transaction.atomic
def complete_section(key: UUID, section: str, *, by: User, completed: bool) -> None:
    """What the person says of a section with several people: is it all there?"""
    _save(access.draft_of(by, key, lock=True), section, "", by=by, completed=completed)


@transaction.atomic
def delete_draft(key: UUID, *, by: User) -> None:
    """Throw an unsent form away. One that has been sent in the meantime is not there any more, and stays sent."""
    draft = access.draft_of(by, key, lock=True)
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
        draft.delete()
        return same
    matrix = Matrix.objects.current()
    ticked = records.Ticked.of(draft.answers, matrix)
    today = now.astimezone(LONDON).date()
    if gaps := [*marf.gaps(draft.answers, today=today, channel=arrival.channel), *ticked.gaps()]:
        raise NotReady(*[gap.sentence for gap in gaps], gaps=gaps)
    contact = _receive(draft, arrival, by=by, now=now)
    answers = {section: said for section, said in draft.answers.items() if section != SAVES}
    answers["threshold"].pop(PUT_ASIDE, None)
    records.write(contact, answers, ticked, by=by, now=now)
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


def part_of(section: str, page: str) -> str:
    """What is saved at once and can clash: a page, or a person."""
    return f"{section}/{page}"


def version_of(draft: Draft, section: str, page: str) -> int:
    """How often this page has been saved; the form carries it."""
    return int(draft.answers.get(SAVES, {}).get(part_of(section, page), {}).get("version", 0))


def _check_stale(draft: Draft, part: str, version: int | None, *, unchanged: bool) -> None:
    saved = draft.answers.get(SAVES, {}).get(part)
    if version is None or unchanged or saved is None or saved["version"] == version:
        return
    when = datetime.fromisoformat(saved["at"]).astimezone(LONDON)
    raise Stale(
        f"{saved['by']} saved this page at {when:%H:%M} on {when.day} {when:%B}, after you opened it. "
        "What you typed is below and is not saved yet. Check it against theirs, then save again."
    )


def _save(draft: Draft, section: str, page: str, *, by: User, completed: bool | None = None) -> None:
    now = timezone.now()
    if completed is not None:
        others = [one for one in draft.completed if one != section]
        draft.completed = [*others, section] if completed else others
    saved = {"version": version_of(draft, section, page) + 1, "by": by.full_name, "at": now.isoformat()}
    draft.answers.setdefault(SAVES, {})[part_of(section, page)] = saved
    draft.version += 1
    draft.updated_at, draft.updated_by = now, by
    draft.save(update_fields=["answers", "completed", "version", "updated_at", "updated_by"])
    trail.record("draft:save", by=by, details={"draft": str(draft.key), "section": section})
