"""A file of referrals, sent one by one: what stops one leaves nothing behind, is said in sentences, stops no other."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from referrals.refusals import NotReady, Refused

from . import actions, documents
from .reading import BadDocument
from .senders import sender_of


class Loader(yaml.SafeLoader):
    """Reads everything but true, false and nothing as text, as it was typed: a slip in one date spoils no other."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|false|False)$"), list("tTfF"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(?:~|null|Null|)$"), ["~", "n", "N", ""])


def documents_in(file: Path) -> list[Any]:
    """Every document of a file: a list, or documents one after another. BadDocument where it is no such file."""
    try:
        found = list(yaml.load_all(file.read_text(encoding="utf-8"), Loader))
    except OSError as trouble:
        raise BadDocument(f"{file} cannot be read: {trouble.strerror}.") from None
    except UnicodeDecodeError:
        raise BadDocument(f"{file} is not text in UTF-8.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as trouble:
        raise BadDocument(f"{file} is not YAML{place_of(trouble)}.") from None
    flat = [one for part in found for one in (part if isinstance(part, list) else [part])]
    if not any(one is not None for one in flat):
        raise BadDocument(f"{file} has no referral in it.")
    return flat


def place_of(trouble: Exception) -> str:
    mark = getattr(trouble, "problem_mark", None)
    return f": look at line {mark.line + 1}" if mark else ""


def name_of(data: Any, number: int) -> str:
    """The document's own id, or its place in the file."""
    own = data.get("id") if isinstance(data, dict) else None
    return own if isinstance(own, str) and own else f"document {number}"


def send(data: Any, default: datetime | None) -> dict[str, Any]:
    """Send one document; whatever stops it leaves nothing behind and is said in sentences."""
    try:
        with transaction.atomic():
            return _sent(data, default)
    except NotReady as refusal:
        missing = [getattr(gap, "name", "") for gap in refusal.gaps]
        return {"sent": False, "missing": list(dict.fromkeys(missing)), "why": list(refusal.reasons)}
    except Refused as refusal:
        return {"sent": False, "missing": [], "why": list(refusal.reasons)}


def _sent(data: Any, default: datetime | None) -> dict[str, Any]:
    document = documents.read(data)
    at = document.received_at or default
    if at and at > timezone.now():
        raise BadDocument("received_at is still to come.")
    sender = sender_of(document)
    draft = actions.start_draft(by=sender, answers=document.answers)
    contact = actions.submit(draft.key, by=sender, at=at)
    answer: dict[str, Any] = {"sent": True, "reference": contact.reference}
    if contact.submission_key != draft.key:
        answer["repeated"] = (
            f"The police reference {document.police_reference} was sent before: it is the same contact."
        )
    return answer
