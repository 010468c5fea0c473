"""导出: which columns, as what, what for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.kit.text import tidy
from kebu.base.tables.registry import Asked, Column, Table
from kebu.exchange.exports.choices import Form

LIST, OWN = "list", "own"
NO_REASON = gettext_lazy("请写用途，它和导出的内容一起记入操作日志")
Pairs = list[tuple[str, str]]


class ExportForm(forms.Form):
    """Which columns of the rows asked for; ``pairs`` gives them with their heads."""

    which = forms.ChoiceField(label=gettext_lazy("导出哪些列"), widget=forms.RadioSelect)
    columns = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    format = forms.ChoiceField(  # «form» would hide from scripts to which form an element belongs
        label=gettext_lazy("格式"), choices=Form.choices, initial=Form.XLSX, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=200,
        help_text=gettext_lazy("写清给谁、做什么用，它和导出的条件、数量一起记入操作日志"),
        error_messages={"required": NO_REASON},
    )

    def __init__(self, data: Any, *, table: Table, asked: Asked, context: Context) -> None:
        super().__init__(data)
        self.table = table
        self.open = table.open_columns(context)
        self.listed = [key for key in asked.columns or table.usual if key in self.open]
        ways: list[tuple[str, Any]] = [(LIST, _("列表里现在的列"))] if self.listed else []
        ways += [(one.code, one.label) for one in table.templates]
        which: Any = self.fields["which"]
        which.choices, which.initial = [*ways, (OWN, _("自己选"))], ways[0][0] if ways else OWN
        columns: Any = self.fields["columns"]
        columns.choices = [(key, str(one.label)) for key, one in self.open.items()]
        columns.initial = self.listed

    def clean_reason(self) -> str:
        """One line; marks that nobody sees are no reason."""
        reason = tidy(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(NO_REASON)
        return reason

    def clean(self) -> dict[str, Any]:
        """Something must be in the file."""
        if "which" in self.cleaned_data and not self.pairs:
            self.add_error("columns", _("至少选一列"))
        return self.cleaned_data

    @property
    def pairs(self) -> Pairs:
        """The columns wanted, as far as they are open: key and head, which is empty for the column's own."""
        which = self.cleaned_data.get("which", "")
        template = next((one for one in self.table.templates if one.code == which), None)
        if template is not None:
            return [(key, str(head)) for key, head in template.columns if key in self.open]
        if which != OWN:
            return [(key, "") for key in self.listed]
        ticked = set(self.cleaned_data.get("columns", ()))
        order = [*self.listed, *(key for key in self.open if key not in self.listed)]
        return [(key, "") for key in order if key in ticked]

    @property
    def template(self) -> str:
        """The template wanted, if it is one."""
        which: str = self.cleaned_data.get("which", "")
        return which if which not in (LIST, OWN) else ""

    @property
    def sections(self) -> list[tuple[str, list[tuple[Column, bool]]]]:
        """The columns by section, each with whether it is ticked."""
        ticked: Sequence[str] = self["columns"].value() or []
        found: dict[str, list[tuple[Column, bool]]] = {}
        for key, column in self.open.items():
            found.setdefault(str(column.section or self.table.label), []).append((column, key in ticked))
        return list(found.items())
