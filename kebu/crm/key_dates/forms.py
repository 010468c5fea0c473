"""The form of a key date."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.key_dates.actions import with_lead
from kebu.crm.key_dates.choices import Sort
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.key_dates.models import KeyDate


class KeyDateForm(RecordForm):
    """类别, 事项, 日期, 多久一次, 金额, 提前几天提醒, 备注; a payment has an amount, and a day gone by stands
    only where it stood already, or stood when the form was opened."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, context: Context, record: KeyDate | None = None
    ) -> None:
        super().__init__(data, fields=KEY_DATE_FIELDS.editable(), context=context, record=record)

    def clean(self) -> dict[str, Any] | None:
        day = self.cleaned_data.get("next_on")
        is_stale = self.seen is not None and self.data.get("version") != str(self.seen.version)
        if day and day < self.context.today and "next_on" in self.changed_data and not is_stale:
            self.add_error("next_on", _("要写今天或以后的日子"))
        is_payment = self.cleaned_data.get("sort") == Sort.PAYMENT
        if is_payment and self.cleaned_data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("应收款要写金额"))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        return with_lead(super().values())
