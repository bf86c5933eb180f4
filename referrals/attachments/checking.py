"""Is this a file we take? By its content, and its name has to agree; each "no" says what to do instead.

Nothing is stored here. What comes back is what is kept: a picture is drawn again, all else is left as it came.
"""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings

from mash_portal.govuk.words import count
from referrals.refusals import Refused

from . import images, office, pdf_pages

LONGEST_NAME = 150
MAX_PAGES = 500
PDF_SECONDS = 15
TAKEN = "PDF, Word, Excel, PowerPoint, JPEG, PNG or plain text"
EMPTY = "The file is empty. Choose another one"
OTHER_TYPE = f"This type of file is not taken. Choose a {TAKEN} file"
DISAGREES = "What is in the file is not what its name says. Save it again under the right name, and choose the new file"
STRANGE_NAME = "The name of the file has signs in it that cannot be shown. Give it another name, and choose it again"
NO_NAME = "The file has no name. Give it one, and choose it again"
LONG_NAME = f"The name of the file is longer than {LONGEST_NAME} characters. Give it a shorter one, and choose it again"
PASSWORD = "This PDF is protected by a password. Save it without a password, and choose the new file"  # noqa: S105
BROKEN_PDF = "This PDF is damaged. Print or save it as a new PDF, and choose the new file"
MANY_PAGES = f"This PDF has more than {MAX_PAGES} pages. Split it, or leave out what the MASH does not need"

#: Joins letters in Arabic, Hindi and others; every other invisible sign can make a name read as another.
_JOINERS = {"\u200c", "\u200d"}
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*(<[!?a-zA-Z/]|%PDF|%!PS|\{\\rtf|#!|MZ|PK\x03\x04)", re.IGNORECASE)
_MARKUP_WITHIN = re.compile(rb"<(script|svg|html|iframe|object|embed)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """A file that is taken: what it is called, what it is, and what is kept of it."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class _Type:
    content_type: str
    examine: Callable[[bytes, str], bytes]


def check(name: str, content: bytes) -> Checked:
    """The file, ready to keep; Refused with a sentence otherwise."""
    shown = base_name(name)
    if not content:
        raise Refused(EMPTY)
    if len(content) > settings.ATTACHMENT_BYTES:
        raise Refused(too_large())
    extension = shown.rpartition(".")[2].lower()
    type_ = TYPES.get(extension)
    if type_ is None or "." not in shown:
        raise Refused(OTHER_TYPE)
    kept = type_.examine(content, extension)
    if len(kept) > settings.ATTACHMENT_BYTES:
        raise Refused(too_large())
    return Checked(shown, type_.content_type, kept)


def too_large() -> str:
    megabytes = settings.ATTACHMENT_BYTES // (1024 * 1024)
    return f"The file is larger than {megabytes} MB. Make it smaller or split it, and choose it again"


def too_many() -> str:
    return (
        f"A referral can have {count(settings.ATTACHMENTS_PER_REFERRAL, 'file')}. Remove one first, or put two together"
    )


def base_name(name: str) -> str:
    """The last part of a path, without anything that could make it read as something else."""
    last = re.split(r"[/\\]", name)[-1].strip().rstrip(".")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") for sign in set(name) - _JOINERS):
        raise Refused(STRANGE_NAME)
    if not last.rpartition(".")[0].strip(". ") and not last.strip("."):
        raise Refused(NO_NAME)
    if len(last) > LONGEST_NAME:
        raise Refused(LONG_NAME)
    return last


def _agree(content: bytes, extension: str) -> None:
    """The signature of the content has to be one of a file with this extension."""
    try:
        found = {match.extension for match in puremagic.magic_string(content)}
    except Exception as error:  # it looks into archives, and a hostile one makes it raise anything
        raise Refused(DISAGREES) from error
    if f".{extension}" not in found:
        raise Refused(DISAGREES)


def _pdf(content: bytes, extension: str) -> bytes:
    _agree(content, extension)
    if not content.startswith(b"%PDF-"):
        raise Refused(DISAGREES)
    script = str(Path(pdf_pages.__file__))
    try:
        asked = [sys.executable, "-I", script]
        said = subprocess.run(asked, input=content, capture_output=True, timeout=PDF_SECONDS, check=False).stdout
    except subprocess.TimeoutExpired as error:
        raise Refused(BROKEN_PDF) from error
    if said == pdf_pages.PASSWORD.encode():
        raise Refused(PASSWORD)
    if not said.isdigit() or int(said) == 0:
        raise Refused(BROKEN_PDF)
    if int(said) > MAX_PAGES:
        raise Refused(MANY_PAGES)
    return content


def _jpeg(content: bytes, extension: str) -> bytes:
    _agree(content, extension)
    return images.redrawn(content, "JPEG")


def _png(content: bytes, extension: str) -> bytes:
    _agree(content, extension)
    return images.redrawn(content, "PNG")


def _new_office(content: bytes, extension: str) -> bytes:
    office.check_new(content, extension)
    _agree(content, extension)
    return content


def _old_office(content: bytes, extension: str) -> bytes:
    office.check_old(content, extension)
    return content


def _text(content: bytes, extension: str) -> bytes:
    """UTF-8 without anything that a page or a program begins with. puremagic sees a bitmap in “BMI was 14”."""
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(DISAGREES) from error
    has_signs = any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in set(written))
    if has_signs or _MARKUP.match(content) or _MARKUP_WITHIN.search(content):
        raise Refused(DISAGREES)
    return content


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
TYPES: Mapping[str, _Type] = {
    "pdf": _Type("application/pdf", _pdf),
    "jpg": _Type("image/jpeg", _jpeg),
    "jpeg": _Type("image/jpeg", _jpeg),
    "png": _Type("image/png", _png),
    "docx": _Type(f"{_OPEN_XML}.wordprocessingml.document", _new_office),
    "xlsx": _Type(f"{_OPEN_XML}.spreadsheetml.sheet", _new_office),
    "pptx": _Type(f"{_OPEN_XML}.presentationml.presentation", _new_office),
    "doc": _Type("application/msword", _old_office),
    "xls": _Type("application/vnd.ms-excel", _old_office),
    "txt": _Type("text/plain; charset=utf-8", _text),
}
