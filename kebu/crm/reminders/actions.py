"""Verbs over the office's rules and people's wishes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.crm.reminders.models import ReminderPolicy, Wish
from kebu.office.staff.models import User


@transaction.atomic
def set_rules(values: Mapping[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Change the office's rules; False when somebody else changed them since they were seen."""
    row = ReminderPolicy(pk=1, created_at=at, updated_at=at)
    if ReminderPolicy.objects.bulk_create([row], ignore_conflicts=True) and version == 0:
        version = ReminderPolicy.objects.values_list("version", flat=True).get(pk=1)
    found = ReminderPolicy.objects.get(pk=1)
    before = {name: getattr(found, name) for name in values}
    found.version = version
    if not ReminderPolicy.swap(found, {**values, "updated_at": at}):
        return False
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if changes:
        line = Line(SETTING, found.pk, _("提醒规则"), Action.CHANGE, found.version, None, changes)
        JournalEntry.objects.record([line], by=by, at=at)
    return True


@transaction.atomic
def wish(user: User, values: Mapping[str, Any], *, version: int, at: datetime) -> bool:
    """Keep what somebody wants; False when he changed it elsewhere since it was seen."""
    if version == 0:
        Wish.objects.bulk_create([Wish(user=user, created_at=at, updated_at=at)], ignore_conflicts=True)
        version = 1
    found = Wish.objects.get(user=user)
    found.version = version
    return Wish.swap(found, {**values, "updated_at": at})
