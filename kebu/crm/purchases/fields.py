"""The fields of purchases and rises, in form order."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.kinds import Choice, Text
from kebu.base.fields.numbers import Number, canonical
from kebu.base.kit.errors import Unreadable
from kebu.crm.key_dates.fields import Sum
from kebu.crm.purchases.choices import Measure
from kebu.crm.purchases.models import Purchase, Rise

FIRST = date(1990, 1, 1)
STEP = Decimal("0.001")
MOST = Decimal(10) ** 11


class DayGoneBy(days.Day):
    """Today or a day before it, not before 1990."""

    def parse(self, text: Any, context: Context) -> date:
        day = super().parse(text, context)
        if day > context.today:
            raise Unreadable(_("采购日期不能晚于今天"))
        if day < FIRST:
            raise Unreadable(_("采购日期不能早于1990年"))
        return day


class Quantity(Number):
    """How many or how much of something, over nothing, to three decimals."""

    def bounded(self, value: Decimal) -> Decimal:
        if value <= 0:
            raise Unreadable(_("数量要大于0"))
        if value >= MOST:
            raise Unreadable(_("数量太大，最多11位"))
        if value != value.quantize(STEP):
            raise Unreadable(_("数量的小数最多3位"))
        return canonical(value)

    def show(self, value: Any, context: Context) -> str:
        return "" if value is None else super().show(canonical(value), context)

    def keep(self, value: Any) -> Any:
        return super().keep(None if value is None else canonical(Decimal(value)))


PURCHASE_FIELDS = FieldSet(
    Purchase,
    "purchase",
    [
        Field("what", Text(100), level=Level.REQUIRED),
        Field("bought_on", DayGoneBy(), level=Level.REQUIRED),
        Field("quantity", Quantity()),
        Field("unit", Text(20)),
        Field("amount", Sum()),
        Field("remark", Text(300)),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer sees what it buys
)
RISE_FIELDS = FieldSet(
    Rise,
    "purchase-rise",
    [
        Field("found_on", days.Day(), is_editable=False),
        Field("measure", Choice(Measure), is_editable=False),
        Field("before", Quantity(), is_editable=False),
        Field("now", Quantity(), is_editable=False),
        Field("withdrawn_at", days.Moment(), is_editable=False),
    ],
    strictest=FieldRule.VISIBLE,  # as what it is reckoned from
)
