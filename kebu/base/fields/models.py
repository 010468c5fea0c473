"""The stamp that tells whether a remembered directory is still true."""

import uuid

from django.db import models


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
