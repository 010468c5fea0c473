"""Forms of the office: users and departments."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.directories import fold
from kebu.base.kit.text import tidy, whole_number
from kebu.office.staff.forms import NEW_PASSWORD, USERNAME, NameField, NewPasswordForm
from kebu.office.staff.models import Department, Role, User
from kebu.office.staff.queries import bearer_of


class RoleBoxes(forms.CheckboxSelectMultiple):
    """Boxes to tick; a number no column can hold is none of them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        ticked = super().value_from_datadict(data, files, name)
        return [text for text in ticked if whole_number(text) is not None]


class UserForm(NewPasswordForm):
    """A member of staff; when ``user`` exists an empty password leaves his as it is."""

    name = NameField(label=_("姓名"), max_length=40, error_messages={"required": _("请填姓名")})
    username = forms.CharField(
        label=_("账号"),
        max_length=40,
        validators=[USERNAME],
        help_text=_("登录用，字母、数字或汉字"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("请填账号")},
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("部门"),
        required=False,
        empty_label=_("没有部门"),
        help_text=_("没有部门的人只看得到自己的客户"),
    )
    roles = forms.ModelMultipleChoiceField(
        Role.objects.all(),
        label=_("角色"),
        widget=RoleBoxes,
        error_messages={"required": _("请至少选一个角色")},
    )
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        max_length=120,
        help_text=_("可不填；有邮件服务器时，忘了密码可以寄链接到这里"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    is_active = forms.BooleanField(
        label=_("在职"), required=False, initial=True, help_text=_("停用后立即不能登录，客户和记录都保留")
    )
    field_order = ("name", "username", "password", "email", "department", "roles", "is_active")
    namesake: User | None = None

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        initial = {}
        if user:
            names = ("name", "username", "email", "department", "is_active")
            initial = {name: getattr(user, name) for name in names} | {"roles": user.roles.all()}
        super().__init__(*args, user=user, initial=initial, **kwargs)
        self.fields["password"].widget.attrs |= NEW_PASSWORD
        self.fields["password"].required = False
        self.fields["password"].help_text = _("留空就给你一个链接，让他自己设")
        if user:
            self.fields["password"].label = _("新密码")
            self.fields["password"].help_text = _("留空就不改；也可以给链接，让他自己设")

    def clean_password(self) -> str:
        """An empty one is no change; a new member of staff sets his own by a link."""
        return super().clean_password() if self.cleaned_data.get("password") else ""

    def clean_username(self) -> str:
        """Refuse an account that another user has, whatever its case."""
        username = tidy(self.cleaned_data["username"]).casefold()
        others = User.objects.filter(username__iexact=username)
        others = others.exclude(pk=self.user.pk) if self.user else others
        if others.exists():
            raise ValidationError(_("账号“%(name)s”已有人用，换一个"), params={"name": username})
        if bearer_of(username, but=self.user):
            raise ValidationError(_("“%(name)s”是别人的姓名，换一个账号"), params={"name": username})
        return username

    def clean_name(self) -> str:
        """Refuse the account of another user; two people may share a name."""
        name: str = self.cleaned_data["name"]
        bearer = bearer_of(name, but=self.user)
        if bearer and fold(bearer.username) == fold(name):
            raise ValidationError(_("“%(name)s”是别人的账号，换一个姓名"), params={"name": name})
        self.namesake = bearer
        return name

    def values(self) -> dict[str, Any]:
        """The columns of the user."""
        return {
            name: self.cleaned_data[name] for name in ("name", "username", "email", "department", "is_active")
        }


class DepartmentForm(forms.Form):
    """A department and the one above it."""

    name = NameField(label=_("部门名称"), max_length=60, error_messages={"required": _("请填部门名称")})
    parent = forms.ModelChoiceField(
        Department.objects.all(), label=_("上级部门"), required=False, empty_label=_("没有，最上级")
    )
    manager = forms.ModelChoiceField(
        User.objects.filter(is_active=True).exclude(department=None).order_by("name", "id"),
        label=_("部门主管"),
        required=False,
        empty_label=_("没有"),
        help_text=_("本部门或上级部门的人；撞单等事由他决定，没有就由能分配这些客户的人决定"),
    )

    def __init__(self, *args: Any, department: Department | None = None, **kwargs: Any) -> None:
        names = ("name", "parent", "manager")
        initial = {name: getattr(department, name) for name in names} if department else {}
        super().__init__(*args, **{**kwargs, "initial": initial})
        if department:
            below = Department.objects.below(department)
            self.fields["parent"].queryset = Department.objects.exclude(pk__in=below)  # type: ignore[attr-defined]
