"""Forms of the lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.directories import fold
from kebu.base.fields.forms import WordsField
from kebu.office.staff.forms import NameField
from kebu.office.vocabulary.models import Industry, Term

ALIASES: Any = {"said": _("别名"), "most": 60, "longest": 40, "widget": forms.Textarea(attrs={"rows": 3})}
MOST_BYTES = 5 << 20


class TermForm(forms.Form):
    """A term: name, other spellings, whether new records may use it."""

    name = NameField(label=_("名称"), max_length=40, error_messages={"required": _("请填名称")})
    aliases = WordsField(label=_("别名"), **ALIASES, help_text=_("导入时这些写法也能认出，用顿号或换行分开"))
    is_active = forms.BooleanField(
        label=_("使用中"), required=False, initial=True, help_text=_("停用后不能再选，已用的客户不变")
    )

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        names = ("name", "aliases", "is_active")
        initial = {name: getattr(term, name) for name in names} if term.pk else {}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.term = term

    def clean(self) -> dict[str, Any]:
        """Refuse a spelling that another term of the list has."""
        data = super().clean() or {}
        others = {
            fold(word): other.name
            for other in Term.objects.filter(kind=self.term.kind).exclude(pk=self.term.pk)
            for word in (other.name, *other.aliases)
        }
        if other := others.get(fold(data.get("name") or "")):
            self.add_error("name", _("“%(other)s”已经用了这个写法") % {"other": other})
        for word in data.get("aliases") or []:
            if other := others.get(fold(word)):
                self.add_error("aliases", _("“%(word)s”已经指“%(other)s”") % {"word": word, "other": other})
        return data


class IndustryForm(forms.Form):
    """What the office may change of a class: other spellings, and whether it is offered."""

    aliases = WordsField(label=_("别名"), **ALIASES, help_text=_("俗称，导入时也能认出，用顿号或换行分开"))
    is_active = forms.BooleanField(
        label=_("使用中"), required=False, help_text=_("停用后不能再选，已用的客户不变")
    )

    def __init__(self, *args: Any, industry: Industry, **kwargs: Any) -> None:
        initial = {"aliases": industry.aliases, "is_active": industry.is_active}
        super().__init__(*args, **{**kwargs, "initial": initial})


class EditionForm(forms.Form):
    """A whole edition of GB/T 4754 as a file."""

    edition = forms.CharField(
        label=_("版本"),
        max_length=20,
        help_text=_("标准的年号，如 2017"),
        error_messages={"required": _("请填版本")},
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx或csv，第一行列名 code、name、parent、level"),
        error_messages={"required": _("请选文件"), "empty": _("文件是空的")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        """Refuse files that cannot be an industry table."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件超过5MB，请确认选对了文件"))
        return file
