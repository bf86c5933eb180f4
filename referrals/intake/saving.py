"""What a draft remembers of its own saving: who saved which page and when, and words of which there are two versions.

It is kept among the answers under one key that is no part of the form and is left behind when the form is sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import LONDON, time_of_day
from referrals.models import Draft
from referrals.refusals import Stale
from referrals.rules import retention
from referrals.rules.marf.values import Answers, part, people, text

from .merging import Merged, Seen, Written, changed_leaves, leaf_of, merge, same

#: Under this key a draft's answers keep who saved what, and when; it is no part of the form.
SAVES = "_saves"
#: Of so many openings of a page it is known how much of what they posted has arrived.
REMEMBERED = 10
#: Under this key of those stands from whom the draft was taken over.
TAKEN_OVER = "taken over"


@dataclass(frozen=True)
class LastSave:
    """The last time that a page was saved."""

    version: int
    by: str
    at: datetime
    writer: str


@dataclass(frozen=True)
class Clash:
    """One answer of which there are two versions: what stands in the form (`saved`), and what `by` wrote (`aside`)."""

    section: str
    page: str
    leaf: str
    saved: Any
    saved_by: str
    aside: Any
    by: str
    person: str
    at: datetime


def part_of(section: str, page: str) -> str:
    """What is saved at once: a page, or a person."""
    return f"{section}/{page}"


def version_of(draft: Draft, section: str, page: str) -> int:
    """How often this page has been saved; the form carries it."""
    return int(_entry(draft.answers, section, page).get("version", 0))


def last_save(draft: Draft, section: str, page: str) -> LastSave | None:
    saved = _entry(draft.answers, section, page)
    if not saved:
        return None
    at = datetime.fromisoformat(saved["at"])
    return LastSave(int(saved["version"]), saved["by"], at, saved.get("writer", ""))


def has_heard(draft: Draft, section: str, page: str, writer: str, turn: int) -> bool:
    """Has this post of this opening of the page arrived?"""
    return int(_entry(draft.answers, section, page).get("heard", {}).get(writer, -1)) >= turn


def written_on(draft: Draft, section: str, page: str) -> dict[str, Written]:
    """Who wrote each answer of a page last."""
    return {leaf: Written(**last) for leaf, last in _entry(draft.answers, section, page).get("leaves", {}).items()}


def check_stale(draft: Draft, section: str, page: str, version: int | None, *, unchanged: bool) -> None:
    """For a page that does not say what it showed: Stale where somebody has saved other words on it since."""
    saved = last_save(draft, section, page)
    if version is None or unchanged or saved is None or saved.version == version:
        return
    when = saved.at.astimezone(LONDON)
    raise Stale(
        f"{saved.by} saved this page at {when:%H:%M} on {when.day} {when:%B}, after you opened it. "
        "What you typed is below and is not saved yet. Check it against theirs, then save again."
    )


def merged_with(
    draft: Draft,
    section: str,
    page: str,
    before: Mapping[str, Any],
    typed: Mapping[str, Any],
    *,
    version: int | None,
    seen: Seen | None,
) -> Merged:
    """What to keep of what was typed on a page: answer by answer where the page says what it showed, else all of it."""
    if seen is not None:
        return merge(before, typed, seen, written_on(draft, section, page))
    after = {**before, **typed}
    check_stale(draft, section, page, version, unchanged=after == before)
    return Merged(after, mine=changed_leaves(before, typed))


def save(
    draft: Draft,
    section: str,
    page: str,
    merged: Merged,
    *,
    by: User,
    completed: bool | None = None,
    seen: Seen | None = None,
    quietly: bool = False,
) -> None:
    """Write the draft down with who saved what. `quietly`: not where nothing has changed."""
    now = timezone.now()
    changed = _put_aside(draft, section, page, merged, by=by, now=now, settles=not quietly)
    if quietly and not changed and not merged.mine:
        return
    if completed is not None:
        others = [one for one in draft.completed if one != section]
        draft.completed = [*others, section] if completed else others
    _note(draft, section, page, by=by, now=now, seen=seen, mine=merged.mine)
    draft.version += 1
    draft.updated_at, draft.updated_by = now, by
    draft.wakes_at = retention.next_step(now, now)
    draft.save(update_fields=["answers", "completed", "version", "updated_at", "updated_by", "wakes_at"])
    trail.record("draft:save", by=by, details={"draft": str(draft.key), "section": section})


def _note(
    draft: Draft, section: str, page: str, *, by: User, now: datetime, seen: Seen | None, mine: list[str]
) -> None:
    """Write down that a page has been saved, and whose words now stand in `mine`."""
    entry = dict(_entry(draft.answers, section, page))
    writer, turn = (seen.writer, seen.turn) if seen else ("", 0)
    entry |= {"version": int(entry.get("version", 0)) + 1, "by": by.full_name, "at": now.isoformat(), "writer": writer}
    if writer:
        heard = {one: last for one, last in entry.get("heard", {}).items() if one != writer}
        entry["heard"] = dict([*heard.items(), (writer, turn)][-REMEMBERED:])
    written = Written(by.full_name, now.isoformat(), writer, turn)
    entry["leaves"] = {**entry.get("leaves", {}), **dict.fromkeys(mine, asdict(written))}
    draft.answers.setdefault(SAVES, {})[part_of(section, page)] = entry


def _put_aside(
    draft: Draft, section: str, page: str, merged: Merged, *, by: User, now: datetime, settles: bool
) -> bool:
    """Keep words for which there are others already, until a person chooses. True where something has changed.

    Words that have come to stand in the form are dropped here. So is, where the person has read both and saved the page
    (`settles`), what they had put aside themselves.
    """
    entry = dict(_entry(draft.answers, section, page))
    before = entry.get("aside", {})
    after = {leaf: dict(versions) for leaf, versions in before.items()}
    for leaf, value in merged.aside.items():
        mine = {"by": by.full_name, "at": now.isoformat(), "value": value}
        old = after.setdefault(leaf, {}).get(str(by.pk))
        if old is None or not same(old["value"], value):
            after[leaf][str(by.pk)] = mine
    for leaf in merged.mine if settles else ():
        after.get(leaf, {}).pop(str(by.pk), None)
    for leaf, versions in after.items():
        stands = leaf_of(merged.answers, leaf)
        after[leaf] = {pk: one for pk, one in versions.items() if not same(one["value"], stands)}
    entry["aside"] = {leaf: versions for leaf, versions in after.items() if versions}
    if entry["aside"] == before:
        return False
    draft.answers.setdefault(SAVES, {})[part_of(section, page)] = entry
    return True


def drop_aside(draft: Draft, section: str, page: str, leaf: str, person: str) -> Any:
    """Take one version out of what is put aside, and give it; None where it is not there any more."""
    versions = _entry(draft.answers, section, page).get("aside", {}).get(leaf, {})
    found = versions.pop(person, None)
    if not versions:
        _entry(draft.answers, section, page).get("aside", {}).pop(leaf, None)
    return found["value"] if found else None


def clashes(draft: Draft, section: str = "", page: str = "") -> list[Clash]:
    """Every answer of which there are two versions; on one page where a section is given."""
    return [clash for clash in _clashes(draft.answers) if not section or (clash.section, clash.page) == (section, page)]


def answers_at(answers: Answers, section: str, page: str) -> Mapping[str, Any]:
    """The answers that a page or a person stands for."""
    entries = people(answers, section)
    if isinstance(answers.get(section), list):
        return next((entry for entry in entries if text(entry, "key") == page), {})
    return part(answers, section)


def without_saves(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The form itself."""
    return {section: said for section, said in answers.items() if section != SAVES}


def moment_words(at: datetime) -> str:
    """ "4:02pm", and the day where it is not today."""
    local = at.astimezone(LONDON)
    is_today = local.date() == timezone.now().astimezone(LONDON).date()
    return time_of_day(at) if is_today else f"{time_of_day(at)} on {local.day} {local:%B}"


def _entry(answers: Mapping[str, Any], section: str, page: str) -> dict[str, Any]:
    found: dict[str, Any] = answers.get(SAVES, {}).get(part_of(section, page), {})
    return found


def _clashes(answers: Mapping[str, Any]) -> Iterator[Clash]:
    for where, entry in answers.get(SAVES, {}).items():
        section, _, page = where.partition("/")
        for leaf, versions in entry.get("aside", {}).items():
            stands = leaf_of(answers_at(answers, section, page), leaf)
            last = entry.get("leaves", {}).get(leaf, entry)
            for person, one in versions.items():
                at = datetime.fromisoformat(one["at"])
                yield Clash(section, page, leaf, stands, last["by"], one["value"], one["by"], person, at)
