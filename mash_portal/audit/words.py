"""What a line of the trail tells of, in words. Other parts of the portal teach their own when it starts (apps.py)."""

from collections.abc import Mapping
from typing import Any

#: Any line whose code begins so is about somebody who has read something.
READING = "viewed"
_WORDS = {
    READING: "opened anything at all",
    "person_added": "added a person",
    "person_changed": "changed a person’s details",
    "person_activated": "gave a person their account back",
    "person_deactivated": "took a person’s account away",
    "password_link_made": "made a link for setting a password",
    "password_cleared": "cleared a person’s password",
    "password_set": "set a password",
}


def teach(words: Mapping[str, str]) -> None:
    _WORDS.update(words)


def said(verb: str) -> str:
    """ "Signed the decision off"; the page of a step that was only opened is named by the step."""
    kind, _, step = verb.partition(":")
    known = _WORDS.get(verb) or (f"opened the page of a step: {_WORDS[step]}" if step in _WORDS else "")
    return _sentence(known or f"{kind} {step}".replace("_", " ").strip())


def choices() -> list[tuple[str, str]]:
    """Everything that may be asked for, by its words."""
    return sorted(((verb, _sentence(words)) for verb, words in _WORDS.items()), key=lambda pair: pair[1])


def is_known(verb: str) -> bool:
    return verb in _WORDS


def details(facts: Mapping[str, Any]) -> str:
    """ "Stage: sign off, level: 3": codes and numbers as a person can read them."""
    return _sentence(", ".join(f"{_plain(name)}: {_plain(value)}" for name, value in facts.items()))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " and ".join(_plain(one) for one in value) or "none"
    return "none" if value is None else str(value).replace("_", " ")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
