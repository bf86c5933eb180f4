"""Documents of Word, Excel and PowerPoint: told apart by what is in them, without unpacking them. None with macros."""

import io
import zipfile
from collections.abc import Mapping

from referrals.refusals import Refused

MAX_PARTS, MAX_UNPACKED = 5_000, 250 * 1024 * 1024
MACROS = "This document has macros, which can carry viruses. Save it without them or as a PDF, and choose the new file"
BROKEN = (
    "This document is damaged, protected by a password, or not what its name says. "
    "Save it again without a password or as a PDF, and choose the new file"
)
TOO_FULL = "This document unpacks to far more than a document should. Save it as a PDF, and choose the new file"

#: Where the document itself is, by extension.
MAIN_PARTS: Mapping[str, str] = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
#: Before 2007: the stream that holds the document, by extension, as its directory writes it.
MAIN_STREAMS: Mapping[str, tuple[str, ...]] = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
_OLD = bytes.fromhex("D0CF11E0A1B11AE1")
_CODE = ("vbaproject", "vbadata", "activex", "macrosheet", ".exe", ".js", ".vbs", ".ps1", ".bat", ".cmd")


def check_new(content: bytes, extension: str) -> None:
    """A .docx, .xlsx or .pptx. Only the list of its parts is read, and one small part of known size."""
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(BROKEN)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_parts(parts, extension)
    except Refused:
        raise
    except Exception as error:  # a hostile archive makes its reader raise anything
        raise Refused(BROKEN) from error


def check_old(content: bytes, extension: str) -> None:
    """A .doc or .xls."""
    names = [_written(name) for name in MAIN_STREAMS[extension]]
    if not content.startswith(_OLD) or not any(name in content for name in names):
        raise Refused(BROKEN)
    if _written("_VBA_PROJECT") in content or _written("Macros\0") in content:
        raise Refused(MACROS)


def _check_parts(parts: zipfile.ZipFile, extension: str) -> None:
    listed = parts.infolist()
    names = [part.filename.lower() for part in listed]
    if MAIN_PARTS[extension] not in names or "[content_types].xml" not in names:
        raise Refused(BROKEN)
    if any(code in name for name in names for code in _CODE):
        raise Refused(MACROS)
    if len(listed) > MAX_PARTS or sum(part.file_size for part in listed) > MAX_UNPACKED:
        raise Refused(TOO_FULL)
    types = next(part for part in listed if part.filename.lower() == "[content_types].xml")
    if types.file_size > 1024 * 1024:
        raise Refused(TOO_FULL)
    with parts.open(types) as described:
        if b"macroenabled" in described.read(1024 * 1024).lower():
            raise Refused(MACROS)


def _written(name: str) -> bytes:
    return name.encode("utf-16-le")
