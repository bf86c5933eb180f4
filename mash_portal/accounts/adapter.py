"""How allauth signs people in here: by e-mail, and only people whom an administrator has added."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Check your e-mail address and password, then try again",
        "incorrect_code": "That code is not right. Enter the newest code from your app",
        "too_many_login_attempts": "There were too many wrong guesses. Wait 15 minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the page that follows shows who is signed in, and a banner is for what a person has done."""
