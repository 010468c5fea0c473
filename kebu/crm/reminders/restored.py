"""After a restore: what was told between the backup and the restore is not told again.

The notices of that time are gone with their keys, the messages are not: people have them. So rounds begin
anew where the schedule stood when it was restored, to the second, and nothing is made up for. What the
former house was to tell just then and did not is not told either: nobody here can know.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.recurring import let_go
from kebu.crm.reminders.rounds import go_on_from
from kebu.crm.reminders.tasks import DAILY, DIGEST, DUE


@transaction.atomic
def settle_restored(at: datetime) -> None:
    """Rounds that were under way are over; the next ones tell what became due since."""
    Job.objects.filter(kind__startswith="reminders.").call_off(_("从备份恢复：备份以后可能已经提醒过"), at=at)
    go_on_from(DUE, at)
    for name in (DAILY, DIGEST):
        go_on_from(name, let_go(f"reminders.{name}", at=at))
