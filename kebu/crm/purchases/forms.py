"""The form of a purchase."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.purchases.fields import PURCHASE_FIELDS
from kebu.crm.purchases.models import Purchase


class PurchaseForm(RecordForm):
    """采购日期, 采购内容, 数量, 单位, 金额, 备注; of quantity and amount at least one."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        context: Context,
        record: Purchase | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        fields = PURCHASE_FIELDS.editable()
        super().__init__(data, fields=fields, context=context, record=record, initial=initial)

    def clean(self) -> dict[str, Any] | None:
        told = ("quantity", "amount")
        if not any(name in self.errors or self.cleaned_data.get(name) is not None for name in told):
            for name in told:
                self.add_error(name, _("数量和金额至少填一个"))
        return self.cleaned_data
