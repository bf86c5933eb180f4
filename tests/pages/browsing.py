"""Signing in and turning the pages of intake."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from mash_portal.accounts.models import User
from referrals.models import Draft


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"intake:{name}", args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def post(client: Client, name: str, /, *args: object, **data: Any) -> Any:
    return client.post(reverse(f"intake:{name}", args=args), data)


def words(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def start(client: Client) -> Draft:
    post(client, "start")
    return Draft.objects.latest("created_at")


def shown(person: User, name: str, *args: object, **query: str) -> str:
    answer = signed_in(person).get(reverse(name, args=args), query)
    assert answer.status_code == 200, name
    return answer.content.decode()
