"""The key date's fields, in form order."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.formats import Count
from kebu.base.fields.kinds import Choice, Text
from kebu.base.fields.numbers import Money
from kebu.base.kit.dates import parse_date
from kebu.base.kit.errors import Unreadable
from kebu.crm.key_dates.choices import MOST_LEAD, Repeat, Sort
from kebu.crm.key_dates.models import KeyDate


class ComingDay(days.Day):
    """A day in any form people write; one without its year is the next such day."""

    OFFERED: ClassVar[tuple[str, ...]] = ("today", "next7", "next30", "next3m", "empty")

    def parse(self, text: Any, context: Context) -> date:
        return parse_date(text, context.today, "future")


class LeadDays(Count):
    """So many days before."""

    empty: ClassVar[Any] = None

    def parse(self, text: Any, context: Context) -> int:
        wrong = _("请写0到%(most)d之间的整数") % {"most": MOST_LEAD}
        try:
            value = super().parse(text, context)
        except Unreadable:
            raise Unreadable(wrong) from None
        if not 0 <= value <= MOST_LEAD:
            raise Unreadable(wrong)
        return value


class Sum(Money):
    """An amount of money over nothing."""

    def bounded(self, value: Decimal) -> Decimal:
        if value <= 0:
            raise Unreadable(_("金额要大于0"))
        return super().bounded(value)


KEY_DATE_FIELDS = FieldSet(
    KeyDate,
    "key-date",
    [
        Field("sort", Choice(Sort), level=Level.REQUIRED),
        Field("name", Text(100), level=Level.REQUIRED),
        Field("next_on", ComingDay(), level=Level.REQUIRED),
        Field("repeat", Choice(Repeat), level=Level.REQUIRED),
        Field("amount", Sum()),
        Field("lead_days", LeadDays()),
        Field("remark", Text(300)),
        Field("settled_on", days.Day(), is_editable=False),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer sees what is due there
)
