"""Before the tables change: a backup to go back to."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import DatabaseError

from kebu.office.backups.choices import Way
from kebu.office.backups.keeping import back_up


def back_up_before_upgrade() -> Path | None:
    """Make an archive of an installation somebody works with; None when there is nobody yet.

    Raises BackupFailed: then the tables are better left as they are.
    """
    try:
        if not get_user_model()._default_manager.values_list("pk", flat=True)[:1]:
            return None
    except DatabaseError:  # no tables yet
        return None
    return back_up(Way.UPGRADE, lambda _done, _total: None)
