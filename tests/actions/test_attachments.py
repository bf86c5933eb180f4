"""Files of a referral: which are taken, what is kept of them, whose they are, and 500 that nobody should take."""

import io
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import Http404
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from mash_portal.accounts.models import User
from referrals import filestore
from referrals.attachments import actions, checking, images, office
from referrals.intake import actions as intake
from referrals.models import Attachment, Draft
from referrals.refusals import Refused, Stale
from referrals.vocabulary import ScanState
from tests import attaching
from tests.actions.test_intake import draft_by
from tests.attaching import TAKEN, attach, old_office, on_disk, pdf, picture
from tests.attaching import office as document

pytestmark = pytest.mark.django_db
GPS, MODEL, LATITUDE = 0x8825, 0x0110, 2


@pytest.fixture(autouse=True)
def _somewhere(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENT_DIR = tmp_path / "attachments"


@pytest.fixture
def draft(rosa: User) -> Draft:
    return intake.start_draft(by=rosa)


@pytest.mark.parametrize("name", TAKEN)
def test_an_agency_can_attach(name: str, draft: Draft, rosa: User, settings: Settings) -> None:
    attachment = attach(draft, rosa, name, TAKEN[name])
    [file] = on_disk(settings)
    assert (attachment.name, attachment.state, attachment.draft_key) == (name, ScanState.PENDING, draft.key)
    assert file.name == attachment.key.hex
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size == attachment.size
    with actions.open_file(attachment, by=rosa) as kept:
        assert kept.read() == TAKEN[name] or attachment.content_type.startswith("image/")


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.pdf", b"", checking.EMPTY),
    "another type": ("a.exe", b"MZ", checking.OTHER_TYPE),
    "no type": ("README", b"text", checking.OTHER_TYPE),
    "svg": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", checking.OTHER_TYPE),
    "html": ("a.html", b"<html>", checking.OTHER_TYPE),
    "control sign": ("a\x00.pdf", pdf(), checking.STRANGE_NAME),
    "turned round": ("a\u202efdp.exe.pdf", pdf(), checking.STRANGE_NAME),
    "no name": ("../../", pdf(), checking.NO_NAME),
    "long name": ("a" * 200 + ".pdf", pdf(), checking.LONG_NAME),
    "picture as pdf": ("a.pdf", picture(), checking.DISAGREES),
    "pdf as picture": ("a.jpg", pdf(), checking.DISAGREES),
    "png as jpeg": ("a.jpg", picture("PNG"), checking.DISAGREES),
    "gif as png": ("a.png", picture("GIF"), checking.DISAGREES),
    "pdf as text": ("a.txt", pdf(), checking.DISAGREES),
    "html as text": ("a.txt", b"\xef\xbb\xbf  <!doctype html><script>alert(1)</script>", checking.DISAGREES),
    "script within": ("a.txt", b"See <script>alert(1)</script>", checking.DISAGREES),
    "svg as text": ("a.txt", b"<svg onload='x()'>", checking.DISAGREES),
    "nul in text": ("a.txt", b"a\x00b", checking.DISAGREES),
    "latin text": ("a.txt", "Zoë".encode("latin-1"), checking.DISAGREES),
    "html as docx": ("a.docx", b"<html>", office.BROKEN),
    "xlsx as docx": ("a.docx", document("xl/workbook.xml"), office.BROKEN),
    "zip as docx": ("a.docx", attaching.archive({"a": "b"}), office.BROKEN),
    "macros": ("a.docx", document(extra={"word/vbaProject.bin": "x"}), office.MACROS),
    "macro type": ("a.docx", document(types="application/vnd.ms-word.document.macroEnabled.main+xml"), office.MACROS),
    "old macros": ("a.doc", old_office(extra="_VBA_PROJECT"), office.MACROS),
    "xls as doc": ("a.doc", old_office("Workbook"), office.BROKEN),
    "zip bomb": ("a.docx", document(extra={f"word/{n}.xml": b"\0" * 30_000_000 for n in range(9)}), office.TOO_FULL),
    "half a pdf": ("a.pdf", b"%PDF-1.7\n" + b"x" * 500, checking.BROKEN_PDF),
    "password": ("a.pdf", pdf(password="secret"), checking.PASSWORD),
    "pages": ("a.pdf", pdf(checking.MAX_PAGES + 1), checking.MANY_PAGES),
    "half a picture": ("a.jpg", picture(size=(600, 600))[:600], images.BROKEN),
    "pixels": ("a.png", picture("PNG", (10_000, 5_001)), images.TOO_MANY_PIXELS),
}


@pytest.mark.parametrize("which", REFUSED)
def test_an_agency_cannot_attach(which: str, draft: Draft, rosa: User, settings: Settings) -> None:
    name, content, sentence = REFUSED[which]
    with pytest.raises(Refused) as refused:
        attach(draft, rosa, name, content)
    assert str(refused.value) == sentence
    assert not Attachment.objects.exists()
    assert on_disk(settings) == []


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(draft: Draft, rosa: User, settings: Settings) -> None:
    settings.ATTACHMENT_BYTES = 1024 * 1024
    attach(draft, rosa, "a.txt", b"a" * settings.ATTACHMENT_BYTES)
    with pytest.raises(Refused, match="larger than 1 MB"):
        attach(draft, rosa, "b.txt", b"a" * (settings.ATTACHMENT_BYTES + 1))
    assert len(on_disk(settings)) == 1


def test_a_referral_may_have_as_many_files_as_the_limit_and_no_more(
    draft: Draft, rosa: User, settings: Settings
) -> None:
    settings.ATTACHMENTS_PER_REFERRAL = 2
    for number in range(2):
        attach(draft, rosa, f"{number}.txt", b"%d" % number)
    with pytest.raises(Refused, match="can have 2 files"):
        attach(draft, rosa, "3.txt", b"3")
    assert len(on_disk(settings)) == Attachment.objects.count() == 2


def test_the_same_file_twice_is_there_once(draft: Draft, rosa: User, settings: Settings) -> None:
    first, again = attach(draft, rosa, "a.pdf", TAKEN["report.pdf"]), attach(draft, rosa, "a.pdf", TAKEN["report.pdf"])
    assert first == again
    assert len(on_disk(settings)) == 1


@pytest.mark.parametrize(
    ("path", "name"), [("../../etc/a.txt", "a.txt"), ("C:\\Users\\x\\a.txt", "a.txt"), ("/a.txt ", "a.txt")]
)
def test_a_path_is_cut_to_its_name(path: str, name: str, draft: Draft, rosa: User) -> None:
    assert attach(draft, rosa, path, b"words").name == name


def test_where_a_photograph_was_taken_is_not_kept(draft: Draft, rosa: User) -> None:
    exif = Image.Exif()
    exif[MODEL] = "Telephone of Rosa"
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(GPS)[LATITUDE] = (52.0, 57.0, 10.0)
    taken = picture(size=(64, 48), exif=exif, comment=b"Alder Road 7")
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(GPS)
    with actions.open_file(attach(draft, rosa, "photo.jpg", taken), by=rosa) as file:
        kept = file.read()
    shown = Image.open(io.BytesIO(kept))
    assert shown.size == (48, 64), "upright"
    assert not shown.getexif()
    assert b"Exif" not in kept
    assert b"Telephone" not in kept
    assert b"Alder Road" not in kept


def test_what_is_hidden_behind_a_picture_is_not_kept(draft: Draft, rosa: User) -> None:
    with actions.open_file(attach(draft, rosa, "a.png", picture("PNG") + attaching.archive({"x": "y"})), by=rosa) as f:
        assert b"PK\x03\x04" not in f.read()


def test_a_stranger_can_neither_attach_nor_see_nor_remove(
    draft: Draft, rosa: User, tom: User, settings: Settings
) -> None:
    attachment = attach(draft, rosa, "a.txt", b"words")
    for act in (
        lambda: attach(draft, tom, "b.txt", b"more"),
        lambda: actions.on_draft(draft.key, attachment.key, by=tom),
        lambda: actions.remove(draft.key, attachment.key, by=tom),
    ):
        with pytest.raises(Http404):
            act()
    assert len(on_disk(settings)) == Attachment.objects.count() == 1


def test_an_agency_can_remove_a_file(
    draft: Draft, rosa: User, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = attach(draft, rosa, "a.txt", b"words")
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(draft.key, attachment.key, by=rosa)
        assert len(on_disk(settings)) == 1, "not before the row is gone for good"
    actions.remove(draft.key, attachment.key, by=rosa)
    assert on_disk(settings) == []


def test_a_draft_that_is_deleted_takes_its_files_along(
    draft: Draft, rosa: User, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    seen = draft.version
    attach(draft, rosa, "a.txt", b"words")
    with pytest.raises(Stale):
        intake.delete_draft(draft.key, by=rosa, version=seen)
    with django_capture_on_commit_callbacks(execute=True):
        intake.delete_draft(draft.key, by=rosa)
    assert on_disk(settings) == []
    assert not Attachment.objects.exists()


def test_files_go_with_the_referral_when_it_is_sent(rosa: User) -> None:
    draft = draft_by(rosa)
    attachment = attach(draft, rosa, "a.txt", b"words")
    other = attach(intake.start_draft(by=rosa), rosa, "b.txt", b"other")
    contact = intake.submit(draft.key, by=rosa)
    assert list(contact.attachments.all()) == [attachment]
    other.refresh_from_db()
    assert other.contact is None
    with pytest.raises(Http404):
        attach(draft, rosa, "late.txt", b"late")


def test_files_without_a_row_are_swept_a_day_later(draft: Draft, rosa: User, settings: Settings) -> None:
    kept = attach(draft, rosa, "a.txt", b"words")
    lost = uuid4()
    filestore.keep(lost, b"left behind")
    unfinished = settings.ATTACHMENT_DIR / f"{uuid4().hex}.part"
    unfinished.write_bytes(b"half")
    assert actions.sweep_files() == 0
    for path in on_disk(settings):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert actions.sweep_files() == 2
    assert [path.name for path in on_disk(settings)] == [kept.key.hex]


def test_a_file_whose_row_cannot_be_written_is_not_left_behind(
    draft: Draft, rosa: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "_saved", broken)
    with pytest.raises(RuntimeError):
        attach(draft, rosa, "a.txt", b"words")
    assert on_disk(settings) == []
    assert not Attachment.objects.exists()


def test_a_disk_that_is_full_leaves_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    number = uuid4()
    filestore.keep(number, b"one")
    monkeypatch.setattr(os, "fsync", _is_full)
    with pytest.raises(OSError, match="No space left"):
        filestore.keep(uuid4(), b"two")
    assert [path.name for path in on_disk(settings)] == [number.hex]


def _is_full(number: int) -> None:
    raise OSError(28, "No space left on device")
