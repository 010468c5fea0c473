"""Forms of signing in, of the first run and of one's own account."""

import base64
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.base.fields.directories import fold
from kebu.base.kit.text import tidy
from kebu.office.signin.actions import use_step
from kebu.office.signin.choices import ROUND, PasswordProfile
from kebu.office.signin.models import DAY, HOUR, SignInPolicy
from kebu.office.signin.tries import Try, refusal
from kebu.office.staff.forms import USERNAME, NameField, NewPasswordForm
from kebu.office.staff.models import Role, User
from kebu.office.staff.office_forms import RoleBoxes
from kebu.office.staff.queries import bearer_of, signed_in


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
        label=_lazy("保持登录"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = SignInPolicy.current()
        told = {"longest": span(policy.absolute_hours * HOUR), "idle": span(policy.idle_minutes)}
        self.fields["is_remembered"].label = _("保持登录（最长%(longest)s，%(idle)s不用就退出）") % told


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code of the second step: from the app, or one of the recovery codes."""

    code = forms.CharField(
        label=_lazy("动态码"),
        max_length=20,
        help_text=_lazy("看手机上的验证器；手机不在身边，填一个备用码"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _lazy("请填动态码")},
    )
    is_used = False

    def clean_code(self) -> str:
        """Each code opens once, in whichever process it is tried."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not use_step(self.authenticator, code):
            self.is_used = True
            raise ValidationError(_("这个动态码用过了，等验证器换了数字再填"))
        return code


class PasswordAgainForm(forms.Form):
    """The present password of who is signed in, unless he has just shown it or has none.

    Tries count as at the door: an open session of somebody else is no place to guess at leisure.
    """

    old_password = forms.CharField(
        label=_lazy("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _lazy("请填现在的密码")},
    )

    user: Any

    def __init__(self, *args: Any, request: HttpRequest, is_trusted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, signed_in(request)
        if is_trusted or not self.user.has_usable_password():
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        """Refuse a wrong one, and every one after too many of them."""
        old: str = self.cleaned_data["old_password"]
        now = timezone.now()
        attempt = Try.begin(self.request, self.user.username, at=now)
        if attempt.is_refused:
            raise ValidationError(refusal(attempt.left, ""))
        if not self.user.check_password(old):
            attempt.note_failure(at=now)
            raise ValidationError(refusal(attempt.left, _("现在的密码不对")))
        attempt.forgive()
        return old


class SecretForm(PasswordAgainForm):
    """Setting up the second factor: the secret is kept only once proved.

    Till then it follows from the session: a page loaded anew, or in a second window, shows the one that
    has been scanned.
    """

    SALT = "kebu.office.signin.secret"

    code = forms.CharField(
        label=_lazy("验证器上的6位数字"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _lazy("请填验证器上现在的6位数字")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = self.request.session
        about = f"{self.user.pk}:{session.session_key}:{session.get(ROUND, '')}"
        digest = salted_hmac(self.SALT, about, algorithm="sha256").digest()
        self.secret = base64.b32encode(digest[:20]).decode()

    def clean_code(self) -> str:
        """The app must show what we reckon."""
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code):
            raise ValidationError(_("数字不对。请看手机的时间准不准，再填现在显示的6位数字"))
        return code


class ForgottenForm(forms.Form):
    """Who has forgotten his password."""

    account = forms.CharField(
        label=_lazy("账号或邮箱"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _lazy("请填账号或邮箱")},
    )


def span(minutes: int) -> str:
    """A time in words: 3天, 12小时, 30分钟."""
    if minutes % DAY == 0:
        return _("%(count)d天") % {"count": minutes // DAY}
    if minutes % HOUR == 0:
        return _("%(count)d小时") % {"count": minutes // HOUR}
    return _("%(count)d分钟") % {"count": minutes}


class PolicyForm(forms.Form):
    """What the office wants of passwords and sessions."""

    IDLE = (15, 30, 60, 4 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY)
    ABSOLUTE = (8, 12, 24, 72, 168, 720)
    COUNTS = (0, 1, 2, 3, 5)
    GRADED_IDLE, GRADED_ABSOLUTE = 30, 12

    profile = forms.ChoiceField(
        label=_lazy("密码要求"), choices=PasswordProfile.choices, widget=forms.RadioSelect
    )
    idle_minutes = forms.TypedChoiceField(label=_lazy("多久不用要重新登录"), coerce=int)
    absolute_hours = forms.TypedChoiceField(label=_lazy("登录一次最长"), coerce=int)
    session_count = forms.TypedChoiceField(
        label=_lazy("同时登录的设备"), coerce=int, help_text=_lazy("超过时，最早登录的那台退出")
    )
    roles = forms.ModelMultipleChoiceField(
        Role.objects.all(),
        label=_lazy("必须用两步验证的角色"),
        required=False,
        widget=RoleBoxes,
        help_text=_lazy("选了以后，这些人下一次打开页面就要先设好两步验证"),
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, policy: SignInPolicy) -> None:
        names = ("profile", "idle_minutes", "absolute_hours", "session_count", "version")
        known = {name: getattr(policy, name) for name in names}
        known["roles"] = Role.objects.filter(is_two_factor_required=True)
        super().__init__(data, initial=known)
        counts = [
            (count, _("%(count)d台") % {"count": count} if count else _("不限")) for count in self.COUNTS
        ]
        self._offer("idle_minutes", [(minutes, span(minutes)) for minutes in self.IDLE])
        self._offer("absolute_hours", [(hours, span(hours * HOUR)) for hours in self.ABSOLUTE])
        self._offer("session_count", counts)

    def _offer(self, name: str, choices: list[tuple[int, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """等保 has limits of its own."""
        data = super().clean() or {}
        if data.get("profile") == PasswordProfile.GRADED:
            if data.get("idle_minutes", 0) > self.GRADED_IDLE:
                self.add_error("idle_minutes", _("按等保要求，最多30分钟不用就要退出，请选30分钟或更短"))
            if data.get("absolute_hours", 0) > self.GRADED_ABSOLUTE:
                self.add_error("absolute_hours", _("按等保要求，登录一次最长12小时，请选12小时或更短"))
            if not data.get("session_count", 1):
                self.add_error("session_count", _("按等保要求要限制设备数，请选一个台数"))
        return data

    def values(self) -> dict[str, Any]:
        """The columns."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "roles")}


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


class OwnPasswordForm(PasswordAgainForm, NewPasswordForm):
    """A user's own new password; the old one must be known."""

    field_order = ("old_password", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("新密码")

    def clean(self) -> dict[str, Any]:
        """The same again is no new one."""
        data = super().clean() or {}
        if data.get("password") and data["password"] == data.get("old_password"):
            self.add_error("password", _("和现在的一样，换一个新的"))
        return data


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
