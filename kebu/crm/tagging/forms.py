"""Forms of giving tags to many, of merging tags and of rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.crm.tagging.marking import TAGS, Marking
from kebu.crm.tagging.models import TagRule
from kebu.office.staff.forms import NameField
from kebu.office.tags.choices import TagState
from kebu.office.tags.fields import MOST, TagsKind, tag_of
from kebu.office.tags.models import TAGS as DIRECTORY
from kebu.office.tags.models import Tag
from kebu.office.tags.picker import Group, TagPicker


class TagsField(forms.Field):
    """Tags chosen in a form, by their keys."""

    def __init__(self, context: Context, label: Any, widget: forms.Widget) -> None:
        super().__init__(required=False, label=label, widget=widget)
        self.context = context

    def to_python(self, value: Any) -> frozenset[int]:
        kind: Any = TAGS.kind
        try:
            return frozenset(kind.read(text, self.context) for text in value or ())
        except Unreadable as refusal:
            raise ValidationError(refusal.message) from refusal


class MarkForm(forms.Form):
    """Tags to give to the chosen customers, and tags to take from them."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, context: Context, present: Iterable[int]
    ) -> None:
        super().__init__(data)
        self.context = context
        kind, directory = TagsKind(), context.directory(DIRECTORY)
        there = set(present)

        def held(keys: Iterable[int]) -> list[Group]:
            """Only tags that some of them have, none of which excludes another."""
            chosen, found = set(keys), []
            for group in kind.groups(directory, there | chosen):
                options = [option for option in group.options if int(option.key) in there | chosen]
                for option in options:
                    option.is_chosen = int(option.key) in chosen
                if options:
                    found.append(Group(group.key, group.name, False, options))
            return found

        self.fields["add"] = TagsField(context, gettext_lazy("加上"), kind.widget(context))
        self.fields["drop"] = TagsField(context, gettext_lazy("去掉"), TagPicker(held))

    def clean(self) -> dict[str, Any]:
        """Something to do, and nothing that contradicts itself."""
        data = super().clean() or {}
        add, drop = data.get("add", frozenset()), data.get("drop", frozenset())
        if not self.errors and not add and not drop:
            raise ValidationError(_("先选要加上或去掉的标签"))
        if both := add & drop:
            names = "、".join(self._name(key) for key in sorted(both))
            raise ValidationError(_("“%(names)s”不能又加上又去掉") % {"names": names})
        retired = [self._name(key) for key in sorted(add) if not self._is_active(key)]
        if retired:
            raise ValidationError(_("“%(names)s”已停用，不能再打") % {"names": "、".join(retired)})
        try:
            TagsKind().parse([str(key) for key in sorted(add)], self.context)
        except Unreadable as refusal:
            raise ValidationError(refusal.message) from refusal
        if len(add) > MOST:
            raise ValidationError(_("标签太多了，一个客户最多%(most)d个") % {"most": MOST})
        return data

    def _name(self, key: int) -> str:
        tag = tag_of(self.context, key)
        return tag.name if tag else str(key)

    def _is_active(self, key: int) -> bool:
        tag = tag_of(self.context, key)
        return tag is not None and tag.is_active

    @property
    def marking(self) -> Marking:
        """What was asked for."""
        return Marking(self.cleaned_data["add"], self.cleaned_data["drop"])

    def in_words(self) -> str:
        """加上“重点客户”，去掉“观望”."""
        parts = [
            (_("加上标签“%(names)s”"), self.cleaned_data["add"]),
            (_("去掉标签“%(names)s”"), self.cleaned_data["drop"]),
        ]
        return "，".join(
            text % {"names": "、".join(self._name(key) for key in sorted(keys))}
            for text, keys in parts
            if keys
        )


class MergeForm(forms.Form):
    """Which tag takes the place of one."""

    target = forms.ModelChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("合并到"),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("请选合并到哪个标签"),
            "invalid_choice": gettext_lazy("没有这个标签，请从列表里选"),
        },
    )

    def __init__(self, *args: Any, source: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Tag.objects.filter(state=TagState.ACTIVE).exclude(pk=source.pk).select_related("group")
        chosen: Any = self.fields["target"]
        chosen.queryset = others
        chosen.label_from_instance = lambda tag: f"{tag.group.name}：{tag.name}"


class RuleForm(forms.Form):
    """A rule: its name, its tag, its days; the filter comes from the list of customers."""

    name = NameField(
        label=gettext_lazy("规则名称"),
        max_length=40,
        error_messages={"required": gettext_lazy("请填规则名称")},
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("符合的客户打上"),
        empty_label=gettext_lazy("请选标签"),
        error_messages={
            "required": gettext_lazy("请选标签"),
            "invalid_choice": gettext_lazy("没有这个标签，请从列表里选"),
        },
    )
    from_on = forms.DateField(
        label=gettext_lazy("从哪天起"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until_on = forms.DateField(
        label=gettext_lazy("到哪天止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("不填就一直有效；过了这天，打上的标签留着，不再自动变"),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("启用"),
        required=False,
        initial=True,
        help_text=gettext_lazy("启用后马上看一遍全部客户，以后客户一改就重新判断，每晚再看一遍"),
    )
    where = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: TagRule, where: str = "", **kwargs: Any) -> None:
        names = ("name", "from_on", "until_on", "is_active", "version")
        initial = {name: getattr(rule, name) for name in names} if rule.pk else {}
        initial |= {"tag": rule.tag_id, "where": where}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.rule = rule
        chosen: Any = self.fields["tag"]
        chosen.queryset = Tag.objects.filter(state=TagState.ACTIVE).select_related("group")
        chosen.label_from_instance = lambda tag: f"{tag.group.name}：{tag.name}"

    def clean_name(self) -> str:
        """No two rules of one name: the reasons of tags name them."""
        name: str = self.cleaned_data["name"]
        if TagRule.objects.exclude(pk=self.rule.pk).filter(name=name).exists():
            raise ValidationError(_("已经有叫“%(name)s”的规则了") % {"name": name})
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("结束日期不能早于开始日期"))
        return data
