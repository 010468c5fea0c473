"""Uploads end at a size: what is beyond it is read off the line and kept nowhere."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

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


def refusal(request: HttpRequest) -> str:
    """Why the request carries no usable file."""
    request.FILES.get("file")  # reads the request
    if TOO_LARGE in request.META:
        return _("文件超过%(size)dMB，请拆成几个文件，分几次导入") % {"size": settings.KEBU_UPLOAD_MB}
    return _("请选择一个xlsx或csv文件")
