"""A person's browser, as far as the portal's servers can tell: a connection, a session, the token of their forms."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

SECONDS = 30
#: Shown and forgotten by the next page, which a client that only posts never opens.
FORGOTTEN = "messages"


class Unexpected(Exception):
    """The portal answered something else than it is measured for."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes


class Browser:
    """One client. Not shared between threads."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self.cookies: dict[str, str] = {}

    def get(self, path: str, expect: int = 200) -> Answer:
        return self._ask("GET", path, None, expect)

    def post(self, path: str, fields: Mapping[str, str | list[str]], expect: int = 302) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}, doseq=True)
        return self._ask("POST", path, body, expect)

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page, as everybody does."""
        self.get("/accounts/login/")
        self.post("/accounts/login/", {"login": email, "password": password})
        if "sessionid" not in self.cookies:
            raise Unexpected(f"{email} could not sign in.")

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None, expect: int) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._response(method, path, body, headers)
        answer = Answer(response.status, response.headers.get("Location", ""), response.read())
        self._keep(response.headers.get_all("Set-Cookie") or [])
        if answer.status != expect:
            raise Unexpected(f"{method} {path} answered {answer.status}, not {expect}.\n{words_of(answer.body)[:600]}")
        return answer

    def _response(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Over the connection that is open; over a new one where the server has closed it in the meantime."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if name != FORGOTTEN:
                    self.cookies[name] = morsel.value


class Filled(HTMLParser):
    """What a browser would send of the page's forms, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str | list[str]] = {}
        self._open = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "textarea" and name:
            self._open, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self._add(self._select, said.get("value", ""))
        elif tag == "input" and name and self._is_sent(said):
            self._add(name, said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._open = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.fields[self._open] = f"{self.fields[self._open]}{data}".lstrip("\n")

    @staticmethod
    def _is_sent(said: Mapping[str, str]) -> bool:
        kind = said.get("type", "text")
        return kind != "submit" and (kind not in {"radio", "checkbox"} or "checked" in said)

    def _add(self, name: str, value: str) -> None:
        before = self.fields.get(name)
        if before is None:
            self.fields[name] = value
        else:
            self.fields[name] = [*(before if isinstance(before, list) else [before]), value]


def fields_of(page: bytes) -> dict[str, str | list[str]]:
    """The fields of a page's forms with what stands in them, without the token."""
    parser = Filled()
    parser.feed(page.decode())
    parser.fields.pop("csrfmiddlewaretoken", None)
    return parser.fields


def words_of(page: bytes) -> str:
    """The text of a page, for an error message."""
    found: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            found.extend(data.split())

    Words().feed(page.decode(errors="replace"))
    return " ".join(found)
