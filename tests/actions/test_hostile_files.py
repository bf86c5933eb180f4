"""500 files that nobody should take (G17, a tenth of it): nothing falls over them, and none comes in as another."""

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals.attachments import actions, checking
from referrals.intake import actions as intake
from referrals.models import Attachment, Draft
from referrals.refusals import Refused
from tests.attaching import TAKEN, attach, on_disk, picture
from tests.attaching import office as document

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(rosa: User, settings: Settings, tmp_path: Path) -> Draft:
    settings.ATTACHMENT_DIR = tmp_path / "attachments"
    return intake.start_draft(by=rosa)


NAMES = ["a.pdf", "a.jpg", "a.png", "a.docx", "a.xlsx", "a.pptx", "a.doc", "a.xls", "a.txt", "a.PDF", "a.pdf.exe"]
NAMES += [
    "a.svg",
    "a.html",
    "a.js",
    "a\0.pdf",
    "a.pdf\0.txt",
    "..\\..\\a.png",
    "/etc/passwd",
    ".txt",
    "",
    "a" * 300 + ".txt",
]
NAMES += ["a\u202etxt.exe", "\ud800.txt", "con.txt", "a.pdf ", "a.txt.", "a\r\nX-Header: 1.txt", "<b>a</b>.txt"]
EVIL = b"<script>alert(document.cookie)</script>"


def test_500_hostile_files_neither_break_anything_nor_come_in_as_something_else(
    draft: Draft, rosa: User, settings: Settings
) -> None:
    settings.ATTACHMENTS_PER_REFERRAL = 1000
    chance, taken, refused = random.Random(17), 0, 0
    for number in range(500):
        name = chance.choice(NAMES)
        content = hostile(chance, chance.choice(sorted(TAKEN)))
        try:
            attachment = attach(draft, rosa, name, content)
        except Refused:
            refused += 1
            continue
        taken += 1
        assert attachment.content_type in {one.content_type for one in checking.TYPES.values()}, (number, name)
        assert attachment.name.rpartition(".")[2].lower() in checking.TYPES
        assert not set(attachment.name) & set("/\\\0\r\n\u202e")
        with actions.open_file(attachment, by=rosa) as file:
            kept = file.read()
        if attachment.content_type.startswith(("image/", "text/")):
            assert EVIL not in kept
    assert taken + refused == 500
    assert refused > 300
    assert len(on_disk(settings)) == Attachment.objects.count()


def hostile(chance: random.Random, begun: str) -> bytes:
    """One of the good files, spoilt; or nothing like a file at all."""
    good = TAKEN[begun]
    middle = chance.randrange(1, len(good))
    ways: list[Callable[[], bytes]] = [
        lambda: good[:middle],
        lambda: good + EVIL,
        lambda: EVIL + good,
        lambda: good[:middle] + chance.randbytes(64) + good[middle:],
        lambda: bytes(byte ^ (chance.random() < 0.02) * 0xFF for byte in good),
        lambda: good[:8] + chance.randbytes(chance.randrange(2000)),
        lambda: good + TAKEN[chance.choice(sorted(TAKEN))],
        lambda: chance.randbytes(chance.randrange(1, 3000)),
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + good,
        lambda: b"GIF89a/*" + EVIL + b"*/=1;",
        lambda: huge(chance),
        lambda: document(extra={"word/a.xml": b"\0" * 20_000_000}) if chance.random() < 0.1 else b"PK\x03\x04",
    ]
    return chance.choice(ways)()


def huge(chance: random.Random) -> bytes:
    """A small PNG that says it is enormous."""
    good = picture("PNG")
    sides = struct.pack("!II", chance.choice([0, 1, 60_000, 2**31 - 1]), chance.choice([0, 60_000, 2**31 - 1]))
    header = b"IHDR" + sides + good[24:29]
    return good[:12] + header + struct.pack("!L", zlib.crc32(header)) + good[33:]
