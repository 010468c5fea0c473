"""The stamp that tells whether a remembered directory is still true."""

import uuid
from contextvars import ContextVar

from django.db import models

SHARED: ContextVar[dict[str, str] | None] = ContextVar("stamps of this request", default=None)
"""The stamps as one request has read them, for all its parts; filled by the first that asks."""


class DirectoryStamp(models.Model):
    """One row per directory (terms, industries, staff): a new random stamp at every change of its table.

    Random, not counted, so that a rolled-back change can never leave a remembered stamp that means
    something else.
    """

    name = models.CharField(max_length=40, primary_key=True)
    stamp = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name


def touch(name: str) -> None:
    """Declare the directory changed, in the caller's transaction."""
    DirectoryStamp.objects.update_or_create(name=name, defaults={"stamp": uuid.uuid4().hex})
    shared = SHARED.get()
    if shared is not None:
        shared.clear()
