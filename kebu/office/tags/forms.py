"""Forms of tags and their groups."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.directories import fold
from kebu.base.fields.forms import WordsField
from kebu.office.staff.forms import NameField
from kebu.office.tags.choices import SEPARATORS, Colour, Dimension, TagState
from kebu.office.tags.models import Tag, TagGroup

MOST_ALIASES = 20
LONGEST = 20


def refuse_separators(name: str) -> None:
    """Marks between tags in a cell are no part of their names."""
    if any(mark in name for mark in SEPARATORS):
        raise ValidationError(_("标签里不要用顿号、逗号、分号、斜线，导入时靠它们分开"))


class TagNameField(NameField):
    """The name of a tag."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"max_length": LONGEST, "error_messages": {"required": _("请填名称")}}
        super().__init__(label=_("名称"), **{**told, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_separators(value)


class TagForm(forms.Form):
    """A tag: what it is called and means, how it looks, whether it can be given."""

    name = TagNameField()
    group = forms.ModelChoiceField(TagGroup.objects.none(), label=_("标签组"), empty_label=None)
    help = forms.CharField(
        label=_("含义"),
        max_length=200,
        required=False,
        help_text=_("什么样的客户该打这个标签，大家选的时候看得到"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    colour = forms.ChoiceField(
        label=_("颜色"), choices=Colour.choices, initial=Colour.GREY, widget=forms.RadioSelect
    )
    aliases = WordsField(
        label=_("别名"),
        said=_("别名"),
        most=MOST_ALIASES,
        longest=LONGEST,
        help_text=_("导入时这些写法也能认出，用顿号或换行分开"),
    )
    is_active = forms.BooleanField(
        label=_("使用中"), required=False, initial=True, help_text=_("停用后不能再选，已有的客户不变")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        names = ("name", "help", "colour", "aliases", "is_active", "version")
        initial = {name: getattr(tag, name) for name in names} if tag.pk else {}
        super().__init__(*args, **{**kwargs, "initial": {**initial, "group": tag.group_id}})
        self.tag = tag
        chosen: Any = self.fields["group"]
        chosen.queryset = TagGroup.objects.all()

    def clean(self) -> dict[str, Any]:
        """Refuse a spelling that another tag of the group has."""
        data = super().clean() or {}
        others = {
            fold(word): other.name
            for other in Tag.objects.filter(group=data.get("group")).exclude(pk=self.tag.pk)
            if not other.is_gone
            for word in (other.name, *other.aliases)
        }
        if other := others.get(fold(data.get("name") or "")):
            self.add_error("name", _("“%(other)s”已经用了这个写法") % {"other": other})
        for word in data.get("aliases") or []:
            if other := others.get(fold(word)):
                self.add_error("aliases", _("“%(word)s”已经指“%(other)s”") % {"word": word, "other": other})
        return data

    def values(self) -> dict[str, Any]:
        """What to keep, by column."""
        found = {name: self.cleaned_data[name] for name in ("name", "group", "help", "colour", "aliases")}
        state = TagState.ACTIVE if self.cleaned_data["is_active"] else TagState.RETIRED
        return found | {"state": state.value}


class GroupForm(forms.Form):
    """A group of tags: what it looks at, whether its tags exclude each other, who adds to it."""

    name = TagNameField()
    dimension = forms.ChoiceField(label=_("维度"), choices=Dimension.choices, initial=Dimension.OWN)
    help = forms.CharField(
        label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_exclusive = forms.BooleanField(
        label=_("互斥：一个客户只能有这一组的一个标签"),
        required=False,
        help_text=_("打上新的，原来的自动去掉，并且会告诉打标签的人"),
    )
    is_open = forms.BooleanField(
        label=_("大家都能添加标签"),
        required=False,
        help_text=_("能编辑客户的人，可以在选标签时直接添加；不勾就只有能维护数据字典的人能添加"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, group: TagGroup, **kwargs: Any) -> None:
        names = ("name", "dimension", "help", "is_exclusive", "is_open", "version")
        initial = {name: getattr(group, name) for name in names} if group.pk else {}
        super().__init__(*args, **{**kwargs, "initial": initial})

    def values(self) -> dict[str, Any]:
        """What to keep, by column."""
        names = ("name", "dimension", "help", "is_exclusive", "is_open")
        return {name: self.cleaned_data[name] for name in names}


class AdditionForm(forms.Form):
    """A tag made while choosing."""

    name = TagNameField()
    group = forms.ModelChoiceField(TagGroup.objects.all())
