"""Two people on one page of a draft: whose words are kept, answer by answer. Plain Python.

A page carries a short digest of every answer it showed. An answer that comes back as it was shown was not touched, so
what somebody else has saved there stays. One that was touched is kept, unless somebody else touched it too: then there
are two versions, and a person chooses.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_BOXES = frozenset({"day", "month", "year"})
_BLANK: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Seen:
    """What a page showed: `digests` by leaf. `writer` is one opening of the page in one browser, `turn` counts what it
    has posted, so that its own earlier words are never taken for somebody else's."""

    digests: Mapping[str, str]
    writer: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Written:
    """Who wrote a leaf last, and when."""

    by: str
    at: str
    writer: str = ""
    turn: int = 0

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass
class Merged:
    """The answers to keep; `mine`: the leaves that were written; `aside`: words for which there are others already."""

    answers: dict[str, Any]
    mine: list[str] = field(default_factory=list)
    aside: dict[str, Any] = field(default_factory=dict)


def leaves(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each answer by itself. Where something is asked about each child or indicator, each of those: "name.key"."""
    for name, value in answers.items():
        if isinstance(value, Mapping) and not _BOXES.issuperset(value):
            yield from ((f"{name}.{key}", one) for key, one in value.items())
        elif value != {}:
            yield name, value


def leaf_of(answers: Mapping[str, Any], leaf: str) -> Any:
    name, _, key = leaf.partition(".")
    value = answers.get(name)
    return (value.get(key) if isinstance(value, Mapping) else None) if key else value


def put(answers: dict[str, Any], leaf: str, value: Any) -> None:
    name, _, key = leaf.partition(".")
    if not key:
        answers[name] = value
        return
    whole = answers.get(name)
    answers[name] = {**(whole if isinstance(whole, Mapping) else {}), key: value}


def digest(value: Any) -> str:
    """The same for answers that are the same to a reader; blank is blank, however it is stored."""
    plain = "" if value in _BLANK else value
    words = json.dumps(plain, sort_keys=True).replace(r"\r\n", r"\n")
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def digests(answers: Mapping[str, Any]) -> dict[str, str]:
    return {leaf: digest(value) for leaf, value in leaves(answers)}


def same(one: Any, other: Any) -> bool:
    return digest(one) == digest(other)


def merge(before: Mapping[str, Any], typed: Mapping[str, Any], seen: Seen, written: Mapping[str, Written]) -> Merged:
    """What to keep of what was `typed` on a page that showed `seen`, where `before` is what stands there now."""
    merged = Merged({**before})
    for leaf, value in leaves(typed):
        there, shown, last = leaf_of(before, leaf), seen.digests.get(leaf), written.get(leaf)
        if same(there, value) and _stands(before, leaf):
            continue
        if _stands(before, leaf) and shown in (None, digest(value)) and not _is_own(seen, last):
            continue  # not touched, or asked only since the page was opened: theirs stays
        if same(there, None) or digest(there) == shown or _is_own(seen, last):
            if last is None or not _is_own(seen, last) or last.turn <= seen.turn:
                put(merged.answers, leaf, value)
                merged.mine.append(leaf)
        elif not same(value, None):
            merged.aside[leaf] = value
    return merged


def _stands(answers: Mapping[str, Any], leaf: str) -> bool:
    """Somebody has answered or cleared it: it is stored, if only as blank."""
    name, _, key = leaf.partition(".")
    value = answers.get(name)
    return key in value if key and isinstance(value, Mapping) else not key and name in answers


def _is_own(seen: Seen, last: Written | None) -> bool:
    """What stands there is this page's own, although it has not heard so: an answer of the server was lost."""
    return last is not None and bool(seen.writer) and last.writer == seen.writer


def changed_leaves(before: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """What differs in the answers that were typed, taken together: what was added, changed or taken out."""
    old, new = dict(leaves({name: before[name] for name in typed if name in before})), dict(leaves(typed))
    return [leaf for leaf in {**old, **new} if (leaf in old) != (leaf in new) or not same(old[leaf], new[leaf])]


def adopted(stored: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, str]:
    """The digests that a page which shows `typed` may go on from: of what is stored as it shows it."""
    return {leaf: digest(value) for leaf, value in leaves(typed) if same(leaf_of(stored, leaf), value)}
