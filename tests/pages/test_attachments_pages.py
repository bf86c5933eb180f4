"""Attaching and opening files on the pages: as a download only, to those who may, once the scanner has cleared it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.attachments import actions, checking
from referrals.intake import actions as intake
from referrals.models import Attachment, Contact, Draft
from referrals.printing.sheet import css_and_html
from referrals.vocabulary import AttachmentKind, ScanState
from tests import build
from tests.actions.test_intake import draft_by
from tests.pages.browsing import signed_in, words

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>.txt"


@pytest.fixture(autouse=True)
def _somewhere(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENT_DIR = tmp_path / "attachments"
    settings.PORTAL_DEMO = False


def address(draft: Draft) -> str:
    return f"/referrals/drafts/{draft.key}/attachments/"


def upload(
    client: Client, draft: Draft, name: str = "notes.txt", content: bytes = b"It hurt", kind: str = "other"
) -> str:
    file = SimpleUploadedFile(name, content)
    answer = client.post(address(draft), {"kind": kind, "file": file}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def attached(draft: Draft, by: User, state: ScanState = ScanState.CLEAN, name: str = "notes.txt") -> Attachment:
    attachment = actions.attach(draft.key, name, b"It hurt", AttachmentKind.BODY_MAP, by=by)
    attachment.state = state
    attachment.save(update_fields=["state"])
    return attachment


def sent(by: User, state: ScanState = ScanState.CLEAN) -> tuple[Contact, Attachment]:
    draft = draft_by(by)
    attachment = attached(draft, by, state)
    contact = intake.submit(draft.key, by=by)
    attachment.refresh_from_db()
    return contact, attachment


def test_an_agency_attaches_a_file_and_reads_its_state_wherever_it_is_listed(rosa: User) -> None:
    client, draft = signed_in(rosa), intake.start_draft(by=rosa)
    assert "Optional" in words(client.get(f"/referrals/drafts/{draft.key}/").content.decode())
    page = words(upload(client, draft, "chronology.txt", kind="chronology"))
    assert "“chronology.txt” is attached." in page
    assert "Chronology" in page
    assert "Being checked for viruses" in page
    assert "1 file attached" in words(client.get(f"/referrals/drafts/{draft.key}/").content.decode())
    check = client.get(f"/referrals/drafts/{draft.key}/check/").content.decode()
    assert "chronology.txt" in check
    assert address(draft) in check


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "other"}, "Choose a file"),
        ({"file": ("a.txt", b"words")}, "Say what the file is"),
        ({"kind": "x", "file": ("a.txt", b"words")}, "Say what the file is"),
        ({"kind": "other", "file": ("a.txt", b"")}, checking.EMPTY),
        ({"kind": "other", "file": ("a.exe", b"MZ")}, checking.OTHER_TYPE),
        ({"kind": "other", "file": ("a.pdf", b"words")}, checking.DISAGREES),
        ({"kind": "other", "file": ("a.txt", b"words" * 300_000)}, "larger than 1 MB"),
    ],
)
def test_an_agency_is_told_why_a_file_is_not_taken(
    data: dict[str, object], sentence: str, rosa: User, settings: Settings
) -> None:
    settings.ATTACHMENT_BYTES = 1024 * 1024
    client, draft = signed_in(rosa), intake.start_draft(by=rosa)
    posted = {key: SimpleUploadedFile(*value) if isinstance(value, tuple) else value for key, value in data.items()}
    page = client.post(address(draft), posted).content.decode()
    assert sentence in words(page)
    assert "<title>Error: " in page
    assert not Attachment.objects.exists()
    upload(client, draft)
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("name", ["rosa", "grace"])
def test_a_clean_file_is_opened_as_a_download_and_recorded(
    name: str, request: pytest.FixtureRequest, rosa: User
) -> None:
    user: User = request.getfixturevalue(name)
    contact, attachment = sent(rosa)
    side = "referrals" if user == rosa else "contacts"
    answer = signed_in(user).get(f"/{side}/{contact.reference}/attachments/{attachment.key}/")
    assert b"".join(answer.streaming_content) == b"It hurt"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store"
    [event] = Event.objects.filter(verb="attachment:open")
    assert (event.by, event.reference) == (user, contact.reference)
    assert "notes" not in str(event.details)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ScanState.PENDING, "Being checked for viruses"),
        (ScanState.SUSPECT, "Kept back: it may hold a virus"),
        (ScanState.ERROR, "Not checked yet"),
    ],
)
def test_nobody_opens_a_file_before_it_is_clean_and_everybody_reads_why(
    state: ScanState, said: str, rosa: User, grace: User
) -> None:
    contact, attachment = sent(rosa, state)
    for user, side in ((rosa, "referrals"), (grace, "contacts")):
        client = signed_in(user)
        answer = client.get(f"/{side}/{contact.reference}/attachments/{attachment.key}/")
        assert "Content-Disposition" not in answer
        assert said in words(answer.content.decode())
        page = client.get(f"/{side}/{contact.reference}/").content.decode()
        assert said in words(page)
        assert "notes.txt" in page
        assert f"/attachments/{attachment.key}/" not in page
    assert not Event.objects.filter(verb="attachment:open").exists()


def test_a_stranger_meets_nothing(rosa: User, tom: User, sam: User) -> None:
    contact, attachment = sent(rosa)
    draft = intake.start_draft(by=rosa)
    own = attached(draft, rosa)
    inside = f"{address(draft)}{own.key}/"
    for user, url in (
        (tom, f"/referrals/{contact.reference}/attachments/{attachment.key}/"),
        (tom, f"/contacts/{contact.reference}/attachments/{attachment.key}/"),
        (tom, address(draft)),
        (tom, inside),
        (sam, inside),
        (tom, f"{inside}remove/"),
        (sam, f"/contacts/{contact.reference}/attachments/{own.key}/"),
        (rosa, f"{address(draft)}{attachment.key}/"),
    ):
        assert signed_in(user).get(url).status_code == 404, url
    answer = signed_in(rosa).get(inside)
    assert b"".join(answer.streaming_content) == b"It hurt"  # type: ignore[attr-defined]


def test_a_file_of_one_contact_is_not_opened_through_another(rosa: User, grace: User) -> None:
    _, attachment = sent(rosa)
    other = build.received(rosa)
    for user, side in ((rosa, "referrals"), (grace, "contacts")):
        url = f"/{side}/{other.reference}/attachments/{attachment.key}/"
        assert signed_in(user).get(url).status_code == 404


def test_an_agency_is_asked_before_a_file_is_removed(rosa: User) -> None:
    client, draft = signed_in(rosa), intake.start_draft(by=rosa)
    attachment = attached(draft, rosa)
    url = f"{address(draft)}{attachment.key}/remove/"
    assert "Remove this file?" in client.get(url).content.decode()
    assert Attachment.objects.exists()
    assert "is removed" in client.post(url, follow=True).content.decode()
    assert not Attachment.objects.exists()


def test_the_name_of_a_file_is_shown_as_words(rosa: User) -> None:
    client, draft = signed_in(rosa), intake.start_draft(by=rosa)
    page = upload(client, draft, HOSTILE)
    assert Attachment.objects.get().name == HOSTILE
    assert HOSTILE not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.txt" in page


def test_a_file_that_has_been_lost_is_said_to_be(rosa: User, settings: Settings) -> None:
    contact, attachment = sent(rosa)
    (settings.ATTACHMENT_DIR / attachment.key.hex).unlink()
    answer = signed_in(rosa).get(f"/referrals/{contact.reference}/attachments/{attachment.key}/")
    assert actions.MISSING in words(answer.content.decode())


def test_a_demonstration_without_a_scanner_says_so_beside_every_file(rosa: User, settings: Settings) -> None:
    settings.PORTAL_DEMO = True
    contact, attachment = sent(rosa, ScanState.PENDING)
    page = signed_in(rosa).get(f"/referrals/{contact.reference}/").content.decode()
    assert "Not checked for viruses: no scanner is set up" in page
    assert str(attachment.key) in page


def test_a_draft_that_was_sent_meanwhile_says_so_and_keeps_no_file(rosa: User) -> None:
    draft = draft_by(rosa)
    contact = intake.submit(draft.key, by=rosa)
    answer = signed_in(rosa).post(address(draft), {"kind": "other", "file": SimpleUploadedFile("a.txt", b"words")})
    assert answer.status_code == 302
    assert answer["Location"] == f"/referrals/{contact.reference}/"
    assert not Attachment.objects.exists()


def test_the_receipt_and_the_paper_list_the_files_that_were_sent(rosa: User) -> None:
    contact, _ = sent(rosa)
    client = signed_in(rosa)
    receipt = words(client.get(f"/referrals/{contact.reference}/sent/").content.decode())
    printed = words(css_and_html(contact, contact.marf)[1])
    for shown in (receipt, printed):
        assert "notes.txt" in shown
        assert "Body map, 7 bytes" in shown
    without = intake.submit(draft_by(rosa).key, by=rosa)
    assert "Files sent with it" not in client.get(f"/referrals/{without.reference}/sent/").content.decode()
    assert "Attachments" not in css_and_html(without, without.marf)[1]


def test_a_hostile_name_is_words_on_the_receipt_and_on_paper(rosa: User) -> None:
    draft = draft_by(rosa)
    attached(draft, rosa, name=HOSTILE)
    contact = intake.submit(draft.key, by=rosa)
    receipt = signed_in(rosa).get(f"/referrals/{contact.reference}/sent/").content.decode()
    for shown in (receipt, css_and_html(contact, contact.marf)[1]):
        assert HOSTILE not in shown
        assert "&lt;img src=x onerror=alert(1)&gt;.txt" in shown
