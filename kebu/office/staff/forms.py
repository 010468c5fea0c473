"""Pieces of forms about people: names, and passwords that keep the rules of the house."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.base.fields.directories import fold
from kebu.base.kit.text import tidy
from kebu.office.staff.models import User

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


class NewPasswordForm(forms.Form):
    """A new password for ``user``, typed once and checked against the rules."""

    password = forms.CharField(
        label=_lazy("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD, render_value=True),
        error_messages={"required": _lazy("请填密码")},
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = "；".join(password_validators_help_texts())

    def clean_password(self) -> str:
        """Refuse passwords that break a rule; each rule tells the way out."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self._bearer())
        return password

    def _bearer(self) -> User:
        """Whose password it is to be; of somebody new what was filled in before."""
        if self.user is not None:
            return self.user
        told = {name: self.cleaned_data.get(name) or "" for name in ("username", "name")}
        return User(**told)
