"""What is asked when something is kept."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kebu.crm.segments.choices import Cycle, Reach
from kebu.crm.segments.models import Kept
from kebu.crm.segments.queries import audience_in_words, audiences
from kebu.office.staff.forms import NameField
from kebu.office.staff.models import Department, User


class KeptForm(forms.Form):
    """A name, and for whom; who may publish nowhere is not asked."""

    name = NameField(
        label=_("名称"),
        max_length=40,
        error_messages={"required": _("起个名字"), "max_length": _("名称最多40个字")},
    )
    audience = forms.ChoiceField(
        label=_("谁能看到"),
        required=False,
        help_text=_("每个人只看到自己有权看的客户"),
        error_messages={"invalid_choice": _("你不能公开到这个范围，请另选，或请管理员放开")},
    )

    def __init__(self, *args: Any, user: User, kept: Kept | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {} if kept is None else self.told(kept))
        super().__init__(*args, **kwargs)
        self.choices = audiences(user)
        if kept is not None and kept.audience not in dict(self.choices):
            names = dict(Department.objects.filter(pk=kept.department_id or 0).values_list("pk", "name"))
            self.choices.append((kept.audience, audience_in_words(kept, names)))
        if len(self.choices) == 1:
            del self.fields["audience"]
        else:
            self.fields["audience"].choices = self.choices  # type: ignore[attr-defined]

    @staticmethod
    def told(kept: Kept) -> dict[str, Any]:
        """What the form shows of what is kept."""
        return {"name": kept.name, "audience": kept.audience}

    def values(self) -> dict[str, Any]:
        """The columns."""
        audience = self.cleaned_data.get("audience") or str(Reach.PERSONAL)
        is_place = audience.startswith("d")
        return {
            "name": self.cleaned_data["name"],
            "reach": Reach.DEPARTMENT if is_place else Reach(audience),
            "department_id": int(audience[1:]) if is_place else None,
        }


class SegmentForm(KeptForm):
    """A segment: besides, what it is and what it is for. ``into``: those whose conditions may be replaced."""

    into = forms.ChoiceField(
        label=_("存到"),
        required=False,
        help_text=_("选已有的分群，只换它的条件，名称和别的不变"),
        error_messages={"invalid_choice": _("这个分群已经不在，或者你不能改，请另选")},
    )
    description = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("什么样的客户在里面，别人看了就懂"),
    )
    purpose = forms.CharField(
        label=_("用途"), required=False, max_length=120, help_text=_("拿它做什么，如 季度回访、新品推介")
    )
    cycle = forms.ChoiceField(
        label=_("自动快照"),
        choices=Cycle.choices,
        initial=Cycle.NEVER,
        required=False,
        help_text=_("记下那天有哪些客户，以后可以比较谁进来了、谁出去了"),
        error_messages={"invalid_choice": _("请选列出的一项")},
    )

    field_order = ("into", "name", "purpose", "description", "audience", "cycle")

    def __init__(
        self, *args: Any, user: User, kept: Kept | None = None, into: Iterable[Kept] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, kept=kept, **kwargs)
        offered = [(str(one.pk), one.name) for one in into]
        if not offered:
            del self.fields["into"]
            return
        self.fields["into"].choices = [("", _("新的分群")), *offered]  # type: ignore[attr-defined]
        if self.data.get("into"):
            self.fields["name"].required = False

    def chosen(self) -> int:
        """The segment whose conditions are to be replaced; 0 for a new one."""
        return int(self.cleaned_data.get("into") or 0)

    @staticmethod
    def told(kept: Kept) -> dict[str, Any]:
        """What the form shows of a segment."""
        names = ("description", "purpose", "cycle")
        return {**KeptForm.told(kept), **{name: getattr(kept, name) for name in names}}

    def values(self) -> dict[str, Any]:
        """The columns."""
        told = self.cleaned_data
        return {
            **super().values(),
            "description": told["description"],
            "purpose": told["purpose"],
            "cycle": told["cycle"] or Cycle.NEVER,
        }


class ListForm(forms.Form):
    """The name of customers picked by hand."""

    name = NameField(
        label=_("名单的名称"),
        max_length=40,
        error_messages={"required": _("起个名字"), "max_length": _("名称最多40个字")},
    )
