"""The virus scanner: what it says, how long anybody waits for it, and what happens when it is not there."""

import io
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals import papers
from referrals.attachments import actions, scanning
from referrals.intake import actions as intake
from referrals.models import Attachment, Notice
from referrals.refusals import Refused
from referrals.vocabulary import AttachmentKind, ScanState
from tests import attaching
from tests.attaching import clamd, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somewhere(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENT_DIR = tmp_path / "attachments"
    settings.PORTAL_DEMO = False


def attach(rosa: User, content: bytes = b"She said it hurt.", name: str = "notes.txt") -> Attachment:
    draft = intake.start_draft(by=rosa)
    return actions.attach(draft.key, name, content, AttachmentKind.OTHER, by=rosa)


def silent(line: socket.socket, content: bytes) -> None:
    time.sleep(8)


def rude(line: socket.socket, content: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\nstream: OK" + b"x" * 5000)


def hangs_up(line: socket.socket, content: bytes) -> None:
    line.close()


def nearly(line: socket.socket, content: bytes) -> None:
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def test_a_clean_file_may_be_opened_at_once(rosa: User, settings: Settings) -> None:
    with clamd(verdict) as settings.CLAMAV:
        attachment = attach(rosa)
    attachment.refresh_from_db()
    assert attachment.state == ScanState.CLEAN
    assert attachment.scanned_at is not None
    with actions.open_file(attachment, by=rosa) as file:
        assert file.read() == b"She said it hurt."


def test_a_file_with_a_virus_is_kept_back_and_its_sender_is_told(rosa: User, settings: Settings) -> None:
    with clamd(verdict) as settings.CLAMAV:
        attachment = attach(rosa, b"Look: " + attaching.EICAR)
    attachment.refresh_from_db()
    assert attachment.state == ScanState.SUSPECT
    with pytest.raises(Refused, match="Kept back: it may hold a virus"):
        actions.open_file(attachment, by=rosa)
    [notice] = Notice.objects.filter(template=actions.KEPT_BACK)
    assert (notice.to, notice.reference) == (rosa, "")
    actions.look_at(attachment)
    assert Notice.objects.filter(template=actions.KEPT_BACK).count() == 1


def test_a_file_larger_than_one_chunk_arrives_whole() -> None:
    seen = []

    def keeps(line: socket.socket, content: bytes) -> None:
        seen.append(content)
        line.sendall(b"stream: OK\0")

    content = bytes(range(256)) * 1000
    with clamd(keeps) as address, pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.CLAMAV", address)
        assert scanning.scan(io.BytesIO(content)) is ScanState.CLEAN
    assert seen == [content]


def test_an_upload_waits_two_seconds_for_a_slow_scanner_and_the_sweep_does_the_rest(
    rosa: User, settings: Settings
) -> None:
    with clamd(silent) as settings.CLAMAV:
        began = time.monotonic()
        attachment = attach(rosa)
        assert time.monotonic() - began < 3.5
    attachment.refresh_from_db()
    assert attachment.state == ScanState.PENDING
    with pytest.raises(Refused, match="Being checked for viruses"):
        actions.open_file(attachment, by=rosa)
    with clamd(verdict) as settings.CLAMAV:
        assert actions.rescan(timezone.now()) == 1
    attachment.refresh_from_db()
    assert attachment.state == ScanState.CLEAN


@pytest.mark.parametrize("answer", [rude, hangs_up, nearly])
def test_a_scanner_that_talks_nonsense_clears_nothing(
    answer: Callable[[socket.socket, bytes], None], rosa: User, settings: Settings
) -> None:
    with clamd(answer) as settings.CLAMAV:
        attachment = attach(rosa)
    attachment.refresh_from_db()
    assert (attachment.state, attachment.scanned_at) == (ScanState.ERROR, None)
    with pytest.raises(Refused, match="Not checked yet"):
        actions.open_file(attachment, by=rosa)


def test_a_scanner_that_is_down_holds_nothing_up_and_is_asked_again_less_and_less_often(
    rosa: User, settings: Settings
) -> None:
    settings.CLAMAV = nobody()
    began = time.monotonic()
    attachment = attach(rosa)
    assert time.monotonic() - began < 2
    attachment.refresh_from_db()
    assert attachment.state == ScanState.ERROR
    waits = []
    for _ in range(8):
        attachment.refresh_from_db()
        assert actions.rescan(attachment.next_scan_at) == 0
        attempts = attachment.scan_attempts
        attachment.refresh_from_db()
        assert attachment.scan_attempts == attempts + 1
        waits.append(round((attachment.next_scan_at - timezone.now()).total_seconds() / 30))
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    with clamd(verdict) as settings.CLAMAV:
        assert actions.rescan(timezone.now()) == 0, "not due yet"
        assert actions.rescan(attachment.next_scan_at + timedelta(seconds=1)) == 1
        assert actions.rescan(attachment.next_scan_at + timedelta(days=1)) == 0, "known"


def test_a_file_that_the_scanner_cannot_read_does_not_hold_up_the_next(rosa: User, settings: Settings) -> None:
    settings.CLAMAV = nobody()
    bad, good = attach(rosa, b"bad"), attach(rosa, b"good")

    def only_good(line: socket.socket, content: bytes) -> None:
        line.sendall(b"stream: OK\0" if content == b"good" else b"stream: Heuristics ERROR\0")

    now = timezone.now()
    with clamd(only_good) as settings.CLAMAV:
        actions.rescan(now)
        actions.rescan(now)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (ScanState.ERROR, ScanState.CLEAN)


@pytest.mark.parametrize("demo", [True, False])
def test_without_a_scanner_only_a_demonstration_opens_a_file_and_it_says_so(
    demo: bool, rosa: User, settings: Settings
) -> None:
    settings.CLAMAV, settings.PORTAL_DEMO = "", demo
    attachment = attach(rosa)
    attachment.refresh_from_db()
    assert (attachment.state, attachment.scanned_at) == (ScanState.PENDING, None)
    assert papers.may_be_opened(attachment) is demo
    assert (papers.state_words(attachment) == papers.UNCHECKED) is demo
    assert actions.rescan(timezone.now()) == 0
    with clamd(verdict) as settings.CLAMAV:
        assert actions.rescan(timezone.now()) == 1, "once there is a scanner, it sees what came before it"


def test_a_socket_of_this_machine_is_a_scanner_too(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "clamd"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        settings.CLAMAV = str(path)
        threading.Thread(target=lambda: attaching.serve_one(server, verdict), daemon=True).start()
        assert scanning.scan(io.BytesIO(attaching.EICAR)) is ScanState.SUSPECT


@pytest.mark.parametrize("row_only", [True, False])
def test_a_lost_file_is_not_clean(row_only: bool, rosa: User, settings: Settings) -> None:
    with clamd(verdict) as settings.CLAMAV:
        key: UUID = attaching.row(rosa, draft_key=intake.start_draft(by=rosa).key).key if row_only else attach(rosa).key
        actions.rescan(timezone.now() + timedelta(days=1))
    state = Attachment.objects.get(key=key).state
    assert state == (ScanState.ERROR if row_only else ScanState.CLEAN)
