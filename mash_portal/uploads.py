"""An upload that is too large is stopped at its first byte, not kept until its last. The page then says so."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

#: What a form may hold beside its file. Bytes.
BESIDE = 1024 * 1024
#: As much is read to its end and thrown away, because not every browser shows an answer to what it is still sending.
READ_TO_THE_END = 4
_STOPPED = "portal_upload_stopped"


class Bounded(FileUploadHandler):
    """The first handler: nothing behind it sees more than ATTACHMENT_BYTES of files of one request.

    What stands before the file in the form, such as the choices that go with it, is read and kept.
    """

    announced = received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        meta: Mapping[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.announced = content_length

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        if self.announced > settings.ATTACHMENT_BYTES + BESIDE:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.ATTACHMENT_BYTES:
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Those behind it keep the file."""

    def _stop(self) -> None:
        setattr(self.request, _STOPPED, True)
        raise StopUpload(connection_reset=self.announced > settings.ATTACHMENT_BYTES * READ_TO_THE_END)


def was_stopped(request: HttpRequest) -> bool:
    """Whether a file of this request was too large to be received."""
    return bool(request.FILES) is False and getattr(request, _STOPPED, False)
