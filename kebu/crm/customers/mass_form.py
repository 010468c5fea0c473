"""修改字段: which fields of the chosen customers become what."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import fields_for

# What tells one customer from another, and what has a way of its own, is not made the same for many.
APART = {
    "name", "kind", "phone", "email", "wechat", "website", "address", "credit_code",
    "birthday", "gender", "company_name", "job_title", "owner", "tags",
}  # fmt: skip
MARK = "change-"


class EditForm(RecordForm):
    """All fields that can be changed for many; only the ticked ones count, empty means to clear."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, user: Viewer, context: Context, kind: str = ""
    ) -> None:
        items = [
            replace(item, shown_with=None)  # for each of many another would decide
            for item in fields_for(user, kind)
            if item.name not in APART and item.level is not Level.REQUIRED
        ]
        self.ticked = {item.name for item in items if data is not None and data.get(MARK + item.name)}
        super().__init__(data, fields=items, context=context)

    def clean(self) -> dict[str, Any]:
        """Something must be ticked; what is wrong in a field that is not ticked does not matter."""
        for name in [name for name in self.errors if name in self.fields and name not in self.ticked]:
            del self.errors[name]
        if not self.ticked:
            raise ValidationError(_("先勾选要改的字段"))
        return self.cleaned_data

    def wanted(self) -> dict[str, Any]:
        """The ticked fields and what they become."""
        return {item.name: self.cleaned_data[item.name] for item in self.items if item.name in self.ticked}

    def in_words(self) -> str:
        """What is to be done, for the title of the batch."""
        told = []
        for name, value in self.wanted().items():
            item = CUSTOMER_FIELDS[name]
            text = item.kind.show(value, self.context)
            told.append(f"{item.label}改为“{text[:30]}”" if text else f"{item.label}清空")
        return "，".join(told)

    def rows(self) -> list[tuple[str, list[tuple[str, bool, BoundField]]]]:
        """By section: the mark's name, whether it is ticked, and the field."""
        return [
            (title, [(MARK + item.name, item.name in self.ticked, self[item.name]) for item in items])
            for title, items in CUSTOMER_FIELDS.sections(self.items)
        ]
