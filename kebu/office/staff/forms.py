"""Forms of signing in and of the first run."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.base.fields.directories import fold
from kebu.base.kit.text import tidy
from kebu.office.staff.models import User
from kebu.office.staff.queries import bearer_of

USERNAME = RegexValidator(r"^[\w.@+-]{2,40}$", _lazy("账号用2至40个字母、数字或汉字，不要空格"))
NEW_PASSWORD = {"autocomplete": "new-password"}


class NameField(forms.CharField):
    """A name as it should be kept: width and spaces folded; what nobody can see is no name."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        """Digits alone are taken for a row's number wherever names are read."""
        super().validate(value)
        if fold(value).isdigit():
            raise ValidationError(_("名称不能全是数字，请加上文字"))


class SignInForm(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label=_lazy("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _lazy("请填账号")},
    )
    password = forms.CharField(
        label=_lazy("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _lazy("请填密码")},
    )
    is_remembered = forms.BooleanField(
        label=_lazy("7天内免登录"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class NewPasswordForm(forms.Form):
    """A new password for ``user``, typed once and checked against the rules."""

    password = forms.CharField(
        label=_lazy("密码"),
        max_length=200,
        strip=False,
        help_text=_lazy("至少8位，不用常见的密码，不和账号相似"),
        widget=forms.PasswordInput(attrs=NEW_PASSWORD, render_value=True),
        error_messages={"required": _lazy("请填密码")},
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse weak passwords with the rule they break and what would do."""
        password: str = self.cleaned_data["password"]
        account = self.cleaned_data.get("username") or ""
        try:
            validate_password(password, self.user or User(username=account))
        except ValidationError as fault:
            raise ValidationError([_remedy(error, password) for error in fault.error_list]) from fault
        return password


def _remedy(error: ValidationError, password: str) -> str:
    """A rule of passwords that was broken, and how to keep it."""
    if error.code == "password_too_short":
        least = (error.params or {})["min_length"]
        told = {"least": least, "count": len(password), "more": least - len(password)}
        return _("至少要%(least)d位，现在%(count)d位，再加%(more)d位") % told
    if error.code == "password_too_common":
        return _("这个密码太常见，容易被猜到；换几个不相关的词连起来，比如中间加数字")
    if error.code == "password_too_similar":
        return _("密码和账号太像，容易被猜到；换一个和账号无关的")
    return str(error.messages[0]).rstrip("。")


class OwnNameForm(forms.Form):
    """One's own name."""

    name = NameField(
        label=_lazy("姓名"),
        max_length=40,
        help_text=_lazy("同事在客户和记录上看到的名字"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _lazy("请填姓名")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """Refuse the name or account of a colleague: people would take one for the other."""
        name: str = self.cleaned_data["name"]
        if fold(name) != fold(self.user.name) and bearer_of(name, but=self.user):
            raise ValidationError(_("已有同事叫“%(name)s”，真是同名请管理员改"), params={"name": name})
        return name


class OwnPasswordForm(NewPasswordForm):
    """A user's own new password; the old one must be known."""

    old_password = forms.CharField(
        label=_lazy("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _lazy("请填现在的密码")},
    )
    field_order = ("old_password", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("新密码")

    def clean_old_password(self) -> str:
        """Refuse a wrong one."""
        old: str = self.cleaned_data["old_password"]
        if self.user is None or not self.user.check_password(old):
            raise ValidationError(_("现在的密码不对"))
        return old


class FirstUserForm(NewPasswordForm):
    """The administrator of a new installation."""

    name = NameField(
        label=_lazy("你的姓名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _lazy("请填姓名")},
    )
    username = forms.CharField(
        label=_lazy("账号"),
        max_length=40,
        initial="admin",
        validators=[USERNAME],
        help_text=_lazy("登录用，字母、数字或汉字"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _lazy("请填账号")},
    )
    company = forms.CharField(
        label=_lazy("公司名称"),
        max_length=60,
        required=False,
        help_text=_lazy("作为最上级的部门，可以以后再填"),
    )
    field_order = ("name", "username", "password", "company")

    def clean_username(self) -> str:
        """Accounts are told apart without regard to case."""
        return tidy(self.cleaned_data["username"]).casefold()
