"""The form of an important change."""

from collections.abc import Mapping
from typing import Any

from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.changes.fields import CHANGE_FIELDS
from kebu.crm.changes.models import Proposal


class ChangeForm(RecordForm):
    """变更类型, 变更日期 (today unless said otherwise), 变更内容; a proposal fills it."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, context: Context, proposal: Proposal | None = None
    ) -> None:
        initial: dict[str, Any] = {"happened_on": context.today}
        if proposal is not None:
            initial |= {"sort": proposal.sort, "content": proposal.content}
        super().__init__(data, fields=CHANGE_FIELDS.editable(), context=context, initial=initial)
