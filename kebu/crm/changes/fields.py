"""The important change's fields, in form order."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.kinds import Choice, LongText
from kebu.base.kit.errors import Unreadable
from kebu.crm.changes.choices import Sort
from kebu.crm.changes.models import ImportantChange


class DayGone(days.Day):
    """A day that has come."""

    def parse(self, text: Any, context: Context) -> date:
        day = super().parse(text, context)
        if day > context.today:
            raise Unreadable(_("变更日期不能晚于今天，还没发生的请写在跟进计划里"))
        return day


CHANGE_FIELDS = FieldSet(
    ImportantChange,
    "important-change",
    [
        Field("sort", Choice(Sort), level=Level.REQUIRED),
        Field("happened_on", DayGone(), level=Level.REQUIRED),
        Field("content", LongText(), level=Level.REQUIRED),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer is told what changed there
)
