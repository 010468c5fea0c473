"""Why a backup could not be made or cannot be used, in a sentence for a person."""

import errno
import sqlite3

from django.db import DatabaseError
from django.utils.translation import gettext as _


class Unusable(Exception):
    """The archive cannot be trusted or does not fit; the message says why."""


class BackupFailed(Exception):
    """No archive was made (or not everywhere it should be); the message says why and what to do."""


class RestoreFailed(Exception):
    """Nothing was replaced; the message says why."""


FULL = {errno.ENOSPC, errno.EDQUOT}


def in_words(error: Exception) -> str:
    """The cause as a person can act on it."""
    if isinstance(error, OSError):
        if error.errno in FULL:
            return _("磁盘满了，请先腾出空间")
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            return _("没有权限写 %(path)s") % {"path": error.filename or ""}
        return f"{error.strerror or error}{_('：') + str(error.filename) if error.filename else ''}"
    if isinstance(error, DatabaseError | sqlite3.Error) and "disk is full" in str(error):
        return _("磁盘满了，请先腾出空间")
    return f"{type(error).__name__}: {error}"


EXPECTED = (OSError, DatabaseError, sqlite3.Error)
