"""Forms of the ways out, and of what one wants to hear."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.office.notices import targets
from kebu.office.notices.choices import OUTWARD, Way
from kebu.office.notices.kinds import KINDS
from kebu.office.notices.models import Channel, Preference
from kebu.office.notices.outcomes import Failed
from kebu.office.notices.queries import kinds_in_order
from kebu.office.notices.robots import VENDORS
from kebu.office.staff.forms import NameField

LEAST_SECRET = 16
KEPT = _lazy("已经存好，不再显示；要换才填")


class ChannelForm(forms.Form):
    """A way out. Address and secret are never shown again: left empty they stay what they are."""

    way = forms.ChoiceField(label=_lazy("方式"), choices=[(way.value, way.label) for way in OUTWARD])
    name = NameField(label=_lazy("名称"), max_length=40, help_text=_lazy("自己认得就行，如 销售一部群"))
    address = forms.CharField(
        label=_lazy("地址"),
        max_length=1_000,
        help_text=_lazy("机器人的 Webhook 地址，从它的设置页整条复制；邮件就填邮箱"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_lazy("密钥"),
        max_length=200,
        required=False,
        help_text=_lazy(
            "钉钉“加签”、飞书“签名校验”的密钥；它们要是用关键词，就把关键词设成“客簿”。"
            "自己的接口必填，至少16位，用来验签"
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    is_active = forms.BooleanField(label=_lazy("启用"), required=False, initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: Channel | None = None, **kwargs: Any) -> None:
        if channel is not None:
            shown = ("way", "name", "is_active", "version", "kinds")
            kwargs["initial"] = {name: getattr(channel, name) for name in shown}
        super().__init__(*args, **kwargs)
        self.channel = channel
        if channel is not None:
            self.fields["way"].disabled = True
            self.fields["address"].required = False
            for name in ("address", "secret"):
                if getattr(channel, name):
                    self.fields[name].widget.attrs["placeholder"] = KEPT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        way, address, secret = data.get("way"), data.get("address"), data.get("secret", "").strip()
        if way and address:
            try:
                check_address(Way(way), address.strip())
            except ValidationError as error:
                self.add_error("address", error)
        is_kept = self.channel is not None and self.channel.secret and not secret
        if way == Way.WEBHOOK and not is_kept and len(secret) < LEAST_SECRET:
            self.add_error("secret", _("自己的接口要有密钥，至少16位，接收方用它验签"))
        return data

    def values(self) -> dict[str, Any]:
        """The columns of the channel."""
        data = self.cleaned_data
        told = {name: data[name].strip() for name in ("name", "way", "address", "secret")}
        return {**told, "is_active": data["is_active"]}


class OfficeChannelForm(ChannelForm):
    """A way out of the office: what goes there is chosen here."""

    kinds = forms.MultipleChoiceField(
        label=_lazy("发哪些通知"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy(
            "只能选给团队看的。谁的都发到这里，只写姓名和种类，不写客户名称和内容；"
            "点开链接，有权限的人才看得到"
        ),
    )
    field_order = ("way", "name", "address", "secret", "kinds", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kinds"]
        found = [line for _group, lines in kinds_in_order() for line in lines]
        field.choices = [(code, label) for code, label in found if KINDS[code].is_for_team]

    def values(self) -> dict[str, Any]:
        return {**super().values(), "kinds": self.cleaned_data["kinds"]}


class OwnChannelForm(ChannelForm):
    """A way out of one person."""

    name = NameField(
        label=_lazy("名称"), max_length=40, initial=_lazy("我的"), help_text=_lazy("自己认得就行")
    )


def check_address(way: Way, address: str) -> None:
    """Refuse what cannot be right; where the name leads is looked at when something is sent."""
    if way is Way.EMAIL:
        validate_email(address)
        return
    try:
        target = targets.read(address)
    except Failed as failure:
        raise ValidationError(failure.answer) from failure
    homes = VENDORS.get(way)
    if homes and target.host not in homes and not target.is_opted:
        told = _("%(way)s机器人的地址在 %(host)s；装在自己服务器上的，请管理员把主机写进 KEBU_LAN_HOSTS")
        raise ValidationError(told % {"way": way.label, "host": homes[0]})
    if homes and target.scheme != "https" and not target.is_opted:
        raise ValidationError(_("地址要以 https:// 开头"))


class PreferenceForm(forms.Form):
    """Per kind the ways one wants to hear of it, and when nothing is to leave the house."""

    quiet_from = forms.TimeField(
        label=_lazy("免打扰从"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_lazy("到"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, preference: Preference, ways: list[Way]) -> None:
        shown = {name: getattr(preference, name) for name in ("quiet_from", "quiet_until", "version")}
        super().__init__(data, initial=shown)
        self.preference, self.ways = preference, ways
        self.chosen = set(data.getlist("wish")) if data is not None else None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (found.get("quiet_from") is None) != (found.get("quiet_until") is None):
            self.add_error(None, _("免打扰的开始和结束要都填，或者都不填"))
        return found

    def table(self) -> list[tuple[str, list[tuple[str, str, str, list[tuple[str, str, bool]]]]]]:
        """Groups with their kinds: code, label, help, and per way its box (value, label, is it on)."""
        return [
            (
                group,
                [(code, label, str(KINDS[code].help), self._boxes(code)) for code, label in lines],
            )
            for group, lines in kinds_in_order()
        ]

    def _boxes(self, code: str) -> list[tuple[str, str, bool]]:
        return [(f"{code}:{way.value}", str(way.label), self._is_on(code, way)) for way in self.ways]

    def _is_on(self, code: str, way: Way) -> bool:
        if self.chosen is not None:
            return f"{code}:{way.value}" in self.chosen
        return self.preference.wants(code, way, KINDS[code].default_channels)

    def values(self) -> dict[str, Any]:
        """The columns; ways that are not offered now stay as they were."""
        wishes = {}
        for code, kind in KINDS.items():
            kept = [
                way.value
                for way in Way
                if way not in self.ways and self.preference.wants(code, way, kind.default_channels)
            ]
            chosen = [way.value for way in self.ways if self._is_on(code, way)]
            if set(kept + chosen) != {way.value for way in kind.default_channels}:
                wishes[code] = chosen + kept
        data = self.cleaned_data
        return {"ways": wishes, "quiet_from": data["quiet_from"], "quiet_until": data["quiet_until"]}
