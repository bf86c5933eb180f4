"""Files on disk and their rows: gone together, sent together, and scanned once, whoever else is at work."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.http import Http404
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals.attachments import actions
from referrals.intake import actions as intake
from referrals.models import Attachment, Contact, Draft
from referrals.retention.actions import look_after_drafts
from referrals.rules import retention
from referrals.vocabulary import AttachmentKind, ScanState
from tests import build
from tests.actions.leaving import here, left
from tests.actions.test_intake import draft_by
from tests.attaching import attach, clamd, on_disk


@pytest.fixture(autouse=True)
def _somewhere(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENT_DIR = tmp_path / "attachments"


def of_a_thread(act: Callable[[], object]) -> object:
    """What came of it, on a connection of its own."""
    try:
        return act()
    except Http404:
        return None
    finally:
        connection.close()


def test_a_draft_that_is_deleted_for_its_age_takes_its_files_off_the_disk(committed: str, settings: Settings) -> None:
    rosa, now = here(build.player("Rosa")), timezone.now()
    old, young = draft_by(rosa), draft_by(rosa)
    attach(old, rosa, "old.txt", b"old")
    kept = attach(young, rosa, "young.txt", b"young")
    left(old, days=retention.DRAFT_DAYS + 1, now=now)
    assert look_after_drafts(now).warned == 1
    assert len(on_disk(settings)) == 2, "announced, and not deleted yet"
    assert look_after_drafts(now + timedelta(days=7, minutes=1)).deleted == 1
    assert [path.name for path in on_disk(settings)] == [kept.key.hex]
    assert list(Attachment.objects.all()) == [kept]


def test_the_files_of_a_contact_that_is_destroyed_are_off_the_disk_a_day_later(rosa: User, settings: Settings) -> None:
    """Whatever deletes the rows, by whatever way: a file that nobody names does not stay."""
    draft = draft_by(rosa)
    attach(draft, rosa, "a.txt", b"words")
    intake.submit(draft.key, by=rosa)
    Attachment.objects.all().delete()
    assert actions.sweep_files(time.time() + 60 * 60) == 0
    assert actions.sweep_files(time.time() + 25 * 60 * 60) == 1
    assert on_disk(settings) == []


def test_a_referral_that_is_sent_during_an_upload_takes_the_file_with_it(
    committed: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa, begun, go = build.player("Rosa"), threading.Event(), threading.Event()
    draft, usual = draft_by(rosa), actions._saved

    def waits(*arguments: object, **facts: object) -> None:
        begun.set()
        go.wait(20)
        usual(*arguments, **facts)  # type: ignore[arg-type]  # whatever it was called with

    monkeypatch.setattr(actions, "_saved", waits)
    with ThreadPoolExecutor(2) as threads:
        uploading = threads.submit(of_a_thread, lambda: attach(draft, rosa, "a.txt", b"words"))
        begun.wait(20)
        sending = threads.submit(of_a_thread, lambda: intake.submit(draft.key, by=rosa))
        with pytest.raises(TimeoutError):
            sending.result(0.5)
        go.set()
        uploading.result(20)
        contact = sending.result(20)
    assert isinstance(contact, Contact)
    assert [one.name for one in contact.attachments.all()] == ["a.txt"]
    assert len(on_disk(settings)) == 1


@pytest.mark.parametrize("_round", range(3))
def test_uploads_and_a_sending_at_once_leave_no_file_without_a_contact(
    _round: int, committed: str, settings: Settings
) -> None:
    rosa = build.player("Rosa")
    draft, start = draft_by(rosa), threading.Barrier(5)

    def uploads(number: int) -> object:
        start.wait(20)
        return attach(draft, rosa, f"{number}.txt", b"%d" % number)

    def sends() -> object:
        start.wait(20)
        return intake.submit(draft.key, by=rosa)

    with ThreadPoolExecutor(5) as threads:
        uploading = [threads.submit(of_a_thread, lambda number=number: uploads(number)) for number in range(4)]  # type: ignore[misc]
        contact = threads.submit(of_a_thread, sends).result(30)
        taken = [one.result(30) for one in uploading]
    assert isinstance(contact, Contact)
    kept = {one.key for one in taken if isinstance(one, Attachment)}
    assert {one.key for one in contact.attachments.all()} == kept
    assert Attachment.objects.count() == len(kept)
    assert {path.name for path in on_disk(settings)} == {key.hex for key in kept}
    assert not Draft.objects.exists()


def test_two_sweeps_at_once_scan_each_file_once(committed: str, settings: Settings) -> None:
    rosa, seen = build.player("Rosa"), Counter[bytes]()
    draft = intake.start_draft(by=rosa)
    for number in range(8):
        actions.attach(draft.key, f"{number}.txt", b"file %d" % number, AttachmentKind.OTHER, by=rosa)

    def slowly(line: socket.socket, content: bytes) -> None:
        seen[content] += 1
        time.sleep(0.1)
        line.sendall(b"stream: OK\0")

    now = timezone.now() + timedelta(minutes=3)
    with clamd(slowly) as settings.CLAMAV, ThreadPoolExecutor(2) as threads:
        sweeps = [threads.submit(of_a_thread, lambda: actions.rescan(now)) for _ in range(2)]
        known = [sweep.result(30) for sweep in sweeps]
    assert sorted(seen.values()) == [1] * 8
    assert sum(one for one in known if isinstance(one, int)) == 8
    assert 0 not in known, "both have worked"
    assert set(Attachment.objects.values_list("state", flat=True)) == {ScanState.CLEAN.value}
