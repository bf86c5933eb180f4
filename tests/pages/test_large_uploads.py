"""A file far over the limit: refused before it has been received, with the sentence, and nothing typed is lost."""

import socket
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals.intake import actions as intake
from referrals.intake.notifications.table import TOO_LARGE
from referrals.models import Attachment, Draft, Upload
from tests import build
from tests.pages.browsing import signed_in, words
from tests.portals import Portal, StartPortal

SENTENCE = "The file is larger than 1 MB. Make it smaller or split it, and choose it again"
MEGABYTE = 1024 * 1024
CHOSEN = 'value="body_map" checked'


@pytest.fixture(autouse=True)
def _limit(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENT_BYTES, settings.ATTACHMENT_DIR = MEGABYTE, tmp_path / "attachments"


def posted(client: Client, draft: Draft, size: int) -> str:
    file = SimpleUploadedFile("map.txt", b"a" * size)
    answer = client.post(
        reverse("attachments:files", args=[draft.key]), {"kind": "body_map", "file": file}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("size", [MEGABYTE + 1, 3 * MEGABYTE, 9 * MEGABYTE])
def test_an_agency_cannot_upload_what_is_too_large_and_keeps_what_it_chose(size: int, rosa: User) -> None:
    client, draft = signed_in(rosa), intake.start_draft(by=rosa)
    page = posted(client, draft, size)
    assert words(page).count(SENTENCE) == 2, "in the summary and at the field"
    assert CHOSEN in page
    assert not Attachment.objects.exists()
    assert "is attached" in posted(client, draft, MEGABYTE)
    assert Attachment.objects.count() == 1


def test_a_force_is_told_so_too(omar: User) -> None:
    client, url = signed_in(omar), reverse("notifications:uploads")
    page = client.post(url, {"file": SimpleUploadedFile("a.csv", b"a" * 9 * MEGABYTE)}).content.decode()
    assert TOO_LARGE in words(page)
    assert not Upload.objects.exists()


def test_nothing_of_a_file_that_is_too_large_is_kept_in_memory_or_on_disk(
    rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def receive(self: MemoryFileUploadHandler, raw_data: bytes, start: int) -> None:
        seen.append(len(raw_data))

    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", receive)
    client, draft = signed_in(rosa), intake.start_draft(by=rosa)
    assert SENTENCE in words(posted(client, draft, 9 * MEGABYTE))
    assert seen == []
    posted(client, draft, MEGABYTE)
    assert sum(seen) == MEGABYTE


def test_the_answer_comes_while_a_thousand_megabytes_have_not_been_sent(
    committed: str, portal_processes: StartPortal, settings: Settings
) -> None:
    rosa = build.player("Rosa")
    draft = intake.start_draft(by=rosa)
    portal = portal_processes("web", SECRET_KEY=settings.SECRET_KEY, ATTACHMENT_MEGABYTES="1")
    began = time.monotonic()
    answer = began_to_send(portal, rosa, draft, announced=1000 * MEGABYTE)
    assert time.monotonic() - began < 10
    assert answer.startswith("HTTP/1.1 200 OK")
    assert SENTENCE in words(answer)
    assert CHOSEN in answer


def began_to_send(portal: Portal, rosa: User, draft: Draft, *, announced: int) -> str:
    """What the portal answers to the beginning of a request that goes on for ever."""
    client = signed_in(rosa)
    url = reverse("attachments:files", args=[draft.key])
    client.get(url)
    token, session = client.cookies["csrftoken"].value, client.cookies["sessionid"].value
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrfmiddlewaretoken", token), ("kind", "body_map"))
    )
    file = '--b\r\nContent-Disposition: form-data; name="file"; filename="map.txt"\r\nContent-Type: text/plain\r\n\r\n'
    host, port = portal.url.removeprefix("http://").split(":")
    head = (
        f"POST {url} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: sessionid={session}; csrftoken={token}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {announced}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall((head + fields + file).encode() + b"a" * 256 * 1024)
        said = b""
        while part := line.recv(65536):
            said += part
            if b"</html>" in said:
                break
    return said.decode()
