"""Uploads end at a size: what is beyond it is read off the line and kept nowhere."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

MEGABYTE = 1 << 20


class CappedUpload(TemporaryFileUploadHandler):
    """Keep an upload on disk up to KEBU_UPLOAD_MB; a larger one is left out and noted in the request."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        """Write one piece to disk, unless the file has grown too large."""
        if start + len(raw_data) > settings.KEBU_UPLOAD_MB * MEGABYTE:
            self.file.close()
            assert self.request is not None  # noqa: S101 (set by Django before the first file)
            self.request.META[TOO_LARGE] = "1"
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)


TOO_LARGE = "kebu.upload_too_large"


def is_too_large(request: HttpRequest) -> bool:
    """Say whether a file of the request was left out for its size."""
    request.FILES.get("file")  # reads the request
    return TOO_LARGE in request.META
