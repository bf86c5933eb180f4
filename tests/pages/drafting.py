"""A page of a draft as a browser with scripts sends it while somebody types."""

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from referrals.models import Draft


def at(name: str, draft: Draft, *args: str) -> str:
    return reverse(f"intake:{name}", args=[draft.key, *args])


def field(shown: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', shown)
    assert found, name
    return html.unescape(found[1])


def autosave(client: Client, draft: Draft, path: str, **typed: Any) -> Any:
    return client.post(at("autosave", draft), {"path": path, **typed})


def typing(client: Client, draft: Draft, path: str, **typed: Any) -> dict[str, Any]:
    """Open the page and type, as autosave.js sends it."""
    shown = client.get(path).content.decode()
    carried = {name: field(shown, name) for name in ("seen", "version")}
    answer = autosave(client, draft, path, **carried, writer="aa", turn="1", **typed)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def said(draft: Draft) -> dict[str, Any]:
    return dict(Draft.objects.get(key=draft.key).answers)
