"""Files for tests: of each type that is taken, and a clamd that answers as it is told."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals.attachments import actions
from referrals.models import Attachment, Draft
from referrals.vocabulary import AttachmentKind

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Answerer = Callable[[socket.socket, bytes], None]


def row(by: User, **facts: Any) -> Attachment:
    """A row without a file."""
    now = timezone.now()
    known: dict[str, Any] = {"kind": AttachmentKind.OTHER, "name": "notes.txt", "content_type": "text/plain", "size": 4}
    known |= {"agency_id": by.agency_id, "uploaded_by": by, "uploaded_at": now, "next_scan_at": now, "sha256": "0" * 64}
    return Attachment.objects.create(**known | facts)


def pdf(pages: int = 1, password: str = "") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(72, 72))
        if password:
            made.save(out, encryption=pikepdf.Encryption(owner=password, user=password))
        else:
            made.save(out)
    return out.getvalue()


def picture(format_: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format_, **options)
    return out.getvalue()


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def office(main: str = "word/document.xml", extra: dict[str, str | bytes] | None = None, types: str = "") -> bytes:
    described = f'<?xml version="1.0"?><Types>{types}</Types>'
    return archive({"[Content_Types].xml": described, "_rels/.rels": "<Relationships/>", main: "<x/>", **(extra or {})})


def old_office(stream: str = "WordDocument", extra: str = "") -> bytes:
    names = "".join(f"{name}\0" for name in (stream, extra) if name)
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504 + names.encode("utf-16-le") + b"\0" * 512


@contextmanager
def clamd(answer: Answerer) -> Iterator[str]:
    """A scanner on this machine: reads one file over INSTREAM, then does as `answer` says. Yields its address."""
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()


def verdict(line: socket.socket, content: bytes) -> None:
    """What clamd says."""
    line.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


def serve_one(server: socket.socket, answer: Answerer) -> None:
    line, _ = server.accept()
    _one(line, answer)


def _serve(server: socket.socket, answer: Answerer) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_one, args=(line, answer), daemon=True).start()


def _one(line: socket.socket, answer: Answerer) -> None:
    try:
        with line:
            answer(line, _content(line))
    except OSError:
        return


def _content(line: socket.socket) -> bytes:
    with line.makefile("rb") as read:
        command = read.read(len(b"zINSTREAM\0"))
        if command != b"zINSTREAM\0":
            return b""
        content = b""
        while length := struct.unpack("!L", read.read(4))[0]:
            content += read.read(length)
        return content


def attach(draft: Draft, by: User, name: str, content: bytes) -> Attachment:
    return actions.attach(draft.key, name, content, AttachmentKind.OTHER, by=by)


def on_disk(settings: Settings) -> list[Path]:
    return sorted(settings.ATTACHMENT_DIR.iterdir()) if settings.ATTACHMENT_DIR.exists() else []


TAKEN = {
    "report.pdf": pdf(3),
    "PHOTO.JPG": picture(),
    "map.jpeg": picture(),
    "map.png": picture("PNG"),
    "plan.docx": office(),
    "dates.xlsx": office("xl/workbook.xml"),
    "talk.pptx": office("ppt/presentation.xml"),
    "old.doc": old_office(),
    "old.xls": old_office("Workbook"),
    "notes.txt": "BMI was 14. “It hurts” – she said; Zoë’s mother agrees, 3 < 4".encode(),
    "ملاحظات.txt": b"Seen today",
}
