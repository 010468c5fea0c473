"""The form of an important change."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.changes.actions import FIELDS
from kebu.crm.changes.fields import CHANGE_FIELDS
from kebu.crm.changes.models import Proposal
from kebu.crm.customers.fields import CUSTOMER_FIELDS


class ChangeForm(RecordForm):
    """变更类型, 变更日期 (today unless said otherwise), 变更内容; a proposal fills it."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, context: Context, proposal: Proposal | None = None
    ) -> None:
        initial: dict[str, Any] = {"happened_on": context.today}
        if proposal is not None:
            initial |= {"sort": proposal.sort, "content": _content(proposal)}
        super().__init__(data, fields=CHANGE_FIELDS.editable(), context=context, initial=initial)


def _content(proposal: Proposal) -> str:
    """What the edit changed; of a field that roles may close only its name, for not all may read it."""
    item = CUSTOMER_FIELDS[FIELDS[proposal.sort]]
    if item.strictest is FieldRule.VISIBLE:
        return proposal.content
    return _("%(label)s变了：") % {"label": item.label}
